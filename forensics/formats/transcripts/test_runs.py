"""Commands that ran tests, as test runs: how they ended is read from their output."""

import re
from itertools import pairwise

from forensics.formats.transcripts.printed_results import without_own_words
from forensics.formats.transcripts.shell import ends_with_another, links
from forensics.formats.transcripts.test_commands import runs_tests
from forensics.formats.transcripts.test_output import result_of
from forensics.model.transcript import Command, TestOutcome, TestRun

# Characters. Enough for a summary at the end and the first lines; whole outputs would not fit into memory.
OUTPUT_LIMIT = 4_000
# What `go test` prints of a package that failed, did not build, or was not found.
_GO_FAILED = re.compile(r"\bFAIL\b|^panic: |^# \S+|^go: |\[build failed\]", re.MULTILINE)


def as_test_run(ran: Command) -> TestRun | None:
    """Return a command as a test run; None if it runs no tests. `ran.output` should be whole: the summary is in it."""
    if not runs_tests(ran.command):
        return None
    # `pytest | tail` ends with the exit code of tail: a 0 says nothing about the tests.
    code = None if ran.exit_code == 0 and ends_with_another(ran.command) else ran.exit_code
    result = result_of(without_own_words(ran.command, ran.output), code)
    outcome = TestOutcome.PASSED if _hides_passed(ran) else result.outcome
    return TestRun(
        ran.moment, ran.ref, ran.command, ran.cwd, outcome, result.passed, result.failed, result.exceptions,
        result.each, result.aside, ran.exit_code, ends_of(ran.output),
    )  # fmt: skip


def ends_of(text: str) -> str:
    """Return an output's head and tail, `OUTPUT_LIMIT` characters at most: the end holds the summary."""
    if len(text) <= OUTPUT_LIMIT:
        return text
    half = OUTPUT_LIMIT // 2 - 2
    return f"{text[:half]}\n…\n{text[-half:]}"


def _hides_passed(ran: Command) -> bool:
    """Return whether all packages passed: `go test ./... | grep -v ok` prints a line for each that did not."""
    pipes = pairwise(links(ran.command))
    # `-v`, `-vE`: it leaves lines out
    hides = any(
        first.words[:2] == ("go", "test")
        and first.after == "|"
        and second.words[0] == "grep"
        and _leaves_out(second.words)
        for first, second in pipes
    )
    return hides and ran.exit_code is not None and not _GO_FAILED.search(ran.output)


def _leaves_out(words: tuple[str, ...]) -> bool:
    """Return whether `grep` leaves lines out, and not those that say that something failed."""
    inverted = any(word.startswith("-") and not word.startswith("--") and "v" in word for word in words[1:])
    return inverted and not any("fail" in word.casefold() or "---" in word for word in words[1:])
