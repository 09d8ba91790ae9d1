"""Commits of one step that the pull request of another step brought."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from forensics.casework.isolation.lineage import Lineage, is_same_step
from forensics.model.history import Commit
from forensics.model.pull import Pull


@dataclass(frozen=True, slots=True)
class ForeignCommit:
    """`commit`, certainly `owner`'s, is above a commit of `pull`'s own step."""

    pull: Pull
    commit: Commit
    owner: str


def foreign_commits(lineage: Lineage) -> tuple[ForeignCommit, ...]:
    """Return the foreign commits, by pull request.

    Only a commit *above* one of the pull request's own counts: what lies below is what it was stacked on (`unlanded_bases`).
    """
    return tuple(
        ForeignCommit(pull, commit, lineage.owner(commit.sha))
        for pull in lineage.pulls
        if pull.step and pull.head
        for commit in _above_own(lineage, pull)
        if not _belongs(lineage, pull, commit)
    )


def _above_own(lineage: Lineage, pull: Pull) -> Iterator[Commit]:
    """Yield the commits of other steps above the pull request's own, along first parents: what a merge brought is not its work."""
    line = set(takewhile(set(pull.commits).__contains__, lineage.history.first_parents(pull.head)))
    sure = {sha: _is_for(pull, lineage.owners[sha]) for sha in pull.commits if sha in lineage.sure}
    own = [
        sha
        for sha, is_own in sure.items()
        if is_own and sha != pull.landing and not _came_with(lineage, pull, lineage.history.commits[sha])
    ]
    for sha, is_own in sure.items():
        if not is_own and sha in line and any(lineage.reaches(sha, mine) for mine in own):
            yield lineage.history.commits[sha]


def _belongs(lineage: Lineage, pull: Pull, commit: Commit) -> bool:
    """Return whether another step's commit is in a pull request rightly: empty, cherry-picked, planning, or the same ticket."""
    owners = lineage.owners[commit.sha]
    return (
        not commit.changes
        or any(twin.parents != commit.parents for twin in lineage.twins(commit))
        or lineage.brought_on_purpose(pull, commit)
        or lineage.planning_files.are_all_of(commit.paths())
        or (pull.landing is None and _is_common(lineage, pull, commit.sha))
        or not all(lineage.has_own_pull(owner, pull) for owner in owners)  # its ticket has another name here
    )


def _is_common(lineage: Lineage, pull: Pull, sha: str) -> bool:
    """Return whether a third ticket's pull request has a commit too: all of them are for another branch than this one."""
    return any(
        other.steps and not _is_for(pull, other.steps) and not _is_for(other, lineage.owners[sha])
        for other in lineage.pulls_with(sha)
    )


def _is_for(pull: Pull, owners: Iterable[str]) -> bool:
    return any(is_same_step(owner, step) for owner in owners for step in pull.steps)


def _came_with(lineage: Lineage, pull: Pull, commit: Commit) -> bool:
    """Return whether a commit of the pull request's step came from an earlier pull request, or with what it is stacked on."""
    others = [other for other in lineage.pulls_with(commit.sha) if other.steps and other.number != pull.number]
    foreign = [other for other in others if not _is_for(pull, other.steps)]
    return len(foreign) < len(others) or bool(foreign and not lineage.written_in_place(commit))
