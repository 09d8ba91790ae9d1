"""Large and hostile histories of tickets: time and space stay in proportion, whatever they hold."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pytest

from forensics.casework.attribution.ancestry import Ancestry
from forensics.casework.isolation.lineage import Lineage
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.model.history import Change
from forensics.model.patch import Line, Patch
from tests.faults import FAULTS, Fault, write
from tests.worlds import World, lines, world

ISOLATION = [detector for detector in load_detectors() if detector.rule.code.startswith("ISO")]


def chain(made: World, many: int, edits: int) -> World:
    """Make a chain of tickets' commits on the branch that toggle the same lines of one file."""
    tip = made.main
    for number in range(many):
        made.wait(0.05)
        text = tuple(f"one_and_the_same_{place} = always(this)" for place in range(edits if number % 2 else 1))
        tip = made.commit(f"R{number % 40}: Work", {"src/a.py": text}, tip, on="refs/heads/main")
    return made


def test_the_same_lines_over_and_over_cost_little_and_are_not_accused() -> None:
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


def test_a_chain_of_twenty_thousand_does_not_recurse() -> None:
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


def dropped(made: World, land: bool) -> Fault:
    """R901's commit is on a branch that was deleted."""
    tip = write(made, made.main, "R901: Mine", {"src/mine.py": lines("mine", 1, 9)})
    return Fault("ISO010", tip, frozenset({"R901"}), frozenset({"ISO010"}))


def hostile(made: World, text: str) -> World:
    """Return a world whose subjects, messages and paths hold a text besides the word HOSTILE."""

    def words(message: str) -> str:
        return re.sub("Mine|Theirs", lambda match: f"HOSTILE {text} {match[0]}", message)

    def path(name: str) -> str:
        return name.replace("src/", f"src/HOSTILE {text}/")

    def side(lines: Mapping[str, tuple[Line, ...]]) -> dict[str, tuple[Line, ...]]:
        return {path(name): found for name, found in lines.items()}

    def changes(found: Iterable[Change]) -> tuple[Change, ...]:
        return tuple(change._replace(path=path(change.path)) for change in found)

    for sha, commit in made.commits.items():
        plain = None if commit.changes is None else changes(commit.changes)
        made.commits[sha] = replace(commit, subject=words(commit.subject), body=words(commit.body), changes=plain)
    made.patches = {sha: Patch(side(patch.added), side(patch.removed)) for sha, patch in made.patches.items()}
    made.merged = {sha: changes(found) for sha, found in made.merged.items()}
    return made


@pytest.mark.parametrize(
    "text", ["`R1: x`", "``", "<b>x</b>", "|x|", "[x](y)", "\u202e\x1b[31m", "AKIAIOSFODNN7EXAMPLE"]
)
@pytest.mark.parametrize("inject", [*FAULTS, dropped])
def test_no_subject_gets_out_of_its_quotes(inject: Callable[[World, bool], Fault], text: str) -> None:
    made = world()
    fault = inject(made, True)
    found = run_detectors(hostile(made, text).case(), ISOLATION).findings
    assert fault.code in {finding.code for finding in found}
    quoted = ""
    for finding in found:
        outside, inside = finding.message.split("`")[::2], finding.message.split("`")[1::2]
        assert len(outside) == len(inside) + 1, "each quote that opens is closed"
        assert all(inside), "no quote is empty"
        assert "\n" not in finding.message
        assert "AKIA" not in finding.message
        assert not re.search(r"HOSTILE|[<>|\[\]\u202e\x1b]", "".join(outside))
        quoted += "".join(inside)
    assert "HOSTILE" in quoted
