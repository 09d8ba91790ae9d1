"""The commit in git that a lost commit was made on, or that comes next before it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.model.grouping import grouped
from forensics.model.history import Commit, reachable
from forensics.model.prose import clock, quote, short
from forensics.recovery.rebuild.made_commits import MadeCommit

# Seconds between a commit and its result in the transcript: hooks run before the commit is made, so it is short.
_LATE = timedelta(seconds=90)
# Clocks of whole seconds: git may date a commit just after the result that shows it.
_EARLY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class BasedCommit:
    """A lost commit with its base in git, since when HEAD was there, and the lost commits between, oldest first."""

    made: MadeCommit
    base: Commit
    moment: datetime
    why: str = ""
    on: tuple[MadeCommit, ...] = ()
    amended: MadeCommit | Commit | None = None


class Bases:
    """The commits that git has, as places to start from."""

    def __init__(self, commits: Mapping[str, Commit], refs: Mapping[str, str], head: str) -> None:
        self._commits = commits
        self._by_digits = grouped((sha[:7], commit) for sha, commit in self._commits.items())
        self._children = grouped((parent, commit) for commit in commits.values() for parent in commit.parents)
        self._refs, self._head = refs, head

    def find(self, sha: str) -> Commit | None:
        """Return the one commit whose id begins so."""
        fits = [commit for commit in self._by_digits.get(sha[:7], ()) if commit.sha.startswith(sha)]
        return fits[0] if len(fits) == 1 else None

    def twin(self, made: MadeCommit) -> Commit | None:
        """Return what a commit became when it was amended or rebased: authored at its time, under its subject."""
        fits = [
            commit
            for commit in self._commits.values()
            if -_EARLY <= made.ran.moment - commit.author_time <= _LATE
            and _subject(commit.subject) == _subject(made.printed.subject)
        ]
        return fits[0] if len(fits) == 1 else None

    def by_time(self, branch: str | None, moment: datetime) -> Commit | None:
        """Return the newest commit before a moment on the branch, or, if git has no such branch, on the one checked out."""
        named = [tip for ref, tip in sorted(self._refs.items()) if branch and ref.endswith(f"/{branch}")]
        # A branch that was merged and deleted is not in refs any more: the one checked out has what it began with.
        for tips in (named, [self._head], [*self._refs.values()]):
            found = [
                self._commits[sha] for sha in reachable(self._commits, tips) if self._commits[sha].commit_time <= moment
            ]
            if found:
                return max(found, key=lambda commit: commit.place_in_time)
        return None

    def advanced(self, commit: Commit, moment: datetime, shown: Collection[str]) -> Commit:
        """Return the last commit that people put on top of this one before a moment, if they follow in one line.

        Commits that transcripts show are left aside: in another work tree, they are on another branch.
        """
        while True:
            later = [
                child
                for child in self._children.get(commit.sha, ())
                if child.commit_time < moment and child.sha[:7] not in shown
            ]
            if len(later) != 1:
                return commit
            commit = later[0]


def _subject(text: str) -> str:
    # `WIP x` is amended to `x` when it is done.
    return text.removeprefix("WIP ").removeprefix("wip: ").strip()


def based(wanted: Sequence[MadeCommit], all_made: Sequence[MadeCommit], bases: Bases) -> list[BasedCommit]:
    """Return the wanted commits with their bases, in order of time; one without any commit before it is left out."""
    by_sha = {made.sha[:7]: made for made in all_made}
    return [found for made in wanted for found in _based(made, by_sha, bases)]


def _based(made: MadeCommit, by_sha: Mapping[str, MadeCommit], bases: Bases) -> Iterator[BasedCommit]:
    on: list[MadeCommit] = []
    amended: MadeCommit | Commit | None = None
    at, place = made, made.head
    if made.call.amends and place is not None:
        before = by_sha.get(place.sha[:7])
        known = bases.find(place.sha)
        amended = known or before
        if known is not None:
            parent = bases.find(known.parents[0]) if known.parents else None
            if parent:
                yield BasedCommit(made, parent, before.moment if before else place.moment, amended=known)
            return
        if before is not None:
            at, place = before, before.head
    # Commits that were lost together follow one another: go back until git has one.
    while place is not None:
        if known := bases.find(place.sha):
            last = bases.advanced(known, at.ran.began, by_sha.keys()) if not on else known
            why = f"git has {short(last.sha)} on top of {short(known.sha)}, where the transcript last shows HEAD"
            start = (known, place.moment, "") if last is known else (last, last.commit_time, why)
            yield BasedCommit(made, *start, tuple(reversed(on)), amended)
            return
        lost = by_sha.get(place.sha[:7])
        if lost is None or lost in on:
            break
        if twin := bases.twin(lost):
            why = f"it was made on {quote(lost.sha)}, which is now {short(twin.sha)}"
            yield BasedCommit(made, twin, lost.moment, why, tuple(reversed(on)), amended)
            return
        on.append(lost)
        at, place = lost, lost.head
    branch = at.ran.branch or at.printed.branch
    if found := bases.by_time(branch, at.ran.began):
        why = (
            f"the newest commit before {clock(at.ran.began)}: the transcript does not show which commit it was made on"
        )
        yield BasedCommit(made, found, found.commit_time, why, tuple(reversed(on)), amended)
