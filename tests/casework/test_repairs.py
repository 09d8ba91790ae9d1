"""Repairs of landed work: what a message says, and whom it names."""

import pytest

from forensics.casework.repairs import repair_candidates
from forensics.formats.pattern_rows import Row
from forensics.formats.repairs import ASIDE, ROWS, is_repair, names
from forensics.testing.script import case_of

SHA = "a1b2c3d4e5".ljust(40, "0")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern)
def test_each_form_of_a_repair_has_an_example(row: Row) -> None:
    assert is_repair(row.example)


@pytest.mark.parametrize("row", ASIDE, ids=lambda row: row.pattern)
def test_what_a_linter_or_a_reader_corrects_is_no_repair(row: Row) -> None:
    assert not is_repair(f"fix: {row.example}")


@pytest.mark.parametrize("subject", ["Add prefixes to the queue", "feat: show the fixture", "R77: Priorities"])
def test_new_work_is_no_repair(subject: str) -> None:
    assert not is_repair(subject)


@pytest.mark.parametrize(
    ("message", "step", "expected"),
    [
        ("fix: order missed in #149 (#151)", "1.4", "#149"),
        ("fix: order missed in #1490", "1.4", None),
        ("fix: order since a1b2c3d", "1.4", "a1b2c3d"),
        ("fix: order (r50 follow-up)", "R50", "r50"),
        ("fix: order (R501)", "R50", None),
        ("fix: order (R50-B)", "R50", None),
        ("fix: order in version 1.4", "1.4", None),
        ("fix: owner/other#149", "1.4", None),
    ],
)
def test_a_message_names_a_pull_request_a_hash_or_a_ticket(message: str, step: str, expected: str | None) -> None:
    assert names(message, number=149, sha=SHA, step=step) == expected


def test_only_repairs_soon_after_in_the_same_files_are_read() -> None:
    history = case_of(
        'plan: 1.1 "Queue"\n'
        'commit c1c: "Cycle 1.1: Queue" src/queue.py docs/queue.md, at 09:13\n'
        'commit c2c: "fix: order" src/queue.py, at 10:13\n'
        'commit c3c: "fix: order" src/other.py, at 10:14\n'
        'commit c4c: "fix: words" docs/queue.md, at 10:15\n'
        'commit c5c: "More" src/queue.py, at 10:16\n'
    ).history
    assert repair_candidates(history, ["c1c".ljust(40, "0")]) == {"c2c".ljust(40, "0")}
