"""What pull requests say about a commit off the branch: that it landed in a squash, that it never did, or whose it may be."""

import re
from collections.abc import Iterable, Iterator, Sequence

from forensics.casework.attribution.squashes import squashed
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Finding
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History, reachable
from forensics.model.prose import listing, short
from forensics.model.pull import Pull
from forensics.recovery.off_branch_commits import off_branch

# What git writes as the subject of a revert.
_REVERT = re.compile(r'Revert "(?P<subject>.+)"')


class Landings:
    """The pull requests of a case by the commits that they brought."""

    def __init__(self, case: Case, findings: Sequence[Finding], history: History, asked: Iterable[str]) -> None:
        """Read the pull requests; `asked` are the commits that `of` will be asked for."""
        self._history = history
        self._off = off_branch(history)
        # A landing that lacks its own work landed nothing: the rule that found it says so.
        lacking = {Effect.MISPLACES, Effect.CONTRADICTS}
        self._lacking = {
            finding.commits[0] for finding in findings if finding.commits and finding.rule.effect in lacking
        }
        self._pulls = grouped((sha, pull) for pull in case.pulls for sha in pull.commits)
        quoted = ((_REVERT.fullmatch(commit.subject), commit) for commit in history.commits.values())
        self._reverts = grouped((match["subject"], commit) for match, commit in quoted if match)
        self._squashed = squashed(history, asked)
        self._certain = frozenset(
            (found.commit.sha, dossier.id)
            for dossier in case.dossiers
            for found in (*dossier.commits, *dossier.elsewhere)
            if found.confidence is Confidence.CERTAIN
        )

    def of(self, commit: Commit) -> str | None:
        """Return how a commit's work came onto the branch: in a squash of its files, or in a pull request that landed."""
        if holder := self._squashed.get(commit.sha):
            return f"its files are on the branch as {short(holder)} left them"
        landed = [pull for pull in self._pulls.get(commit.sha, ()) if pull.landing not in {None, *self._lacking}]
        return f"it is in {landed[0].name}, which landed as {short(landed[0].landing or '')}" if landed else None

    def reverted_by(self, commit: Commit) -> Commit | None:
        """Return the commit above this one that reverts it; a rebase leaves the old hash in the revert's message."""
        reverts = self._reverts.get(commit.subject, ())
        return next((by for by in reverts if commit.sha in reachable(self._off, by.parents)), None)

    def doubt(self, commit: Commit, steps: Sequence[str]) -> str:
        """Return why a commit may be another step's: only its pull request ties it, and the step's own work is above it.

        Agents that share a folder leave such commits at the bottom of the next branch. A step's own commits build on each
        other's files. Returns an empty string for a commit that is not in doubt.
        """
        if any((commit.sha, step) in self._certain for step in steps):
            return ""
        for pull in self._pulls.get(commit.sha, ()):
            own = [
                self._history.commits[sha]
                for sha in pull.commits
                if any((sha, step) in self._certain for step in steps)
            ]
            above = all(commit.sha in reachable(self._off, [other.sha]) for other in own[:1])
            if own and above and not any(other.paths() & commit.paths() for other in own):
                return (
                    f"only {pull.name} ties it to the step: it names none, is below {short(own[0].sha)}, which is the step's "
                    "own, and shares no file with it; find out whose it is first"
                )
        return ""


def never_merged(pulls: Iterable[Pull], steps: Iterable[str]) -> str:
    """Return a sentence on the pull requests of these steps that nothing on the branch landed, empty for none."""
    wanted = set(steps)
    found = [pull for pull in pulls if pull.landing is None and pull.head and wanted & set(pull.steps)]
    if not found:
        return ""
    whose = dict.fromkeys(step for pull in found for step in pull.steps if step in wanted)
    return f"Never merged: {listing(_ranges([pull.number for pull in found]), limit=12)} ({listing(whose, limit=12)})."


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Yield `#118 to #121` for four in a row, and `#123` for one alone."""
    rows: list[list[int]] = []
    for number in sorted(numbers):
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    for row in rows:
        yield from [f"#{row[0]} to #{row[-1]}"] if len(row) > 2 else (f"#{number}" for number in row)
