"""Removed work: within the run, and unless it is a revert that names the commit."""

from dataclasses import replace
from datetime import timedelta

from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.removed_work import RemovedWork, inverses, removed_work
from forensics.model.case import Case
from forensics.testing.script import case_of

WORK = 'commit a1a1111: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13\n'
BY = 'commit b2b: "Screens (R110) (#6)" src/intents.py[-i1-9], at 09:42'


def _removed(case: Case) -> tuple[RemovedWork, ...]:
    lineage = Lineage(case)
    return removed_work(lineage, inverses(lineage))


def _later(case: Case, days: int) -> Case:
    sha = next(sha for sha in case.history.commits if sha.startswith("b2b"))
    by = case.history.commits[sha]
    moved = replace(
        by, author_time=by.author_time + timedelta(days=days), commit_time=by.commit_time + timedelta(days=days)
    )
    return replace(case, history=replace(case.history, commits={**case.history.commits, sha: moved}))


def test_work_removed_weeks_later_is_a_decision() -> None:
    case = case_of(f"tickets: R\\d+\n{WORK}{BY}\n")
    assert [removed.owner for removed in _removed(case)] == ["R11"]
    assert [removed.owner for removed in _removed(_later(case, 6))] == ["R11"]
    assert _removed(_later(case, 8)) == ()


def test_a_revert_that_names_the_commit_is_not_reported_twice() -> None:
    assert _removed(case_of(f"tickets: R\\d+\n{WORK}{BY}, reverts a1a1111\n")) == ()
