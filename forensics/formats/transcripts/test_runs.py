"""Commands that ran tests, as test runs: how they ended is read from their output."""

from forensics.formats.transcripts.shell import ends_with_another
from forensics.formats.transcripts.test_commands import runs_tests
from forensics.formats.transcripts.test_output import result_of
from forensics.model.transcript import Command, TestRun


def as_test_run(ran: Command) -> TestRun | None:
    """Return a command as a test run; None if it runs no tests. `ran.output` should be whole: the summary is in it."""
    if not runs_tests(ran.command):
        return None
    # `pytest | tail` ends with the exit code of tail: a 0 says nothing about the tests.
    code = None if ran.exit_code == 0 and ends_with_another(ran.command) else ran.exit_code
    result = result_of(ran.output, code)
    return TestRun(
        ran.moment, ran.ref, ran.command, ran.cwd, result.outcome, result.passed, result.failed, result.exceptions,
        result.each, result.aside,
    )  # fmt: skip
