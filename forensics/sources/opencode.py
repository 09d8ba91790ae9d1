"""OpenCode's own storage: small JSON files, of which those of a repository's sessions are found."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from forensics.sources.transcripts import TranscriptFile, Window, is_regular, written_before

# Bytes. A session's head has a few hundred; its summary of changes may be longer.
_HEAD = 65_536


class OpenCodeSession(NamedTuple):
    """A session's id, that of the session that launched it, its head, and all its files, the head first."""

    id: str
    parent: str | None
    head: TranscriptFile
    files: Callable[[], tuple[TranscriptFile, ...]]


def opencode_files(
    places: Sequence[Path], environment: Mapping[str, str], window: Window
) -> tuple[TranscriptFile, ...]:
    """Return the files of sessions begun in any of these folders, but of those last written before a time."""
    return tuple(file for session in opencode_sessions(places, environment, window) for file in session.files())


def opencode_sessions(
    places: Sequence[Path], environment: Mapping[str, str], window: Window = (None, None)
) -> Iterator[OpenCodeSession]:
    """Yield the sessions begun in any of these folders, but those last written before a time."""
    storage = data_folder(environment) / "storage"
    wanted = {str(place) for place in places}
    for head in _files(storage / "session"):
        if written_before(head, window[0]):
            continue
        said = _said(head)
        parent = said.get("parentID")
        if said.get("directory") in wanted:
            files = partial(_files_of, storage, head)
            yield OpenCodeSession(head.stem, parent if isinstance(parent, str) else None, _shown(storage, head), files)


def _files_of(storage: Path, head: Path) -> tuple[TranscriptFile, ...]:
    return tuple(_shown(storage, file) for file in _of_session(storage, head))


def _shown(storage: Path, file: Path) -> TranscriptFile:
    return TranscriptFile(f"storage/{file.relative_to(storage).as_posix()}", file)


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder in which OpenCode keeps its data."""
    home = Path(environment.get("HOME") or "~").expanduser()
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "opencode"


def _of_session(storage: Path, head: Path) -> Iterator[Path]:
    """Yield a session's head, its messages and their parts."""
    yield head
    for message in _files(storage / "message" / head.stem):
        yield message
        yield from _files(storage / "part" / message.stem)


def _said(head: Path) -> Mapping[str, object]:
    """Return what a session's head says; nothing if it cannot be read."""
    try:
        with head.open("rb") as stream:
            said = json.loads(stream.read(_HEAD))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _files(folder: Path) -> Iterator[Path]:
    """Yield the regular JSON files below a folder, sorted; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".json") and is_regular(path := Path(place, name)):
                yield path
