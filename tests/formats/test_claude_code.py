"""Claude Code transcripts: each trap of the format once, in lines of our own."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.formats.transcripts.claude.reader import read
from forensics.formats.transcripts.claude.usage_totals import read_usage
from forensics.model.transcript import (
    AgentRun,
    Command,
    CommitMade,
    Event,
    FileRead,
    FileWrite,
    Launch,
    TestOutcome,
    TestRun,
    Tokens,
    Transcripts,
)
from tests.formats.transcript_lines import SESSION, assistant, at, call, line, result, user


def _read(*lines: bytes, path: str = "s.jsonl") -> Transcripts:
    return read([(path, [b"".join(lines)])])


def _run(*lines: bytes) -> AgentRun:
    (run,) = _read(*lines).agents
    return run


def _events(*lines: bytes) -> tuple[Event, ...]:
    return _run(*lines).events


def _moment(second: float) -> datetime:
    return datetime.fromisoformat(at(second)).astimezone(UTC)


# -- usage


def test_a_message_of_several_lines_counts_once_with_its_largest_output() -> None:
    told = _read(assistant(1, output=2, stop=None), assistant(3, output=50), assistant(2, output=7, stop=None))
    (row,) = told.usage
    assert row.tokens == Tokens(3, 50, 1000, 60, 40)
    assert row.moment == _moment(1)
    assert not row.lower_bound


def test_a_message_without_a_stop_reason_is_a_lower_bound() -> None:
    (row,) = _read(assistant(1, stop=None)).usage
    assert row.lower_bound


def test_copies_in_another_file_count_once() -> None:
    first = user(0, "go") + assistant(1)
    copy = first.replace(SESSION.encode(), b"22222222-0000-4000-8000-000000000002")
    told = read([("a.jsonl", [first]), ("b.jsonl", [copy + assistant(9, message="msg_2", requestId="req_2")])])
    assert len(told.usage) == 2
    assert {row.agent for row in told.usage} == {SESSION}


def test_another_request_under_the_same_message_id_is_another_message() -> None:
    assert len(_read(assistant(1), assistant(2, requestId=None), assistant(3, requestId="req_2")).usage) == 3


def test_redacted_ids_join_nothing() -> None:
    told = _read(*(assistant(second, message="REDACTED", requestId="REDACTED") for second in (1, 2, 3)))
    assert len(told.usage) == 3


@pytest.mark.parametrize("parent_first", [True, False])
def test_the_parents_copy_of_a_message_wins(parent_first: bool) -> None:
    files = [
        ("s.jsonl", [user(0, "go") + assistant(1)]),
        ("agent-a1.jsonl", [assistant(1, uuid="a-other", isSidechain=True, agentId="a1")]),
    ]
    (row,) = read(files if parent_first else files[::-1]).usage
    assert row.agent == SESSION


def test_synthetic_messages_cost_nothing_and_count_as_waiting_for_the_api() -> None:
    told = _read(
        user(0, "go"), assistant(1), assistant(401, model="<synthetic>", message="x"), assistant(406, message="msg_2")
    )
    assert [row.model for row in told.usage] == ["claude-opus-4-6"] * 2
    assert told.agents[0].waited_for_api == 405.0
    assert told.agents[0].active_seconds == 1.0


def test_cache_writes_without_a_split_are_five_minute_ones() -> None:
    spent = {"input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 9, "cache_read_input_tokens": None}
    (row,) = _read(assistant(1, usage=spent)).usage
    assert row.tokens == Tokens(1, 2, 0, 9, 0)


def test_an_advisor_is_a_row_of_its_own_and_the_passes_explain_the_cache() -> None:
    split = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 4}
    later = {"ephemeral_5m_input_tokens": 6, "ephemeral_1h_input_tokens": 0}
    spent = {
        "input_tokens": 4,
        "output_tokens": 9,
        "cache_read_input_tokens": 70,
        "cache_creation_input_tokens": 10,
        "cache_creation": split,
        "iterations": [
            {"type": "message", "cache_creation_input_tokens": 4, "cache_creation": split},
            {"type": "advisor_message", "model": "claude-other", "input_tokens": 500, "output_tokens": 20},
            {"type": "message", "cache_creation_input_tokens": 6, "cache_creation": later},
        ],
    }
    own, advisor = _read(assistant(1, usage=spent), assistant(2, usage=spent)).usage
    assert own.tokens == Tokens(4, 9, 70, 6, 4)
    assert (advisor.model, advisor.tokens) == ("claude-other", Tokens(500, 20))


# -- lines


def test_glued_records_are_both_read_and_lines_keep_their_numbers() -> None:
    glued = assistant(1).rstrip() + assistant(2, call("t1", "Bash", command="ls"), message="msg_2")
    told = _read(b"\n", glued, result(3, "t1", "x", failed=False))
    assert len(told.usage) == 2
    (event,) = told.agents[0].events
    assert str(event.ref) == "s.jsonl:3"


def test_bad_lines_are_one_gap_with_their_count_and_first_line() -> None:
    told = _read(user(0, "go"), b'{"type": "assis\n', b"\x00\x01\n", assistant(1), b"[]\n")
    (gap,) = told.gaps
    assert gap.what == "3 lines of `s.jsonl` could not be read"
    assert str(gap.ref) == "s.jsonl:2"
    assert len(told.usage) == 1


@pytest.mark.parametrize("output", [-1, 10**30])
def test_an_impossible_count_is_a_bad_line(output: int) -> None:
    told = _read(assistant(1), assistant(2, message="m2", output=output))
    assert (len(told.usage), len(told.gaps)) == (1, 1)


def test_unknown_types_are_no_loss() -> None:
    odd = line(type="mode", message="text", uuid=7) + line(type="summary", summary="x", timestamp=3)
    assert _read(odd, assistant(1)).gaps == ()


@pytest.mark.parametrize("depth", [500, 100_000])
def test_deep_nesting_ends_as_a_gap(depth: int) -> None:
    deep = b'{"type": "user", "x": ' + b"[" * depth + b"]" * depth + b"}\n"
    told = _read(assistant(1), deep)
    assert len(told.usage) == 1
    assert len(told.gaps) == (1 if depth > 1_000 else 0)


def test_half_a_surrogate_pair_and_stray_bytes_do_not_lose_the_line() -> None:
    told = _read(
        user(0, "go").replace(b'"go"', rb'"cut \ud83d"'), user(1, "x").replace(b'"x"', b'"\xff"'), assistant(2)
    )
    assert told.gaps == ()
    assert told.agents[0].prompt == "cut \N{REPLACEMENT CHARACTER}"


def test_chunks_keep_line_numbers() -> None:
    lines = [user(0, "go"), assistant(1, call("t1", "Bash", command="ls")), b"broken\n", result(2, "t1", "x")]
    told = read([("s.jsonl", lines)])
    assert [str(event.ref) for event in told.agents[0].events] == ["s.jsonl:4"]
    assert str(told.gaps[0].ref) == "s.jsonl:3"


def test_files_of_something_else_are_left_out() -> None:
    told = read([("notes.jsonl", [b'{"id": 1}\n']), ("s.jsonl", [assistant(1)])])
    assert (told.files, told.left_out) == (("s.jsonl",), ("notes.jsonl",))


def test_redacted_times_are_a_gap_and_the_tokens_still_count() -> None:
    told = _read(assistant(1, timestamp="[REDACTED]"), assistant(2, message="msg_2"))
    assert len(told.usage) == 2
    assert told.gaps[0].what == "1 record of `s.jsonl` without a readable time"


# -- runs


def test_a_run_knows_where_when_and_what_it_was_asked() -> None:
    run = _run(
        line(type="file-history-snapshot", messageId="x"),
        user(0, "caveat", isMeta=True),
        user(5, [{"type": "text", "text": "Execute step 1.3"}], version="2.1.51"),
        assistant(9),
    )
    assert (run.id, run.parent, run.tool, run.path) == (SESSION, None, "claude-code", "s.jsonl")
    assert (run.model, run.cwd, run.branch) == ("claude-opus-4-6", "/srv/shop", "main")
    assert (run.start, run.end) == (_moment(0), _moment(9))
    assert run.prompt == "Execute step 1.3"
    assert run.versions == ("2.1.50", "2.1.51")


def test_pauses_are_activity_a_person_or_nobodys() -> None:
    run = _run(
        user(0, "go"), assistant(300), user(1000, "next"), assistant(1001, message="b"), assistant(2000, message="c")
    )
    assert (run.active_seconds, run.waited_for_person) == (301.0, 700.0)


def test_times_that_run_backwards_are_put_in_order() -> None:
    run = _run(user(50, "go"), assistant(10), assistant(20, message="b"))
    assert (run.start, run.end, run.active_seconds) == (_moment(10), _moment(50), 40.0)


def test_an_old_sidechain_without_an_agent_id_is_an_agent() -> None:
    task = assistant(1, call("t1", "Task", description="d", prompt="do it"))
    side = user(2, "do it", isSidechain=True, parentUuid=None) + assistant(
        3, isSidechain=True, parentUuid="u-2", message="msg_2"
    )
    told = _read(user(0, "go"), task, side, result(4, "t1", [{"type": "text", "text": "done"}]))
    main, agent = told.agents
    assert (agent.parent, agent.prompt) == (SESSION, "do it")
    (launch,) = main.events
    assert isinstance(launch, Launch)
    assert (launch.agent, launch.ended) == (agent.id, _moment(4))


# -- events


def _bash(command: str, output: str, *, failed: bool = False, told: Any = None) -> tuple[Event, ...]:
    return _events(assistant(1, call("t1", "Bash", command=command)), result(5, "t1", output, failed=failed, told=told))


def test_a_command_has_its_exit_code_and_its_place() -> None:
    (command,) = _bash("cd ../scratch && ls", "a")
    assert isinstance(command, Command)
    assert (command.exit_code, command.cwd, command.moment) == (0, "/srv/scratch", _moment(5))
    (failed,) = _bash("git -C sub status", "Exit code 128\nfatal", failed=True, told="Error: Exit code 128\nfatal")
    assert isinstance(failed, Command)
    assert (failed.exit_code, failed.cwd) == (128, "/srv/shop/sub")
    (refused,) = _bash("rm x", "The user doesn't want to proceed", failed=True)
    assert isinstance(refused, Command)
    assert refused.exit_code is None


def test_a_command_without_a_result_is_kept_and_output_is_cut() -> None:
    (command,) = _events(assistant(1, call("t1", "Bash", command="sleep 1")))
    assert isinstance(command, Command)
    assert command.exit_code is None
    (long,) = _bash("cat big", "x" * 9_000 + "END")
    assert isinstance(long, Command)
    assert len(long.output) <= 4_000
    assert long.output.endswith("END")


def test_files_are_written_when_the_result_says_so() -> None:
    events = _events(
        assistant(1, call("t1", "Edit", file_path="/w/a.py"), call("t2", "Read", file_path="/w/b.py")),
        assistant(
            1.5, call("t3", "Write", file_path="/w/c.py"), call("t4", "NotebookEdit", notebook_path="/w/d.ipynb")
        ),
        result(4, "t1", "ok"),
        result(5, "t2", "text"),
        result(6, "t3", "<tool_use_error>not read yet</tool_use_error>", failed=True),
        result(7, "t4", "ok"),
    )
    assert [(type(one), one.moment) for one in events] == [
        (FileWrite, _moment(4)),
        (FileRead, _moment(5)),
        (FileWrite, _moment(7)),
    ]


def test_a_result_before_its_call_is_joined() -> None:
    (event,) = _events(result(5, "t1", "ok"), assistant(1, call("t1", "Edit", file_path="/w/a.py")))
    assert isinstance(event, FileWrite)


@pytest.mark.parametrize(
    ("output", "sha", "branch"),
    [
        ("[main 1a2b3c4] Add tax\n 1 file changed", "1a2b3c4", "main"),
        ("[main (root-commit) 1a2b3c4] Add tax", "1a2b3c4", "main"),
        ("hook says fine\n[detached HEAD 1a2b3c4] Add tax", "1a2b3c4", None),
    ],
)
def test_a_printed_commit(output: str, sha: str, branch: str | None) -> None:
    _, made = _bash("git add -A && git commit -m 'Add tax'", output)
    assert isinstance(made, CommitMade)
    assert (made.sha, made.branch, made.subject, made.cwd) == (sha, branch, "Add tax", "/srv/shop")


def test_a_commit_that_the_log_names_and_output_that_only_looks_like_one() -> None:
    told = {"stdout": "", "gitOperation": {"commit": {"sha": "1a2b3c4", "branch": "main", "kind": "committed"}}}
    _, made = _bash("git commit -qm x", "", told=told)
    assert isinstance(made, CommitMade)
    assert (made.sha, made.branch, made.subject) == ("1a2b3c4", "main", "")
    assert len(_bash("cat notes.txt", "[main 1a2b3c4] Add tax")) == 1


def test_a_test_run_stands_in_place_of_its_command() -> None:
    (run,) = _bash("uv run pytest -q", "F.\nE   AttributeError: x\n1 failed, 1 passed in 0.02s", failed=True)
    assert isinstance(run, TestRun)
    assert (run.outcome, run.passed, run.failed, run.exceptions) == (TestOutcome.EXCEPTION, 1, 1, ("AttributeError",))


def test_launches_of_one_message_and_their_ends() -> None:
    run = _run(
        user(0, "go"),
        assistant(1, call("t1", "Task", description="1.1", prompt="p1"), stop=None),
        assistant(7, call("t2", "Agent", description="1.2", prompt="p2", run_in_background=True)),
        result(8, "t2", "launched", told={"status": "async_launched", "agentId": "a2"}),
        result(20, "t1", [{"type": "text", "text": "agentId: a1 (for resuming)"}]),
        line(
            type="queue-operation",
            operation="enqueue",
            timestamp=at(60),
            sessionId=SESSION,
            content="<task-notification>\n<task-id>a2</task-id>\n<status>completed</status>",
        ),
        user(90, "<task-notification>\n<task-id>a2</task-id>"),
    )
    first, second = run.events
    assert isinstance(first, Launch)
    assert isinstance(second, Launch)
    assert first.message == second.message == "msg_1"
    assert (first.agent, first.background, first.ended) == ("a1", False, _moment(20))
    assert (second.agent, second.background, second.ended) == ("a2", True, _moment(60))


def test_a_launched_agent_has_its_launcher_as_parent_and_a_missing_one_is_a_gap() -> None:
    told = read(
        [
            (
                "s.jsonl",
                [
                    user(0, "go")
                    + assistant(1, call("t1", "Agent", prompt="p"))
                    + result(9, "t1", "x", told={"agentId": "a1"})
                ],
            ),
            (
                "s/subagents/agent-a1.jsonl",
                [
                    user(2, "p", agentId="a1", isSidechain=True, uuid="x1")
                    + assistant(3, call("t9", "Agent", prompt="q"), agentId="a1", isSidechain=True, message="m2")
                    + result(4, "t9", "x", told={"agentId": "a9"}, agentId="a1", isSidechain=True, uuid="x2")
                ],
            ),
        ]
    )
    assert [(run.id, run.parent) for run in told.agents] == [(SESSION, None), ("a1", SESSION)]
    assert [gap.what for gap in told.gaps] == ["the transcript of agent `a9` is missing"]


def _progress(second: float, inner: bytes, agent: str = "a1") -> bytes:
    data = {"type": "agent_progress", "agentId": agent, "message": json.loads(inner), "prompt": "p"}
    return line(
        type="progress", data=data, parentToolUseID="t1", sessionId=SESSION, cwd="/srv/shop", uuid=f"p{second}", timestamp=at(second)
    )  # fmt: skip


def test_progress_records_stand_in_for_an_absent_file_only() -> None:
    inner = assistant(2, call("t5", "Bash", command="ls"), message="msg_7", requestId="req_7")
    parent = user(0, "go") + assistant(1) + _progress(2, inner)
    told = read([("s.jsonl", [parent])])
    assert {row.agent for row in told.usage} == {SESSION, "a1"}
    assert any("all but its last message" in gap.what for gap in told.gaps)

    own = assistant(2, agentId="a1", isSidechain=True, message="msg_8", requestId="req_8", uuid="own")
    both = read([("s.jsonl", [parent]), ("agent-a1.jsonl", [own])])
    assert len(both.usage) == 2
    assert both.gaps == ()


# -- hostile


_LINES = (
    user(0, "go"),
    assistant(1, call("t1", "Bash", command="pytest"), call("t2", "Task", prompt="p")),
    result(2, "t1", "1 passed in 0.1s"),
    result(3, "t2", "agentId: a1", told={"agentId": "a1"}),
    _progress(4, assistant(4, message="m4")),
    assistant(5, message="m5", agentId="a1", isSidechain=True),
    line(type="queue-operation", content="<task-notification><task-id>a1</task-id>", timestamp=at(6)),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(_LINES),
            st.integers(0, 400) | st.none(),
            st.sampled_from([b"2026", b"msg_1", b"t1", b"assistant", b"claude", b"{", b'"']) | st.none(),
        ),
        max_size=12,
    )
)
def test_truncated_reordered_duplicated_and_redacted_lines_are_read_or_counted(
    pieces: list[tuple[bytes, int | None, bytes | None]],
) -> None:
    lines = []
    for text, end, redacted in pieces:
        changed = text.replace(redacted, b"REDACTED") if redacted else text
        lines.append(changed if end is None else changed[:end] + b"\n")
    files = [("s.jsonl", lines), ("t.jsonl", [b"".join(lines)])]
    told, light = read(files), read_usage(files).transcripts()
    assert all(run.start <= run.end for run in told.agents)
    assert {row.agent for row in told.usage} <= {run.id for run in told.agents}
    assert light.usage == told.usage
    assert {gap.what for gap in light.gaps} >= {gap.what for gap in told.gaps}
    one, other = read_usage(files[:1]), read_usage(files[1:])
    one.absorb(other)
    assert one.transcripts() == light


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_odd_values_in_known_fields_never_raise(data: st.DataObject) -> None:
    record = json.loads(data.draw(st.sampled_from(_LINES)))
    place = record
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [one for one in place.values() if isinstance(one, dict) and one]
        if not inner:
            break
        place = data.draw(st.sampled_from(inner))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(_JSON)
    read([("s.jsonl", [json.dumps(record).encode()])])
