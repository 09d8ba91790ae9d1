"""Named pipes and devices among git's files: to open one can mean to wait for ever, so nobody does."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from forensics.model.prose import quote
from forensics.sources.git_settings import GitLimit

# Folders below a git directory that git does not read for any question asked here. A submodule is a repository of its own.
_UNREAD = frozenset({"hooks", "lfs", "modules"})
# Folders of an object store. One that is borrowed can be named to be anything, `/` or `/proc`, and only these are read there.
_STORE = re.compile(r"info|pack|commit-graphs|[0-9a-f]{2}")
# Entries. A look at each name of a larger store takes longer than a second; git's time limit holds there, too.
_MOST = 300_000
# Bytes, and how deep: alternates of alternates. Git gives up at five, too.
_ALTERNATES, _DEEPEST = 100_000, 5


def refuse_special_files(git_dir: Path, common_dir: Path) -> None:
    """Raise GitLimit if a file that git may open is a named pipe or a device."""
    places = [git_dir, *([common_dir] if common_dir != git_dir else [])]
    for found in _special(places, _DEEPEST):
        raise GitLimit(
            f"{quote(str(found))} is a named pipe or a device: git would wait for it without end.", try_="Remove it."
        )


def regular_bytes(file: Path, most: int) -> bytes:
    """Return the content of a regular file of at most `most` bytes, following links; raises OSError for anything else."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as stream:  # noqa: PTH123
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(file))
        if facts.st_size > most:
            raise OSError(errno.EFBIG, f"larger than {most:,} bytes", str(file))
        return stream.read(most)


def regular_text(file: Path, most: int) -> str | None:
    """Return a file as `regular_bytes` does, as text; None where it cannot be read."""
    try:
        return regular_bytes(file, most).decode("utf-8", "surrogateescape")
    except OSError:
        return None


def _special(places: list[Path], depth: int, *, borrowed: bool = False) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    count = 0
    waiting = [str(place) for place in places]
    while waiting and count < _MOST:
        folder = waiting.pop()
        for entry in _entries(folder, seen):
            count += 1
            if entry.is_dir():
                is_read = _STORE.fullmatch(entry.name) if borrowed else entry.name not in _UNREAD
                waiting += [entry.path] if is_read else []
            elif not entry.is_file() and _waits(entry.path):
                yield Path(entry.path)
    if depth:
        stores = [other for place in places for other in _alternates(place)]
        yield from _special(stores, depth - 1, borrowed=True) if stores else ()


def _entries(folder: str, seen: set[tuple[int, int]]) -> list["os.DirEntry[str]"]:
    """Return what is in a folder; nothing if it was seen before, which links can cause, or cannot be read."""
    try:
        facts = os.stat(folder)  # noqa: PTH116
        if (facts.st_dev, facts.st_ino) in seen:
            return []
        seen.add((facts.st_dev, facts.st_ino))
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _waits(path: str) -> bool:
    """Return whether opening a path can wait for ever. A socket cannot be opened, and `/dev/null` ends at once."""
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        return False
    if stat.S_ISCHR(facts.st_mode):
        return facts.st_rdev != os.stat(os.devnull).st_rdev  # noqa: PTH116
    return stat.S_ISFIFO(facts.st_mode) or stat.S_ISBLK(facts.st_mode)


def _alternates(place: Path) -> list[Path]:
    """Return the object stores that a repository, or a store, borrows from."""
    found = []
    for objects in (place / "objects", place):
        listed = regular_text(objects / "info" / "alternates", _ALTERNATES)
        found += [objects / line for line in (listed or "").split("\n") if line and not line.startswith("#")]
    return found
