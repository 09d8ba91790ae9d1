"""Large and hostile histories of tickets: time and space stay in proportion, whatever they hold."""

import time

import pytest

from forensics.casework.attribution.ancestry import Ancestry
from forensics.casework.isolation.lineage import Lineage
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from tests.worlds import World, world

ISOLATION = [one for one in load_detectors() if one.rule.code.startswith("ISO")]


def chain(made: World, many: int, edits: int) -> World:
    """Make a chain of tickets' commits on the branch that write few different lines in one file, to and fro."""
    tip = made.main
    for number in range(many):
        made.wait(0.05)
        text = tuple(f"one_and_the_same_{place} = always(this)" for place in range(edits if number % 2 else 1))
        tip = made.commit(f"R{number % 40}: Work", {"src/a.py": text}, tip, on="refs/heads/main")
    return made


def test_the_same_lines_over_and_over_cost_little_and_accuse_nobody() -> None:
    case = chain(world(), 3_000, 8).case()
    started = time.monotonic()
    outcome = run_detectors(case, ISOLATION)
    assert (outcome.findings, outcome.faults) == ((), ())
    assert time.monotonic() - started < 10


def test_many_pull_requests_in_one_window() -> None:
    made = world()
    for number in range(1, 301):
        made.wait(1)
        tree = made.edit(made.main, {f"src/f{number}.py": [f"f{number}_{line} = work({line})" for line in range(20)]})
        tip = made.commit(f"R{number}: Part", tree, made.main)
        made.refs[f"refs/pull/{number}/head"] = tip
        made.commit(f"Part (R{number}) (#{number})", tree, made.main, body=f"* R{number}: Part", on="refs/heads/main")
    case = made.case()
    started = time.monotonic()
    assert run_detectors(case, ISOLATION).findings == ()
    assert time.monotonic() - started < 10


def test_a_chain_of_twenty_thousand_is_no_recursion() -> None:
    made = world()
    tip = made.main
    first = tip
    for number in range(20_000):
        tip = made.commit(f"R1: {number}", {}, tip)
    known = Ancestry(made.commits, [first])
    assert known.reaches(tip, first)
    assert not known.reaches(first, tip)
    assert not known.reaches(tip, "f" * 40)


def test_what_a_program_made_in_one_second_has_no_twins() -> None:
    made = world()
    for number in range(150):
        made.commit("R1: Import", {f"{number}.py": ("x",)}, made.main, on=f"refs/pull/{number + 1}/head")
    lineage = Lineage(made.case())
    assert len(lineage.commits) == 150
    assert all(lineage.twins(commit) == () for commit in lineage.commits)


@pytest.mark.parametrize("name", ["`R1: x` \x1b[31m", "R1: AKIAIOSFODNN7EXAMPLE <b>", "R1: |a|b| \u202e", "R1: [x](y)"])
def test_no_subject_gets_out_of_its_quotes(name: str) -> None:
    made = world()
    theirs = [f"theirs_{line} = work_of_theirs({line})" for line in range(9)]
    made.commit(name, made.edit(made.main, {"`a`.py": theirs, "m.py": ["mine"]}), made.main, on="refs/pull/1/head")
    tip = made.commit(f"R2: {name}", made.edit(made.main, {"`a`.py": [*theirs, "more_of_theirs = 1"]}), made.main)
    made.refs["refs/pull/2/head"] = tip
    for finding in run_detectors(made.case(), ISOLATION).findings:
        assert finding.message.count("`") % 2 == 0
        assert "``" not in finding.message
        assert "AKIA" not in finding.message
