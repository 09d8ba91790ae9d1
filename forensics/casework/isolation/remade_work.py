"""Whether later commits have the files of a commit that is gone."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from forensics.casework.agents.work_trees import Trees, inside, place_of
from forensics.model.history import Commit
from forensics.model.transcript import AgentRun, CommitMade, FileWrite

# A branch is merged, or squashed, mostly before it is deleted and seldom a week later; a commit of its files in between
# may be its work under another subject.
_LATER = timedelta(days=7)
# Work of one commit is written within a working day before it.
_BEFORE = timedelta(hours=24)


def written_before(maker: AgentRun, made: CommitMade, trees: Trees) -> frozenset[str]:
    """Return the files that an agent wrote within a day before it made a commit: what the commit may hold."""
    found = set()
    for event in maker.of(FileWrite):
        place = place_of(event, maker) or ""
        root = trees.of(place)
        if root and timedelta() <= made.moment - event.moment <= _BEFORE:
            found.add(inside(place, root))
    return frozenset(found)


def committed_since(commits: Iterable[Commit], moment: datetime) -> frozenset[str]:
    """Return the files of those commits that were made from then on."""
    return frozenset(
        path
        for commit in commits
        # An amended or reworded commit keeps the time of its first version, and the files were written within that time;
        # git keeps whole seconds.
        if moment - timedelta(seconds=1) <= commit.commit_time <= moment + _LATER
        and commit.author_time >= moment - _BEFORE
        for path in commit.paths()
    )
