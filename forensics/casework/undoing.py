"""Commits that take another's work out again, and what put it back."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from forensics.casework.lineage import Lineage, is_same
from forensics.model.history import Commit
from forensics.model.patch import Line

_SOON = timedelta(minutes=10)
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Undoing:
    """`by` takes out exactly what `work`, `owner`'s commit, brought; `restored` is the merge that put it back at once.

    `step` is whose branch `by` was made on. `stands` tells whether the branch as it is lacks the work for it.
    """

    work: Commit
    by: Commit
    owner: str
    step: str
    restored: Commit | None
    stands: bool


def undoings(lineage: Lineage) -> tuple[Undoing, ...]:
    """Return what steps took out of other steps' work, by the commit that did."""
    found = []
    for by in lineage.commits:
        work = inverse_of(lineage, by)
        if work is None:
            continue
        if by.sha in lineage.sure and not lineage.foreign_to(by.sha, work.sha):
            continue
        step = _branch_step(lineage, by)
        owner = lineage.owner(work.sha)
        if step is None or any(is_same(step, one) for one in lineage.owners[work.sha]):
            continue
        restored = _restored(lineage, by)
        stands = restored is None and by.sha in lineage.history.on_branch and work.sha in lineage.history.on_branch
        if restored is not None or stands:
            found.append(Undoing(work, by, owner, step, restored, stands))
    return tuple(found)


def inverse_of(lineage: Lineage, by: Commit) -> Commit | None:
    """Return the commit below that this one is the exact inverse of, line by line in every file."""
    patch = lineage.patch(by.sha)
    if not patch.added and not patch.removed:
        return None
    added, removed = _texts(patch.added), _texts(patch.removed)
    if added.total() + removed.total() < _FEWEST:
        return None
    below = lineage.before(by.sha)
    for one in reversed(lineage.commits):
        if one.sha in below and one.sha != by.sha and one.paths() == by.paths():
            other = lineage.patch(one.sha)
            if _texts(other.removed) == added and _texts(other.added) == removed:
                return one
    return None


def _texts(side: object) -> Counter[tuple[str, str]]:
    lines: dict[str, tuple[Line, ...]] = dict(side)  # type: ignore[call-overload]
    return Counter((path, line.text) for path, ones in lines.items() for line in ones)


def _branch_step(lineage: Lineage, commit: Commit) -> str | None:
    """Return on whose branch a commit was made: its pull request's, whatever ticket its subject quotes."""
    steps = {pull.step for pull in lineage.pulls_with(commit.sha) if pull.step}
    if len(steps) == 1:
        return steps.pop()
    below = lineage.history.get(commit.parents[0]) if commit.parents else None
    return lineage.owner(below.sha) if below and below.sha in lineage.owners and not steps else None


def _restored(lineage: Lineage, by: Commit) -> Commit | None:
    """Return the merge that right afterwards put every file back as it was before."""
    before = {change.path: change.blob for change in by.changes or ()}
    for child in lineage.children.get(by.sha, ()):
        brought = {change.path: change.blob for change in lineage.history.merged.get(child.sha, ())}
        if child.commit_time - by.commit_time <= _SOON and before and before.keys() <= brought.keys():
            work = inverse_of(lineage, by)
            was = {change.path: change.blob for change in (work.changes or ()) if work} if work else {}
            if all(brought[path] == blob for path, blob in was.items()):
                return child
    return None
