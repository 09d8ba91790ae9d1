"""What a test run printed: how it ended, how many passed and failed, and the exceptions it names."""

import re
from dataclasses import dataclass

from forensics.model.transcript import TestOutcome

_LIMIT = 400_000
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NUMBERS = re.compile(r"\b(?P<count>\d{1,7}) (?P<what>passed|failed|errors?|skipped|deselected|xfailed|xpassed)\b")
_PYTEST = re.compile(
    r"^[= ]*(?P<counts>(?:\d{1,7} (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|rerun|subtests passed)(?:, )?)+) in [\d.]+s?\b",
    re.MULTILINE,
)
_JS = re.compile(r"^\s*Tests:?\s+(?P<counts>\d.*)$", re.MULTILINE)
_CARGO = re.compile(r"^test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed", re.MULTILINE)
_UNITTEST = re.compile(r"^Ran (?P<ran>\d+) tests? in [\d.]+s$", re.MULTILINE)
_UNITTEST_BAD = re.compile(r"(failures|errors|unexpected successes)=(\d+)")
_PAIRS = (
    re.compile(r"\b(?P<total>\d+) (?:tests?|examples?|doctests?), (?P<failed>\d+) failures?"),  # mix, rspec
    re.compile(r"^\s*(?P<passed>\d+) pass(?:ing)?\b[\s\S]{0,400}?^\s*(?P<failed>\d+) fail(?:ing)?\b", re.MULTILINE),
    re.compile(r"^# pass (?P<passed>\d+)$[\s\S]{0,200}?^# fail (?P<failed>\d+)$", re.MULTILINE),  # TAP
    re.compile(r"^\s*(?P<passed>\d+) passing\b", re.MULTILINE),  # mocha, nothing failing
)
_GO = re.compile(r"^\s*--- (?P<how>PASS|FAIL): ", re.MULTILINE)
_NONE = re.compile(
    r"\bno tests ran\b|\bcollected 0 items\b(?! /)|^Ran 0 tests\b|No test files found|No tests found|\[no test files\]\s*\Z|NO TESTS RAN",
    re.MULTILINE | re.IGNORECASE,
)
_COLLECTION = re.compile(
    r"\berrors? during collection\b|^_+ ERROR collecting |^ERROR collecting |Failed to load url|"
    r"Compilation error in file|^error: could not compile|\[build failed\]|Test suite failed to run",
    re.MULTILINE,
)
_IMPORT = re.compile(
    r"^E?\s*(?:ImportError|ModuleNotFoundError)\b|Cannot find module|ImportError while (?:importing|loading)",
    re.MULTILINE,
)
_MISSING = re.compile(
    r"No module named '?(?:pytest|unittest|nose2)\b|(?:pytest|vitest|jest|tox|nox|just|make|npm|npx|go|cargo|uv|node|bun): "
    r"(?:command )?not found|ERROR: (?:file or directory )?not found|[Mm]issing script: |No rule to make target|"
    r"does not contain recipe|Failed to spawn",
)
_TIMEOUT = re.compile(
    r"\bCommand timed out\b|\btimed out after\b|^E?\s*Failed: Timeout|\+{5,} Timeout \+{5,}", re.MULTILINE
)
_RAISED = re.compile(
    r"^E {1,12}(?P<pytest>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning))\b|"
    r"^(?:FAILED|ERROR) .{1,300}? - (?P<short>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit))\b|"
    r"^(?P<plain>(?:\w+\.)*[A-Z]\w*(?:Error|Exception))(?::|$)|"
    r"^E {3,12}(?P<bare>assert )|^FAILED .{1,300}? - (?P<bare_short>assert )|^\s*(?:Assertion)?(?P<js>AssertionError|TypeError|ReferenceError): |"
    r"^E {1,12}(?P<not_raised>Failed: DID NOT RAISE)",
    re.MULTILINE,
)
_ASIDE = frozenset({"skipped", "xfailed", "xpassed"})
_IMPORTS = frozenset({"ImportError", "ModuleNotFoundError"})


@dataclass(frozen=True, slots=True)
class RunnerOutput:
    """How tests ended; counts None where the output does not print them, `each` and `aside` as in TestRun."""

    outcome: TestOutcome
    passed: int | None = None
    failed: int | None = None
    exceptions: tuple[str, ...] = ()
    each: tuple[int, ...] = ()
    aside: int = 0


def result_of(output: str, exit_code: int | None) -> RunnerOutput:
    """Read a test run's output; `exit_code` None where it is unknown or may be another program's."""
    text = _ANSI.sub("", output[-_LIMIT:])
    passed, failed, named = _counts(text)
    raised = exceptions(text) if failed or failed is None else ()
    outcome = _outcome(text, exit_code, (passed, failed), raised, named=named)
    return RunnerOutput(
        outcome, passed, failed, raised if outcome is not TestOutcome.PASSED else (), _each(text), _aside(text)
    )


def exceptions(text: str) -> tuple[str, ...]:
    """Return the exceptions a test run shows as raised, in order, without their modules."""
    found = [
        "AssertionError"
        if match.lastgroup in {"bare", "bare_short", "not_raised"}
        else match[match.lastgroup or 0].rsplit(".", 1)[-1]
        for match in _RAISED.finditer(text)
    ]
    return tuple(dict.fromkeys(found))


def _outcome(
    text: str, exit_code: int | None, counts: tuple[int | None, int | None], raised: tuple[str, ...], *, named: bool
) -> TestOutcome:
    passed, failed = counts
    if failed == 0 and passed:
        return TestOutcome.PASSED
    if _COLLECTION.search(text) and not passed:
        return TestOutcome.IMPORT if _IMPORT.search(text) else TestOutcome.COLLECTION
    if failed:
        return _failure(text, raised, named=named)
    for pattern, outcome in (
        (_MISSING, TestOutcome.NOT_FOUND),
        (_TIMEOUT, TestOutcome.TIMEOUT),
        (_NONE, TestOutcome.NONE_COLLECTED),
    ):
        if pattern.search(text):
            return outcome
    if exit_code in {127, 124, 143}:
        return TestOutcome.NOT_FOUND if exit_code == 127 else TestOutcome.TIMEOUT
    if _IMPORT.search(text):
        return TestOutcome.IMPORT
    return TestOutcome.PASSED if exit_code == 0 else TestOutcome.UNKNOWN


def _failure(text: str, raised: tuple[str, ...], *, named: bool) -> TestOutcome:
    """Class a failed run by what was raised; a runner that names exceptions and shows none leaves it unknown."""
    if not raised:
        return TestOutcome.UNKNOWN if named else TestOutcome.ASSERTION
    if set(raised) <= _IMPORTS:
        return TestOutcome.IMPORT
    return TestOutcome.ASSERTION if "AssertionError" in raised else TestOutcome.EXCEPTION


def _counts(text: str) -> tuple[int | None, int | None, bool]:
    """Return passed, failed (with errors), and whether the runner is one that names exceptions."""
    for reader, named in ((_of_python, True), (_of_unittest, True), (_of_others, False), (_of_go, False)):
        found = reader(text)
        if found is not None:
            return (*found, named)
    return None, None, False


def _each(text: str) -> tuple[int, ...]:
    """Return how many passed in each of several runs; nothing for one."""
    found = [_summed([match["counts"]])[0] for pattern in (_PYTEST, _JS) for match in pattern.finditer(text)]
    found += [int(match["passed"]) for match in _CARGO.finditer(text)]
    return tuple(found) if len(found) > 1 else ()


def _aside(text: str) -> int:
    """Return how many were skipped, or failed as expected."""
    summaries = [match["counts"] for pattern in (_PYTEST, _JS) for match in pattern.finditer(text)]
    said = [match for summary in summaries for match in _NUMBERS.finditer(summary)]
    return sum(int(match["count"]) for match in said if match["what"] in _ASIDE)


def _of_python(text: str) -> tuple[int, int] | None:
    summaries = [match["counts"] for match in _PYTEST.finditer(text)]
    return _summed(summaries) if summaries else None


def _of_unittest(text: str) -> tuple[int, int] | None:
    ran = sum(int(match["ran"]) for match in _UNITTEST.finditer(text))
    if not _UNITTEST.search(text):
        return None
    ends = re.findall(r"^FAILED \((.*)\)$", text, re.MULTILINE)
    bad = sum(int(count) for end in ends for _, count in _UNITTEST_BAD.findall(end))
    return max(ran - bad, 0), bad


def _of_others(text: str) -> tuple[int, int] | None:
    if cargo := list(_CARGO.finditer(text)):
        return sum(int(match["passed"]) for match in cargo), sum(int(match["failed"]) for match in cargo)
    if summaries := [match["counts"] for match in _JS.finditer(text)]:
        return _summed(summaries)
    for pattern in _PAIRS:
        if match := pattern.search(text):
            said = match.groupdict()
            failed = int(said.get("failed") or 0)
            return int(said.get("passed") or int(said.get("total") or 0) - failed), failed
    return None


def _of_go(text: str) -> tuple[int, int] | None:
    tests = [match["how"] for match in _GO.finditer(text)]
    return (tests.count("PASS"), tests.count("FAIL")) if tests else None


def _summed(summaries: list[str]) -> tuple[int, int]:
    """Add up summaries such as `1 failed, 3 passed, 1 error`."""
    said = [(match["what"], int(match["count"])) for summary in summaries for match in _NUMBERS.finditer(summary)]
    passed = sum(count for what, count in said if what == "passed")
    return passed, sum(count for what, count in said if what in {"failed", "error", "errors"})
