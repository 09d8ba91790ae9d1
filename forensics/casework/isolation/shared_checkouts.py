"""Commits made on another step's unfinished branch: as far as git shows, two agents shared one folder."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from forensics.casework.files import is_shared_file
from forensics.casework.isolation.lineage import Lineage, is_same_step
from forensics.casework.isolation.removed_work import Inverses
from forensics.casework.isolation.swept_lines import SweptLines
from forensics.formats.tickets import pull_of_subject
from forensics.model.history import Commit
from forensics.model.prose import quote, short
from forensics.model.source import CommitRef, Ref

# Branches write ids with other separators than plans do: `claude/r50-queue`, `step_1_4`, `step-1.4`.
_SEPARATOR = re.compile(r"[^a-z0-9]+")
# Agents that share a folder commit within minutes of each other (one real case: 11). Later, the branch is likely done.
_NEAR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SharedCheckout:
    """`commit`, of one step, was made on `below`, the tip of another's branch, whose `owner` was still at work.

    `witnesses` say what else shows that this is not a stack, each with its address.
    """

    commit: Commit
    below: Commit
    step: str
    owner: str
    witnesses: tuple[tuple[str, Ref], ...]

    @property
    def seconds(self) -> int:
        """Return how long after the other's commit this one was written."""
        return int((self.commit.author_time - self.below.commit_time).total_seconds())


def shared_checkouts(
    lineage: Lineage, swept_lines: tuple[SweptLines, ...], inverses: Inverses
) -> tuple[SharedCheckout, ...]:
    """Return the commits made on another step's branch within minutes, for which a second witness speaks.

    Minutes alone say nothing: people stack branches. But a stack builds on its base and shares files with it, its base is
    done, and it lands after its base or with it. A commit and its twins are one finding, and what the branch's own step
    commits on top of it is none.
    """
    found: dict[tuple[float, str], SharedCheckout] = {}
    for commit in lineage.commits:
        below = _foreign_tip(lineage, commit)
        key = (commit.author_time.timestamp(), commit.subject)
        if below is None or key in found or _goes_on(lineage, commit, below, found.values()):
            continue
        witnesses = tuple(_witnesses(lineage, commit, below, swept_lines, inverses))
        if witnesses:
            moved = tuple(_moved_off(lineage, commit, below))  # not enough alone: parts of a stack are moved too
            step, owner = lineage.owner(commit.sha), lineage.owner(below.sha)
            found[key] = SharedCheckout(commit, below, step, owner, (*moved, *witnesses))
    return tuple(found[key] for key in sorted(found))


def _goes_on(lineage: Lineage, commit: Commit, below: Commit, found: Iterable[SharedCheckout]) -> bool:
    """Return whether the branch's own step goes on above a commit that was found."""
    return any(
        below.sha == shared.commit.sha and not lineage.different_step(shared.below.sha, commit.sha) for shared in found
    )


def _foreign_tip(lineage: Lineage, commit: Commit) -> Commit | None:
    """Return the commit's parent if it was the fresh tip of another step's branch, on whose files the commit does not build."""
    below = lineage.history.get(commit.parents[0]) if commit.changes and len(commit.parents) == 1 else None
    if below is None or below.sha in lineage.trunk or len(below.parents) != 1:
        return None
    if not lineage.sure.keys() >= {commit.sha, below.sha} or not lineage.different_step(commit.sha, below.sha):
        return None
    if pull_of_subject(commit.subject) or pull_of_subject(below.subject):
        return None  # a pull request's landing on another branch: a server made it, not in an agent's folder
    in_place = lineage.written_in_place(commit) and lineage.written_in_place(below)
    if not in_place or not timedelta() <= commit.author_time - below.commit_time <= _NEAR:
        return None
    moved_on = any(
        child.sha != commit.sha
        and child.commit_time < commit.author_time
        and not lineage.different_step(child.sha, below.sha)
        for child in lineage.children.get(below.sha, ())
    )
    return None if moved_on or _builds_on(lineage, commit, below) else below


def _builds_on(lineage: Lineage, commit: Commit, below: Commit) -> bool:
    """Return whether a commit changes a file that the other step's commits right below it change too, shared files aside."""
    mine = {path for path in commit.paths() if not is_shared_file(path)}
    base: Commit | None = below
    while base is not None and base.sha in lineage.owners and not lineage.different_step(base.sha, below.sha):
        if base.paths() & mine:
            return True
        base = lineage.history.get(next(iter(base.parents), None))
    return False


def _witnesses(
    lineage: Lineage, commit: Commit, below: Commit, swept_lines: tuple[SweptLines, ...], inverses: Inverses
) -> Iterator[tuple[str, Ref]]:
    """Yield what else shows that two agents were in one folder."""
    owner, step = lineage.owner(below.sha), lineage.owner(commit.sha)
    same = (commit, *(twin for twin in lineage.twins(commit) if twin.parents == commit.parents))
    above = next(_above(lineage, same, below), None)
    if above:
        yield f"step {owner}'s branch continues on top of it with {short(above)}", CommitRef(above)
    branch = lineage.history.made_on.get(commit.sha)
    on_one_branch = branch and branch == lineage.history.made_on.get(below.sha)
    if branch and on_one_branch and _is_named_after(branch, owner) and not _is_named_after(branch, step):
        yield f"the reflog shows both made in this work tree, with {quote(branch)} checked out", CommitRef(below.sha)
    for swept in swept_lines:
        if {lineage.owner(swept.carrier.sha), swept.owner} == {owner, step}:
            carrier, home = short(swept.carrier.sha), short(swept.home.sha)
            yield f"{carrier} carries lines of {home}, so their edits lay in one folder", CommitRef(swept.carrier.sha)
            break
    for inverse, work in inverses.values():
        theirs = lineage.different_step(inverse.sha, below.sha) and not lineage.different_step(work.sha, below.sha)
        if theirs and any(lineage.reaches(inverse.sha, copy.sha) for copy in same):
            text = f"step {step} removed step {owner}'s {short(work.sha)} again with {short(inverse.sha)}"
            yield text, CommitRef(inverse.sha)
            break


def _above(lineage: Lineage, same: tuple[Commit, ...], below: Commit) -> Iterator[str]:
    """Yield the commits that the branch's own pull request has above the foreign one.

    With two pull requests of that step, the second may be stacked on the foreign commit, and that on the first.
    """
    owner = lineage.owner(below.sha)
    own = [pull for pull in lineage.pulls_with(below.sha) if any(is_same_step(step, owner) for step in pull.steps)]
    if len(own) != 1:
        return
    for copy in same:
        for sha in own[0].commits if own[0] in lineage.pulls_with(copy.sha) else ():
            foreign = lineage.different_step(sha, same[0].sha) or sha not in lineage.owners
            if foreign and sha != copy.sha and lineage.reaches(sha, copy.sha) and lineage.history.commits[sha].changes:
                yield sha


def _moved_off(lineage: Lineage, commit: Commit, below: Commit) -> Iterator[tuple[str, Ref]]:
    """Yield the first copy of a commit that its own step made off the other's branch, before that had landed."""
    for twin in lineage.twins(commit):
        own = _is_own(lineage, twin, lineage.owner(commit.sha))
        if own and not _follows(lineage, below, twin) and not _landed_by(lineage, below, twin):
            yield f"it was moved off that branch later, as {short(twin.sha)}", CommitRef(twin.sha)
            return


def _is_own(lineage: Lineage, twin: Commit, step: str) -> bool:
    """Return whether a step made a twin itself, as far as pull requests show: another pull request did not pick it."""
    own = [pull for pull in lineage.pulls if any(is_same_step(other, step) for other in pull.steps)]
    return not own or any(pull in own for pull in lineage.pulls_with(twin.sha))


def _follows(lineage: Lineage, below: Commit, twin: Commit) -> bool:
    """Return whether a twin is still above the other step's work: the same commit, or a later version of it."""
    return lineage.reaches(twin.sha, below.sha) or any(
        lineage.reaches(twin.sha, commit.sha) and not lineage.reaches(below.sha, commit.sha)
        for commit in lineage.commits
        if not lineage.different_step(commit.sha, below.sha)
    )


def _is_named_after(branch: str, step: str) -> bool:
    """Return whether a branch is named after a step: `claude/r50-queue` after R50, `step-1-4` after 1.4."""
    return f"-{_SEPARATOR.sub('-', step.lower())}-" in f"-{_SEPARATOR.sub('-', branch.lower())}-"


def _landed_by(lineage: Lineage, below: Commit, twin: Commit) -> bool:
    """Return whether the other step had landed when the twin was made: then the twin simply followed the branch."""
    return any(
        pull.landing is not None
        and below.sha in pull.commits
        and lineage.history.commits[pull.landing].commit_time <= twin.commit_time
        for pull in lineage.pulls
    )
