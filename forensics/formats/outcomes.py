"""Words for test results: exceptions, counts, statuses and what a RED phase is said to have done."""

import re

from forensics.model.report import RedOutcome, Status

_EXCEPTION = re.compile(r"\b([A-Z]\w{0,80}?(?:Error|Exception|Failure|Exit))\b")
_PASSED_OF = re.compile(
    r"(?<![\w./-])(?P<passed>\d{1,6})\s*/\s*(?P<total>\d{1,6})(?![\w./-])(?=[^.;\n]{0,14}pass)", re.IGNORECASE
)
_ALL = re.compile(
    r"\ball (?:of the )?(?P<all>\d{1,6})(?: existing| other)?(?: unit)? tests? (?:still )?(?:continue to )?pass",
    re.IGNORECASE,
)

MISSING_SYMBOL = frozenset({"AttributeError", "ImportError", "ModuleNotFoundError", "NameError"})

_STATUSES: tuple[tuple[Status, str], ...] = (
    (
        Status.PRE_EXISTING,
        r"^\W*(?:regression\b(?! check| pass)|implementation pre-?exist|already implemented)",
    ),
    (Status.STOPPED, r"stop[_ ]condition|^\W*stop(?:ped)?\b|halted"),
    (Status.BLOCKED, r"^\W*(?:blocked|escalat)|escalation"),
    (Status.PARTIAL, r"^\W*(?:partial|quality[_ -]check)"),
    (Status.IN_PROGRESS, r"^\W*in[ _-]progress"),
    (Status.FAILED, r"^\W*(?:fail(?:ed|ure)?\b(?!.{0,4}(?:as )?expected)|error\b)"),
    (
        Status.DONE,
        r"green[_ ]verified|^\W*(?:complete|success|pass|verified|green|done|implemented|finished)",
    ),
    (Status.RED_ONLY, r"red[_ ]verified|^\W*fail(?:s|ed)?.{0,4}(?:as )?expected"),
)

_FAILED_AS = re.compile(
    r"\bfail(?:s|ed|ing|ure)?\b[^.;]{0,40}\b(?:as )?expected|\bexpected(?:ly)?\b[^.;]{0,40}\bfail|"
    r"expected failure (?:matched|met|confirmed|observed)|failure (?:confirmed|verified|as expected)|"
    r"red[_ ]verified(?!\W{0,3}\(?(?:marked )?regression)|fail(?:s|ed|ure)? correctly|correctly fail|matched (?:the )?expected|"
    r"\w(?:Error|Exception)\b[^.;]{0,30}\bexpected|^\W*\w+(?:Error|Exception)\b|tests? (?:initially )?fail(?:s|ed) with",
    re.IGNORECASE,
)
_PASSED_WRONGLY = re.compile(
    r"pass(?:es|ed)? (?:unexpected|immediately|right away|on (?:the )?first run|without)|unexpected(?:ly)? pass|"
    r"(?:pass|passed|passes)\W{1,4}unexpected|tests? (?:already |also |both )?pass(?:es|ed)?(?: already)?\b[^.;]{0,60}"
    r"(?:when|although|though|while|but|because|before|already|instead|should|without)|"
    r"red phase violation|did(?: not|n't) fail|does(?: not|n't) fail|no red failure|"
    r"pass(?:es|ed)?\W{0,3}\(?(?:regression|already|no implementation|implementation (?:already|verified)|test passed)|"
    r"(?:both|all) tests pass immediately|\btests? pass(?:es|ed)\b[^.;]{0,12}(?:as expected|expected|correctly)|"
    r"pass\w*\W{1,4}[^.;]{0,24}expected (?:for|to pass)",
    re.IGNORECASE,
)
_NOT_SEEN = re.compile(
    r"\b(?:despite|mock\w*|rais(?:ing|es?)|did not raise|pytest\.raises|expects?|instead of|rather than)\b\W*(?:\w+\W+){0,3}?"
    r"[A-Z]\w*(?:Error|Exception|Exit)\b",
    re.IGNORECASE,
)
_OF_THE_PROGRAM = re.compile(
    r"\b[A-Z]\w*(?:Error|Exception)\b[`'\"]? (?:is |was |gets )?(?:raised|thrown)\b[^.;]{0,12}\b(?:but|without|instead)"
)
_PLAINLY_PASSED = re.compile(
    r"^\W*(?:tests? )?pass(?:es|ed)?\W{1,4}unexpected(?![^.;]{0,80}\bfail(?:s|ed) as)", re.IGNORECASE
)
_VERIFIED_BY = re.compile(r"\bverif\w+ (?:by|through|manually)|\bverified\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\bno red(?: phase)? violations?\b|\bred(?: phase)? violations?\W{0,6}(?:no|none|n/a)\b|\bif (?:the )?(?:test|red)|"
    r"\bwould (?:pass|fail)|\bwithout (?:any )?red(?: phase)? violation|not a red(?: phase)? violation",
    re.IGNORECASE,
)
_SKIPPED = re.compile(r"^\W*(?:n/?a\b|skip|not applicable|none\b)|\bred (?:phase )?(?:was )?skipped", re.IGNORECASE)
_NOT_RUN = re.compile(
    r"\b(?:pytest|python3?|pdm|uv|just|node|npm|make|tox|poetry|cargo|go)\b\W{0,3} ?(?:command )?(?:was )?not "
    r"(?:found|installed|available)|exit code 127|no module named \W?pytest|"
    r"tests? (?:was |were )?not (?:actually )?(?:run|executed)\b|could not (?:be )?run\b|no tests ran",
    re.IGNORECASE,
)
_BARE_FAIL = re.compile(r"^\W*(?:test(?:s)? )?(?:correctly )?(?:fail(?:s|ed|ure)?|red)\b", re.IGNORECASE)


def exceptions_in(text: str) -> tuple[str, ...]:
    """Return the exception names a text mentions, in order, without their module."""
    return tuple(dict.fromkeys(_EXCEPTION.findall(text)))


def observed_exceptions(text: str) -> tuple[str, ...]:
    """Return the exceptions a text says were seen: not those a mock was to raise, or that were not raised."""
    return exceptions_in(_NOT_SEEN.sub(" ", text))


def demanded_exceptions(text: str) -> tuple[str, ...]:
    """Return the exceptions a step asks its test to fail with.

    `X raised, but without …` speaks of the program, whose test then fails at its assertion; and so does an exit code.
    """
    found = exceptions_in(_OF_THE_PROGRAM.sub(" ", text))
    return (*found, "AssertionError") if "SystemExit" in found and "AssertionError" not in found else found


def red_outcome(text: str) -> RedOutcome | None:
    """Class the words on a RED phase; None where they do not tell (`PASSED ✓` may mean the gate).

    Order matters: an expected failure wins over the word PASS beside it, since agents write
    `PASS (failed as expected)` for a gate that was met.
    """
    said = _NEGATED.sub(" ", text)
    if _NOT_RUN.search(said):
        return RedOutcome.NOT_RUN
    if _PLAINLY_PASSED.search(said):
        return RedOutcome.PASSED
    if _FAILED_AS.search(said):
        return RedOutcome.FAILED
    if _PASSED_WRONGLY.search(said):
        return RedOutcome.PASSED
    if _SKIPPED.search(said):
        return None if _VERIFIED_BY.search(said) else RedOutcome.SKIPPED
    return RedOutcome.FAILED if _BARE_FAIL.match(said) else None


def status_of(text: str) -> Status | None:
    """Class a status label's words; None for words that are no status."""
    plain = text.strip("*` \t")
    for status, pattern in _STATUSES:
        if re.search(pattern, plain, re.IGNORECASE):
            return status
    return None


def counts_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return every (passed, total) a text states: `283/283 passed`, `All 283 tests pass`."""
    found = [(int(match["passed"]), int(match["total"])) for match in _PASSED_OF.finditer(text)]
    found += [(int(match["all"]), int(match["all"])) for match in _ALL.finditer(text)]
    return tuple(dict.fromkeys(found))
