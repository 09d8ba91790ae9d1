"""A commit made on top of another step's unfinished branch: one folder that two agents shared, as git alone shows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from forensics.casework.isolation.lineage import Lineage, is_same
from forensics.casework.isolation.removed_work import inverses
from forensics.casework.isolation.swept_lines import Sweep
from forensics.casework.paths import is_everybodys
from forensics.formats.tickets import pull_of_subject
from forensics.model.history import Commit
from forensics.model.prose import quote, short
from forensics.model.source import CommitRef, Ref

_WORD = re.compile(r"[^a-z0-9]+")
_MINUTES = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SharedCheckout:
    """`commit`, of one step, was made on `below`, the tip of another's branch, whose `owner` was still at work.

    `witnesses` say what else shows that this was no stack, each with where it stands.
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


def shared_checkouts(lineage: Lineage, swept: tuple[Sweep, ...]) -> tuple[SharedCheckout, ...]:
    """Return the commits made on another step's branch within minutes, for which a second witness tells.

    Minutes alone say nothing: people stack branches. But a stack builds on what it stacks on, and shares files with it;
    its base is done; and it lands after it, or with it. One finding for a commit and its twins, and none for the branch's
    own step, which goes on above a commit that was found.
    """
    found: dict[tuple[float, str], SharedCheckout] = {}
    for commit in lineage.commits:
        below = _foreign_tip(lineage, commit)
        if below is None:
            continue
        key = (commit.author_time.timestamp(), commit.subject)
        witnesses = tuple(_witnesses(lineage, commit, below, swept))
        above = any(
            below.sha == one.commit.sha and not lineage.foreign_to(one.below.sha, commit.sha) for one in found.values()
        )
        if witnesses and key not in found and not above:
            step, owner = lineage.owner(commit.sha), lineage.owner(below.sha)
            moved = tuple(_moved(lineage, commit, below))  # alone it tells nothing: a stack's parts are moved, too
            found[key] = SharedCheckout(commit, below, step, owner, (*moved, *witnesses))
    return tuple(found[key] for key in sorted(found))


def _foreign_tip(lineage: Lineage, commit: Commit) -> Commit | None:
    """Return the commit's parent if that was the fresh tip of another step's branch, on whose files it does not build."""
    if len(commit.parents) != 1 or not commit.changes or commit.sha not in lineage.sure:
        return None
    below = lineage.history.get(commit.parents[0])
    if below is None or below.sha not in lineage.sure or below.sha in lineage.trunk or len(below.parents) != 1:
        return None
    if not lineage.foreign_to(commit.sha, below.sha):
        return None
    if pull_of_subject(commit.subject) or pull_of_subject(below.subject):
        return None  # a pull request's landing on some branch: a server made it, in nobody's folder
    if not timedelta() <= commit.author_time - below.commit_time <= _MINUTES:
        return None
    if not lineage.made_there(commit) or not lineage.made_there(below):
        return None
    moved_on = any(
        child.sha != commit.sha
        and child.commit_time < commit.author_time
        and not lineage.foreign_to(child.sha, below.sha)
        for child in lineage.children.get(below.sha, ())
    )
    return None if moved_on or _builds_on(lineage, commit, below) else below


def _builds_on(lineage: Lineage, commit: Commit, below: Commit) -> bool:
    """Tell whether a commit changes a file that the other step's commits right below it change too, a changelog aside."""
    mine = {path for path in commit.paths() if not is_everybodys(path)}
    one: Commit | None = below
    while one is not None and one.sha in lineage.owners and not lineage.foreign_to(one.sha, below.sha):
        if one.paths() & mine:
            return True
        one = lineage.history.get(one.parents[0]) if one.parents else None
    return False


def _witnesses(lineage: Lineage, commit: Commit, below: Commit, swept: tuple[Sweep, ...]) -> Iterator[tuple[str, Ref]]:
    """Yield what else shows that two agents were in one folder."""
    same = (commit, *(twin for twin in lineage.twins(commit) if twin.parents == commit.parents))
    brought = [  # with two of them, the second may be stacked on this commit's own, and that on the first
        pull
        for pull in lineage.pulls_with(below.sha)
        if any(is_same(step, lineage.owner(below.sha)) for step in pull.steps)
    ]
    above = [
        sha
        for one in same
        for pull in lineage.pulls_with(one.sha)
        if pull in brought and len(brought) == 1
        for sha in pull.commits
        if sha != one.sha and lineage.reaches(sha, one.sha) and lineage.history.commits[sha].changes
        if lineage.foreign_to(sha, commit.sha) or sha not in lineage.owners
    ]
    owner, step = lineage.owner(below.sha), lineage.owner(commit.sha)
    if above:
        yield f"step {owner}'s branch goes on above it, with {short(above[0])}", CommitRef(above[0])
    branch = lineage.history.made_on.get(commit.sha)
    if (
        branch
        and branch == lineage.history.made_on.get(below.sha)
        and _names(branch, owner)
        and not _names(branch, step)
    ):
        yield f"the reflog shows both made in this work tree, with {quote(branch)} checked out", CommitRef(below.sha)
    for sweep in swept:
        if {lineage.owner(sweep.carrier.sha), sweep.owner} == {owner, step}:
            where = f"{short(sweep.carrier.sha)} carries lines of {short(sweep.home.sha)}"
            yield f"{where}, so their edits lay in one folder", CommitRef(sweep.carrier.sha)
            break
    for one, undone in inverses(lineage).values():
        theirs = lineage.foreign_to(one.sha, below.sha) and not lineage.foreign_to(undone.sha, below.sha)
        if theirs and any(lineage.reaches(one.sha, two.sha) for two in same):
            yield (
                f"step {step} took step {owner}'s {short(undone.sha)} back out with {short(one.sha)}",
                CommitRef(one.sha),
            )
            break


def _moved(lineage: Lineage, commit: Commit, below: Commit) -> Iterator[tuple[str, Ref]]:
    """Yield the first copy of a commit that its own step made off the other's branch, before that had landed."""
    for twin in lineage.twins(commit):
        own = _is_own(lineage, twin, lineage.owner(commit.sha))
        if own and not _follows(lineage, below, twin) and not _landed_by(lineage, below, twin):
            yield f"it was moved off that branch later, as {short(twin.sha)}", CommitRef(twin.sha)
            return


def _is_own(lineage: Lineage, twin: Commit, step: str) -> bool:
    """Tell whether a twin is its own step's doing, as far as pull requests tell: not what another one picked."""
    steps = [one for pull in lineage.pulls_with(twin.sha) for one in pull.steps]
    return any(is_same(one, step) for one in steps) or not any(
        is_same(one, step) for pull in lineage.pulls for one in pull.steps
    )


def _follows(lineage: Lineage, below: Commit, twin: Commit) -> bool:
    """Tell whether a twin still stands on the other step's work: the same, or what was made of it since."""
    return lineage.reaches(twin.sha, below.sha) or any(
        lineage.reaches(twin.sha, one.sha) and not lineage.reaches(below.sha, one.sha)
        for one in lineage.commits
        if not lineage.foreign_to(one.sha, below.sha)
    )


def _names(branch: str, step: str) -> bool:
    """Tell whether a branch is named after a step: `claude/r50-queue` after R50, `step-1-4` after 1.4."""
    return f"-{_WORD.sub('-', step.lower())}-" in f"-{_WORD.sub('-', branch.lower())}-"


def _landed_by(lineage: Lineage, below: Commit, twin: Commit) -> bool:
    """Tell whether the other step had landed when the twin was made: then it simply followed the branch."""
    return any(
        pull.landing is not None
        and below.sha in pull.commits
        and lineage.history.commits[pull.landing].commit_time <= twin.commit_time
        for pull in lineage.pulls
    )
