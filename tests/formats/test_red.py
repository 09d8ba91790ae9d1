"""What reports say of RED, by its sections and labels."""

import pytest

from forensics.formats.step_reports.reports import read_report
from forensics.model.report import RedOutcome, RedResult, StepReport
from forensics.model.source import Document, Kind, Source

PATH = "plans/run/reports/step-1-4-execution.md"


def _accounts(text: str) -> tuple[StepReport, ...]:
    return read_report(Document(Source("S1", Kind.REPORT, PATH, "", len(text)), text))


def _red(section: str) -> RedResult:
    (report,) = _accounts(f"# Cycle 1.4: Quota\n\n### RED Phase\n\n{section}\n\n### GREEN Phase\n\n- Result: PASS\n")
    assert report.red is not None
    return report.red


@pytest.mark.parametrize(
    ("section", "outcome"),
    [
        ("- **Observed:** Test passes with exit code 1 (refused)", RedOutcome.PASSED),
        ("- **Actual:** PASS ✓\n- The test describes the failure", RedOutcome.PASSED),
        ("- **Actual:** PASS ✓ (failed as expected)", RedOutcome.FAILED),
        ("- **Actual:** PASS (correct for RED)", None),
        ("- **Result:** PASS ✓", None),
        ("- **Actual failure:** exit code 0, the file was written", RedOutcome.FAILED),
        ("- **Actual failure:** none, it passed", RedOutcome.PASSED),
        ("- **test_quota:** PASS (expected FAIL, but the guard is there)", RedOutcome.PASSED),
        ("- **test_quota:** FAIL\n- **test_limit:** PASS (there already)", RedOutcome.FAILED),
        ("- Result: FAIL as expected\n- Output: `0/1 passed, 1 skipped`", RedOutcome.NOT_RUN),
        ("- Result: FAIL as expected\n- Output: `0/2 passed, 1 failed, 1 skipped`", RedOutcome.FAILED),
        ("Test initially passed, because the shell does it by default.", RedOutcome.PASSED),
        (
            "**RED result:** done, see the note\n\n**Note:** it passed immediately rather than failing.",
            RedOutcome.PASSED,
        ),
    ],
)
def test_labels_say_what_a_result_means(section: str, outcome: RedOutcome | None) -> None:
    assert _red(section).outcome is outcome


@pytest.mark.parametrize(
    ("section", "expected", "exempt"),
    [
        ("- Expected failure: `KeyError: x`\n- Result: FAIL", "`KeyError: x`", False),
        ("**Expected Failure per step:** no file is written\n\n- Result: FAIL", "no file is written", False),
        ("**Expected:** Test fails with a conflict\n\n**Actual:** PASS", "Test fails with a conflict", False),
        (
            "**Expected behavior:** Test should PASS immediately\n\n**Actual:** PASS",
            "Test should PASS immediately",
            True,
        ),
    ],
)
def test_a_report_may_say_what_its_step_expected(section: str, expected: str, *, exempt: bool) -> None:
    demand = _red(section).expected
    assert demand is not None
    assert (demand.text, demand.exempt is not None) == (expected, exempt)


@pytest.mark.parametrize("section", ["- Expected: exit code 0\n- Result: FAIL", "- Expected failure matched: ✓"])
def test_what_a_test_asserts_is_not_what_its_step_expected(section: str) -> None:
    assert _red(section).expected is None


def test_a_report_may_say_that_the_failure_was_another() -> None:
    red = _red("The test failed as expected, but not for the expected reason.\n\n**Actual failure:** the file is gone")
    assert red.outcome is RedOutcome.FAILED
    assert red.otherwise is not None
    assert red.otherwise.ref.line == 5


def test_a_title_that_names_a_range_hides_no_section() -> None:
    text = "# Cycles 2.1-2.3: Quota\n\n## Cycle 2.1: Read\n\n- RED result: FAIL as expected\n\n## Cycle 2.2: Warn\n\n- RED result: PASS unexpected\n"
    assert [(report.steps, report.red and report.red.outcome) for report in _accounts(text)] == [
        (("2.1",), RedOutcome.FAILED),
        (("2.2",), RedOutcome.PASSED),
    ]


def test_the_titles_of_step_and_phase_are_no_self_check() -> None:
    text = "# Log\n\n## Phase 2: Validation\n\n{}### Cycle 2.{}: Quota validation\n\n- Status: GREEN_VERIFIED\n- RED result: PASS unexpected\n\n"
    first, second = _accounts(text.format("", 1) + text.format("", 2).split("\n\n", 2)[2])
    for report in (first, second):
        assert report.status is not None
        assert report.red is not None
        assert report.red.outcome is RedOutcome.PASSED


def test_a_checklist_below_the_step_is_a_self_check() -> None:
    (report,) = _accounts("# Cycle 1.4: Quota\n\n## Validation\n\n- RED: FAIL as expected\n")
    assert report.red is None


def test_two_steps_told_together_stay_together() -> None:
    text = "# Log\n\n## Cycle 2.1 + 2.2: Both\n\n### Cycle 2.1\n\n### Cycle 2.2\n\n## Cycle 2.3: Warn\n"
    assert [report.steps for report in _accounts(text)] == [("2.1", "2.2"), ("2.3",)]


def test_a_path_is_not_a_title() -> None:
    (report,) = _accounts("# Cycle 1.4 Report\n\n**Step:** `plans/run/steps/step-1-4.md`\n\n**Cycle:** 1.4 - Quota\n")
    assert report.title == "Quota"
