"""Rollouts are read piece by piece: what is kept are facts, not bytes, whatever the order of the files."""

import tracemalloc
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.transcripts.codex.outputs import KeptOutput, cut, printed
from forensics.formats.transcripts.codex.reader import read
from forensics.model.transcript import AgentRun, Command, CommitMade, Launch, Tokens, Transcripts
from tests.formats.codex_lines import (
    CHILD,
    NEW_TURN,
    OLD_TURN,
    PARENT,
    SESSION,
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

MEGABYTE = 1_000_000
TURNS = 2_000


def turns(thread: str) -> Iterator[bytes]:
    """Make a session of 35 MB as it is read, a piece for every fifty turns."""
    yield f"{meta(at(0), thread)}\n{event(at(0), 'user_message', message='go')}\n".encode()
    printed = "Process exited with code 0\nOutput:\n" + "a line that a build printed\n" * 280
    rows = (
        said(at(1)),
        call(at(1), "ID", cmd="make", workdir="/w"),
        output(at(2), "ID", printed),
        event(at(2), "exec_command_end", call_id="ID", command=["make"], exit_code=0, aggregated_output=printed),
        counted(at(3), (777_000, 0, 7), (1000, 0, 7)),
    )
    text = "\n".join(rows) + "\n"
    for number in range(0, TURNS, 50):
        some = (text.replace("ID", f"c{one}").replace("777000", str(one * 1000)) for one in range(number, number + 50))
        yield "".join(some).encode()


def measured(files: Sequence[tuple[str, Iterator[bytes]]], *, launches_only: bool) -> tuple[Transcripts, int]:
    tracemalloc.start()
    try:
        return read(files, launches_only=launches_only), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_large_rollouts_are_counted_in_little_memory() -> None:
    found, peak = measured([(f"{one}.jsonl", turns(one)) for one in (PARENT, CHILD)], launches_only=True)
    assert [agent.events for agent in found.agents] == [(), ()]
    assert tokens(found).input == tokens(found, CHILD).input == (TURNS - 1) * 1000
    assert peak < 15 * MEGABYTE


def test_what_one_call_printed_is_not_kept() -> None:
    def lines() -> Iterator[bytes]:
        yield f"{meta(at(0))}\n".encode()
        for number in range(40):
            long = "Process exited with code 0\nOutput:\n" + "x" * MEGABYTE
            yield f"{call(at(1), f'c{number}', cmd='make')}\n{output(at(2), f'c{number}', long)}\n".encode()

    found, peak = measured([("rollout.jsonl", lines())], launches_only=False)
    assert len(found.agents[0].events) == 40
    assert peak < 12 * MEGABYTE


def test_only_launches_are_asked_for() -> None:
    rows = (
        *SESSION,
        item(at(11), "function_call", name="shell", arguments="[REDACTED]", call_id="r"),
        call(at(12), "s", "spawn_agent", task_name="b", message="Do b"),
        output(at(13), "s", '{"agent_id":"thread-b"}'),
        call(at(14), "w", "wait", ids=["thread-b"]),
        output(at(15), "w", '{"status":{"thread-b":{"completed":"' + "long " * 2_000 + '"}}}'),
    )
    files = [("rollout-x.jsonl", ["\n".join(rows).encode()])]
    whole, light = read(files), read(files, launches_only=True)
    (launch,) = light.agents[0].events
    assert isinstance(launch, Launch)
    assert (launch.agent, launch.ended and launch.ended.second) == ("thread-b", 15)
    assert launch in whole.agents[0].events
    assert (light.usage, light.gaps, light.files) == (whole.usage, whole.gaps, whole.files)
    assert [spans(agent) for agent in light.agents] == [spans(agent) for agent in whole.agents]


def spans(agent: AgentRun) -> tuple[object, ...]:
    return agent.start, agent.end, agent.active_seconds, agent.waited_for_person, agent.prompt, agent.model


PARENTS = (meta(at(0)), said(at(1)), counted(at(2), (9000, 5000, 900)), counted(at(60), (9900, 5000, 990)))
FORK = (
    meta(at(47.7), CHILD, forked_from_id=PARENT),
    turn(at(48), OLD_TURN),
    call(at(48), "old", cmd="make old"),
    turn(at(50), NEW_TURN),
    said(at(51)),
    counted(at(52), (9600, 5400, 930)),
)
FILES = tuple(
    (path, ["\n".join(rows).encode()])
    for path, rows in (("p.jsonl", PARENTS), ("c.jsonl", FORK), ("copy.jsonl", FORK[:4]), ("old.jsonl", PARENTS[:3]))
)


@given(st.permutations(FILES))
def test_the_order_of_the_files_changes_nothing(files: list[tuple[str, list[bytes]]]) -> None:
    found = read(files)
    assert found == read(FILES)
    assert tokens(found, CHILD) == Tokens(200, 30, 400)
    assert [agent.id for agent in found.agents] == [PARENT, CHILD]


@pytest.mark.parametrize("launches_only", [True, False])
def test_a_fork_whose_parent_comes_later(launches_only: bool) -> None:
    found = read([FILES[1], FILES[0]], launches_only=launches_only)
    assert tokens(found, CHILD) == Tokens(200, 30, 400)
    assert found.agents[1].parent == PARENT


@given(st.integers(1, len(SESSION[-1]) - 1), st.booleans())
def test_a_cut_last_line_is_a_gap_and_all_before_it_counts(end: int, launches_only: bool) -> None:
    rows = [row.encode() + b"\n" for row in SESSION[:-1]]
    found = read([("rollout-x.jsonl", [*rows, SESSION[-1][:end].encode()])], launches_only=launches_only)
    whole = read([("rollout-x.jsonl", rows)], launches_only=launches_only)
    assert (found.agents, found.usage) == (whole.agents, whole.usage)
    assert [gap.ref and gap.ref.line for gap in found.gaps] == [len(SESSION)]


@given(st.lists(st.text("[]a \n") | st.integers(900, 5000).map(lambda size: "x" * size), max_size=5))
def test_pieces_of_an_output_keep_what_the_whole_keeps(parts: list[str]) -> None:
    assert sum(map(printed, parts), KeptOutput()).text == cut("".join(parts))


def test_a_commit_told_in_two_pieces_of_a_long_output() -> None:
    found = shown(
        meta(at(0)),
        call(at(1), "c1", cmd="git commit -m x"),
        output(at(2), "c1", "Process running with session ID 7\nOutput:\n" + "hook\n" * 2_000 + "[main abc"),
        call(at(3), "c2", "write_stdin", session_id=7),
        output(at(4), "c2", "Process exited with code 0\nOutput:\n1234] feat: 1.2\n" + "hook\n" * 2_000),
    )
    command, commit = found.agents[0].events
    assert isinstance(command, Command)
    assert isinstance(commit, CommitMade)
    assert len(command.output) == 4_000
    assert (commit.sha, commit.subject) == ("abc1234", "feat: 1.2")
