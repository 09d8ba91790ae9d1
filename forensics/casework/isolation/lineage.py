"""Whose a commit is, what came from what, and which of its lines tell it from any other: what isolation rules ask."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property, lru_cache

from forensics.casework.attribution.ancestry import Ancestry
from forensics.casework.attribution.pulls import first_parents
from forensics.casework.paths import is_bookkeeping
from forensics.formats.tickets import pull_of_subject, related
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.history import Commit
from forensics.model.patch import Patch
from forensics.model.pull import Pull
from forensics.model.steps import same_step

_SHARED_FILE = re.compile(
    r"(?:^|/)(?:change(?:log|s)[^/]*|readme[^/]*|(?:todos?|roadmap|backlog|tasks?|board|status|progress|history|journal|notes?)\.(?:md|txt)|\.git[^/]*|[^/]*[.-]lock(?:\.\w+)?|go\.sum|[^/]*\.(?:lock|ya?ml|toml|toon|properties|snap|svg|csproj"
    r"|json|gradle(?:\.kts)?)|strings\.xml|__init__\.py)$|^\.github/|\.min\.",
    re.IGNORECASE,
)
_COMMON = re.compile(r"^(?:import|package|from|using|#include|require|use|@\w+|export \*)\b")
_COMMENT = re.compile(r"^(?://|#|/?\*|--|<!--|\"\"\"|- |> |\|)")
_WORD = re.compile(r"\w+")
_SLACK = timedelta(days=2)
_COPIES = 100


def is_same(one: str, other: str) -> bool:
    """Tell whether two steps or tickets are one, or one is part of the other."""
    return same_step(one, other) or related(one, other)


@lru_cache(maxsize=2)
def lineage(case: Case) -> "Lineage":
    """Return the lineage of a case, made once for all rules that ask."""
    return Lineage(case)


class Lineage:
    """Commits of a case with their owners, ancestry among them, and what they changed."""

    def __init__(self, case: Case) -> None:
        self.history = case.history
        self.pulls = case.pulls
        self._plan = case.run.path
        self.owners: dict[str, frozenset[str]] = {}
        self.sure: dict[str, frozenset[str]] = {}
        for dossier in case.dossiers:
            for one in (*dossier.commits, *dossier.elsewhere):
                if one.confidence is not Confidence.POSSIBLE:
                    _add(self.owners, one.commit.sha, dossier.id)
                if one.confidence is Confidence.CERTAIN:
                    _add(self.sure, one.commit.sha, dossier.id)
        line = first_parents(case.history)
        self.trunk = frozenset(line)
        self._ancestry = Ancestry(case.history.commits, line)
        self.landings = {pull.landing: pull for pull in case.pulls if pull.landing}
        self._telling: dict[str, frozenset[tuple[str, str]]] = {}

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """Return the owned commits whose lines are known, oldest first."""
        known = [self.history.commits[sha] for sha in self.owners if sha in self.history.patches]
        return tuple(sorted(known, key=lambda commit: (commit.commit_time, commit.sha)))

    @cached_property
    def by_subject(self) -> dict[str, tuple[Commit, ...]]:
        """Return the owned commits by subject, oldest first."""
        found: dict[str, list[Commit]] = {}
        for commit in self.commits:
            found.setdefault(commit.subject, []).append(commit)
        return {subject: tuple(ones) for subject, ones in found.items()}

    @cached_property
    def _floor(self) -> float:
        oldest = min((commit.author_time.timestamp() for commit in self.commits), default=0.0)
        return oldest - _SLACK.total_seconds()

    @cached_property
    def children(self) -> dict[str, tuple[Commit, ...]]:
        """Return each commit's children, of the time of the run."""
        found: dict[str, list[Commit]] = {}
        for commit in self.history.commits.values():
            if commit.commit_time.timestamp() >= self._floor:
                for parent in commit.parents:
                    found.setdefault(parent, []).append(commit)
        return {sha: tuple(sorted(ones, key=lambda one: one.sha)) for sha, ones in found.items()}

    @cached_property
    def _alike(self) -> dict[tuple[float, str], tuple[Commit, ...]]:
        found: dict[tuple[float, str], list[Commit]] = {}
        for commit in self.history.commits.values():
            if commit.commit_time.timestamp() >= self._floor:
                found.setdefault((commit.author_time.timestamp(), commit.subject), []).append(commit)
        return {key: tuple(sorted(ones, key=lambda one: (one.commit_time, one.sha))) for key, ones in found.items()}

    @cached_property
    def _of_pulls(self) -> dict[str, list[Pull]]:
        found: dict[str, list[Pull]] = {}
        for pull in self.pulls:
            for sha in {*pull.commits, *([pull.landing] if pull.landing else [])}:
                found.setdefault(sha, []).append(pull)
        return found

    @cached_property
    def _removing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for sha, patch in self.history.patches.items():
            for path in patch.removed:
                found.setdefault(path, []).append(sha)
        return found

    def landed_as(self, commit: Commit) -> tuple[Commit, ...]:
        """Return the landings of the pull requests that brought a commit, or the commit if it is one."""
        shas = dict.fromkeys(pull.landing for pull in self.pulls_with(commit.sha) if pull.landing)
        return tuple(self.history.commits[sha] for sha in shas)

    def forms(self, commit: Commit) -> tuple[Commit, ...]:
        """Return every commit that has its work as a whole: itself, its twins, and the landings of its pull requests."""
        return tuple(dict.fromkeys((commit, *self.twins(commit), *self.landed_as(commit))))

    @cached_property
    def landed(self) -> tuple[Commit, ...]:
        """Return the landings whose lines are known, by when they were made."""
        known = [self.history.commits[sha] for sha in self.landings if sha in self.history.patches]
        return tuple(sorted(known, key=lambda commit: (commit.commit_time, commit.sha)))

    def twins(self, commit: Commit) -> tuple[Commit, ...]:
        """Return the other commits that an amend, a rebase or a cherry-pick made of it, or it of them, oldest first.

        What very many share was made by a program in one second, and tells nothing.
        """
        same = self._alike.get((commit.author_time.timestamp(), commit.subject), ())
        return tuple(one for one in same if one.sha != commit.sha) if len(same) <= _COPIES else ()

    def made_there(self, commit: Commit) -> bool:
        """Tell whether a commit was written where it stands, as it is or amended in place; not rebased, not picked."""
        return commit.commit_time == commit.author_time or any(
            twin.parents == commit.parents for twin in self.twins(commit)
        )

    def meant(self, pull: Pull, home: Commit) -> bool:
        """Tell whether a pull request has another step's commit on purpose: picked, or landed into it by its number."""
        brought, copies = set(pull.commits), self.twins(home)
        if copies and any(one.sha in brought and not self.made_there(one) for one in (home, *copies)):
            return True
        subjects = (self.history.commits[sha].subject for sha in brought)
        numbers = {told[0] for one in subjects if (told := pull_of_subject(one))} - {pull.number}
        return any(
            other.number in numbers and (home.sha in other.commits or is_same(other.step or "", self.owner(home.sha)))
            for other in self.pulls
        )

    def reaches(self, above: str, below: str) -> bool:
        """Tell whether a commit is another one or an ancestor of it."""
        return self._ancestry.reaches(above, below)

    def patch(self, sha: str) -> Patch:
        """Return a commit's lines; an empty patch where they were not read."""
        return self.history.patches.get(sha) or Patch()

    def telling(self, sha: str) -> frozenset[tuple[str, str]]:
        """Return the (path, line) pairs it added that hardly two people write alike and that it did not only move."""
        known = self._telling.get(sha)
        if known is None:
            known = self._telling[sha] = frozenset(_telling_lines(self.patch(sha), self._plan))
        return known

    def shared_lines(self, sha: str, other: str) -> tuple[tuple[str, int], ...]:
        """Return for each file how many lines both added, where a telling one is among them."""
        paths = {path for path, _ in self.telling(sha) & self.telling(other)}
        mine, theirs = self.patch(sha).added, self.patch(other).added
        found = []
        for path in sorted(paths):
            both = Counter(line.text for line in mine[path]) & Counter(line.text for line in theirs[path])
            found.append((path, both.total()))
        return tuple(found)

    def sizes(self, sha: str) -> tuple[tuple[str, int], ...]:
        """Return for each file how many lines a commit added."""
        return tuple((path, len(lines)) for path, lines in sorted(self.patch(sha).added.items()))

    def foreign_to(self, sha: str, other: str) -> bool:
        """Tell whether two commits are surely of different steps, and of none that one pull request says it is for both."""
        one, two = self.owners.get(sha, frozenset()), self.owners.get(other, frozenset())
        if not one or not two or any(is_same(mine, theirs) for mine in one for theirs in two):
            return False
        both = [pull for pull in self.pulls_with(sha) if pull in self.pulls_with(other)]
        return not any(
            any(is_same(mine, step) for mine in one for step in pull.steps)
            and any(is_same(theirs, step) for theirs in two for step in pull.steps)
            for pull in both
        )

    def pulls_with(self, sha: str) -> tuple[Pull, ...]:
        """Return the pull requests that brought a commit, or landed as it."""
        return tuple(self._of_pulls.get(sha, ()))

    def has_own_pull(self, step: str, besides: Pull) -> bool:
        """Tell whether a step has a pull request of its own, other than this one; without any in sight, it may have."""
        return not any(pull.step for pull in self.pulls) or any(
            pull.step == step and pull.number != besides.number for pull in self.pulls
        )

    def restored(self, commit: Commit, path: str) -> frozenset[str]:
        """Return the lines of a file that commits below it, of the run's time, had removed."""
        return frozenset(
            line.text.strip()
            for sha in self._removing.get(path, ())
            if sha != commit.sha and self.reaches(commit.sha, sha)
            for line in self.patch(sha).removed[path]
        )

    def owner(self, sha: str) -> str:
        """Return the step whose a commit is; the first of several."""
        return min(self.owners.get(sha, frozenset({""})))


def _add(owners: dict[str, frozenset[str]], sha: str, step: str) -> None:
    owners[sha] = owners.get(sha, frozenset()) | {step}


def _telling_lines(patch: Patch, plan: str) -> Iterator[tuple[str, str]]:
    gone = {line.text.strip() for lines in patch.removed.values() for line in lines}
    for path, lines in patch.added.items():
        if _SHARED_FILE.search(path) or (plan not in {"", "."} and is_bookkeeping(path, plan)):
            continue
        for text in {line.text.strip() for line in lines}:
            if text not in gone and _tells(text):
                yield path, text


def _tells(text: str) -> bool:
    if _COMMON.match(text):
        return False
    if _COMMENT.match(text):
        return len(_WORD.findall(text)) >= 5
    return len(text) >= 12 and sum(one.isalnum() for one in text) >= 8
