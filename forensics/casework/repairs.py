"""Landed work whose lines another commit repairs within a day."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.files import has_recurring_lines, is_document
from forensics.casework.isolation.lineage import Lineage
from forensics.formats.repairs import is_repair, names, second_part
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History

# A night's work and the next day: what is repaired later was found in use, and is an ordinary bug.
_SOON = timedelta(hours=24)
# Where the message does not name the work, one or two changed lines may be the next step building on it.
_FEWEST = 3
# `}`, `else:` and `return None` are everybody's lines.
_FEWEST_LETTERS = 8
# A formatter changes only these: a line that comes back without them was not repaired.
_LAYOUT = re.compile(r"[\s'\"`,;(){}\[\]]+")
# A test that is corrected says nothing about the work.
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|spec)/|(?:^|/)(?:test_[^/]*|[^/]*(?:[._-](?:test|spec)|Test|Spec)\.\w+)$"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """`by` changes `lines` (path, number) that `work`, `step`'s landed commit, had added; `named` is how it names the work."""

    work: Commit
    by: Commit
    step: str
    lines: tuple[tuple[str, int], ...]
    named: str | None

    @property
    def after(self) -> timedelta:
        """Return how long after the work had landed it was repaired."""
        return self.by.commit_time - self.work.commit_time


def repair_candidates(history: History, shas: Iterable[str]) -> frozenset[str]:
    """Return the commits on the branch that say they repair something, and change a file of these commits soon after."""
    changed = grouped(
        (path, history.commits[sha].commit_time)
        for sha in shas
        if sha in history.commits and sha in history.on_branch
        for path in history.commits[sha].paths()
        if _counts(path)
    )
    return frozenset(
        sha
        for sha in history.on_branch
        if is_repair(history.commits[sha].subject)
        if _is_soon_after(history.commits[sha], changed)
    )


def _is_soon_after(commit: Commit, changed: Mapping[str, tuple[datetime, ...]]) -> bool:
    return any(
        timedelta() <= commit.commit_time - moment <= _SOON
        for path in commit.paths()
        for moment in changed.get(path, ())
    )


def _counts(path: str) -> bool:
    return not (has_recurring_lines(path) or is_document(path) or _TEST.search(path))


def repairs(lineage: Lineage) -> tuple[Repair, ...]:
    """Return the repairs of landed work, by time.

    Only a commit that says so is a repair: the next step, too, changes lines of the file it builds on. What a step does
    before its work is done is its own matter: done is what a pull request landed, or what other steps' commits follow.
    """
    history = lineage.history
    landed = [commit for commit in lineage.commits if commit.sha in history.on_branch and commit.changes]
    works = grouped((path, work) for work in landed for path in lineage.patch(work.sha).added if _counts(path))
    candidates = repair_candidates(history, [commit.sha for commit in landed])
    found = []
    for by in (history.commits[sha] for sha in candidates if sha in history.patches):
        near = dict.fromkeys(work for path in lineage.patch(by.sha).removed for work in works.get(path, ()))
        found += [repair for work in near if (repair := _repair(lineage, by, work, landed))]
    return tuple(sorted(found, key=lambda repair: (repair.by.commit_time, repair.by.sha, repair.work.sha)))


def _repair(lineage: Lineage, by: Commit, work: Commit, landed: Iterable[Commit]) -> Repair | None:
    pull = lineage.landings.get(work.sha)
    other = by.sha not in lineage.owners or lineage.different_step(by.sha, work.sha)
    follow_up = pull is not None and by.sha in lineage.landings and pull is not lineage.landings[by.sha]
    in_time = by.author_time >= work.commit_time and by.commit_time - work.commit_time <= _SOON
    if by.sha == work.sha or not in_time or not (other or follow_up) or not lineage.reaches(by.sha, work.sha):
        return None
    step = lineage.owner(work.sha)
    message = f"{by.subject}\n{by.body}" if other else by.subject
    # The same ticket's next pull request has its id in any case; only the earlier one's number says what it follows.
    named = names(message, number=pull.number if pull else None, sha=work.sha, step=step if other else "")
    named = named or (None if other else second_part(by.subject))
    lines = _lines(lineage, by, work)
    distinctive = {(path, text) for path, texts in lines.items() for text in texts} & lineage.distinctive_lines(
        work.sha
    )
    enough = bool(lines) if named else len(distinctive) >= _FEWEST
    if not enough or not (pull or named or _others_between(lineage, by, work, landed)):
        return None
    return Repair(work, by, step, tuple((path, len(texts)) for path, texts in sorted(lines.items())), named)


def _lines(lineage: Lineage, by: Commit, work: Commit) -> dict[str, set[str]]:
    """Return the work's lines that a commit changes, by path; lines that only change their layout or place are left out."""
    added, removed = lineage.patch(work.sha).added, lineage.patch(by.sha).removed
    kept = {_LAYOUT.sub("", line.text) for lines in lineage.patch(by.sha).added.values() for line in lines}
    found: dict[str, set[str]] = {}
    for path in (path for path in removed if path in added and _counts(path)):
        mine = {line.text.strip() for line in added[path]}
        gone = {line.text.strip() for line in removed[path] if _LAYOUT.sub("", line.text) not in kept}
        if texts := {text for text in mine & gone if len(_LAYOUT.sub("", text)) >= _FEWEST_LETTERS}:
            found[path] = texts
    return found


def _others_between(lineage: Lineage, by: Commit, work: Commit, landed: Iterable[Commit]) -> bool:
    """Return whether another step's commit is between the two: then the work's own step was done."""
    return any(
        work.commit_time < other.commit_time < by.commit_time and lineage.different_step(other.sha, work.sha)
        for other in landed
    )
