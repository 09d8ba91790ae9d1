"""Who asked for an agent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forensics.casework.agents.asked import launched_unasked
from forensics.model.source import TranscriptRef
from forensics.model.transcript import AgentRun, Launch, Message, Transcripts

_START = datetime(2026, 3, 4, 9, tzinfo=UTC)
_REF = TranscriptRef("s.jsonl", 1)


def _agent(name: str, parent: str | None, *, asked: str = "", launches: str = "") -> AgentRun:
    launch = Launch(_START + timedelta(minutes=5), _REF, "c", "m", "Look", "Look", launches, False, None)
    said = (Message(_START, _REF, asked),) if asked else ()
    return AgentRun(
        name,
        parent,
        "claude-code",
        "s.jsonl",
        None,
        "/w",
        None,
        _START,
        _START,
        "p",
        (launch,) if launches else (),
        asked=said,
    )


@pytest.mark.parametrize(
    ("words", "unasked"),
    [
        ("Make the total right", {"a", "b"}),
        ("Use a subagent for the review", set()),
        ("Do these three in parallel", set()),
        ("/review the branch", set()),
        ("Fix the agenda page", {"a", "b"}),
    ],
)
def test_words_of_a_person_ask_for_agents_and_for_theirs(words: str, unasked: set[str]) -> None:
    runs = (_agent("s", None, asked=words, launches="a"), _agent("a", "s", launches="b"), _agent("b", "a"))
    assert launched_unasked(Transcripts(runs)) == unasked


def test_words_after_the_launch_and_a_chain_in_a_circle_ask_for_nothing() -> None:
    session = _agent("s", None, asked="Use agents", launches="a")
    late = replace(session, asked=(replace(session.asked[0], moment=_START + timedelta(hours=1)),))
    assert launched_unasked(Transcripts((late, _agent("a", "s")))) == {"a"}
    assert launched_unasked(Transcripts((_agent("s", "a", launches="a"), _agent("a", "s")))) == set()
