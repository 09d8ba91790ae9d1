"""Words by which a step, or a report on it, allows its test to pass before the code is written."""

import re

from forensics.formats.pattern_rows import Row, compiled

# The mark with which a runbook says that the code is there already.
REGRESSION = re.compile(r"\[REGRESSION\]")
# Words by which a step permits its test to pass in RED. A row too many hides a violation; a row too few accuses a step
# that did as it was told. Not `should pass after`, which is GREEN.
GRANTS_PASS = (
    Row(r"\[REGRESSION\]", "Cycle 2.1: x [REGRESSION]", "runbooks"),
    Row(r"^\W*(?:n/?a\b|none\b|no failure)", "N/A", "expected failures"),
    Row(r"\b(?:may|might|could) (?:already )?(?:pass|fail)\b", "the test may already pass", "RED phases of runbooks"),
    Row(r"\bor (?:the )?test passes", "ImportError, or the test passes", "expected failures"),
    Row(
        r"\b(?:tests?|red)\b[^.;]{0,30}\b(?:should|will|expected to) (?:already )?pass\b(?! (?:after|once|when|only))",
        "the test should pass",
        "RED phases of runbooks",
    ),
    # `Regression test fails → …` and `Negative assertions (regression test for …)` speak of other tests
    Row(
        r"\b(?:red|this|it|pass(?:es)?)\b[^.;]{0,60}\bregression (?:test|guard|cycle|check)",
        "This is a regression guard",
        "RED phases of runbooks",
    ),
    Row(r"characteri[sz]ation", "characterization test", "reports on a plan"),
    Row(r"already (?:passes|implemented|exists)", "the function already exists", "expected failures"),
    Row(r"passes (?:immediately|as expected)", "the test passes immediately", "expected failures"),
    Row(r"(?<!un)expected[^.;]{0,20}\bpass", "Expected: PASS", "expected failures"),
    Row(r"confirmation (?:test|cycle)|verification cycle", "a verification cycle", "RED phases of runbooks"),
)
# Anywhere in the words on RED; that these are the step's own is the caller's to check.
_GRANTS_PASS = compiled(GRANTS_PASS)
# `no [REGRESSION] marker` speaks of the mark and grants nothing.
_NO_MARKER = re.compile(r"\b(?:no|not|without|missing|lacks?)\b[^.;]{0,20}\[REGRESSION\]|\bmarkers?\b", re.IGNORECASE)
# A step that needs no code only confirms what is there, so its test may pass; said in any of its sections.
NO_CODE = re.compile(
    r"\bno (?:new |further )?(?:code|implementation|production code) (?:is )?(?:required|needed|expected)",
    re.IGNORECASE,
)
# With these words a report says that its step may pass in RED; without the plan nobody can tell whether that is so.
EXCUSES = (
    Row(r"\bregression", "PASS (regression: there already)", "RED results"),
    Row(r"characteri[sz]ation", "N/A, characterization tests", "RED results"),
    Row(r"\b(?:confirmation|verification) (?:test|cycle)", "PASS (verification cycle)", "RED results"),
    Row(r"(?<!un)expected (?:for|to pass|per)\b", "PASS - expected per specification", "RED results"),
    # not `passed immediately rather than failing as expected`
    Row(r"\bpass\w*[^.;]{0,20}(?<!failing )\bas expected", "the test passed as expected", "RED results"),
    Row(r"\bno (?:new )?(?:code|implementation) needed", "PASS (no implementation needed)", "RED results"),
)
# Anywhere in the words on RED: agents give the reason before the result or after it.
_EXCUSES = compiled(EXCUSES)
# `RED violation: the regression test passed` excuses nothing, whatever else it says.
_VIOLATION = re.compile(r"\bviolation\b", re.IGNORECASE)
# `If the test passes, STOP` quotes a stop condition; it does not allow the test to pass.
IF_PASSES = re.compile(r"\bif (?:the |this )?(?:test |tests |it |red )?(?:already )?pass", re.IGNORECASE)


def grants_pass(text: str) -> bool:
    """Return whether the words on an expected failure allow the test to pass."""
    return _GRANTS_PASS.search(text) is not None


def excuses_pass(text: str) -> bool:
    """Return whether a report's words on RED say that a pass was in order."""
    return _EXCUSES.search(text) is not None and not denies_marker(text) and not _VIOLATION.search(text)


def denies_marker(text: str) -> bool:
    """Return whether a text says that the mark of a regression step is missing."""
    return _NO_MARKER.search(text) is not None
