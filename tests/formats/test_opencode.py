"""OpenCode's exports and stored files: each trap of the format once, in records of our own."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from forensics.formats.transcripts.readers import read, read_usage, usage_of
from forensics.model.transcript import (
    AgentRun,
    Command,
    CommitMade,
    FileRead,
    FileWrite,
    Launch,
    TestOutcome,
    TestRun,
    Tokens,
    Transcripts,
)

START = 1_770_000_000_000
REPO = "/srv/shop"


def _message(second: int, role: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    times = {"created": START + second * 1000}
    if role == "assistant" and more.pop("done", True):
        times["completed"] = START + second * 1000 + 500
    info = {"id": f"msg_{second:03}", "sessionID": "ses_a", "role": role, "time": times, **more}
    return {"info": info, "parts": [{"id": f"prt_{second:03}{n}", **part} for n, part in enumerate(parts)]}


def _text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def _tool(name: str, output: str = "", *, status: str = "completed", second: int = 9, **more: Any) -> dict[str, Any]:
    metadata, said = more.pop("metadata", {}), more
    state = {"status": status, "input": said, "output": output, "metadata": metadata}
    return {"type": "tool", "tool": name, "callID": "REDACTED", "state": {**state, "time": _span(second)}}


def _span(second: int) -> dict[str, int]:
    return {"start": START + second * 1000 - 100, "end": START + second * 1000}


def _export(*messages: dict[str, Any], indent: int | None = 2, **info: Any) -> bytes:
    head = {
        "id": "ses_a",
        "directory": REPO,
        "version": "1.2.20",
        "time": {"created": START, "updated": START + 1},
        **info,
    }
    return json.dumps({"info": head, "messages": list(messages)}, indent=indent).encode()


def _read(*contents: bytes) -> Transcripts:
    return read([(f"{n}.jsonl", [content]) for n, content in enumerate(contents)])


def _run(*messages: dict[str, Any], **info: Any) -> AgentRun:
    (run,) = _read(_export(*messages, **info)).agents
    return run


def _moment(second: float) -> datetime:
    return datetime.fromtimestamp(START / 1000 + second, UTC)


def test_a_session_has_its_place_its_prompt_and_its_last_words() -> None:
    run = _run(
        _message(0, "user", _text("Sort the carts"), _text("Continue.", synthetic=True)),
        _message(1, "assistant", _text("I look first."), _tool("read", filePath="/srv/shop/a.py"), finish="tool-calls", modelID="m"),
        _message(2, "assistant", _text("Sorted."), finish="stop", modelID="m"),
        _message(3, "user", _text("And now?")),
        _message(4, "assistant", _text("I was cut"), modelID="m", done=False),
        _message(5, "assistant", _text("Failed."), finish="stop", modelID="m", error={"name": "Aborted"}),
    )  # fmt: skip
    assert (run.id, run.tool, run.cwd, run.model, run.parent) == ("ses_a", "opencode", REPO, "m", None)
    assert (run.start, run.end, run.versions) == (_moment(0), _moment(5.5), ("1.2.20",))
    assert run.prompt == "Sort the carts"
    assert [message.text for message in run.asked] == ["Sort the carts", "And now?"]
    assert [message.text for message in run.said] == ["Sorted."]
    assert [event.path for event in run.of(FileRead)] == ["/srv/shop/a.py"]


def test_an_address_is_the_line_of_the_record() -> None:
    content = _export(_message(0, "user", _text("go")), _message(1, "assistant", _text("Sorted."), finish="stop"))
    (run,) = _read(content).agents
    line = run.said[0].ref.line
    assert line
    assert '"Sorted."' in content.decode().splitlines()[line - 1]


def test_commands_have_exit_codes_folders_and_the_commits_they_made() -> None:
    printed = "[main 1a2b3c4] Sort carts\n 1 file changed"
    run = _run(
        _message(
            0,
            "assistant",
            _tool("bash", "no", command="ls x", workdir="sub", metadata={"exit": 2}),
            _tool("bash", printed, command="git commit -m 'Sort carts'", metadata={"exit": 0}),
            _tool("bash", "== 3 passed in 0.10s ==", command="pytest -q", metadata={"exit": 0}),
            _tool("bash", status="error", command="pnpm install"),
            _tool("bash", status="running", command="pytest"),
        )
    )
    commands = list(run.of(Command))
    assert [(ran.command, ran.cwd, ran.exit_code) for ran in commands] == [
        ("ls x", "/srv/shop/sub", 2),
        ("git commit -m 'Sort carts'", REPO, 0),
        ("pnpm install", REPO, None),
        ("pytest", REPO, None),
    ]
    assert [(made.sha, made.branch, made.cwd) for made in run.of(CommitMade)] == [("1a2b3c4", "main", REPO)]
    assert [(ran.outcome, ran.passed) for ran in run.of(TestRun)] == [(TestOutcome.PASSED, 3)]


def test_files_are_written_if_the_call_succeeded() -> None:
    files = [
        {"filePath": "/srv/shop/new.py"},
        {"filePath": "/srv/shop/b.py", "movePath": "/srv/shop/c.py"},
        {"filePath": "/srv/shop/old.py", "type": "delete"},
    ]
    run = _run(
        _message(
            0,
            "assistant",
            _tool("write", filePath="/srv/shop/a.py"),
            _tool("edit", filePath="/srv/shop/z.py", status="error"),
            _tool("apply_patch", patchText="*** Begin Patch", metadata={"files": files}),
        )
    )
    written = [event.path for event in run.of(FileWrite)]
    assert written == ["/srv/shop/a.py", "/srv/shop/new.py", "/srv/shop/c.py", "/srv/shop/b.py", "/srv/shop/old.py"]
    assert [event.path for event in run.of(FileWrite) if event.deletes] == ["/srv/shop/b.py", "/srv/shop/old.py"]


def test_a_subtask_has_its_answer_and_an_absent_child_is_a_gap() -> None:
    answer = "task_id: ses_b (for resuming)\n\n<task_result>\nNo bugs.\n</task_result>"
    parent = _export(
        _message(0, "user", _text("go")),
        _message(
            1, "assistant", _tool("task", answer, description="Review", prompt="Look", metadata={"sessionId": "ses_b"})
        ),
    )
    child = _export(_message(2, "user", _text("Look")), id="ses_b", parentID="ses_a")
    found = _read(parent, child)
    launcher, launched = found.agents
    (launch,) = launcher.of(Launch)
    assert launch.answer
    assert (launch.agent, launch.description, launch.answer.text, launch.ended) == (
        "ses_b",
        "Review",
        "No bugs.",
        _moment(9),
    )
    assert (launched.parent, launched.prompt, launched.asked) == ("ses_a", "Look", ())
    assert [message.text for message in launched.said] == ["No bugs."]
    assert [gap.what for gap in _read(parent).gaps] == ["the transcript of agent `ses_b` is missing"]


def test_the_list_of_tasks_is_the_last_one() -> None:
    def todos(status: str) -> dict[str, Any]:
        return _tool(
            "todowrite", todos=[{"content": "Sort", "status": status}, {"content": "Test", "status": "pending"}]
        )

    run = _run(_message(0, "assistant", todos("in_progress")), _message(1, "assistant", todos("completed")))
    assert [(todo.text, todo.done) for todo in run.todos] == [("Sort", True), ("Test", False)]


def test_copies_of_a_session_count_once_and_the_fuller_message_wins() -> None:
    tokens = {"total": 150, "input": 100, "output": 30, "reasoning": 5, "cache": {"read": 20, "write": 0}}
    half = _message(1, "assistant", _text("I am"), tokens=tokens, modelID="m", done=False)
    whole = _message(1, "assistant", _text("I am done."), tokens=tokens, cost=0.02, modelID="m", finish="stop")
    for order in ((half, whole), (whole, half)):
        found = _read(*(_export(_message(0, "user", _text("go")), message) for message in order))
        (run,) = found.agents
        assert [message.text for message in run.said] == ["I am done."]
        assert run.paths == ("0.jsonl", "1.jsonl")
        assert [(row.tokens, row.usd, row.lower_bound) for row in found.usage] == [(Tokens(100, 30, 20), 0.02, False)]


def test_reasoning_beside_the_output_is_output_and_a_cost_of_zero_is_not_known() -> None:
    tokens = {"total": 200, "input": 100, "output": 30, "reasoning": 70, "cache": {"read": 0, "write": 0}}
    (row,) = _read(_export(_message(1, "assistant", _text("x"), tokens=tokens, cost=0, modelID="m"))).usage
    assert (row.tokens, row.usd) == (Tokens(100, 100), None)


def test_redacted_ids_join_nothing() -> None:
    redacted = [
        _export(_message(0, "user", _text(words), id="REDACTED"), id="REDACTED", time={"created": START + n})
        for n, words in enumerate(("one", "two"))
    ]
    assert sorted(run.prompt for run in _read(*redacted).agents) == ["one", "two"]


def test_the_storage_is_read_like_an_export() -> None:
    files = {
        "storage/session/p/ses_a.json": {"id": "ses_a", "directory": REPO, "time": {"created": START}},
        "storage/part/msg_001/prt_2.json": {
            "id": "prt_2",
            "messageID": "msg_001",
            "sessionID": "ses_a",
            **_text("Done."),
        },
        "storage/part/msg_001/prt_1.json": {
            "id": "prt_1",
            "messageID": "msg_001",
            **_tool("bash", "ok", command="make", metadata={"exit": 0}),
        },
        "storage/part/msg_000/prt_0.json": {"id": "prt_0", "messageID": "msg_000", **_text("Sort")},
        "storage/message/ses_a/msg_000.json": _message(0, "user")["info"],
        "storage/message/ses_a/msg_001.json": _message(1, "assistant", finish="stop")["info"],
    }
    found = read([(path, [json.dumps(body).encode()]) for path, body in files.items()])
    (run,) = found.agents
    assert (run.prompt, [message.text for message in run.said]) == ("Sort", ["Done."])
    assert [(ran.command, ran.cwd) for ran in run.of(Command)] == [("make", REPO)]
    assert run.asked[0].moment == _moment(0)
    assert not found.gaps


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-40],
        lambda content: content.replace(b'"parts": [', b'"parts": [7, '),
        lambda content: content.replace(b'"role"', b'"rule"'),
        lambda content: content.replace(b'"created": 1770000000000', b'"created": 1e308'),
        lambda content: content.replace(b'"created": 1770000000000', b'"created": -5'),
        lambda content: b"[" * 100_000 + content,
        lambda content: content.replace(b'"text": "go"', b'"text": {"a": [1]}'),
    ],
)
def test_damage_is_a_gap_or_less_and_never_an_error(damage: Callable[[bytes], bytes]) -> None:
    content = _export(_message(0, "user", _text("go")), _message(1, "assistant", _text("Sorted."), finish="stop"))
    damaged = damage(content)
    assert damaged != content
    found = _read(damaged)
    assert found.agents or found.gaps or found.left_out


def test_usage_alone_is_the_same() -> None:
    tokens = {"input": 100, "output": 30, "reasoning": 0, "cache": {"read": 7, "write": 3}}
    content = _export(_message(1, "assistant", _text("x"), tokens=tokens, cost=0.5, modelID="m"))
    totals, aside = read_usage([("a.json", [content])])
    assert aside == ["a.json"]
    assert usage_of(totals, [("a.json", [content])]).usage == _read(content).usage
