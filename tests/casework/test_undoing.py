"""Work taken out: within the run, and unless it is a revert that says so."""

from dataclasses import replace
from datetime import timedelta

from forensics.casework.isolation.lineage import lineage
from forensics.casework.isolation.removed_work import undoings
from forensics.model.case import Case
from forensics.testing.script import case_of

WORK = 'commit a1a1111: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13\n'
BY = 'commit b2b: "Screens (R110) (#6)" src/intents.py[-i1-9], at 09:42'


def _later(case: Case, days: int) -> Case:
    sha = next(one for one in case.history.commits if one.startswith("b2b"))
    by = case.history.commits[sha]
    moved = replace(
        by, author_time=by.author_time + timedelta(days=days), commit_time=by.commit_time + timedelta(days=days)
    )
    return replace(case, history=replace(case.history, commits={**case.history.commits, sha: moved}))


def test_weeks_later_it_is_a_decision() -> None:
    case = case_of(f"tickets: R\\d+\n{WORK}{BY}\n")
    assert [one.owner for one in undoings(lineage(case))] == ["R11"]
    assert [one.owner for one in undoings(lineage(_later(case, 6)))] == ["R11"]
    assert undoings(lineage(_later(case, 8))) == ()


def test_a_revert_that_names_the_commit_is_told_as_one() -> None:
    assert undoings(lineage(case_of(f"tickets: R\\d+\n{WORK}{BY}, reverts a1a1111\n"))) == ()
