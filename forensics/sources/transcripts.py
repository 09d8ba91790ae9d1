"""The discovery of transcript files, and their bytes in chunks; `formats/transcripts` reads the bytes."""

import contextlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import listing, quote
from forensics.model.source import Gap, TranscriptRef

# Bytes. Measured: larger pieces leave the processor's cache and take half as long again.
CHUNK = 1 << 17
# Bytes. Codex names the working directory in its first line, which also holds long instructions.
_HEAD = 65_536
# Bytes. No tool writes such a line; decoding one would take gigabytes of memory.
LONGEST_LINE = 128_000_000
# Claude Code names a project's folder after its path, with these characters replaced by a dash.
_OTHER = re.compile(r"[^A-Za-z0-9]")
# What makes a name a pattern and not a path.
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """One file; `shown` is its path as outputs have it: relative to where we are, or to the folder that was named."""

    shown: str
    path: Path


def find(named: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> tuple[TranscriptFile, ...]:
    """Return the files named: files, folders with all .jsonl below them, patterns; without names, those stored of `cwd`.

    Raises NothingToExamine if a name leads nowhere, or nothing is found.
    """
    found = _sorted(file for name in named for file in _named(name, cwd)) if named else stored((cwd,), environment)
    if not found:
        where = (
            f"No transcripts found in {listing(map(quote, named))}."
            if named
            else "No agent on this machine kept a transcript of work in this folder."
        )
        raise NothingToExamine(where, try_="Try --transcripts with a .jsonl file or a folder of them.")
    return found


def stored(places: Sequence[Path], environment: Mapping[str, str]) -> tuple[TranscriptFile, ...]:
    """Return the files that the agents themselves keep of sessions begun in any of these folders."""
    sessions = [
        TranscriptFile(_shown(path, store, place), path)
        for place in places
        for store in stores(place, environment)
        for path in _below(store)
    ]
    return _sorted([*sessions, *(TranscriptFile(path.name, path) for path in codex_sessions(places, environment))])


def _sorted(files: Iterable[TranscriptFile]) -> tuple[TranscriptFile, ...]:
    """Return each file once, sessions before subagents, so that a replayed message counts for the session that sent it first."""
    found: dict[Path, TranscriptFile] = {}
    for file in files:
        found.setdefault(file.path, file)
    return tuple(sorted(found.values(), key=lambda file: (file.path.name.startswith("agent-"), file.shown)))


def stores(cwd: Path, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders in which Claude Code keeps the transcripts of sessions begun in `cwd`.

    A folder's name is the path with every character but letters and digits turned into `-`.
    """
    home = Path(environment.get("HOME") or "~").expanduser()
    chosen = [Path(name.strip()) for name in environment.get("CLAUDE_CONFIG_DIR", "").split(",") if name.strip()]
    wanted = _OTHER.sub("-", str(cwd))
    return tuple(
        project
        for place in chosen or [home / ".claude", home / ".config" / "claude"]
        for project in _folders(place / "projects")
        if _OTHER.sub("-", project.name) == wanted
    )


def codex_sessions(places: Sequence[Path], environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the rollouts that Codex keeps of sessions begun in any of these folders; each says where at its head."""
    home = Path(environment.get("CODEX_HOME") or Path(environment.get("HOME") or "~").expanduser() / ".codex")
    # Codex writes letters of all scripts as they are.
    wanted = [json.dumps(str(place), ensure_ascii=False).encode("utf-8", "replace") for place in places]
    for path in _below(home / "sessions"):
        with contextlib.suppress(OSError), path.open("rb") as stream:
            head = stream.read(_HEAD)
            if any(text in head for text in wanted):
                yield path


def chunks(file: TranscriptFile, gaps: list[Gap]) -> Iterator[bytes]:
    """Yield a file's bytes in pieces of about 128 kB that end at line ends; a file that cannot be read adds a gap.

    Of a line longer than 128 MB only the beginning is given, which no reader takes for a record.
    """
    try:
        with file.path.open("rb", buffering=0) as stream:
            yield from _pieces(stream)
    except OSError as error:
        gaps.append(
            Gap(
                f"{quote(file.shown)} could not be read: {error.strerror or 'unknown reason'}",
                TranscriptRef(file.shown),
            )
        )


def _pieces(stream: FileIO) -> Iterator[bytes]:
    """Yield whole lines; what follows a piece's last line end waits for the next piece."""
    waiting: list[bytes] = []
    length = 0
    while piece := stream.read(CHUNK):
        if b"\n" not in piece:
            waiting += [piece] if length < LONGEST_LINE else []
            length += len(piece)
            continue
        if length >= LONGEST_LINE:
            waiting = [_beginning(waiting)]
            piece = piece[piece.index(b"\n") :]
        end = piece.rindex(b"\n") + 1
        yield b"".join((*waiting, piece[:end]))
        waiting, length = [piece[end:]], len(piece) - end
    if length:
        yield _beginning(waiting) if length >= LONGEST_LINE else b"".join(waiting)


def _beginning(pieces: list[bytes]) -> bytes:
    """Return the first thousand bytes of a line."""
    return b"".join(piece[:1_000] for piece in pieces)[:1_000]


def _named(name: str, cwd: Path) -> Iterator[TranscriptFile]:
    """Yield the files that a path, folder or pattern names."""
    try:
        path = cwd / Path(name).expanduser()
    except RuntimeError:  # the home of nobody
        path = cwd / name
    if path.is_dir():
        for file in _below(path):
            yield TranscriptFile(_shown(file, path, cwd), file)
    elif path.is_file():
        yield TranscriptFile(_shown(path, path.parent, cwd), path)
    elif _GLOB.search(name):
        for file in _matching(name, path, cwd):
            yield TranscriptFile(_shown(file, file.parent, cwd), file)
    elif path.exists():
        raise NothingToExamine(f"{quote(name)} is not a regular file.", try_="Try the path of a .jsonl file.")
    else:
        raise NothingToExamine(f"There is no file or folder {quote(name)}.", try_="Try the path of a .jsonl file.")


def _matching(name: str, path: Path, cwd: Path) -> list[Path]:
    """Return the regular files that match a pattern; raises UsageError for an invalid pattern."""
    absolute = Path(name).is_absolute() or name.startswith("~")
    root, pattern = (Path(path.anchor), str(path.relative_to(path.anchor))) if absolute else (cwd, name)
    try:
        return sorted(file for file in root.glob(pattern) if _regular(file))
    except (ValueError, NotImplementedError):
        raise UsageError(f"{quote(name)} is not a pattern.", try_="Try something like 'logs/**/*.jsonl'.") from None


def _below(folder: Path) -> Iterator[Path]:
    """Yield the .jsonl files below a folder; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".jsonl") and _regular(file := Path(place, name)):
                yield file


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(folder for folder in place.iterdir() if folder.is_dir() and not folder.is_symlink())
    except OSError:
        return []


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _shown(path: Path, root: Path, cwd: Path) -> str:
    """Return a path as outputs have it, never absolute."""
    if path.is_relative_to(cwd):
        return path.relative_to(cwd).as_posix()
    return (Path(root.name) / path.relative_to(root)).as_posix()
