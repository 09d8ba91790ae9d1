"""A number too long to be one: Python refuses to convert thousands of digits, and no reader may fail for one line."""

import pytest

from forensics.formats import outcomes, tickets
from forensics.formats.conductor import CONDUCTOR
from forensics.formats.numbers import as_number
from forensics.formats.transcripts import commit_calls, test_output
from forensics.model.source import Document, Kind, Source

LONG = "9" * 8_000


def test_a_number_is_cut() -> None:
    assert (as_number("0012"), as_number(LONG)) == (12, 10**18 - 1)


@pytest.mark.parametrize(
    "text",
    [
        f"Ran {LONG} tests in 1s\n\nFAILED (failures={LONG})\n",
        f"===== {LONG} passed, {LONG} failed in 1s =====\n",
        f"Tests: {LONG} failed, {LONG} passed, {LONG} total\n",
        f"test result: ok. {LONG} passed; {LONG} failed; 1 ignored\n",
        f"  {LONG} passing (3s)\n  {LONG} failing\n",
    ],
)
def test_outputs(text: str) -> None:
    test_output.result_of(text, 1)


def test_other_readers() -> None:
    outcomes.counts_in(f"{LONG}/{LONG} tests pass, all {LONG} tests pass")
    tickets.pull_of_subject(f"Sort (#{LONG})")
    tickets.pull_of_subject(f"Merge pull request #{LONG} from o/topic")
    tickets.closed_issues(f"Closes #{LONG}")
    commit_calls.printed_summaries(
        "git commit -m x", f"[main a1b2c3d] x\n {LONG} files changed, {LONG} insertions(+)\n"
    )
    plan = f"# Plan\n\n## Phase {LONG}: x\n- [x] Task: y a1b2c3d\n"
    CONDUCTOR.read_plan(
        "x", "conductor/tracks/x", [Document(Source("S1", Kind.REPORT, "conductor/tracks/x/plan.md", "", 1), plan)]
    )
