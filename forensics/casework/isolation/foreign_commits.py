"""Commits of one step that the pull request of another brought."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forensics.casework.isolation.lineage import Lineage, is_same
from forensics.model.history import Commit
from forensics.model.pull import Pull


@dataclass(frozen=True, slots=True)
class Trespass:
    """`commit`, surely `owner`'s, stands amid the commits of `pull`, which is another step's."""

    pull: Pull
    commit: Commit
    owner: str


def trespasses(lineage: Lineage) -> tuple[Trespass, ...]:
    """Return them, by pull request.

    Only a commit *above* one of the pull request's own counts: below them lies what it was stacked on. What came by a
    merge, was picked from elsewhere, changes nothing, or bears another name of the same ticket is none. Nor is one that
    only files the ticket: its brief and ledger, in documents named after it, are not its work.
    """
    return tuple(
        Trespass(pull, commit, lineage.owner(commit.sha))
        for pull in lineage.pulls
        if pull.step and pull.head
        for commit in _foreign(lineage, pull)
    )


def _foreign(lineage: Lineage, pull: Pull) -> Iterator[Commit]:
    line = set(_first_parents(lineage, pull))
    own = {
        sha
        for sha in pull.commits
        if sha in lineage.sure and _is_for(pull, lineage.owners[sha])
        if sha != pull.landing and not _came_with(lineage, pull, lineage.history.commits[sha])
    }
    for sha in pull.commits:
        commit = lineage.history.commits[sha]
        if sha not in line or sha not in lineage.sure or not commit.changes:
            continue
        if _is_for(pull, lineage.owners[sha]) or not any(one != sha and lineage.reaches(sha, one) for one in own):
            continue
        if any(twin.parents != commit.parents for twin in lineage.twins(commit)) or lineage.meant(pull, commit):
            continue
        if _is_paperwork(commit, lineage.owners[sha]):
            continue
        if pull.landing is None and _is_common(lineage, pull, sha):
            continue
        if all(lineage.has_own_pull(one, pull) for one in lineage.owners[sha]):
            yield commit


def _is_paperwork(commit: Commit, owners: Iterable[str]) -> bool:
    """Tell whether a commit changes documents alone, and one of them bears its ticket's id in its path."""
    named = re.compile("|".join(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])" for one in sorted(owners)), re.IGNORECASE)
    paths = commit.paths()
    return all(path.endswith(".md") for path in paths) and any(named.search(path) for path in paths)


def _is_common(lineage: Lineage, pull: Pull, sha: str) -> bool:
    """Tell whether a third ticket's pull request has a commit too: a base of all, such as a branch that is not this one."""
    return any(
        other.steps and not _is_for(pull, other.steps) and not _is_for(other, lineage.owners[sha])
        for other in lineage.pulls_with(sha)
    )


def _is_for(pull: Pull, owners: Iterable[str]) -> bool:
    return any(is_same(one, step) for one in owners for step in pull.steps)


def _came_with(lineage: Lineage, pull: Pull, commit: Commit) -> bool:
    """Tell whether a step's commit lies below on purpose: an earlier pull request's, or picked by what it is stacked on."""
    others = [one for one in lineage.pulls_with(commit.sha) if one.steps and one.number != pull.number]
    foreign = [one for one in others if not _is_for(pull, one.steps)]
    return len(foreign) < len(others) or bool(foreign and not lineage.made_there(commit))


def _first_parents(lineage: Lineage, pull: Pull) -> Iterator[str]:
    """Yield the pull request's own line, from its head down: merges followed by first parent."""
    brought = set(pull.commits)
    sha = pull.head
    while sha in brought:
        yield sha
        sha = next(iter(lineage.history.commits[sha].parents), "")
