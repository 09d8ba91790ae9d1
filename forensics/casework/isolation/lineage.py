"""Which step a commit belongs to, which commit came from which, and which of its lines identify it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from functools import cached_property

from forensics.casework.attribution.ancestry import Ancestry
from forensics.casework.attribution.pulls import first_parents
from forensics.casework.isolation.distinctive_lines import distinctive_lines
from forensics.casework.isolation.planning_files import PlanningFiles
from forensics.formats.tickets import pull_of_subject, related
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.patch import Line, Patch
from forensics.model.plan import UnitKind
from forensics.model.pull import Pull
from forensics.model.steps import same_step

# Commits made before the run's first one cannot be copies of its commits. Two days allow for wrong clocks.
_SLACK = timedelta(days=2)
# An import by a script makes hundreds of commits in one second with one subject: these are not copies of each other.
_MOST_TWINS = 100


def is_same_step(step: str, other: str) -> bool:
    """Return whether two steps or tickets are the same, or one is part of the other (`R50-B` of `R50`)."""
    return same_step(step, other) or related(step, other)


# Units that only git shows: who worked in them, and on what, is not known.
_WITHOUT_AUTHOR = frozenset({UnitKind.PULL, UnitKind.BRANCH})


class Lineage:
    """Commits of a case with their owners, their ancestry and what they changed.

    `owners` are the steps that a commit certainly or likely belongs to, `sure` only those it certainly belongs to. A pull
    request without a ticket owns no lines: a later one of the same author may take up the work of an earlier one.
    """

    def __init__(self, case: Case) -> None:
        self.history = case.history
        self.pulls = case.pulls
        self._plan = case.run.path
        found = [
            (work.commit.sha, dossier.id, work.confidence)
            for dossier in case.dossiers
            if dossier.spec is None or dossier.spec.kind not in _WITHOUT_AUTHOR
            for work in (*dossier.commits, *dossier.elsewhere)
        ]
        self.owners = _sets((sha, step) for sha, step, confidence in found if confidence is not Confidence.POSSIBLE)
        self.sure = _sets((sha, step) for sha, step, confidence in found if confidence is Confidence.CERTAIN)
        line = first_parents(case.history)
        self.trunk = frozenset(line)
        self._ancestry = Ancestry(case.history.commits, line)
        self.landings = {pull.landing: pull for pull in case.pulls if pull.landing}
        self._distinctive: dict[str, frozenset[tuple[str, str]]] = {}

    def owner(self, sha: str) -> str:
        """Return the step that a commit belongs to; the first one of several, "" for none."""
        return min(self.owners.get(sha, frozenset({""})))

    def different_step(self, sha: str, other: str) -> bool:
        """Return whether two commits belong to different steps, and no pull request says that it is for both.

        A pull request that openly names two ids of one kind (`R11`, `R110`) says so for what it brought or landed. Ids of two
        kinds (`t3`, `GH#9`) are a task and its issue, two names of the same work in every pull request.
        """
        mine, theirs = self.owners.get(sha, frozenset()), self.owners.get(other, frozenset())
        if not mine or not theirs or _overlap(mine, theirs):
            return False
        together = {pull.number: pull for step in mine for pull in self._named_together.get(_root(step), ())}
        return not any(
            _overlap(mine, pull.steps) and _overlap(theirs, pull.steps)
            for pull in together.values()
            if _has_two_kinds(pull.steps) or not {sha, other}.isdisjoint((*pull.commits, pull.landing))
        )

    @cached_property
    def _named_together(self) -> Mapping[str, tuple[Pull, ...]]:
        return grouped((_root(step), pull) for pull in self.pulls if pull.also for step in pull.steps)

    def reaches(self, above: str, below: str) -> bool:
        """Return whether `below` is `above` or one of its ancestors."""
        return self._ancestry.reaches(above, below)

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """Return the owned commits whose lines are known, oldest first."""
        return self._with_lines(self.owners)

    @cached_property
    def landed(self) -> tuple[Commit, ...]:
        """Return the landings whose lines are known, oldest first."""
        return self._with_lines(self.landings)

    @cached_property
    def planning_files(self) -> PlanningFiles:
        """Return which files are planning, and no ticket's work."""
        return PlanningFiles({step for steps in self.owners.values() for step in steps})

    def _with_lines(self, shas: Iterable[str]) -> tuple[Commit, ...]:
        known = [self.history.commits[sha] for sha in shas if sha in self.history.patches]
        return tuple(sorted(known, key=lambda commit: (commit.commit_time, commit.sha)))

    @cached_property
    def by_subject(self) -> Mapping[str, tuple[Commit, ...]]:
        """Return the owned commits by subject, oldest first."""
        return grouped((commit.subject, commit) for commit in self.commits)

    @cached_property
    def _recent(self) -> tuple[Commit, ...]:
        oldest = min((commit.author_time.timestamp() for commit in self.commits), default=0.0)
        floor = oldest - _SLACK.total_seconds()
        recent = [commit for commit in self.history.commits.values() if commit.commit_time.timestamp() >= floor]
        return tuple(sorted(recent, key=lambda commit: (commit.commit_time, commit.sha)))

    @cached_property
    def children(self) -> Mapping[str, tuple[Commit, ...]]:
        """Return each commit's children since the run began."""
        found = ((parent, commit) for commit in self._recent for parent in commit.parents)
        return grouped(sorted(found, key=lambda pair: (pair[0], pair[1].sha)))

    @cached_property
    def _copies(self) -> Mapping[tuple[float, str], tuple[Commit, ...]]:
        return grouped(((commit.author_time.timestamp(), commit.subject), commit) for commit in self._recent)

    def twins(self, commit: Commit) -> tuple[Commit, ...]:
        """Return the other copies of a commit (amended, rebased or cherry-picked: these keep the author time), oldest first."""
        same = self._copies.get((commit.author_time.timestamp(), commit.subject), ())
        return tuple(twin for twin in same if twin.sha != commit.sha) if len(same) <= _MOST_TWINS else ()

    def written_in_place(self, commit: Commit) -> bool:
        """Return whether a commit was made where it is, possibly amended there; not rebased and not cherry-picked."""
        return commit.commit_time == commit.author_time or any(
            twin.parents == commit.parents for twin in self.twins(commit)
        )

    @cached_property
    def _pulls_by_commit(self) -> Mapping[str, tuple[Pull, ...]]:
        return grouped((sha, pull) for pull in self.pulls for sha in {*pull.commits, *filter(None, [pull.landing])})

    def pulls_with(self, sha: str) -> tuple[Pull, ...]:
        """Return the pull requests that brought a commit, or landed as it."""
        return self._pulls_by_commit.get(sha, ())

    def landed_as(self, commit: Commit) -> tuple[Commit, ...]:
        """Return the landings of the pull requests that brought a commit, or the commit if it is a landing."""
        shas = dict.fromkeys(pull.landing for pull in self.pulls_with(commit.sha) if pull.landing)
        return tuple(self.history.commits[sha] for sha in shas)

    def versions(self, commit: Commit) -> tuple[Commit, ...]:
        """Return every commit that has a commit's whole work: itself, its twins, the landings of its pull requests."""
        return tuple(dict.fromkeys((commit, *self.twins(commit), *self.landed_as(commit))))

    def has_own_pull(self, step: str, besides: Pull) -> bool:
        """Return whether a step has another pull request than this one; also true where no pull request has a step."""
        return not any(pull.step for pull in self.pulls) or any(
            pull.step == step and pull.number != besides.number for pull in self.pulls
        )

    def brought_on_purpose(self, pull: Pull, home: Commit) -> bool:
        """Return whether a pull request has another step's commit on purpose: cherry-picked, or landed into it by its number."""
        brought, copies = set(pull.commits), self.twins(home)
        if copies and any(copy.sha in brought and not self.written_in_place(copy) for copy in (home, *copies)):
            return True
        subjects = (self.history.commits[sha].subject for sha in brought)
        numbers = {named[0] for subject in subjects if (named := pull_of_subject(subject))} - {pull.number}
        return any(
            other.number in numbers
            and (home.sha in other.commits or is_same_step(other.step or "", self.owner(home.sha)))
            for other in self.pulls
        )

    def patch(self, sha: str) -> Patch:
        """Return a commit's lines; an empty patch where they were not read."""
        return self.history.patches.get(sha) or Patch()

    def distinctive_lines(self, sha: str) -> frozenset[tuple[str, str]]:
        """Return the added lines that identify this commit as a step's work, as (path, line); moved lines excluded."""
        if sha not in self._distinctive:
            found = distinctive_lines(self.patch(sha), self._plan)
            self._distinctive[sha] = frozenset(line for line in found if not self.planning_files.holds(line[0]))
        return self._distinctive[sha]

    @cached_property
    def adding(self) -> Mapping[tuple[str, str], tuple[Commit, ...]]:
        """Return the owned commits that add each distinctive line, oldest first."""
        return grouped((line, commit) for commit in self.commits for line in self.distinctive_lines(commit.sha))

    def first_written(self, commit: Commit, lines: frozenset[tuple[str, str]]) -> datetime:
        """Return when a commit's step first committed most of the lines; an amend and a rebase keep the author time."""
        holding = Counter(other.sha for line in lines for other in self.adding.get(line, ()))
        times = [
            self.history.commits[sha].author_time
            for sha, number in holding.items()
            if 2 * number > len(lines) and not self.different_step(sha, commit.sha)
        ]
        return min([commit.author_time, *times])

    def shared_lines(self, sha: str, other: str) -> tuple[tuple[str, int], ...]:
        """Return (path, number of lines that both commits added) for each file in which they share a distinctive line."""
        paths = {path for path, _ in self.distinctive_lines(sha) & self.distinctive_lines(other)}
        mine, theirs = self.patch(sha).added, self.patch(other).added
        return tuple(
            (path, (Counter(line.text for line in mine[path]) & Counter(line.text for line in theirs[path])).total())
            for path in sorted(paths)
        )

    def line_counts(self, sha: str) -> tuple[tuple[str, int], ...]:
        """Return (path, number of lines that a commit added) for each file."""
        return tuple((path, len(lines)) for path, lines in sorted(self.patch(sha).added.items()))

    @cached_property
    def _removing(self) -> Mapping[str, tuple[str, ...]]:
        return grouped((path, sha) for sha, patch in self.history.patches.items() for path in patch.removed)

    @cached_property
    def _removers(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        found = (
            (line.text.strip(), (path, commit.sha)) for commit in self.commits for path, line in self._removed(commit)
        )
        return grouped(found)

    def _removed(self, commit: Commit) -> Iterator[tuple[str, Line]]:
        yield from ((path, line) for path, lines in self.patch(commit.sha).removed.items() for line in lines)

    def removed_elsewhere(self, commits: Sequence[Commit], paths: Set[str], text: str) -> bool:
        """Return whether a step of one of these commits removes a line from another file than these."""
        return any(
            other not in paths and not self.different_step(sha, commit.sha)
            for other, sha in self._removers.get(text, ())
            for commit in commits
        )

    def removed_below(self, commit: Commit, path: str) -> frozenset[str]:
        """Return the lines of a file that the commit's ancestors removed during the run."""
        return frozenset(
            line.text.strip()
            for sha in self._removing.get(path, ())
            if sha != commit.sha and self.reaches(commit.sha, sha)
            for line in self.patch(sha).removed[path]
        )


def _has_two_kinds(steps: Iterable[str]) -> bool:
    """Return whether ids differ in more than their numbers."""
    return len({step.rstrip("0123456789.").lower() for step in steps}) > 1


def _root(ticket: str) -> str:
    """Return the part of an id that all parts of the same ticket begin with: `R236` of `R236-F`."""
    return ticket.partition("-")[0].partition(".")[0]


def _overlap(steps: Iterable[str], others: Iterable[str]) -> bool:
    return any(is_same_step(step, other) for step in steps for other in others)


def _sets(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in grouped(pairs).items()}
