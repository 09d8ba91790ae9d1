"""Commits that remove another step's work, and merges that restore it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from forensics.casework.isolation.lineage import Lineage, is_same_step
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.patch import Line

# A merge that restores the work minutes later did so by chance; later on, somebody noticed and repaired it.
_SOON = timedelta(minutes=10)
# Work removed weeks later is another run's decision.
_RUN = timedelta(days=7)
# One or two equal lines (a version number, a flag) are not a step's work.
_FEWEST = 3
# Lines that go in and out again and again are a switch (a feature flag), and not one step's work.
_MOST_TIMES = 3
# Of many copies of the same work (rebased stacks), only the last ones are compared: cost stays linear.
_MOST_COPIES = 20
_Side = tuple[tuple[str, str], ...]
Inverses = Mapping[str, tuple[Commit, Commit]]


@dataclass(frozen=True, slots=True)
class RemovedWork:
    """`by` removes exactly what `work`, `owner`'s commit, added; `restored` is the merge that restored it at once.

    `step` is whose branch `by` was made on.
    """

    work: Commit
    by: Commit
    owner: str
    step: str
    restored: Commit | None


def removed_work(lineage: Lineage, inverses: Inverses) -> tuple[RemovedWork, ...]:
    """Return what steps removed of other steps' work, by the removing commit."""
    found = []
    for by, work in inverses.values():
        if by.sha in lineage.sure and not lineage.different_step(by.sha, work.sha):
            continue
        step = _branch_step(lineage, by)
        late = by.author_time - work.author_time > _RUN
        if step is None or late or any(is_same_step(step, owner) for owner in lineage.owners[work.sha]):
            continue
        restored = _restored(lineage, by, work)
        if restored is not None or _is_removed_from_branch(lineage, by, work):
            found.append(RemovedWork(work, by, lineage.owner(work.sha), step, restored))
    return tuple(found)


def _is_removed_from_branch(lineage: Lineage, by: Commit, work: Commit) -> bool:
    """Return whether the run's branch had the work and lacks it now; a revert that names it is HIS002's finding."""
    return {by.sha, work.sha} <= lineage.history.on_branch and work.sha[:7] not in by.body


def removed_line_counts(lineage: Lineage, removed: RemovedWork) -> tuple[tuple[str, int], ...]:
    """Return (path, number of the work's lines that were removed) for each file."""
    return tuple((path, len(lines)) for path, lines in sorted(lineage.patch(removed.by.sha).removed.items()))


def inverses(lineage: Lineage) -> Inverses:
    """Return (inverse, work) by the inverse's id: it removes every line that the last such work below it added, and back."""
    commits_by_lines = grouped(
        ((commit.paths(), _texts(patch.added), _texts(patch.removed)), commit)
        for commit in lineage.commits
        for patch in [lineage.patch(commit.sha)]
    )
    found: dict[str, tuple[Commit, Commit]] = {}
    for (paths, added, removed), commits in commits_by_lines.items():
        is_switch = len({(commit.author_time, commit.subject) for commit in commits}) > _MOST_TIMES
        if is_switch or len(removed) < _FEWEST:  # adding back what was removed destroys nothing
            continue
        for work in reversed(commits_by_lines.get((paths, removed, added), ())[-_MOST_COPIES:]):
            for by in commits:
                if by.sha not in found and by.sha != work.sha and lineage.reaches(by.sha, work.sha):
                    found[by.sha] = by, work
    return dict(sorted(found.items(), key=lambda item: (item[1][0].commit_time, item[0])))


def _texts(side: Mapping[str, tuple[Line, ...]]) -> _Side:
    return tuple(sorted((path, line.text) for path, lines in side.items() for line in lines))


def _branch_step(lineage: Lineage, commit: Commit) -> str | None:
    """Return on whose branch a commit was made: its pull request's, whatever ticket its subject quotes."""
    steps = {pull.step for pull in lineage.pulls_with(commit.sha) if pull.step}
    if len(steps) == 1:
        return steps.pop()
    below = lineage.history.get(commit.parents[0]) if commit.parents else None
    return lineage.owner(below.sha) if below and below.sha in lineage.owners and not steps else None


def _restored(lineage: Lineage, by: Commit, work: Commit) -> Commit | None:
    """Return the merge that soon afterwards restored every file as it was with the work."""
    before = work.content()
    for child in lineage.children.get(by.sha, ()) if before else ():
        brought = {(change.path, change.blob) for change in lineage.history.merged.get(child.sha, ())}
        if child.commit_time - by.commit_time <= _SOON and before <= brought:
            return child
    return None
