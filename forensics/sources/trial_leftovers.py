"""Temporary folders of trials that were killed: told from those in use by a lock, which ends with its process."""

import contextlib
import fcntl
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "forensics-trial-"
# Beside the tree, in the folder of a trial; its process holds a lock on it.
_MARK = "owner"
# Seconds in which a folder without a mark may belong to a call that has just begun.
_NEW = 3_600


@contextlib.contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Mark a folder as this process's for as long as it lives."""
    handle = os.open(folder / _MARK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with contextlib.suppress(OSError):  # without locks, nothing is ever taken for a leftover
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def remove_leftovers(place: Path) -> None:
    """Remove the folders of this user's trials whose process has ended. Anything else of that name is left alone."""
    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            if stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid():
                _remove_unless_owned(folder)


def _remove_unless_owned(folder: Path) -> None:
    try:
        handle = os.open(folder / _MARK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        if folder.lstat().st_mtime < time.time() - _NEW:
            folder.rmdir()  # killed before the mark was made; a folder with anything in it stays
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for place, _, _ in os.walk(folder):
            Path(place).chmod(0o700)  # tests may leave folders that cannot be written
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)
