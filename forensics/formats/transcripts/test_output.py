"""What a test run printed: how it ended, how many passed and failed, and the exceptions it names."""

import re
from dataclasses import dataclass

from forensics.formats.numbers import as_number
from forensics.formats.pattern_rows import Row, compiled
from forensics.model.transcript import TestOutcome

# Characters from the end: summaries are printed last.
_LIMIT = 400_000
# Agents' shells are not terminals, but runners forced to colour (`--color=yes`, CI variables) print escapes all the same.
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Seven digits: a longer number beside such a word is an id or a time in a log.
_NUMBERS = re.compile(r"\b(?P<count>\d{1,7}) (?P<what>passed|failed|errors?|skipped|deselected|xfailed|xpassed)\b")
# pytest's last line; its counts must be in front of a time, because logs and code print similar ones.
_PYTEST = re.compile(
    r"^[= ]*(?P<counts>(?:\d{1,7} (?:passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|rerun|subtests passed)(?:, )?)+) in [\d.]+s?\b",
    re.MULTILINE,
)
# jest and vitest: `Tests:  1 failed, 2 passed, 3 total`. Here and below, `[^\S\n]` is white space inside a line: with `\s`
# an output of thousands of blank lines would be read to its end from each of them.
_JS = re.compile(r"^[^\S\n]*Tests:?\s+(?P<counts>\d.*)$", re.MULTILINE)
# cargo prints one such line per test binary, doctests included; all of them count.
_CARGO = re.compile(r"^test result: \w+\. (?P<passed>\d+) passed; (?P<failed>\d+) failed", re.MULTILINE)
# unittest prints the total and, only if something failed, the failures: what passed is the difference.
_UNITTEST = re.compile(r"^Ran (?P<ran>\d+) tests? in [\d.]+s$", re.MULTILINE)
# `FAILED (failures=1, errors=2)`: skipped and expected failures in the same bracket did not go wrong.
_UNITTEST_BAD = re.compile(r"(failures|errors|unexpected successes)=(\d+)")
_PAIRS = (
    re.compile(r"\b(?P<total>\d+) (?:tests?|examples?|doctests?), (?P<failed>\d+) failures?"),  # mix, rspec
    re.compile(
        r"^[^\S\n]*(?P<passed>\d+) pass(?:ing)?\b[\s\S]{0,400}?^[^\S\n]*(?P<failed>\d+) fail(?:ing)?\b", re.MULTILINE
    ),  # bun, mocha
    re.compile(r"^[#ℹ] pass (?P<passed>\d+)$[\s\S]{0,200}?^[#ℹ] fail (?P<failed>\d+)$", re.MULTILINE),  # TAP, Node
    re.compile(r"^All tests passed \((?P<passed>\d+)\)$|^All (?P<total>\d+) tests passed\W*$", re.MULTILINE),  # scripts
    re.compile(r"^[^\S\n]*(?P<passed>\d+) passing\b", re.MULTILINE),  # mocha, without a failure
)
# Playwright's last lines, each with its count alone; the one of the passed ends with the time.
_PLAYWRIGHT = re.compile(r"^  (?P<passed>\d{1,7}) passed \([\d.]+(?:ms|s|m|h)", re.MULTILINE)
_PLAYWRIGHT_BAD = re.compile(r"^  (?P<failed>\d{1,7}) (?:failed|interrupted)$", re.MULTILINE)
_PLAYWRIGHT_IDLE = re.compile(r"^  \d{1,7} did not run$", re.MULTILINE)
# go test without -v: one line per package, and no count.
_GO_PACKAGE = re.compile(r"^(?P<how>ok|FAIL)[^\S\n]+\S+\s+(?:[\d.]+s|\(cached\)|\[)", re.MULTILINE)
# A line of its own if any package failed: `| tail -2` of a red run shows the last package, which may be ok, this, and what
# a task runner says of its end.
_GO_END = re.compile(r"^FAIL[^\S\n]*$", re.MULTILINE)
# go test prints no total without -json: results are counted one by one.
_GO = re.compile(r"^[^\S\n]*--- (?P<how>PASS|FAIL): ", re.MULTILINE)
# A run of nothing exits like a failure in some runners and like a success in others: neither RED nor GREEN.
NOTHING_RAN = (
    Row(r"\bno tests ran\b", "no tests ran in 0.01s", "pytest"),
    Row(r"\bcollected 0 items\b(?! /)", "collected 0 items", "pytest; followed by a slash and errors, it is a failure"),
    Row(r"^Ran 0 tests\b", "Ran 0 tests in 0.000s", "unittest"),
    Row(r"NO TESTS RAN", "NO TESTS RAN", "unittest, from Python 3.12 on"),
    Row(r"No test files found|No tests found", "No test files found, exiting with code 1", "vitest, jest"),
    Row(r"\[no test files\]\s*\Z", "?   \texample.com/x\t[no test files]", "go test; only if it is the last line"),
)
# The tests could not be read, so no assertion ran. In a RED phase this is the failure that proves least.
COLLECTION_FAILED = (
    Row(r"\berrors? during collection\b", "! Interrupted: 1 error during collection !", "pytest"),
    Row(r"^(?:_+ )?ERROR collecting ", "ERROR collecting t.py", "pytest"),
    Row(r"Failed to load url", "Error: Failed to load url ./tax (resolved id: ./tax)", "vitest"),
    Row(r"Test suite failed to run", "Test suite failed to run", "jest"),
    Row(r"Compilation error in file", "== Compilation error in file test/a_test.exs ==", "mix"),
    Row(
        r"^\S+\.tsx?\(\d+,\d+\): error TS",
        "src/a.test.ts(1,7): error TS2741: Property",
        "tsc, before the tests it compiles",
    ),
    Row(r"^error: could not compile", "error: could not compile `tax` (lib test)", "cargo"),
    Row(r"\[build failed\]", "FAIL\texample.com/x [build failed]", "go test"),
)
# The usual honest RED of a new module; told apart from other collection errors because plans demand it by name.
IMPORT_FAILED = (
    Row(r"^E?[^\S\n]*(?:ImportError|ModuleNotFoundError)\b", "E   ModuleNotFoundError: No module named 'x'", "Python"),
    Row(r"ImportError while (?:importing|loading)", "ImportError while importing test module", "pytest"),
    Row(r"Cannot find module", "Error: Cannot find module './tax'", "Node"),
)
# The command never reached a test: its exit code says nothing about the code under test.
NO_RUNNER = (
    Row(r"No module named '?(?:pytest|unittest|nose2)\b", "/usr/bin/python: No module named pytest", "Python"),
    Row(
        r"(?:pytest|vitest|jest|tox|nox|just|make|npm|npx|go|cargo|uv|node|bun): (?:command )?not found",
        "bash: pytest: command not found",
        "shells",
    ),
    Row(r"ERROR: (?:file or directory )?not found", "ERROR: file or directory not found: tests/x.py", "pytest"),
    Row(r"[Mm]issing script: ", 'npm error Missing script: "test"', "npm"),
    Row(r"No rule to make target", "make: *** No rule to make target 'test'.  Stop.", "make"),
    Row(r"does not contain recipe", "error: Justfile does not contain recipe `test`.", "just"),
    Row(r"Failed to spawn", "error: Failed to spawn: `pytest`", "uv"),
)
# A run that was ended before its time proves nothing about the tests that did not come to run.
TIMED_OUT = (
    Row(r"\bCommand timed out\b|\btimed out after\b", "Command timed out after 2m 0.0s", "the agents' shell tools"),
    # from the first sign of a run: a line of pluses would be read to its end from each of them
    Row(r"^E?[^\S\n]*Failed: Timeout|(?<!\+)\+{5,} Timeout \+{5,}", "E   Failed: Timeout >1.0s", "pytest-timeout"),
)
# What a runner shows as raised. Names that merely occur in the output, as in logged messages, do not count.
RAISED = (
    Row(
        r"^E {1,12}(?P<pytest>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning))\b",
        "E   app.errors.TaxError: no",
        "pytest, in a traceback",
    ),
    Row(
        r"^(?:FAILED|ERROR) .{1,300}? - (?P<short>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit))\b",
        "FAILED t.py::a - TypeError: x",
        "pytest, in its summary",
    ),
    Row(
        r"^(?P<plain>(?:\w+\.)*[A-Z]\w*(?:Error|Exception))(?::|$)", "ValueError: x", "Python's own traceback, unittest"
    ),
    Row(r"^E {3,12}(?P<bare>assert )", "E       assert 1 == 2", "pytest, for a bare assert"),
    Row(r"^FAILED .{1,300}? - (?P<bare_short>assert )", "FAILED t.py::a - assert 1 == 2", "pytest, in its summary"),
    Row(
        r"^[^\S\n]*(?:Assertion)?(?P<js>AssertionError|TypeError|ReferenceError): ",
        "AssertionError: expected 1 to be 2",
        "vitest, jest",
    ),
    Row(
        r"^E {1,12}(?P<not_raised>Failed: DID NOT RAISE)",
        "E       Failed: DID NOT RAISE <class 'ValueError'>",
        "pytest.raises",
    ),
)
# Rows say themselves which words must begin a line, where a test's own output may hold them too.
_NONE = compiled(NOTHING_RAN, flags=re.MULTILINE | re.IGNORECASE)
# Case counts here and below: these are the own words of runners and languages, and prose has them in another case.
_COLLECTION = compiled(COLLECTION_FAILED, flags=re.MULTILINE)
_IMPORT = compiled(IMPORT_FAILED, flags=re.MULTILINE)
# Case counts, because these are the words of shells and programs, which a test's own message may hold in another case.
_MISSING = compiled(NO_RUNNER, flags=re.NOFLAG)
_TIMEOUT = compiled(TIMED_OUT, flags=re.MULTILINE)
# At a line's beginning only: messages quote exceptions in the middle of a line.
_RAISED = compiled(RAISED, flags=re.MULTILINE)
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


# A project's own runner, written with Node's `assert`, prints the exception and nothing to count.
_NODE_ASSERTION = re.compile(r"^AssertionError \[ERR_ASSERTION\]", re.MULTILINE)


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
    packages = {match["how"] for match in _GO_PACKAGE.finditer(text)}
    for pattern, outcome in (
        (_MISSING, TestOutcome.NOT_FOUND),
        (_TIMEOUT, TestOutcome.TIMEOUT),
        (_NONE, TestOutcome.NONE_COLLECTED),
    ):
        if pattern.search(text) and not (packages and pattern is _NONE):  # the last of many packages may have no tests
            return outcome
    if exit_code in {127, 124, 143}:  # not found, ended by timeout(1), ended by SIGTERM
        return TestOutcome.NOT_FOUND if exit_code == 127 else TestOutcome.TIMEOUT
    if _IMPORT.search(text):
        return TestOutcome.IMPORT
    if packages:
        return TestOutcome.ASSERTION if "FAIL" in packages or _GO_END.search(text) else TestOutcome.PASSED
    if exit_code and _NODE_ASSERTION.search(text):
        return TestOutcome.ASSERTION
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
    for reader, named in (
        (_of_python, True), (_of_unittest, True), (_of_others, False), (_of_playwright, False), (_of_go, False)
    ):  # fmt: skip
        found = reader(text)
        if found is not None:
            return (*found, named)
    return None, None, False


def _each(text: str) -> tuple[int, ...]:
    """Return how many passed in each of several runs; nothing for one."""
    found = [_summed([match["counts"]])[0] for pattern in (_PYTEST, _JS) for match in pattern.finditer(text)]
    found += [as_number(match["passed"]) for match in _CARGO.finditer(text)]
    return tuple(found) if len(found) > 1 else ()


def _aside(text: str) -> int:
    """Return how many were skipped, or failed as expected."""
    summaries = [match["counts"] for pattern in (_PYTEST, _JS) for match in pattern.finditer(text)]
    said = [match for summary in summaries for match in _NUMBERS.finditer(summary)]
    return sum(as_number(match["count"]) for match in said if match["what"] in _ASIDE)


def _of_python(text: str) -> tuple[int, int] | None:
    summaries = [match["counts"] for match in _PYTEST.finditer(text)]
    return _summed(summaries) if summaries else None


def _of_unittest(text: str) -> tuple[int, int] | None:
    ran = sum(as_number(match["ran"]) for match in _UNITTEST.finditer(text))
    if not _UNITTEST.search(text):
        return None
    ends = re.findall(r"^FAILED \((.*)\)$", text, re.MULTILINE)
    bad = sum(as_number(count) for end in ends for _, count in _UNITTEST_BAD.findall(end))
    return max(ran - bad, 0), bad


def _of_others(text: str) -> tuple[int, int] | None:
    if cargo := list(_CARGO.finditer(text)):
        return sum(as_number(match["passed"]) for match in cargo), sum(as_number(match["failed"]) for match in cargo)
    if summaries := [match["counts"] for match in _JS.finditer(text)]:
        return _summed(summaries)
    for pattern in _PAIRS:
        if match := pattern.search(text):
            said = match.groupdict()
            failed, total = as_number(said.get("failed") or "0"), as_number(said.get("total") or "0")
            return as_number(said["passed"]) if said.get("passed") else total - failed, failed
    return None


def _of_playwright(text: str) -> tuple[int, int] | None:
    passed, bad = list(_PLAYWRIGHT.finditer(text)), list(_PLAYWRIGHT_BAD.finditer(text))
    if not passed and not (bad and _PLAYWRIGHT_IDLE.search(text)):
        return None
    return sum(as_number(match["passed"]) for match in passed), sum(as_number(match["failed"]) for match in bad)


def _of_go(text: str) -> tuple[int, int] | None:
    tests = [match["how"] for match in _GO.finditer(text)]
    return (tests.count("PASS"), tests.count("FAIL")) if tests else None


def _summed(summaries: list[str]) -> tuple[int, int]:
    """Add up summaries such as `1 failed, 3 passed, 1 error`."""
    said = [(match["what"], as_number(match["count"])) for summary in summaries for match in _NUMBERS.finditer(summary)]
    passed = sum(count for what, count in said if what == "passed")
    return passed, sum(count for what, count in said if what in {"failed", "error", "errors"})
