"""Sessions in the agents' stores one by one, each with its files: for whoever wants one session and no time."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from forensics.model.grouping import grouped
from forensics.model.source import Gap
from forensics.sources.gemini import gemini_files
from forensics.sources.opencode import OpenCodeSession, data_folder, opencode_sessions
from forensics.sources.repository import Repository
from forensics.sources.specstory import on_disk
from forensics.sources.transcripts import TranscriptFile, chunks, stored

# Bytes. Gemini CLI and SpecStory write the session's id at the beginning of the file.
_HEAD = 4_096
# `"sessionId": "3b44…"` in a file of Gemini CLI, `<!-- Claude Code Session 36f5… (2026-…) -->` in one of SpecStory.
_ID = re.compile(rb'"sessionId":\s*"([^"\s]{1,120})"|^<!-- [^\n<>]{1,60}? Session ([^\s<>]{1,120}) \(', re.MULTILINE)
File = tuple[str, Callable[[list[Gap]], Iterator[bytes]]]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session with its subagents: its id, or what its file is called after it; when it was last written (seconds since 1970).

    `files` returns (shown path, what opens it and adds a gap if that fails): each can be read more than once.
    """

    name: str
    written: float
    files: Callable[[], tuple[File, ...]]


def stored_sessions(repository: Repository, environment: Mapping[str, str]) -> Iterator[StoredSession]:
    """Yield the sessions of a repository's work trees in the agents' stores, and those that are kept in the repository."""
    trees = repository.work_trees()
    if environment:
        yield from _grouped((_stem(file), file) for file in stored(trees, environment))
        yield from _of_opencode(trees, environment)
        yield from _grouped((_named(file), file) for file in gemini_files(trees, environment, (None, None)))
    if repository.root is not None:
        yield from _grouped((_named(file), file) for file in on_disk(repository.root, trees))
    if repository.checkpoint_refs():
        yield from _kept(repository)


def _grouped(files: Iterable[tuple[str, TranscriptFile]]) -> Iterator[StoredSession]:
    for name, own in grouped(files).items():
        yield StoredSession(name, max(map(written, own)), partial(_opened, own))


def _opened(files: Iterable[TranscriptFile]) -> tuple[File, ...]:
    return tuple((file.shown, partial(chunks, file)) for file in files)


def _all_opened(sessions: Sequence[OpenCodeSession]) -> tuple[File, ...]:
    return _opened(file for session in sessions for file in session.files())


def _as_is(files: tuple[File, ...]) -> tuple[File, ...]:
    return files


def _stem(file: TranscriptFile) -> str:
    """Return what the files of a session have in common: its own name, which its subagents' folder has, too."""
    return file.path.parent.parent.name if file.path.parent.name == "subagents" else file.path.stem


def _named(file: TranscriptFile) -> str:
    """Return the id at the head of a file, else the file's name."""
    with contextlib.suppress(OSError), file.path.open("rb") as stream:
        if found := _ID.search(stream.read(_HEAD)):
            return (found[1] or found[2]).decode("utf-8", "replace")
    return file.path.stem


def _of_opencode(trees: Sequence[Path], environment: Mapping[str, str]) -> Iterator[StoredSession]:
    """Yield OpenCode's sessions, each with those that it launched; newer versions keep them in a database."""
    sessions = list(opencode_sessions(trees, environment))
    roots = _roots({session.id: session.parent for session in sessions})
    for name, own in grouped((roots[session.id], session) for session in sessions).items():
        last = max(written(session.head) for session in own)
        yield StoredSession(name, last, partial(_all_opened, own))
    if any(data_folder(environment).glob("opencode*.db")):
        yield from _of_database(trees, environment)


def _of_database(trees: Sequence[Path], environment: Mapping[str, str]) -> Iterator[StoredSession]:
    from forensics.sources.opencode_database import database_rows, document  # loads SQLite

    rows = list(database_rows(trees, environment, []))
    roots = _roots({row.id: row.parent for _, row in rows})
    for name, own in grouped((roots[row.id], (database, row)) for database, row in rows).items():
        times = [row.updated / 1000 for _, row in own if isinstance(row.updated, int)]
        opened = tuple((f"{place.name}/{row.id}", partial(document, place, row)) for place, row in own)
        yield StoredSession(name, max(times, default=0.0), partial(_as_is, opened))


def _roots(parents: Mapping[str, str | None]) -> dict[str, str]:
    """Return the session that a person began, for each session; a circle of launches ends where it closes."""
    found = {}
    for name in parents:
        root, seen = name, {name}
        while (parent := parents.get(root)) and parent in parents and parent not in seen:
            root = parent
            seen.add(root)
        found[name] = root
    return found


def _kept(repository: Repository) -> Iterator[StoredSession]:
    from forensics.sources.checkpoints import kept_sessions  # loads the decoder of its notes

    for name, saved, shown, opened in kept_sessions(repository):
        yield StoredSession(name, _seconds(saved), partial(_as_is, ((shown, opened),)))


def _seconds(saved: str) -> float:
    try:
        moment = datetime.fromisoformat(saved)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def written(file: TranscriptFile) -> float:
    """Return when a file was last written; if that cannot be read, last of all, so that its reader reports the error."""
    try:
        return file.path.stat().st_mtime
    except OSError:
        return float("inf")
