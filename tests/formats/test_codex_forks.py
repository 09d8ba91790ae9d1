import json

import pytest

from forensics.formats.transcripts.codex.reader import read
from forensics.model.transcript import Tokens, Transcripts
from tests.formats.codex_lines import (
    CHILD,
    NEW_TURN,
    OLD_TURN,
    PARENT,
    at,
    call,
    counted,
    event,
    item,
    meta,
    output,
    said,
    shown,
    tokens,
    turn,
)

REPLAYED = (
    item(at(48), "message", role="user", content=[{"type": "input_text", "text": "the parent's task"}]),
    call(at(48), "old", cmd="make old"),
    output(at(48), "old", "Process exited with code 0\nOutput:\n"),
    counted(at(48), (500, 0, 50), (500, 0, 50)),
    counted(at(48), (9000, 5000, 900), (8500, 5000, 850)),
)


def fork(*own: str, turns: bool = True) -> Transcripts:
    began = at(47.7)
    copied = (turn(at(48), OLD_TURN), *REPLAYED) if turns else REPLAYED
    return shown(meta(began, CHILD, forked_from_id=PARENT), meta(began, PARENT), *copied, *own)


OWN_TURN = (turn(at(50), NEW_TURN), event(at(50), "user_message", message="the child's task"), said(at(51)))


@pytest.mark.parametrize("turns", [True, False])
def test_a_fork_counts_from_the_total_that_it_replays(turns: bool) -> None:
    began = OWN_TURN[0] if turns else turn(at(50))
    found = fork(began, *OWN_TURN[1:], counted(at(52), (9600, 5400, 930), (600, 400, 30)), turns=turns)
    (agent,) = found.agents
    assert (agent.id, agent.parent, agent.prompt, agent.events) == (CHILD, PARENT, "the child's task", ())
    assert tokens(found, CHILD) == Tokens(200, 30, 400)
    assert agent.start.second == 50


def test_a_fork_whose_counter_begins_at_zero() -> None:
    found = fork(*OWN_TURN, counted(at(52), (600, 400, 30), (600, 400, 30)), counted(at(53), (900, 500, 40)))
    assert tokens(found, CHILD) == Tokens(400, 40, 500)


def test_a_fork_that_did_nothing_used_nothing() -> None:
    found = fork()
    assert not found.usage
    assert found.agents[0].events == ()


def test_a_fork_told_its_parents_total_without_a_replay() -> None:
    def child(*own: str) -> Tokens:
        found = shown(meta(at(47.7), CHILD, parent_thread_id=PARENT), turn(at(48), NEW_TURN), *own)
        return tokens(found, CHILD)

    restated = counted(at(49), (9000, 5000, 900), (8500, 5000, 850))
    own = counted(at(52), (9600, 5400, 930), (600, 400, 30))
    assert child(restated, said(at(50)), own) == Tokens(200, 30, 400)
    assert child(said(at(50)), own) == Tokens(200, 30, 400)


def test_a_fork_without_last_usage_begins_at_its_parents_last_total() -> None:
    parent = (meta(at(0)), said(at(1)), counted(at(2), (9000, 5000, 900)), counted(at(60), (9900, 5000, 990)))
    child = (meta(at(47.7), CHILD, forked_from_id=PARENT), *OWN_TURN, counted(at(52), (9600, 5400, 930)))
    found = read([("b.jsonl", ["\n".join(child).encode()]), ("a.jsonl", ["\n".join(parent).encode()])])
    assert tokens(found, CHILD) == Tokens(200, 30, 400)
    assert [agent.id for agent in found.agents] == [PARENT, CHILD]


def test_a_sub_agent_without_replay_keeps_all_its_records() -> None:
    own = (event(at(48), "user_message", message="review"), said(at(55)), counted(at(56), (900, 0, 9), (900, 0, 9)))
    found = shown(meta(at(47.7), CHILD, source={"subagent": {"thread_spawn": {"parent_thread_id": PARENT}}}), *own)
    assert (found.agents[0].parent, found.agents[0].prompt) == (PARENT, "review")
    assert tokens(found, CHILD) == Tokens(900, 9)


def test_copied_records_end_where_the_header_says() -> None:
    rows = [meta(at(0), CHILD, subagent_history_start_ordinal=3, parent_thread_id=PARENT), *REPLAYED[:2], *OWN_TURN]
    numbered = [json.dumps(json.loads(row) | {"ordinal": place}) for place, row in enumerate(rows)]
    (agent,) = shown(*numbered).agents
    assert (agent.prompt, agent.events) == ("the child's task", ())
