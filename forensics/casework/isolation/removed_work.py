"""Commits that take another's work out again, and what put it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from forensics.casework.isolation.lineage import Lineage, is_same
from forensics.model.history import Commit
from forensics.model.patch import Line

_SOON = timedelta(minutes=10)
_RUN = timedelta(days=7)  # what is taken out later than that is another run's decision
_FEWEST = 3
_COPIES = 20
_OFTEN = 3
_Lines = tuple[frozenset[str], tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


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
    for by, work in inverses(lineage).values():
        if by.sha in lineage.sure and not lineage.foreign_to(by.sha, work.sha):
            continue
        if by.author_time - work.author_time > _RUN:
            continue
        step = _branch_step(lineage, by)
        owner = lineage.owner(work.sha)
        if step is None or any(is_same(step, one) for one in lineage.owners[work.sha]):
            continue
        restored = _restored(lineage, by, work)
        landed = by.sha in lineage.history.on_branch and work.sha in lineage.history.on_branch
        stands = restored is None and landed and work.sha[:7] not in by.body  # a revert that says so is HIS002's
        if restored is not None or stands:
            found.append(Undoing(work, by, owner, step, restored, stands))
    return tuple(found)


def taken_lines(lineage: Lineage, undoing: Undoing) -> tuple[tuple[str, int], ...]:
    """Return for each file how many of the work's lines were taken out."""
    return tuple((path, len(lines)) for path, lines in sorted(lineage.patch(undoing.by.sha).removed.items()))


@lru_cache(maxsize=2)
def inverses(lineage: Lineage) -> dict[str, tuple[Commit, Commit]]:
    """Return (inverse, work) by the inverse's id: each is line by line in every file what the last such work below was not."""
    bringing: dict[_Lines, list[Commit]] = {}
    found = {}
    for commit in lineage.commits:
        patch = lineage.patch(commit.sha)
        added, removed = _texts(patch.added), _texts(patch.removed)
        if len(added) + len(removed) >= _FEWEST:
            bringing.setdefault((commit.paths(), added, removed), []).append(commit)
    for (paths, added, removed), commits in bringing.items():
        if len({(one.author_time, one.subject) for one in commits}) > _OFTEN:
            continue  # what goes to and fro is a switch, and nobody's work
        if len(removed) < _FEWEST:
            continue  # to bring back what was taken out destroys nothing
        for work in reversed(bringing.get((paths, removed, added), [])[-_COPIES:]):
            for by in commits:
                if by.sha not in found and by.sha != work.sha and lineage.reaches(by.sha, work.sha):
                    found[by.sha] = by, work
    return dict(sorted(found.items(), key=lambda one: (one[1][0].commit_time, one[0])))


def _texts(side: Mapping[str, tuple[Line, ...]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((path, line.text) for path, ones in side.items() for line in ones))


def _branch_step(lineage: Lineage, commit: Commit) -> str | None:
    """Return on whose branch a commit was made: its pull request's, whatever ticket its subject quotes."""
    steps = {pull.step for pull in lineage.pulls_with(commit.sha) if pull.step}
    if len(steps) == 1:
        return steps.pop()
    below = lineage.history.get(commit.parents[0]) if commit.parents else None
    return lineage.owner(below.sha) if below and below.sha in lineage.owners and not steps else None


def _restored(lineage: Lineage, by: Commit, work: Commit) -> Commit | None:
    """Return the merge that right afterwards put every file back as it was before."""
    before = {change.path: change.blob for change in by.changes or ()}
    for child in lineage.children.get(by.sha, ()):
        brought = {change.path: change.blob for change in lineage.history.merged.get(child.sha, ())}
        if child.commit_time - by.commit_time <= _SOON and before and before.keys() <= brought.keys():
            was = {change.path: change.blob for change in work.changes or ()}
            if all(brought[path] == blob for path, blob in was.items()):
                return child
    return None
