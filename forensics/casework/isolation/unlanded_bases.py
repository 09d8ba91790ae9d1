"""Pull requests that started on another step's unfinished branch and landed before it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.casework.isolation.lineage import Lineage
from forensics.model.history import Commit
from forensics.model.pull import Pull

# Whoever writes that a branch is stacked, or what it depends on, knows what is below it.
_STACKED = re.compile(r"\bstack(?:s|ed|ing)?\b|\bdepends on\b|\b(?:based|builds?) on\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UnlandedBase:
    """`commit`, the owner's, landed with `pull`, which started on it, before `later`, the owner's own pull request.

    `further` are the commits that `later`'s branch has beyond it: what landed first was a part of the work.
    """

    pull: Pull
    commit: Commit
    owner: str
    later: Pull
    further: tuple[Commit, ...]


def unlanded_bases(lineage: Lineage) -> tuple[UnlandedBase, ...]:
    """Return the commits below pull requests that landed with them, though their owner was not done.

    A stack is innocent: its lower part lands first, or all of it at once.
    """
    return tuple(
        UnlandedBase(pull, commit, later.step or "", later, _further(lineage, pull, own, later))
        for pull in lineage.pulls
        if pull.step and pull.head and (landing := _landing(lineage, pull))
        for own in [_own(lineage, pull)]
        if own
        for commit in _below(lineage, pull, own)
        for later in _later(lineage, pull, landing, commit)
        if _further(lineage, pull, own, later) and not _is_known(lineage, pull, own, later)
    )


def _landing(lineage: Lineage, pull: Pull) -> Commit | None:
    """Return what landed a pull request; one that was rebased landed as its head's copy."""
    if pull.landing:
        return lineage.history.commits[pull.landing]
    head = lineage.history.get(pull.head)
    return next((twin for twin in lineage.twins(head) if twin.sha in lineage.trunk), None) if head else None


def _own(lineage: Lineage, pull: Pull) -> list[Commit]:
    return [
        lineage.history.commits[sha]
        for sha in pull.commits
        if sha in lineage.sure and sha != pull.landing and lineage.owners[sha] == {pull.step}
    ]


def _below(lineage: Lineage, pull: Pull, own: Sequence[Commit]) -> Iterator[Commit]:
    """Yield the commits of other steps that all of a pull request's own are above."""
    for sha in pull.commits:
        commit = lineage.history.commits[sha]
        if (
            sha in lineage.sure
            and commit.changes
            and all(lineage.different_step(sha, mine.sha) and lineage.reaches(mine.sha, sha) for mine in own)
            and not lineage.brought_on_purpose(pull, commit)
            and not lineage.planning_files.are_all_of(commit.paths())
        ):
            yield commit


def _later(lineage: Lineage, pull: Pull, landing: Commit, commit: Commit) -> Iterator[Pull]:
    """Yield the owner's pull request for a commit if it landed after another one with the same commit, or has not landed."""
    (owner, *more) = lineage.owners[commit.sha]
    pulls = [other for other in lineage.pulls if other.step == owner]
    landed = [found for other in pulls if (found := _landing(lineage, other))]
    before = [other for other in (*landed, *_copies_landed(lineage, commit)) if lineage.reaches(landing.sha, other.sha)]
    # a third ticket on the same commit: all of them are for a branch that several tickets share
    shared = any(other.step not in {owner, pull.step} for other in lineage.pulls_with(commit.sha))
    done = any(other.commit_time >= commit.author_time for other in before if other.commit_time < landing.commit_time)
    if more or shared or done:
        return
    for other in pulls:
        own = other.head is not None and lineage.reaches(other.head, commit.sha)
        merged = pull.head in other.commits or landing.sha in other.commits  # the upper one landed in the lower one
        if own and not merged and (_landing(lineage, other) or not landed):
            yield other


def _copies_landed(lineage: Lineage, commit: Commit) -> list[Commit]:
    return [twin for twin in lineage.twins(commit) if twin.sha in lineage.trunk]


def _further(lineage: Lineage, pull: Pull, own: Sequence[Commit], later: Pull) -> tuple[Commit, ...]:
    """Return the owner's commits, made after another pull request's first own one, that it did not bring."""
    began = min(commit.author_time for commit in own)
    commits = [lineage.history.commits[sha] for sha in later.commits if sha != later.landing and sha in lineage.sure]
    return tuple(
        commit
        for commit in commits
        if commit.changes
        and commit.author_time > began
        and later.step in lineage.owners[commit.sha]
        and not {commit.sha, *(twin.sha for twin in lineage.twins(commit))} & set(pull.commits)
    )


def _is_known(lineage: Lineage, pull: Pull, own: Sequence[Commit], later: Pull) -> bool:
    """Return whether a pull request's own messages show that it was stacked on purpose; a squash's list of commits does not."""
    landing = lineage.history.get(pull.landing)
    messages = [f"{commit.subject}\n{commit.body}" for commit in (*own, *([landing] if landing else []))]
    text = "\n".join(line for message in messages for line in message.splitlines() if not line.startswith(("* ", "- ")))
    names = re.compile(rf"(?<!\w)(?:{re.escape(later.step or '')}|{re.escape(later.name)})(?!\w)", re.IGNORECASE)
    return bool(_STACKED.search(text) or names.search(text))
