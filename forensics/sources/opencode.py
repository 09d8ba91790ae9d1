"""OpenCode's own storage: small JSON files, of which those of a repository's sessions are found."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from forensics.sources.transcripts import TranscriptFile, Window, is_regular, written_before

# Bytes. A session's head has a few hundred; its summary of changes may be longer.
_HEAD = 65_536


def opencode_files(
    places: Sequence[Path], environment: Mapping[str, str], window: Window
) -> tuple[TranscriptFile, ...]:
    """Return the files of sessions begun in any of these folders, but of those last written before a time."""
    storage = data_folder(environment) / "storage"
    wanted = {str(place) for place in places}
    found = [
        file
        for head in _files(storage / "session")
        if not written_before(head, window[0]) and _folder(head) in wanted
        for file in _of_session(storage, head)
    ]
    return tuple(TranscriptFile(f"storage/{file.relative_to(storage).as_posix()}", file) for file in found)


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


def _folder(head: Path) -> str | None:
    """Return the folder in which a session began; None if its head does not say."""
    try:
        with head.open("rb") as stream:
            said = json.loads(stream.read(_HEAD))
    except (OSError, ValueError, RecursionError):
        return None
    folder = said.get("directory") if isinstance(said, dict) else None
    return folder if isinstance(folder, str) else None


def _files(folder: Path) -> Iterator[Path]:
    """Yield the regular JSON files below a folder, sorted; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".json") and is_regular(path := Path(place, name)):
                yield path
