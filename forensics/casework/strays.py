"""Commits of one step that the pull request of another brought."""

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.casework.lineage import Lineage, is_same
from forensics.model.history import Commit
from forensics.model.pull import Pull


@dataclass(frozen=True, slots=True)
class Stray:
    """`commit`, surely `owner`'s, stands amid the commits of `pull`, which is another step's."""

    pull: Pull
    commit: Commit
    owner: str


def strays(lineage: Lineage) -> tuple[Stray, ...]:
    """Return the strays, by pull request.

    Only a commit *above* one of the pull request's own counts: below them lies what it was stacked on. What came by a
    merge, was picked from elsewhere, changes nothing, or bears another name of the same ticket is no stray.
    """
    return tuple(
        Stray(pull, commit, lineage.owner(commit.sha))
        for pull in lineage.pulls
        if pull.step and pull.head
        for commit in _foreign(lineage, pull, pull.step)
    )


def _foreign(lineage: Lineage, pull: Pull, step: str) -> Iterator[Commit]:
    line = set(_first_parents(lineage, pull))
    own = {
        sha
        for sha in pull.commits
        if sha in lineage.sure and any(is_same(one, step) for one in lineage.owners[sha])
        if sha != pull.landing and not _came_with(lineage, pull, lineage.history.commits[sha])
    }
    for sha in pull.commits:
        commit = lineage.history.commits[sha]
        if sha not in line or sha not in lineage.sure or not commit.changes:
            continue
        if any(is_same(one, step) for one in lineage.owners[sha]) or not any(
            one != sha and lineage.reaches(sha, one) for one in own
        ):
            continue
        if any(twin.parents != commit.parents for twin in lineage.twins(commit)) or lineage.meant(pull, commit):
            continue
        if all(lineage.has_own_pull(one, pull) for one in lineage.owners[sha]):
            yield commit


def _came_with(lineage: Lineage, pull: Pull, commit: Commit) -> bool:
    """Tell whether a step's commit lies below on purpose: an earlier pull request's, or picked by what it is stacked on."""
    others = [one.step for one in lineage.pulls_with(commit.sha) if one.step and one.number != pull.number]
    foreign = [one for one in others if not is_same(one, pull.step or "")]
    return len(foreign) < len(others) or bool(foreign and not lineage.made_there(commit))


def _first_parents(lineage: Lineage, pull: Pull) -> Iterator[str]:
    """Yield the pull request's own line, from its head down: merges followed by first parent."""
    brought = set(pull.commits)
    sha = pull.head
    while sha in brought:
        yield sha
        sha = next(iter(lineage.history.commits[sha].parents), "")
