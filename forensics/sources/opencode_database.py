"""OpenCode's database, where newer versions keep sessions: each of a repository's as the document that OpenCode exports."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote as quoted

from forensics.model.prose import quote
from forensics.model.source import Gap, TranscriptRef
from forensics.sources.opencode import data_folder
from forensics.sources.transcripts import Window, is_regular

# Seconds. The database may be locked while OpenCode writes a record; a writer holds it for far less.
_PATIENCE = 1.0
_SESSIONS = "SELECT id, parent_id, directory, version, time_created, time_updated FROM session WHERE directory = ?"
_MESSAGES = "SELECT id, data FROM message WHERE session_id = ? ORDER BY time_created, id"
_PARTS = "SELECT message_id, id, data FROM part WHERE session_id = ? ORDER BY id"
File = tuple[str, Iterator[bytes]]


class DatabaseRow(NamedTuple):
    """A session as its table has it; times are milliseconds since 1970, but SQLite allows any type in a column."""

    id: str
    parent: str | None
    directory: str
    version: str | None
    created: object
    updated: object


def database_sessions(
    places: Sequence[Path], environment: Mapping[str, str], window: Window, gaps: list[Gap]
) -> tuple[File, ...]:
    """Return the sessions begun in any of these folders that can be of a time, as (shown path, chunks)."""
    return tuple(
        (f"{database.name}/{row.id}", document(database, row, gaps))
        for database, row in database_rows(places, environment, gaps)
        if _is_of_time(row, window)
    )


def database_rows(
    places: Sequence[Path], environment: Mapping[str, str], gaps: list[Gap]
) -> Iterator[tuple[Path, DatabaseRow]]:
    """Yield the sessions begun in any of these folders, with the database that each is in."""
    for database in sorted(data_folder(environment).glob("opencode*.db")):
        if not is_regular(database):
            continue
        try:
            with closing(_opened(database)) as connection:
                rows = [DatabaseRow(*row) for place in places for row in connection.execute(_SESSIONS, (str(place),))]
        except (sqlite3.Error, TypeError, ValueError) as error:
            gaps.append(_unread(database, error))
            continue
        yield from ((database, row) for row in rows)


def _opened(database: Path) -> sqlite3.Connection:
    """Open a database for reading only: nothing is written beside it but what a running OpenCode has there already."""
    return sqlite3.connect(f"file:{quoted(str(database))}?mode=ro", uri=True, timeout=_PATIENCE)


def _is_of_time(row: DatabaseRow, window: Window) -> bool:
    start, end = window
    if not (isinstance(row.created, int) and isinstance(row.updated, int)):
        return True
    return (start is None or row.updated >= start.timestamp() * 1000) and (
        end is None or row.created <= end.timestamp() * 1000
    )


def document(database: Path, row: DatabaseRow, gaps: list[Gap]) -> Iterator[bytes]:
    """Yield a session as OpenCode exports it, one record per line."""
    try:
        with closing(_opened(database)) as connection:
            parts: dict[str, list[str]] = {}
            for message, identity, data in connection.execute(_PARTS, (row.id,)):
                parts.setdefault(message, []).append(_with_id(data, identity))
            messages = [
                f'{{"info":{_with_id(data, identity)},"parts":[{_lines(parts.get(identity, []))}]}}'
                for identity, data in connection.execute(_MESSAGES, (row.id,))
            ]
    except (sqlite3.Error, TypeError, ValueError) as error:
        gaps.append(_unread(database, error))
        return
    info = {
        "id": row.id,
        "parentID": row.parent,
        "directory": row.directory,
        "version": row.version,
        "time": {"created": row.created, "updated": row.updated},
    }
    yield f'{{"info":{json.dumps(info)},"messages":[{_lines(messages)}]}}\n'.encode("utf-8", "replace")


def _lines(records: Sequence[str]) -> str:
    return "".join(f"\n{record}{',' if place < len(records) else ''}" for place, record in enumerate(records, 1))


def _with_id(data: object, identity: str) -> str:
    """Return a record with its id, which is a column of its own; null for one that is not an object."""
    if not isinstance(data, str):  # SQLite keeps anything in a column of text
        return "null"
    try:
        known = json.loads(data)
    except (ValueError, RecursionError):
        known = None
    if not isinstance(known, dict):
        return "null"
    rest = data.strip().removeprefix("{")
    return f'{{"id":{json.dumps(identity)}{"" if rest.startswith("}") else ","}{rest}'.replace("\n", " ")


def _unread(database: Path, error: Exception) -> Gap:
    return Gap(f"{quote(database.name)} could not be read: {error}", TranscriptRef(database.name))
