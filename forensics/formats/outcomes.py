"""Words for test results: exceptions, counts, statuses and what a RED phase is said to have done."""

import re

from forensics.formats.numbers import as_number
from forensics.formats.pattern_rows import Row, compiled
from forensics.model.report import RedOutcome, Status

# The name alone, so that `pkg.errors.ParseError` in a report equals `ParseError` in its step; `Exit` is for SystemExit.
_EXCEPTION = re.compile(r"\b([A-Z]\w{0,80}?(?:Error|Exception|Failure|Exit))\b")
# Passed comes before total, and "pass" shortly after: `2026/03/04` and `version 1/2` are not counts.
_PASSED_OF = re.compile(
    r"(?<![\w./-])(?P<passed>\d{1,6})\s*/\s*(?P<total>\d{1,6})(?![\w./-])(?=[^.;\n]{0,14}pass)", re.IGNORECASE
)
# `All 280 tests pass` states passed and total at once, and reports on a regression check write nothing else.
_ALL = re.compile(
    r"\ball (?:of the )?(?P<all>\d{1,6})(?: existing| other)?(?: unit)? tests? (?:still )?(?:continue to )?pass",
    re.IGNORECASE,
)

# What Python raises for a name that does not exist yet, by how the test reaches for it: plans often name another of these.
MISSING_SYMBOL = frozenset({"AttributeError", "ImportError", "ModuleNotFoundError", "NameError"})

STATUSES = {  # the first that matches counts: `STOP_CONDITION (complete until 3)` stopped
    Status.PRE_EXISTING: (
        Row(r"^\W*regression\b(?! check| pass)", "REGRESSION - feature already implemented", "status labels"),
        Row(r"^\W*implementation pre-?exist", "⚠️ Implementation Pre-existed", "status labels"),
        Row(r"^\W*already implemented", "Already Implemented", "status labels"),
    ),
    Status.STOPPED: (
        Row(r"stop[_ ]condition", "STOP_CONDITION", "status labels"),
        Row(r"^\W*stop(?:ped)?\b", "Stopped: line limit", "status labels"),
        Row(r"halted", "Execution halted", "the note on a run that was stopped"),
    ),
    Status.BLOCKED: (
        Row(r"^\W*blocked", "⚠️ BLOCKED - System write restriction", "status labels"),
        Row(r"escalation", "needs escalation", "status labels"),
        Row(r"^\W*escalat", "Escalated to the user", "status labels"),
    ),
    Status.PARTIAL: (
        Row(r"^\W*partial", "PARTIAL SUCCESS - file write blocked", "status labels"),
        Row(r"^\W*quality[_ -]check", "QUALITY_CHECK_WARNINGS", "status labels"),
    ),
    Status.IN_PROGRESS: (Row(r"^\W*in[ _-]progress", "IN PROGRESS (4/9 cycles completed)", "status labels"),),
    Status.FAILED: (
        Row(r"^\W*fail(?:ed|ure)?\b(?!.{0,4}(?:as )?expected)", "❌ FAILED empirical validation", "status labels"),
        Row(r"^\W*error\b", "ERROR", "not seen yet"),
    ),
    Status.DONE: (
        Row(r"green[_ ]verified", "GREEN_VERIFIED", "status labels"),
        Row(r"^\W*(?:complete|success|pass|verified|green|done|implemented|finished)", "✅ Complete", "status labels"),
    ),
    Status.RED_ONLY: (
        Row(r"red[_ ]verified", "RED_VERIFIED", "status labels"),
        Row(r"^\W*fail(?:s|ed)?.{0,4}(?:as )?expected", "FAIL as expected", "status labels"),
    ),
}
# Searched one status after the other, because a row of an early one outweighs any row of a later one.
_STATUSES = tuple((status, compiled(rows)) for status, rows in STATUSES.items())

# Words for a failure that RED had to show. Searched before those for a pass, because a gate that was met is called PASS
# too.
FAILED_AS = (
    Row(r"\bfail(?:s|ed|ing|ure)?\b[^.;]{0,40}\b(?:as )?expected", "FAIL as expected", "RED results"),
    Row(r"\bexpected(?:ly)?\b[^.;]{0,40}\bfail", "the expected import error made it fail", "RED results"),
    Row(r"expected failure (?:matched|met|confirmed|observed)", "Expected failure matched: ✓", "RED results"),
    Row(r"failure (?:confirmed|verified|as expected)", "Failure verified", "RED results"),
    Row(r"red[_ ]verified(?!\W{0,3}\(?(?:marked )?regression)", "RED VERIFIED ✓", "RED results"),
    Row(r"fail(?:s|ed|ure)? correctly", "Test fails correctly", "RED results"),
    Row(r"correctly fail", "Test correctly failed", "RED results"),
    Row(r"matched (?:the )?expected", "Matched expected", "RED results"),
    Row(r"\w(?:Error|Exception)\b[^.;]{0,30}\bexpected", "ImportError (expected)", "RED results"),
    Row(r"^\W*\w+(?:Error|Exception)\b", "ModuleNotFoundError: No module named 'x'", "RED results"),
    Row(r"tests? (?:initially )?fail(?:s|ed) with", "All tests failed with ImportError", "RED results"),
)
# Words for a test that passed in RED. Not *pass* alone: `PASS` often means that the gate was met, and accuses falsely.
PASSED_WRONGLY = (
    Row(
        r"pass(?:es|ed)? (?:unexpected|immediately|right away|on (?:the )?first run|without)",
        "Test passed immediately",
        "RED results",
    ),
    Row(r"unexpected(?:ly)? pass", "unexpectedly passed", "step reports, RED phases of runbooks"),
    Row(r"(?:pass|passed|passes)\W{1,4}unexpected", "PASS (unexpected)", "RED results"),
    Row(
        r"tests? (?:already |also |both )?pass(?:es|ed)?(?: already)?\b[^.;]{0,60}"
        r"(?:when|although|though|while|but|because|before|already|instead|should|without)",
        "the test passed although nothing was written",
        "RED sections",
    ),
    Row(r"red phase violation", "RED phase violation: the test passed", "RED results"),
    Row(
        r"did(?: not|n't) fail|does(?: not|n't) fail|no red (?:phase )?failure",
        "the test did not fail",
        "step reports, stop conditions of runbooks",
    ),
    Row(
        r"pass(?:es|ed)?\W{0,3}\(?(?:regression|already|no implementation|implementation (?:already|verified)|test passed)",
        "PASS (regression: already there)",
        "RED results",
    ),
    Row(r"(?:both|all) tests pass immediately", "Both tests pass immediately", "step reports"),
    Row(
        r"\btests? pass(?:es|ed)\b[^.;]{0,12}(?:as expected|expected|correctly)",
        "test passes as expected",
        "RED sections of regression steps",
    ),
    Row(r"pass\w{0,12}\W{1,4}[^.;]{0,24}expected (?:for|to pass)", "PASS - expected for a regression", "RED results"),
    Row(
        r"pass(?:es|ed)?\W{1,4}[^.;]{0,40}\b(?:implementation|code|feature) (?:was |is )?already",
        "PASS (the implementation was already done)",
        "RED results",
    ),
    Row(r"pass(?:es|ed)?\W{1,4}(?:\w+ ){0,2}existing behaviou?r", "PASS (existing behavior)", "RED results"),
    # `initially passed, so it was sharpened, and failed`: agents do so, and it is good practice
    Row(r"\binitially pass(?:es|ed)\b(?!.{0,300}\bfail(?:s|ed)\b)", "Test initially passed", "RED sections"),
    Row(r"pass(?:es|ed)?\b[^.;]{0,20}\bplaceholder", "Test passes as placeholder", "RED results"),
)
PLAINLY_PASSED = (  # `PASS (unexpected) - expected failure was …`: the failure that was expected stands beside the pass
    Row(r"unexpected(?![^.;]{0,80}\bfail(?:s|ed) as)", "PASS (unexpected) - expected failure was X", "RED results"),
    Row(
        r"expected (?:to |a )?fail\w*\W{1,3}(?:but|however)\b",
        "PASS (expected FAIL, but the code is there)",
        "RED results",
    ),
)
NEGATED = (  # taken out before anything else is looked for
    Row(r"\bno red(?: phase)? violations?\b", "No RED violations", "notes on a whole run"),
    Row(r"\bred(?: phase)? violations?\W{0,6}(?:no|none|n/a)\b", "RED violation: No", "checklists"),
    Row(r"\bif (?:the )?(?:test|red)", "If the test passes, STOP", "quoted stop conditions"),
    Row(r"\bwould (?:have )?(?:pass|fail)(?:ed)?", "the test would have passed", "discussions of the step"),
    Row(r"\bwithout (?:any )?red(?: phase)? violation", "without any RED violation", "not seen yet"),
    Row(r"not a red(?: phase)? violation", "This is not a RED violation", "not seen yet"),
    Row(
        r"\b(?:rather than|instead of) fail\w*(?: as expected)?",
        "The test passed immediately rather than failing as expected",
        "notes below RED results",
    ),
)
# Words for a test that did not run, so that nothing was seen to fail. Skipped tests of the suite are not among them.
NOT_RUN = (
    Row(
        r"\b(?:pytest|python3?|pdm|uv|just|node|npm|make|tox|poetry|cargo|go)\b\W{0,3} ?(?:command )?(?:was )?not "
        r"(?:found|installed|available)",
        "pytest: command not found",
        "RED results without a test runner",
    ),
    Row(r"exit code 127", "exit code 127", "tests"),
    Row(r"no module named \W?pytest", "No module named pytest", "tests"),
    Row(r"tests? (?:was |were )?not (?:actually )?(?:run|executed)\b", "Tests were not run", "RED results"),
    Row(r"could not (?:be )?run\b", "could not be run", "not seen yet"),
    Row(r"no tests ran", "no tests ran in 0.01s", "tests"),
    Row(r"no failing tests? (?:was |were )?(?:created|written|added)", "no failing test created", "RED results"),
    Row(
        r"\b(?:tests?|fixtures?)(?: files?)?(?: was| were| is| are)? not (?:yet )?(?:discovered|collected|parametri[sz]ed)\b",
        "Test not discovered (fixture missing)",
        "RED results of parametrized tests",
    ),
    # not `1 failed, 16 tests skipped`, which is the suite
    Row(r"(?:^|[(:—–-])\s*(?:the )?test (?:was |is )?skipped\b", "FAIL as expected (test skipped)", "RED results"),
    Row(r"\ball (?:\d+ )?tests (?:were |are )?skipped\b", "all 16 tests skipped", "not seen yet"),
    Row(r"\b0/\d{1,6} passed\W{1,3}[1-9]\d{0,5} skipped", "0/1 passed, 1 skipped", "output in RED sections"),
)
# `Test would fail with X` is what somebody thinks; a failure stated or verified beside it was seen.
_WOULD_FAIL = re.compile(r"\btests? would (?:have )?fail(?:ed)?\b", re.IGNORECASE)
# *fails* and *failed*, not `would fail`, which `NEGATED` has taken out by then.
_SEEN_FAILING = re.compile(r"\bfail(?:s|ed|ing|ures?)?\b|\bverified\b|\bconfirmed\b", re.IGNORECASE)
# Anywhere in the text: a result is a sentence, a list of tests, or a cell.
_FAILED_AS, _PASSED_WRONGLY, _NEGATED, _NOT_RUN = map(compiled, (FAILED_AS, PASSED_WRONGLY, NEGATED, NOT_RUN))
# An exception that a mock raises, or that was not raised, was not seen: `AssertionError, DID NOT RAISE ValueError`.
_NOT_SEEN = re.compile(
    r"\b(?:despite|mock\w*|rais(?:ing|es?)|did not raise|pytest\.raises|expects?|instead of|rather than)\b\W*(?:\w+\W+){0,3}?"
    r"[A-Z]\w*(?:Error|Exception|Exit)\b",
    re.IGNORECASE,
)
# `ParseError is raised, but without the line`: the program raises it, and the test fails at its assertion.
_OF_THE_PROGRAM = re.compile(
    r"\b[A-Z]\w*(?:Error|Exception)\b[`'\"]? (?:is |was |gets )?(?:raised|thrown)\b[^.;]{0,12}\b(?:but|without|instead)"
)
# `PASS` must begin the text: then the failure that is named behind it is the one that was expected.
_PLAINLY_PASSED = compiled(PLAINLY_PASSED, r"^\W*(?:tests? )?pass(?:es|ed)?\W{1,4}")
# `Not applicable (verified manually)` is not a skipped RED: it was checked another way.
_VERIFIED_BY = re.compile(r"\bverif\w+ (?:by|through|manually)|\bverified\b", re.IGNORECASE)
# Only at the start, where it is the result itself: `FAIL as expected (n/a on Windows)` was not skipped.
_SKIPPED = re.compile(r"^\W*(?:n/?a\b|skip|not applicable|none\b)|\bred (?:phase )?(?:was )?skipped", re.IGNORECASE)
# Last of all: `FAIL` and nothing else, as in a table's cell.
_BARE_FAIL = re.compile(r"^\W*(?:test(?:s)? )?(?:correctly )?(?:fail(?:s|ed|ure)?|red)\b", re.IGNORECASE)


def exceptions_in(text: str) -> tuple[str, ...]:
    """Return the exception names a text mentions, in order, without their module."""
    return tuple(dict.fromkeys(_EXCEPTION.findall(text)))


def observed_exceptions(text: str) -> tuple[str, ...]:
    """Return the exceptions that a text reports as seen: not those a mock raises, or that were not raised."""
    return exceptions_in(_NOT_SEEN.sub(" ", text))


def demanded_exceptions(text: str) -> tuple[str, ...]:
    """Return the exceptions a step asks its test to fail with.

    `X raised, but without …` describes the program, whose test then fails at its assertion; an exit code does the same.
    """
    found = exceptions_in(_OF_THE_PROGRAM.sub(" ", text))
    return (*found, "AssertionError") if "SystemExit" in found and "AssertionError" not in found else found


def red_outcome(text: str) -> RedOutcome | None:
    """Classify the words on a RED phase; None if they are ambiguous (`PASSED ✓` may mean the gate).

    Order matters: an expected failure wins over the word PASS beside it, because agents write
    `PASS (failed as expected)` for a gate that was met.
    """
    said = _NEGATED.sub(" ", text)
    if _NOT_RUN.search(said):
        return RedOutcome.NOT_RUN
    if _PLAINLY_PASSED.search(said):
        return RedOutcome.PASSED
    if _WOULD_FAIL.search(text) and not _SEEN_FAILING.search(said):
        return RedOutcome.NOT_RUN
    if _FAILED_AS.search(said):
        return RedOutcome.FAILED
    if _PASSED_WRONGLY.search(said):
        return RedOutcome.PASSED
    if _SKIPPED.search(said):
        return None if _VERIFIED_BY.search(said) else RedOutcome.SKIPPED
    return RedOutcome.FAILED if _BARE_FAIL.match(said) else None


def status_of(text: str) -> Status | None:
    """Classify a status label's words; None if they are not a status."""
    plain = text.strip("*` \t")
    return next((status for status, pattern in _STATUSES if pattern.search(plain)), None)


def counts_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return every (passed, total) a text states: `283/283 passed`, `All 283 tests pass`."""
    found = [(as_number(match["passed"]), as_number(match["total"])) for match in _PASSED_OF.finditer(text)]
    found += [(as_number(match["all"]), as_number(match["all"])) for match in _ALL.finditer(text)]
    return tuple(dict.fromkeys(found))
