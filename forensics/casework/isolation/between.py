"""Whether a commit was made while another step was at work."""

from collections.abc import Sequence
from datetime import timedelta

from forensics.model.history import Commit

# Parallel steps of a plan commit within minutes of each other. What another step did days later was written ahead.
NEAR = timedelta(hours=24)


def is_between(commit: Commit, own: Sequence[Commit]) -> bool:
    """Return whether a step committed before and after a commit, within a day: it was at work when the commit was made."""
    times = [work.commit_time for work in own]
    made = commit.commit_time
    return any(made - NEAR <= time < made for time in times) and any(made < time <= made + NEAR for time in times)
