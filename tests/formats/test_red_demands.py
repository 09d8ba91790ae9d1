"""Words that allow a test to pass in RED, and words that only sound so."""

import pytest

from forensics.formats.red_demands import excuses_pass, grants_pass


@pytest.mark.parametrize(
    ("words", "excused"),
    [
        ("PASS (regression: there already)", True),
        ("PASS unexpected (regression, the parser knew it)", True),
        ("PASS as expected", True),
        ("The test passed as expected", True),
        ("PASS (no implementation needed)", True),
        ("PASS - expected per specification", True),
        ("PASS (existing behavior)", False),
        ("PASS unexpected", False),
        ("The test passed immediately rather than failing as expected", False),
        ("RED phase violation: no [REGRESSION] marker in the step", False),
        ("RED phase violation: passed on a step that is not a regression", False),
    ],
)
def test_a_report_may_excuse_a_pass(words: str, *, excused: bool) -> None:
    assert excuses_pass(words) is excused


@pytest.mark.parametrize(
    "words", ["the test unexpectedly passed", "Negative assertions (regression test for the file)"]
)
def test_these_words_grant_nothing(words: str) -> None:
    assert not grants_pass(words)
