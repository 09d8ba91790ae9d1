"""The discovery of transcript files, and their bytes in chunks; `formats/transcripts` reads the bytes."""

import contextlib
import json
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import FileIO
from pathlib import Path

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import listing, quote
from forensics.model.source import Gap, TranscriptRef

# Bytes. Measured: larger pieces leave the processor's cache and take half as long again.
CHUNK = 1 << 17
# Bytes. Codex names the working directory in its first line, which also holds long instructions.
_HEAD = 65_536
# Bytes. No tool writes such a line (images take a few megabytes); decoding one takes six times its size of memory.
LONGEST_LINE = 64_000_000
# Claude Code names a project's folder after its path, with these characters replaced by a dash.
_OTHER = re.compile(r"[^A-Za-z0-9]")
# A time as Claude Code's and Codex's records have it; the first records of a file may have none.
_STAMP = re.compile(rb'"timestamp":\s*"(\d{4}-\d{2}-\d{2}T[\d:.]{5,16}Z)"')
# Seconds. What an agent at work writes is minutes old at most; a line cut earlier was never finished.
_AT_WORK = 600.0
# Codex keeps a session below the day it began on, in local time, which is a day off at most.
_DAY = re.compile(r"(\d{4})/(\d{2})/(\d{2})$")
_ZONE = timedelta(days=1)
# Below a folder that is named, files other than JSON lines count if their names are those of another agent's files.
_OTHERS = re.compile(r"\d{4}-\d{2}-\d{2}_\d{2}-\d{2}.*\.md|(?:ses|msg|prt)_\w+\.json|session-[\w.-]+\.json")
Window = tuple[datetime | None, datetime | None]
# What makes a name a pattern and not a path.
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """One file; `shown` is its path as outputs have it: relative to where we are, or to the folder that was named.

    A file in an agent's own store is `live`: its session may go on. A file that was named is a copy, and as it is.
    """

    shown: str
    path: Path
    live: bool = False


def find(named: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> tuple[TranscriptFile, ...]:
    """Return the files named: files, folders with all sessions below them, patterns; without names, those stored of `cwd`.

    Raises NothingToExamine if a name leads nowhere, or nothing is found.
    """
    found = _sorted(file for name in named for file in _named(name, cwd)) if named else stored((cwd,), environment)
    if not found:
        where = (
            f"No transcripts found in {listing(map(quote, named))}."
            if named
            else "No agent on this machine kept a transcript of work in this folder."
        )
        raise NothingToExamine(where, try_="Try --transcripts with a session's file or a folder of them.")
    return found


def stored(
    places: Sequence[Path], environment: Mapping[str, str], window: Window = (None, None)
) -> tuple[TranscriptFile, ...]:
    """Return the files that Claude Code and Codex keep of sessions begun in any of these folders.

    Those last written before the window begins are left out, and of Codex's, which are opened to see their folder, those
    of a day after it, too.
    """
    earliest = _seconds(window[0])
    sessions = [
        TranscriptFile(_shown(path, store, place), path, live=True)
        for place in places
        for store in stores(place, environment)
        for path in _below(store, earliest)
    ]
    rollouts = codex_sessions(places, environment, window)
    return _sorted([*sessions, *(TranscriptFile(path.name, path, live=True) for path in rollouts)])


def older(places: Sequence[Path], environment: Mapping[str, str], start: datetime | None) -> int:
    """Return how many of Claude Code's files for these folders were last written before a time."""
    if start is None:
        return 0
    folders = {store for place in places for store in stores(place, environment)}
    return sum(written < start.timestamp() for folder in folders for _, _, written in _regular_files(folder))


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


def codex_sessions(places: Sequence[Path], environment: Mapping[str, str], window: Window) -> Iterator[Path]:
    """Yield the rollouts that Codex keeps of sessions begun in any of these folders; each says where at its head.

    One last written before the time, or in the folder of a day after it, is not opened.
    """
    home = Path(environment.get("CODEX_HOME") or Path(environment.get("HOME") or "~").expanduser() / ".codex")
    # Codex writes letters of all scripts as they are.
    wanted = [json.dumps(str(place), ensure_ascii=False).encode("utf-8", "replace") for place in places]
    for path in _below(home / "sessions", _seconds(window[0])):
        if _day_after(path.parent, window[1]):
            continue
        with contextlib.suppress(OSError), path.open("rb") as stream:
            head = stream.read(_HEAD)
            if any(text in head for text in wanted):
                yield path


def _day_after(folder: Path, end: datetime | None) -> bool:
    """Return whether a folder is that of a day after a time."""
    match = _DAY.search(folder.as_posix()) if end else None
    try:
        return bool(match and end and date(*map(int, match.groups())) > (end + _ZONE).date())
    except (ValueError, OverflowError):
        return False


def written_before(path: Path, start: datetime | None) -> bool:
    """Return whether a file was last written before a time; one whose time cannot be read was not, and is tried."""
    if start is None:
        return False
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < start
    except (OSError, OverflowError, ValueError):
        return False


def begun_after(path: Path, end: datetime | None) -> bool:
    """Return whether a file's first record with a time is from after a time; one without such a record is not."""
    if end is None:
        return False
    try:
        with path.open("rb") as stream:
            match = _STAMP.search(stream.read(_HEAD))
        return bool(match and datetime.fromisoformat(match[1].decode()).astimezone(UTC) > end)
    except (OSError, ValueError, OverflowError):
        return False


def chunks(file: TranscriptFile, gaps: list[Gap], *, now: float | None = None) -> Iterator[bytes]:
    """Yield a file's bytes in pieces of about 128 kB that end at line ends; a file that cannot be read adds a gap.

    Of a line longer than 64 MB only the beginning is given, which no reader takes for a record. A record that an agent
    is just writing to its store is left out; `now` is in seconds since 1970, the clock's if None.
    """
    try:
        with file.path.open("rb", buffering=0) as stream:
            at_work = (
                file.live and os.fstat(stream.fileno()).st_mtime > (time.time() if now is None else now) - _AT_WORK
            )
            for piece in _pieces(stream):
                if not (at_work and _is_begun_record(piece)):
                    yield piece
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


def _is_begun_record(piece: bytes) -> bool:
    """Return whether a piece is a file's last line, and the beginning of a record. Other agents' files end otherwise."""
    if piece.endswith(b"\n") or not piece.startswith(b"{") or b"\n" in piece:
        return False
    try:
        json.loads(piece)
    except (ValueError, RecursionError):
        return True
    return False


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
        return sorted(file for file in root.glob(pattern) if is_regular(file))
    except (ValueError, NotImplementedError):
        raise UsageError(f"{quote(name)} is not a pattern.", try_="Try something like 'logs/**/*.jsonl'.") from None


def _below(folder: Path, earliest: float = 0.0) -> Iterator[Path]:
    """Yield the files below a folder that are named like an agent's, but for those last written before a time."""
    return (Path(place, name) for place, name, written in _regular_files(folder) if written >= earliest)


def _regular_files(folder: Path) -> Iterator[tuple[str, str, float]]:
    """Yield the folder and name of each file that is named like an agent's, and when it was written, sorted by path.

    Links are not followed. Stores hold thousands of files, and making a Path of each takes longer than looking at it.
    """
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".jsonl") or _OTHERS.fullmatch(name):
                with contextlib.suppress(OSError):
                    found = os.lstat(os.path.join(place, name))  # noqa: PTH118
                    if stat.S_ISREG(found.st_mode):
                        yield place, name, found.st_mtime


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(folder for folder in place.iterdir() if folder.is_dir() and not folder.is_symlink())
    except OSError:
        return []


def is_regular(path: Path) -> bool:
    """Return whether a path is a regular file, and not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _shown(path: Path, root: Path, cwd: Path) -> str:
    """Return a path as outputs have it, never absolute."""
    if path.is_relative_to(cwd):
        return path.relative_to(cwd).as_posix()
    return (Path(root.name) / path.relative_to(root)).as_posix()
