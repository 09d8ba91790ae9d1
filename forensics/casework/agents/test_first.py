"""RED and GREEN as they ran: an agent's test runs in order with its edits."""

import re
from dataclasses import dataclass

from forensics.formats.transcripts.test_commands import runs_tests_or_recipe
from forensics.model.transcript import AgentRun, Command, Event, FileWrite, TestOutcome, TestRun

# What a test can fail on: the order of RED, code and GREEN means nothing for documents, settings and data.
_CODE = re.compile(r"\.(?:py|tsx?|jsx?|go|rs|java|rb|exs?|c|cc|cpp|cs|sh)\Z")
# pytest, Jest and RSpec (`x.test.ts`, `x_spec.rb`), JUnit and Maven (`FooTest.java`, `FooIT.java`).
_TEST_NAME = re.compile(r"(?:^test_|[_.-](?:test|spec)s?\.|(?<=[a-z0-9])(?:Tests?|Spec|IT)\.\w+$|^conftest\.)")
# Helpers and fixtures among the tests (`tests/worlds.py`) are not an implementation either, whatever their names.
_TEST_FOLDER = re.compile(r"/(?:tests|__tests__|spec|src/test)/")
# A timeout, a command that was not found and an empty collection are not a failing test: nothing was shown to be missing.
FAILED = frozenset({TestOutcome.ASSERTION, TestOutcome.EXCEPTION, TestOutcome.IMPORT, TestOutcome.COLLECTION})


@dataclass(frozen=True, slots=True)
class Cycle:
    """One agent's RED and GREEN: the run that stands for RED, the last run of all, and its edits.

    `unclear` is what may have been another RED: a run that ended otherwise, or a command that may have run tests.
    `uncounted` says that something that may have run tests shows no count.
    `untested` is the last edit, if nothing after it may have run tests.
    """

    red: TestRun | None
    green: TestRun | None
    first_test: FileWrite | None
    first_code: FileWrite | None
    changed_test: FileWrite | None
    runs: tuple[TestRun, ...]
    unclear: TestRun | Command | None
    uncounted: bool
    untested: FileWrite | None


def cycle_of(agent: AgentRun) -> Cycle:
    """Read an agent's cycle from its events.

    `red` is the first failing test run after the test was written that code was written after: an empty function may
    stand before it, so that the test reaches its assertion. Where no such write is seen, a later pass without a change
    to the test tells of one by a shell. Without a failing run it is the last run of the test before the first code.
    Where the transcript does not show both writes (a shell may have made them), the order is unknown, and `first_code`
    or `first_test` is None.
    """
    runs = tuple(agent.of(TestRun))
    writes = [event for event in agent.of(FileWrite) if _is_code(event.path, agent)]
    code = [event for event in writes if not is_test(event.path)]
    tests = [event for event in writes if is_test(event.path)]
    test = tests[0] if tests else None
    after = [run for run in runs if test and run.moment >= test.moment]
    failing = [run for run in after if failed(run) and _code_followed(run, code, tests, runs)]
    before = [run for run in after if code and run.moment <= code[0].moment]
    red = failing[0] if failing else before[-1] if before else None
    return Cycle(
        red=red,
        green=runs[-1] if runs else None,
        first_test=test,
        first_code=code[0] if code else None,
        changed_test=_changed(red, runs, tests) if code else None,
        runs=runs,
        unclear=_unclear(agent, test if red else None, code),
        uncounted=any(
            may_run_tests(event) and not (isinstance(event, TestRun) and (event.passed is not None or failed(event)))
            for event in agent.events
        ),
        untested=_untested(writes, agent),
    )


def failed(run: TestRun) -> bool:
    """Return whether tests of a run failed, even if its output was cut so that it does not show how."""
    return run.outcome in FAILED or bool(run.failed)


def may_run_tests(event: Event) -> bool:
    """Return whether a command runs tests, or something whose name does not show what it runs."""
    return isinstance(event, TestRun) or (isinstance(event, Command) and runs_tests_or_recipe(event.command))


def _unclear(agent: AgentRun, since: FileWrite | None, code: list[FileWrite]) -> TestRun | Command | None:
    for event in agent.ran() if code else ():
        passed = isinstance(event, TestRun) and event.outcome in {TestOutcome.PASSED, TestOutcome.NONE_COLLECTED}
        in_time = event.moment <= code[-1].moment and not (since and event.moment < since.moment)
        if in_time and not passed and may_run_tests(event):
            return event
    return None


def _code_followed(run: TestRun, code: list[FileWrite], tests: list[FileWrite], runs: tuple[TestRun, ...]) -> bool:
    if any(write.moment > run.moment for write in code):
        return True
    green = _green_after(run, runs)
    return green is not None and not any(run.moment < write.moment < green.moment for write in tests)


def _green_after(red: TestRun, runs: tuple[TestRun, ...]) -> TestRun | None:
    return next((run for run in runs if run.moment > red.moment and run.outcome is TestOutcome.PASSED), None)


def _changed(red: TestRun | None, runs: tuple[TestRun, ...], tests: list[FileWrite]) -> FileWrite | None:
    """Return the first change to a test between the last run that failed and the first that passed after RED."""
    green = _green_after(red, runs) if red else None
    if red is None or green is None:
        return None
    seen = [run for run in runs if red.moment <= run.moment < green.moment and (run is red or failed(run))][-1]
    known = {write.path for write in tests if write.moment <= seen.moment}
    return next((write for write in tests if seen.moment < write.moment < green.moment and write.path in known), None)


def _untested(writes: list[FileWrite], agent: AgentRun) -> FileWrite | None:
    last = writes[-1] if writes else None
    if last is None or any(event.moment >= last.moment and may_run_tests(event) for event in agent.events):
        return None
    return last


def _is_code(path: str, agent: AgentRun) -> bool:
    """Return whether a file is code of the agent's tree, and not a script in some scratch folder."""
    inside = not path.startswith("/") or not agent.cwd or path.startswith(f"{agent.cwd.rstrip('/')}/")
    return inside and _CODE.search(path) is not None


def is_test(path: str) -> bool:
    """Tell a test file by its name or folder."""
    return _TEST_NAME.search(path.rsplit("/", 1)[-1]) is not None or _TEST_FOLDER.search(f"/{path}") is not None
