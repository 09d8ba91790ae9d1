"""Commits that revert a step's commit, and how much of it they take back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from forensics.formats.reverts import reverted_commits
from forensics.model.history import Commit, History
from forensics.model.patch import Line, Patch


@dataclass(frozen=True, slots=True)
class Revert:
    """`by` reverts `work`; `taken` of the `of` lines that the work changed, or of its files where lines were not read."""

    work: Commit
    by: Commit
    taken: int
    of: int
    unit: str


class Reverts:
    """The reverts on a run's branch, without those that were reverted themselves."""

    def __init__(self, history: History) -> None:
        named = [
            (commit, target)
            for sha in sorted(history.on_branch)
            if (commit := history.commits[sha])
            for target in reverted_commits(commit.body)
        ]
        undone = {commit.sha for commit, _ in named if any(commit.sha.startswith(target) for _, target in named)}
        self._history = history
        self._reverts = [(commit, target) for commit, target in named if commit.sha not in undone]

    def of(self, work: Commit) -> Revert | None:
        """Return the last revert of a commit."""
        found = [commit for commit, target in self._reverts if work.sha.startswith(target)]
        return self._measured(work, max(found, key=lambda commit: commit.place_in_time)) if found else None

    def _measured(self, work: Commit, by: Commit) -> Revert:
        mine, theirs = (self._history.patches.get(commit.sha) or Patch() for commit in (work, by))
        if not (mine.added or mine.removed) or not (theirs.added or theirs.removed):  # not read, or binary files
            return Revert(work, by, len(work.paths() & by.paths()), len(work.paths()), "file")
        changed = _counted(mine.added) + _counted(mine.removed)
        back = (_counted(mine.added) & _counted(theirs.removed)) + (_counted(mine.removed) & _counted(theirs.added))
        return Revert(work, by, back.total(), changed.total(), "line")


def _counted(side: Mapping[str, tuple[Line, ...]]) -> Counter[tuple[str, str]]:
    return Counter((path, line.text) for path, lines in side.items() for line in lines)
