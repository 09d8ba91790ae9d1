"""The branch in Claude Code's records, where it changes between two of them."""

from typing import Any

import pytest

from forensics.formats.transcripts.claude.reader import read
from forensics.model.transcript import BranchSeen
from tests.formats.transcript_lines import assistant, call, result, user

SUB: dict[str, Any] = {"isSidechain": True, "agentId": "a1"}


def _seen(*lines: bytes) -> list[tuple[str, str, int]]:
    (run,) = read([("agent-a1.jsonl", [b"".join(lines)])]).agents
    return [(one.before, one.branch, one.ref.line or 0) for one in run.events if isinstance(one, BranchSeen)]


def test_a_change_between_two_records_of_an_agent_is_seen() -> None:
    begun = user(0, "go", **SUB) + assistant(1, call("t1", "Bash", command="ls"), **SUB)
    after = result(3, "t1", "a.py", **SUB, gitBranch="step-4") + assistant(4, **SUB, gitBranch="step-4")
    assert _seen(begun, after) == [("main", "step-4", 3)]
    assert _seen(begun, result(3, "t1", "a.py", **SUB)) == []


@pytest.mark.parametrize(
    "change", [{"gitBranch": "step-3", "cwd": "/srv/shop-3"}, {"gitBranch": ""}, {"gitBranch": None}]
)
def test_another_folder_or_an_unknown_branch_is_no_change(change: dict[str, Any]) -> None:
    assert _seen(user(0, "go", **SUB), assistant(1, **SUB), assistant(2, **{**SUB, **change})) == []


def test_a_person_who_spoke_in_between_may_have_switched() -> None:
    begun = user(0, "go") + assistant(1)
    assert (
        _seen(begun, user(5, "<bash-input>git checkout -b x</bash-input>", gitBranch="x"), assistant(6, gitBranch="x"))
        == []
    )
    assert _seen(begun, user(5, "I am on x now"), assistant(6, gitBranch="x")) == []


def test_lines_of_a_resumed_session_are_not_read_twice() -> None:
    begun = user(0, "go", **SUB) + assistant(1, **SUB)
    later = assistant(5, **SUB, gitBranch="x")
    assert _seen(begun, later, begun, assistant(7, **SUB, gitBranch="x")) == [("main", "x", 3)]


def test_hooks_and_other_records_between_do_not_hide_a_change() -> None:
    other = assistant(2, **SUB, gitBranch="x").replace(b'"type":"assistant"', b'"type":"attachment"', 1)
    assert _seen(user(0, "go", **SUB), assistant(1, **SUB), other, assistant(3, **SUB, gitBranch="x")) == [
        ("main", "x", 4)
    ]
