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
ISOLATION = [detector for detector in load_detectors() if detector.rule.code.startswith("ISO")]


def many(few: int) -> settings:
    """Return settings for a few examples, or as many others as $EXAMPLES says."""
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


def described(found: tuple[Finding, ...], made: World) -> str:
    return "\n".join([*(f"{finding.code} {finding.message}" for finding in found), *log(made)]) if found else ""


def log(made: World) -> list[str]:
    names = {sha: [ref for ref, tip in made.refs.items() if tip == sha] for sha in made.commits}
    return [
        f"{commit.sha[:7]} {','.join(p[:7] for p in commit.parents):15} a{commit.author_time:%H:%M} c{commit.commit_time:%H:%M}"
        f" {commit.subject} {' '.join(sorted(commit.paths()))} {names[commit.sha] or ''}"
        for commit in made.commits.values()
    ]


@many(150)
@given(st.randoms(use_true_random=bool(MANY)))
def test_a_clean_run_is_not_accused(random: Random) -> None:
    made = Night(random).run()
    found = accusations(made.case())
    assert not found, described(found, made)


def wrong(found: tuple[Finding, ...], fault: Fault) -> list[str]:
    """Return what is wrong: the fault is missed, or something is found that does not follow from it."""
    missed = (
        []
        if any(
            (finding.code, finding.at.place) == (fault.code, fault.at) and fault.culprit in {"", finding.culprit}
            for finding in found
        )
        else [f"no {fault.code}"]
    )
    return missed + [
        f"{finding.code} {finding.message}"
        for finding in found
        if finding.code not in fault.codes or set(finding.steps) - fault.steps
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
    from_git = {(finding.code, names[finding.at.place], finding.steps) for finding in accusations(case)}
    assert from_git == {(finding.code, finding.at.place, finding.steps) for finding in accusations(made.case())}
    assert fault.code in {code for code, _, _ in from_git}
