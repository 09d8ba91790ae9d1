"""Words for test results, as agents write them."""

import pytest

from forensics.formats.outcomes import counts_in, exceptions_in, red_outcome, status_of
from forensics.model.report import RedOutcome, Status

FAILED, PASSED, SKIPPED, NOT_RUN = RedOutcome.FAILED, RedOutcome.PASSED, RedOutcome.SKIPPED, RedOutcome.NOT_RUN


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("FAIL as expected", FAILED),
        ("✓ FAIL as expected (ImportError: cannot import name 'x')", FAILED),
        ("Test correctly failed with the expected import error", FAILED),
        ("PASS (failed as expected)", FAILED),
        ("✓ PASS — Test failed as expected", FAILED),
        ("RED_VERIFIED", FAILED),
        ("Expected failure matched: ✓", FAILED),
        ("All tests failed with ImportError", FAILED),
        ("ModuleNotFoundError: No module named 'x'", FAILED),
        ("FAIL as expected (exit code 2, command not found)", FAILED),
        ("PASS unexpected: the implementation is there", PASSED),
        ("test passed unexpectedly", PASSED),
        ("TEST PASSES UNEXPECTEDLY", PASSED),
        ("PASS (unexpected)", PASSED),
        ("Test passed immediately", PASSED),
        ("PASS (regression: already there)", PASSED),
        ("RED phase violation: the test passed", PASSED),
        ("PASS (expected FAIL, but the parser knew the form already)", PASSED),
        ("PASS (existing behavior)", PASSED),
        ("PASS (nothing broke - the implementation was already done in 3.1)", PASSED),
        ("PASS (confirms existing behaviour)", PASSED),
        ("Test initially passed (git does this by default)", PASSED),
        ("Test passes as placeholder (correct for RED phase)", PASSED),
        ("Test passed immediately (no RED phase failure observed)", PASSED),
        ("The test passed immediately rather than failing as expected", PASSED),
        ("PASS unexpected: the test would have failed if run", PASSED),
        ("N/A", SKIPPED),
        ("SKIPPED", SKIPPED),
        ("FAIL as expected (pytest: command not found)", NOT_RUN),
        ("exit code 127", NOT_RUN),
        ("No module named pytest", NOT_RUN),
        ("Test placeholder (no failing test created)", NOT_RUN),
        ("FAIL as expected: test not discovered (fixture missing)", NOT_RUN),
        ("FAIL as expected (test skipped, the tool is not installed)", NOT_RUN),
        ("FAIL as expected (1 failed, 16 tests skipped)", FAILED),
        ("FAIL as expected (1 failed, 2 slow tests skipped, no test skipped here)", FAILED),
        ("Test initially passed, so I sharpened its assertion, and it failed", None),
        ("Output: 0/1 passed, 1 skipped", NOT_RUN),
        ("0/3 passed, 3 failed", None),
        ("Test would fail with KeyError", NOT_RUN),
        ("The test would have failed with KeyError", NOT_RUN),
        ("FAIL as expected: without the guard the test would fail again later", FAILED),
        ("Test would fail with KeyError - VERIFIED before the files were made", None),
        ("PASSED ✓", None),
        ("PASS ✓", None),
        ("✓ PASS as expected", None),
        ("VERIFIED ✓", None),
        ("No RED violations", None),
        ("RED violation: No", None),
        ("If the test passes, STOP", None),
        ("", None),
    ],
)
def test_a_red_result(words: str, outcome: RedOutcome | None) -> None:
    assert red_outcome(words) is outcome


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("GREEN_VERIFIED", Status.DONE),
        ("✅ SUCCESS", Status.DONE),
        ("**COMPLETE** - all phases", Status.DONE),
        ("✅ Complete (already implemented)", Status.DONE),
        ("STOP_CONDITION", Status.STOPPED),
        ("⚠️ BLOCKED - no write access", Status.BLOCKED),
        ("FAILED", Status.FAILED),
        ("FAIL as expected", Status.RED_ONLY),
        ("RED_VERIFIED", Status.RED_ONLY),
        ("REGRESSION - feature already implemented", Status.PRE_EXISTING),
        ("No regressions", None),
        ("IN PROGRESS (4/9 cycles)", Status.IN_PROGRESS),
        ("PARTIAL SUCCESS", Status.PARTIAL),
        ("Ready for step 6", None),
    ],
)
def test_a_status(words: str, status: Status | None) -> None:
    assert status_of(words) is status


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("283/283 passed", ((283, 283),)),
        ("All 280 tests pass", ((280, 280),)),
        ("1625/1626 passed, 1 xfail", ((1625, 1626),)),
        ("3/3 tests passed", ((3, 3),)),
        ("2026/03/04 passed the review", ()),
        ("version 1/2 of the API", ()),
    ],
)
def test_counts(text: str, counts: tuple[tuple[int, int], ...]) -> None:
    assert counts_in(text) == counts


def test_exceptions() -> None:
    assert exceptions_in("`pkg.errors.ParseError: x`, then AssertionError") == ("ParseError", "AssertionError")
    assert exceptions_in("Error: No such command 'plan'.") == ()
    assert exceptions_in("an error occurred") == ()
