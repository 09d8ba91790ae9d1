"""The processes that a command leaves behind: found and ended, also those that left its session (Linux)."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

# `prctl` options of Linux: a process adopts its orphaned descendants, instead of the system's first process.
_SET_SUBREAPER, _GET_SUBREAPER = 36, 37
# Attempts, 0.02 s apart. Each ends all that live; a process that goes on forking faster than that is a bomb.
_ATTEMPTS = 100


@contextlib.contextmanager
def none_left() -> Iterator[None]:
    """End every descendant that is started in the block and outlives it, however it was detached (`setsid`, a double fork).

    Elsewhere than on Linux nothing is done: there only the command's process group is known.
    """
    adopted = _adopt(True)
    before = set(_by_parent().get(os.getpid(), ()))
    try:
        yield
    finally:
        if adopted is not None:
            _end(before)
            _adopt(adopted)


def _adopt(wanted: bool) -> bool | None:
    """Have orphaned descendants become this process's children, or not; return how it was, None where that is unknown."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    known = ctypes.c_int(0)
    if library.prctl(_GET_SUBREAPER, ctypes.byref(known), 0, 0, 0) or library.prctl(
        _SET_SUBREAPER, int(wanted), 0, 0, 0
    ):
        return None
    return bool(known.value)


def _end(before: set[int]) -> None:
    for _ in range(_ATTEMPTS):
        children = _by_parent()
        own = [child for child in children.get(os.getpid(), ()) if child not in before]
        if not own:
            return
        for process in _below(own, children):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        for child in own:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)
        time.sleep(0.02)


def _below(processes: list[int], children: Mapping[int, list[int]]) -> Iterator[int]:
    waiting = list(processes)
    while waiting:
        process = waiting.pop()
        yield process
        waiting += children.get(process, ())


def _by_parent() -> dict[int, list[int]]:
    """Return the system's processes by their parent; nothing where it does not say."""
    found: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # A command's name stands in parentheses, and may hold any character.
            facts = (place / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            found.setdefault(int(facts[1]), []).append(int(place.name))
    return found
