"""What all pictures of the timeline share: what marks are called, and where time is cut."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from forensics.model.lane import Lane

# Stretches of time in one picture: each takes a panel of its own.
SPELLS: Final = 5
FINDING: Final = "finding"
NAMES: Final = {
    "launch": "launched",
    "red": "tests red",
    "green": "tests green",
    "tests": "tests, other",
    "write": "write",
    "commit": "commit",
    "report": "report committed",
    "stop": "stopped",
    "end": "ended",
    FINDING: "finding",
}


def moments_of(lane: Lane) -> Iterator[datetime]:
    """Yield when a lane begins and ends, and all its marks."""
    yield from (moment for moment in (lane.start, lane.end) if moment)
    yield from (mark.moment for mark in lane.marks)


def spells(moments: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """Return the stretches of time in which something happened: what lies between them can be left out of a picture."""
    ordered = sorted(set(moments))
    cuts = _cuts(ordered)
    ends = [moment for moment in ordered if moment in cuts or moment == ordered[-1]]
    starts = [ordered[0], *(late for early, late in pairwise(ordered) if early in cuts)]
    return list(zip(starts, ends, strict=True))


def _cuts(ordered: Sequence[datetime]) -> set[datetime]:
    """Return after which moments to cut: where a gap is over 10 minutes and dwarfs all that is shorter than it."""
    gaps = sorted((late - early, early) for early, late in pairwise(ordered))
    shorter, found = timedelta(), []
    for gap, early in gaps:
        # A pause inside work is short, or no longer than the work around it; a night or a weekend is neither.
        if gap > max(timedelta(minutes=10), shorter * 0.6):
            found.append(early)
        else:
            shorter += gap
    return set(found[-(SPELLS - 1) :])
