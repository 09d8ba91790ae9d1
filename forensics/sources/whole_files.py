"""The only way files are written: whole, or not at all. A kill, a full disk or a loss of power leaves the earlier file."""

import contextlib
import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

# What a killed call leaves. The next one that writes into the folder removes it, unless its writer still lives.
PART = re.compile(r"\.forensics-[0-9a-f]{16}\.part")


def write_whole(path: Path, content: bytes, *, executable: bool = False) -> None:
    """Write a file beside its place, and rename it; raises OSError. The mode of an existing file is kept.

    A link in the file's place is followed, unless the caller refused it (`links`).
    """
    target = Path(os.path.realpath(path))
    before = _facts(target)
    _remove_leftovers(target.parent)
    mode = stat.S_IMODE(before.st_mode) if before else 0o666
    with _part(target.parent, mode) as (part, handle):
        _fill(handle, content)
        if before or executable:
            _adapt(handle, before, executable=executable)
        os.fsync(handle)
        part.replace(target)
    _sync_folder(target.parent)


def _facts(target: Path) -> os.stat_result | None:
    """Return what is known of the file that will be replaced, None without one; raises OSError for what is not a file."""
    try:
        facts = target.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(target))
    if not os.access(target, os.W_OK):  # the folder alone would allow replacing it
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    return facts


@contextlib.contextmanager
def _part(folder: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """Give a new file, locked: it is its writer's as long as that lives. Unless it was renamed, it is removed at the end."""
    part, handle = _locked(folder, mode)
    try:
        yield part, handle
    finally:
        part.unlink(missing_ok=True)
        os.close(handle)


def _locked(folder: Path, mode: int) -> tuple[Path, int]:
    while True:
        part = folder / f".forensics-{secrets.token_hex(8)}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with contextlib.suppress(OSError):  # some network file systems know no locks; there nothing is removed either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # else another call took it for a leftover, before it was locked
            return part, handle
        os.close(handle)


def _fill(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _adapt(handle: int, before: os.stat_result | None, *, executable: bool) -> None:
    """Give the new file the owner and mode of the earlier one; who may not give files away keeps them."""
    if before:
        with contextlib.suppress(OSError):
            os.fchown(handle, before.st_uid, before.st_gid)
        os.fchmod(handle, stat.S_IMODE(before.st_mode))
    if executable:
        os.fchmod(handle, 0o755)


def _sync_folder(folder: Path) -> None:
    """Make the renaming last; the file systems that cannot sync a folder (some network ones) say so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_leftovers(folder: Path) -> None:
    """Remove what writers that were killed left in a folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                _remove_unless_locked(Path(entry.path))


def _remove_unless_locked(part: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(part, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()
        finally:
            os.close(handle)
