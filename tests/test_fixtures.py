"""Rules ask for derived facts by parameter name; each fact is computed at most once per case."""

import inspect
from collections.abc import Iterator, Mapping

import pytest

from forensics.casework.fixtures import FIXTURES
from forensics.detect import registry
from forensics.detect.registry import Detector, load_detectors
from forensics.detect.resolver import Resolver
from forensics.detect.runner import run_detectors
from forensics.detectors import total_wrong
from forensics.errors import RuleError
from forensics.model.case import Case
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.transcript import AgentRun, Launch
from forensics.testing.script import case_of

CASE = case_of(
    'plan: 1.1 "Queue", 1.2 "Manage"\n'
    "agent a1 1.1: 10:00-10:10, writes src/a.py 10:03, commits aaa1111 10:05\n"
    "agent a2 1.2: 10:00-10:10, writes src/b.py 10:03, commits bbb1111 10:05\n"
)


def _asked(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_a_fixture_asks_only_for_the_case_and_those_above_it() -> None:
    known = {"case"}
    for name, function in FIXTURES.items():
        assert set(_asked(function)) <= known, name
        known.add(name)


def test_every_fixture_is_asked_for() -> None:
    asked = {name for detector in load_detectors() for name in _asked(detector.detect)}
    asked |= {name for function in FIXTURES.values() for name in _asked(function)}
    assert set(FIXTURES) <= asked


def test_a_fixture_can_be_read_twice() -> None:
    resolver = Resolver(CASE)
    for name, function in FIXTURES.items():
        assert not isinstance(resolver.call(function), Iterator), name


def test_a_fixture_is_computed_once_for_all_that_ask() -> None:
    calls: list[str] = []

    def steps(case: Case) -> int:
        calls.append("steps")
        return len(case.plan.steps)

    def double(steps: int) -> int:
        calls.append("double")
        return 2 * steps

    resolver = Resolver(CASE, {"steps": steps, "double": double})
    for _ in range(2):
        assert resolver.call(lambda case, double, steps: (case, double, steps)) == (CASE, 4, 2)
    assert calls == ["steps", "double"]
    assert Resolver(CASE, {"steps": steps}).call(lambda steps: steps) == 2
    assert calls.count("steps") == 2, "another case has its own facts"


def test_parameters_may_be_positional_or_named_and_a_default_is_left_alone() -> None:
    def detect(case: Case, /, *rest: object, steps: int, other: int = 7) -> tuple[Case, int, int]:
        return case, steps, other

    assert Resolver(CASE, {"steps": lambda case: 1, "other": lambda case: 2}).call(detect) == (CASE, 1, 7)


def test_fixtures_that_ask_for_each_other_do_not_recurse() -> None:
    resolver = Resolver(CASE, {"first": lambda second: second, "second": lambda first: first})
    with pytest.raises(RuntimeError, match="`first`, which crashed for an earlier rule or asks for itself"):
        resolver.call(lambda first: first)


def _detector(code: str, detect: object) -> Detector:
    return Detector(Rule(code, code.lower(), Severity.LOW), detect, "")  # type: ignore[arg-type]


def test_a_crashing_fixture_is_the_fault_of_those_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Case] = []

    def broken(case: Case) -> Mapping[str, Launch]:
        calls.append(case)
        raise KeyError("gone")

    def asks(case: Case, broken: Mapping[str, Launch]) -> Iterator[Hit]:
        yield from ()

    def does_not(case: Case) -> Iterator[Hit]:
        yield Hit(case.plan.steps[0].ref, "found")

    monkeypatch.setitem(FIXTURES, "broken", broken)
    outcome = run_detectors(CASE, [_detector("A1", asks), _detector("A2", does_not), _detector("A3", asks)])
    assert [finding.code for finding in outcome.findings] == ["A2"]
    assert [fault.code for fault in outcome.faults] == ["A1", "A3"]
    assert [fault.what for fault in outcome.faults] == [
        "KeyError: 'gone'",
        "RuntimeError: it needs the fixture `broken`, which crashed for an earlier rule or asks for itself",
    ]
    assert len(calls) == 1


def test_an_unknown_name_is_an_error_at_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def detect(case: Case, *, linage: AgentRun) -> Iterator[Hit]:
        yield from ()

    monkeypatch.setattr(total_wrong, "detect", detect)
    with pytest.raises(
        RuleError, match=r"The rule in `forensics.detectors.total_wrong` .*of REP004 asks for linage; .*lineage"
    ):
        registry.load_detectors()
