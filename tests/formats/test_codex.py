import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.transcripts.codex.outputs import cut, scripts_in
from forensics.formats.transcripts.codex.reader import read, sniff
from forensics.model.source import Gap, TranscriptRef
from forensics.model.transcript import Command, CommitMade, FileWrite, Launch, Tokens
from tests.formats.codex_lines import (
    CHILD,
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


def test_a_session_with_its_tokens_counted_once() -> None:
    found = shown(*SESSION)
    (agent,) = found.agents
    assert (agent.id, agent.parent, agent.tool, agent.model) == (PARENT, None, "codex", "gpt-a")
    assert (agent.cwd, agent.branch, agent.prompt, agent.versions) == ("/w", "main", "Do step 1.2", ("0.147.0",))
    assert (agent.end - agent.start).total_seconds() == 10
    assert [one.tokens for one in found.usage] == [Tokens(600, 50, 400), Tokens(1000, 40, 1000)]
    assert [one.model for one in found.usage] == ["gpt-a", "gpt-b"]
    assert found.files == ("rollout-x.jsonl",)
    assert not found.gaps


def test_a_command_with_its_result() -> None:
    (command,) = shown(*SESSION).agents[0].events
    assert isinstance(command, Command)
    assert (command.command, command.cwd, command.exit_code) == ("pytest -q", "/w/sub", 1)
    assert command.output == "1 failed in 0.1s"
    assert command.ref == TranscriptRef("rollout-x.jsonl", 7)


@pytest.mark.parametrize(
    ("printed", "code", "text"),
    [
        ('{"output":"ok\\n","metadata":{"exit_code":2,"duration_seconds":0.1}}', 2, "ok\n"),
        ({"content": "Exit code: 3\nWall time: 1 seconds\nOutput:\nno", "success": False}, 3, "no"),
        ([{"type": "input_text", "text": "plain"}], None, "plain"),
        ("a line\nExit code: 9", None, "a line\nExit code: 9"),
        (17, None, ""),
    ],
)
def test_outputs_of_all_shapes(printed: object, code: int | None, text: str) -> None:
    (command,) = shown(meta(at(0)), call(at(1), "c", "shell", command=["bash", "-lc", "x"]), output(at(2), "c", printed)).agents[0].events  # fmt: skip
    assert isinstance(command, Command)
    assert (command.command, command.exit_code, command.output) == ("x", code, text)


def test_a_command_that_goes_on_ends_with_its_last_poll() -> None:
    events = shown(
        meta(at(0)),
        call(at(1), "c1", cmd="make test"),
        output(at(2), "c1", "Wall time: 1 seconds\nProcess running with session ID 7\nOutput:\n.."),
        call(at(3), "c2", "write_stdin", session_id=7, chars=""),
        output(at(4), "c2", "Wall time: 1 seconds\nProcess exited with code 0\nOutput:\n2 passed"),
    )
    (command,) = events.agents[0].events
    assert isinstance(command, Command)
    assert (command.exit_code, command.output, command.moment.second) == (0, "..2 passed", 4)


def test_a_script_that_runs_and_polls_a_command() -> None:
    def script(when: str, identity: str, source: str, printed: str) -> tuple[str, str]:
        header = {"type": "input_text", "text": "Script completed\nWall time 1 seconds\nOutput:\n"}
        parts = [header, {"type": "input_text", "text": printed}]
        return (
            item(when, "custom_tool_call", name="exec", call_id=identity, input=source),
            item(when, "custom_tool_call_output", call_id=identity, output=parts),
        )

    run = 'const r = await tools.exec_command({cmd:"pytest \\"a b\\"", "workdir":"sub"}); text(JSON.stringify(r))'
    poll = 'const r = await tools.write_stdin({session_id:31, chars:""}); text(r.output)'
    found = shown(
        meta(at(0)),
        *script(at(1), "c1", run, '{"chunk_id":"b","session_id":31,"output":""}'),
        *script(at(2), "c2", poll, "... "),
        *script(at(3), "c3", poll, "3 passed"),
    )
    (command,) = found.agents[0].events
    assert isinstance(command, Command)
    assert (command.command, command.cwd, command.output) == ('pytest "a b"', "/w/sub", "... 3 passed")


def test_codex_own_note_is_told_once() -> None:
    note = {"command": ["/bin/zsh", "-lc", "make"], "cwd": "/w", "exit_code": 2, "aggregated_output": "bad"}
    inner = {"type": "CommandExecution", "id": "exec-1", "status": "failed", **note} | {"cwd": "file:///w/in"}
    found = shown(
        meta(at(0)),
        call(at(1), "c1", cmd="make"),
        output(at(2), "c1", "Process exited with code 2\nOutput:\nbad"),
        event(at(3), "exec_command_end", call_id="c1", **note),
        item(at(4), "custom_tool_call", name="exec", call_id="c2", input='tools.exec_command({cmd:"make"})'),
        event(at(5), "item_completed", item=inner),
        item(at(6), "custom_tool_call_output", call_id="c2", output="Script completed\n"),
        event(at(7), "exec_command_end", call_id="mine", source="user_shell", **note),
    )
    commands = [one for one in found.agents[0].events if isinstance(one, Command)]
    assert [(one.command, one.cwd, one.exit_code, one.moment.second) for one in commands] == [
        ("make", "/w", 2, 3),
        ("make", "/w/in", 2, 5),
    ]


PATCH = "*** Begin Patch\n*** Update File: a b.py\n@@\n-x\n+y\n*** Add File: /w/new.py\n+1\n*** End Patch"


def test_patches() -> None:
    found = shown(
        meta(at(0)),
        item(at(1), "custom_tool_call", name="apply_patch", call_id="p1", input=PATCH),
        item(at(2), "custom_tool_call_output", call_id="p1", output="Exit code: 0\nOutput:\nSuccess. Updated"),
        item(at(3), "custom_tool_call", name="apply_patch", call_id="p2", input=PATCH),
        item(at(4), "custom_tool_call_output", call_id="p2", output="Exit code: 1\nOutput:\nno such lines"),
        item(at(5), "custom_tool_call", name="apply_patch", call_id="p3", input=PATCH),
        event(
            at(6),
            "patch_apply_end",
            call_id="p3",
            success=True,
            changes={"/w/c.py": {"type": "add"}, "/w/o.py": {"type": "delete"}},
        ),
        item(at(7), "custom_tool_call_output", call_id="p3", output="Exit code: 0\nOutput:\nSuccess. Updated"),
        event(at(8), "patch_apply_end", call_id="p4", success=False, changes={"/w/d.py": {"type": "add"}}),
    )
    writes = [one for one in found.agents[0].events if isinstance(one, FileWrite)]
    assert [(one.path, one.moment.second) for one in writes] == [
        ("/w/a b.py", 2),
        ("/w/new.py", 2),
        ("/w/c.py", 6),
        ("/w/o.py", 6),
    ]
    assert [one.path for one in writes if one.deletes] == ["/w/o.py"]


def test_commits_are_those_that_git_printed() -> None:
    printed = "[detached HEAD (root-commit) abc1234] feat: 1.2\n 1 file changed\n[step/1-3 0123456] fix: [x] y\n"
    found = shown(
        meta(at(0)),
        call(at(1), "c1", "shell", command=["bash", "-lc", "git add . && git commit -m x"], workdir="/w/t"),
        output(at(2), "c1", json.dumps({"output": printed, "metadata": {"exit_code": 0}})),
        call(at(3), "c2", cmd="cat report.md"),
        output(at(4), "c2", printed),
    )
    commits = [one for one in found.agents[0].events if isinstance(one, CommitMade)]
    assert [(one.sha, one.branch, one.subject, one.cwd) for one in commits] == [
        ("abc1234", None, "feat: 1.2", "/w/t"),
        ("0123456", "step/1-3", "fix: [x] y", "/w/t"),
    ]


def test_launches() -> None:
    answer = [{"type": "input_text", "text": "Message Type: FINAL_ANSWER\nSender: /lead/b\nPayload:\nDone"}]
    found = shown(
        meta(at(0)),
        call(at(1), "s1", "spawn_agent", task_name="a", message="Do a"),
        call(at(1), "s2", "spawn_agent", task_name="b", message="Do b"),
        output(at(2), "s1", "agent thread limit reached"),
        event(at(2), "sub_agent_activity", event_id="s2", agent_thread_id=CHILD, agent_path="/lead/b", kind="started"),
        output(at(2), "s2", '{"task_name":"/lead/b"}'),
        counted(at(3), (10, 0, 1)),
        call(at(4), "s3", "spawn_agent", agent_type="worker", message="Do c"),
        output(at(4), "s3", '{"agent_id":"thread-c","nickname":"N"}'),
        item(at(6), "agent_message", author="/lead/b", recipient="/lead", content=answer),
        call(at(7), "w", "wait", ids=["thread-c"]),
        output(at(9), "w", '{"status":{"thread-c":{"completed":"ok"}},"timed_out":false}'),
    )
    launches = [one for one in found.agents[0].events if isinstance(one, Launch)]
    assert [(one.call, one.agent, one.description, one.prompt) for one in launches] == [
        ("s2", CHILD, "b", "Do b"),
        ("s3", "thread-c", "worker", "Do c"),
    ]
    assert [one.ended and one.ended.second for one in launches] == [6, 9]
    assert launches[0].message != launches[1].message


def test_bad_lines_are_one_gap() -> None:
    found = shown(SESSION[0], "{cut off", '{"type": 3}', *SESSION[1:], "[1]", '"x"')
    assert found.gaps == (Gap("4 lines could not be read, beginning here", TranscriptRef("rollout-x.jsonl", 2)),)
    assert tokens(found) == tokens(shown(*SESSION))


def test_calls_with_redacted_arguments_are_a_gap() -> None:
    redacted = item(at(1), "function_call", name="shell", arguments="[REDACTED]", call_id="c")
    assert shown(meta(at(0)), redacted).gaps == (
        Gap("the arguments of 1 tool call could not be read, beginning here", TranscriptRef("rollout-x.jsonl", 2)),
    )


def test_a_file_without_header_is_a_gap() -> None:
    assert shown(SESSION[1]).gaps == (
        Gap("the file has no header that names its session", TranscriptRef("rollout-x.jsonl")),
    )
    assert not shown().agents


def test_the_files_name_tells_a_fork_that_keeps_its_roots_header() -> None:
    found = shown(*SESSION, path=f"rollout-2026-06-25T16-44-00-{PARENT}_{CHILD}.jsonl")
    assert [(agent.id, agent.parent) for agent in found.agents] == [(CHILD, PARENT)]


def test_copies_of_a_session_are_read_once() -> None:
    whole, part = "\n".join(SESSION).encode(), "\n".join(SESSION[:6]).encode()
    found = read([("a/full.jsonl", [part]), ("b/full.jsonl", [whole])])
    assert tokens(found) == tokens(shown(*SESSION))
    assert len(found.agents) == 1
    assert len(found.agents[0].events) == 1


def test_waits() -> None:
    (agent,) = shown(
        meta(at(0)),
        turn(at(1)),
        event(at(11), "user_message", message="go"),
        event(at(13), "stream_error", message="retry 1/5"),
        said(at(20)),
        item(at(500), "reasoning"),
        event(at(501), "task_started"),
    ).agents
    assert (agent.active_seconds, agent.waited_for_person, agent.waited_for_api) == (3, 11, 7)


def test_sniff() -> None:
    assert sniff(SESSION[0].encode()[:100])
    assert sniff(b'{"payload": {"id": "x"}, "type": "session_meta"}')
    assert not sniff(b'{"type":"user","message":{"content":"{\\"type\\":\\"session_meta\\",\\"payload\\":{}}"}}')
    assert not sniff(b"")


def test_scripts_and_cut() -> None:
    source = "await Promise.all([tools.exec_command({cmd:'a \\'b\\''}), tools.exec_command({\n command: `c\nd`})])"
    assert [command for command, _ in scripts_in(source)] == ["a 'b'", "c\nd"]
    assert list(scripts_in("tools.exec_command({cmd})")) == []
    assert len(cut("x" * 9999)) == 4000
    assert cut("y" * 9999 + "2 passed").endswith("2 passed")


ROWS = [row.encode() + b"\n" for row in SESSION]


@given(st.permutations(ROWS))
def test_order_in_the_file_does_not_change_what_was_used(rows: list[bytes]) -> None:
    found = read([("rollout-x.jsonl", rows)])
    assert tokens(found) == Tokens(1600, 90, 1400)
    assert [type(one) for one in found.agents[0].events] == [Command]


@given(st.lists(st.integers(0, len(ROWS) - 1)))
def test_repeated_lines_count_once(places: Iterable[int]) -> None:
    found = read([("rollout-x.jsonl", [*ROWS, *(ROWS[place] for place in places)])])
    assert tokens(found) == Tokens(1600, 90, 1400)
    assert len(found.agents[0].events) == 1


@given(st.data())
def test_a_cut_file_says_no_more_than_the_whole(data: st.DataObject) -> None:
    whole = b"".join(ROWS)
    found = read([("rollout-x.jsonl", [whole[: data.draw(st.integers(0, len(whole)))]])])
    assert tokens(found).total <= 3090
    assert len(found.gaps) <= 2


@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from(ROWS)), max_size=12), st.integers(0, 255))
def test_no_bytes_make_it_fail(chunks: list[bytes], flipped: int) -> None:
    found = read([("rollout-x.jsonl", [bytes((byte ^ flipped) if at % 97 == 96 else byte for at, byte in enumerate(chunk)) for chunk in chunks])])  # fmt: skip
    assert all(agent.start <= agent.end for agent in found.agents)


def test_hostile_values() -> None:
    deep = (
        '{"timestamp":"x","type":"event_msg","payload":{"type":"token_count","info":' + "[" * 9000 + "]" * 9000 + "}}"
    )
    odd = '{"timestamp":"0001-01-01T00:00:00+23:59","type":"response_item","payload":{"type":"message","content":"\\ud800"}}'
    huge = counted(at(2), (10**30, -5, 10**30))
    found = shown(meta(at(0)), deep, odd, huge, call(at(3), "c", cmd="git " * 20000), output(at(4), "c", "[" * 9000))
    assert len(found.agents) == 1
