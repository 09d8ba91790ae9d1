"""Gemini CLI's own store: the sessions of a folder, which is found by its digest or by a marker file."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from forensics.sources.special_files import regular_text
from forensics.sources.transcripts import TranscriptFile, Window, is_regular, written_before

# Characters. A path has at most 4,096 on the systems that Gemini CLI runs on.
_PATH = 4_096


def gemini_files(places: Sequence[Path], environment: Mapping[str, str], window: Window) -> tuple[TranscriptFile, ...]:
    """Return the files of sessions begun in any of these folders, but for those last written before a time."""
    home = Path(environment.get("HOME") or "~").expanduser()
    wanted = {str(place) for place in places}
    names = {hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest() for place in wanted}
    return tuple(
        TranscriptFile(f"{project.name}/chats/{file.name}", file)
        for project in _folders(home / ".gemini" / "tmp")
        if project.name in names or _root(project) in wanted
        for file in sorted((project / "chats").glob("session-*.json*"))
        if is_regular(file) and not written_before(file, window[0])
    )


def _root(project: Path) -> str | None:
    """Return the folder that a project's marker names; None without one."""
    text = regular_text(project / ".project_root", _PATH)
    return None if text is None else text.strip()


def _folders(place: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder for folder in place.iterdir() if folder.is_dir() and not folder.is_symlink())
    except OSError:
        return
