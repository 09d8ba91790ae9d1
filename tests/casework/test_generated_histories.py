"""Generated ticket runs: what was injected is found, and nothing else is accused."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.app.evidence import Scope
from forensics.app.tickets import open_tickets
from forensics.detect.registry import load_detectors
from forensics.detect.runner import run_detectors
from forensics.formats.tickets import Tickets
from forensics.model.case import Case
from forensics.model.finding import Finding
from tests.faults import FAULTS, Fault
from tests.nights import Night
from tests.unpack import git, repository
from tests.worlds import World

MANY = int(os.environ.get("EXAMPLES", "0"))
ISOLATION = [one for one in load_detectors() if one.rule.code.startswith("ISO")]


def many(few: int) -> settings:
    """Return settings for a few examples, or as many other ones as $EXAMPLES says."""
    return settings(
        max_examples=MANY or few,
        derandomize=not MANY,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def accusations(case: Case) -> tuple[Finding, ...]:
    outcome = run_detectors(case, ISOLATION)
    assert not outcome.faults
    return outcome.findings


def told(found: tuple[Finding, ...], made: World) -> str:
    return "\n".join([*(f"{one.code} {one.message}" for one in found), *log(made)]) if found else ""


def log(made: World) -> list[str]:
    names = {sha: [ref for ref, tip in made.refs.items() if tip == sha] for sha in made.commits}
    return [
        f"{one.sha[:7]} {','.join(p[:7] for p in one.parents):15} a{one.author_time:%H:%M} c{one.commit_time:%H:%M}"
        f" {one.subject} {' '.join(sorted(one.paths()))} {names[one.sha] or ''}"
        for one in made.commits.values()
    ]


@many(150)
@given(st.randoms(use_true_random=bool(MANY)))
def test_a_clean_run_is_not_accused(random: Random) -> None:
    made = Night(random).run()
    found = accusations(made.case())
    assert not found, told(found, made)


def wrong(found: tuple[Finding, ...], fault: Fault) -> list[str]:
    """Return what is not as it should be: the fault itself is told, and only what follows from it besides."""
    missed = [] if any((one.code, one.at.place) == (fault.code, fault.at) for one in found) else [f"no {fault.code}"]
    return missed + [
        f"{one.code} {one.message}" for one in found if one.code not in fault.codes or set(one.steps) - fault.steps
    ]


def faulty(random: Random) -> tuple[World, Fault]:
    night = Night(random)
    made = night.run()
    fault = random.choice(FAULTS)(made, random.random() < 0.6)
    for _ in range(random.randint(0, 4)):
        made.wait(5)
        night.go_on()
    return made, fault


@many(150)
@given(st.randoms(use_true_random=bool(MANY)))
def test_an_injected_fault_is_found_and_nothing_else(random: Random) -> None:
    made, fault = faulty(random)
    bad = wrong(accusations(made.case()), fault)
    assert not bad, "\n".join([str(fault), *bad, *log(made)])


@pytest.mark.parametrize("seed", range(4))
def test_git_shows_the_same_as_the_model(seed: int, tmp_path: Path) -> None:
    made, fault = faulty(Random(seed))  # noqa: S311
    folder = repository(tmp_path)
    git(folder, "fast-import", "--quiet", stdin=made.stream())
    case, _ = open_tickets(Scope(".", tmp_path, read_transcripts=False), Tickets(r"R\d+"))
    names = {git(folder, "rev-parse", f"refs/marks/{place}"): sha for place, sha in enumerate(made.commits, start=1)}
    told = {(one.code, names[one.at.place], one.steps) for one in accusations(case)}
    assert told == {(one.code, one.at.place, one.steps) for one in accusations(made.case())}
    assert fault.code in {code for code, _, _ in told}
