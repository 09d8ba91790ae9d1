"""What a run cost: sums add up, unknown prices stay unknown, overlap is counted."""

import pytest

from forensics.metrics.usage_tables import UNATTRIBUTED, measure
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Finding, Rule, Severity
from forensics.model.postmortem import UsageLine
from forensics.model.source import FileRef
from forensics.model.transcript import Tokens
from forensics.narrative.standing import first_violation
from forensics.testing.script import case_of

SCRIPT = (
    'plan: 1.3 "Empty issues", 1.4 "Plan mode"\n'
    "agent a3 1.3: 10:00-10:10\nagent b3 1.3: 10:11-10:20\nagent a4 1.4: 10:05-10:15\n"
)
LINES = [
    UsageLine(None, "main", "large", Tokens(10, 1, 100, 5, 0), 1.0, False),
    UsageLine("1.3", "a3", "small", Tokens(20, 2, 200, 0, 7), 2.0, False),
    UsageLine("1.3", "b3", "small", Tokens(30, 3, 300, 0, 0), 4.0, True),
    UsageLine("1.4", "a4", "odd", Tokens(40, 4, 400, 0, 0), None, False),
]


@pytest.fixture
def case() -> Case:
    return case_of(SCRIPT)


def _finding(step: str) -> Finding:
    rule = Rule("RED001", "red-passed", Severity.HIGH)
    return Finding(rule, Severity.HIGH, Confidence.CERTAIN, "", FileRef("x"), step, (step,), (), (), (), "")


def test_sums_add_up_to_the_whole(case: Case) -> None:
    metrics = measure(case, LINES, [], [])
    assert metrics.total.tokens == Tokens(100, 10, 1000, 5, 7)
    for totals in (metrics.by_step, metrics.by_model):
        added = Tokens()
        for one in totals:
            added += one.tokens
        assert added == metrics.total.tokens
    assert [one.name for one in metrics.by_step] == ["1.3", "1.4", UNATTRIBUTED]


def test_an_unknown_price_is_named_and_not_zero(case: Case) -> None:
    metrics = measure(case, LINES, [], [])
    odd = next(one for one in metrics.by_model if one.name == "odd")
    assert odd.cost_usd is None
    assert metrics.total.cost_usd == pytest.approx(7.0)
    assert metrics.total.unpriced == ("odd",)
    assert metrics.total.lower_bound


def test_retries_and_recovery(case: Case) -> None:
    findings = [_finding("1.3")]
    moment = first_violation(case, findings)
    assert moment is not None
    assert moment.strftime("%H:%M") == "10:10"
    metrics = measure(case, LINES, LINES[2:3], findings)
    assert metrics.retry_share == pytest.approx(2 / 7, abs=1e-4)
    assert metrics.recovery_share == pytest.approx(4 / 7, abs=1e-4)
    unpriced = [line for line in LINES if line.cost_usd is None]
    assert measure(case, LINES, unpriced, findings).recovery_share is None


def test_time_and_concurrency(case: Case) -> None:
    metrics = measure(case, LINES, [], [])
    assert metrics.wall_seconds == 20 * 60
    assert metrics.agents == 4
    assert metrics.most_at_once == 2
    assert metrics.recovery_share is None


def test_no_usage_at_all(case: Case) -> None:
    metrics = measure(case, [], [], [])
    assert metrics.total.tokens == Tokens()
    assert metrics.total.cost_usd is None
    assert metrics.by_step == ()
