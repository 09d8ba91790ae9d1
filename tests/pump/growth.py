"""How processor time grows with the length of a text."""

import contextlib
import gc
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import FrameType
from typing import Any

# Per doubling. 2 is linear, 4 quadratic; n log n and noise stay below.
STEEP = 2.6
# Seconds. What takes longer is not tried at twice the length.
_ENOUGH = 0.25
# Seconds of processor time after which a call is ended; exponential patterns never end.
_LIMIT = 2.0
# Seconds. Shorter times are noise.
_NOISE = 0.0005


class TooLongError(Exception):
    """A call took more processor time than any linear one."""


def seconds(run: Callable[[Any], object], text: Any) -> float:
    """Return the processor time of a call; infinite if it was ended."""
    begun = time.thread_time()
    try:
        with _limited():
            run(text)
    except TooLongError:
        return float("inf")
    return time.thread_time() - begun


def is_steep(run: Callable[[Any], object], text_of: Callable[[int], Any], longest: int = 64_000) -> bool:
    """Return whether time grows faster than the text, up to three doublings in a row; measured twice before that is said."""
    return all(_grows(run, text_of, longest) for _ in range(2))


def _grows(run: Callable[[Any], object], text_of: Callable[[int], Any], longest: int) -> bool:
    times: list[float] = []
    length = 125
    while length <= longest and (not times or times[-1] < _ENOUGH):
        times.append(seconds(run, text_of(length)))
        if times[-1] == float("inf"):
            return True
        length *= 2
    ratios = [later / earlier for earlier, later in pairwise(times) if earlier > _NOISE][-3:]
    return len(ratios) >= 2 and min(ratios) > STEEP


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """End a call by a signal after its time of the processor; the expression engine looks for signals."""
    before = signal.signal(signal.SIGVTALRM, _end)
    signal.setitimer(signal.ITIMER_VIRTUAL, _LIMIT)
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collecting:
            gc.enable()


def _end(_: int, __: FrameType | None) -> None:
    raise TooLongError
