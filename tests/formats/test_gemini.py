"""Gemini CLI's sessions, as a document and as lines: each trap of the format once, in records of our own."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from forensics.formats.transcripts.readers import read
from forensics.model.transcript import (
    AgentRun,
    Command,
    CommitMade,
    FileRead,
    FileWrite,
    TestOutcome,
    TestRun,
    Tokens,
    Transcripts,
)

HEAD = {"sessionId": "s1", "projectHash": "ab" * 32, "startTime": "2026-01-02T03:04:00Z"}


def _message(second: int, kind: str, text: Any = "", *calls: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"toolCalls": list(calls)} if calls else {}
    stamp = f"2026-01-02T03:04:{second:02}.000Z"
    return {"id": f"m{second}", "timestamp": stamp, "type": kind, "content": text, **shown, **more}


def _call(name: str, output: str | None = None, status: str = "success", **arguments: str) -> dict[str, Any]:
    response = {} if output is None else {"output": output}
    result = [{"functionResponse": {"id": "c", "name": name, "response": response}}]
    return {"id": "c", "name": name, "args": arguments, "status": status, "result": result}


def _document(*messages: dict[str, Any]) -> bytes:
    return json.dumps({**HEAD, "lastUpdated": "x", "messages": messages}, indent=2).encode()


def _lines(*messages: dict[str, Any]) -> bytes:
    rows = [{**HEAD, "kind": "main"}, *messages, {"$set": {"lastUpdated": "2026-01-02T03:05:00Z"}}]
    return b"\n".join(json.dumps(row).encode() for row in rows) + b"\n"


def _read(content: bytes) -> Transcripts:
    return read([("session-1.json", [content])])


def _run(*messages: dict[str, Any]) -> AgentRun:
    (run,) = _read(_document(*messages)).agents
    return run


SESSION = (
    _message(0, "user", [{"text": "Sort the carts"}]),
    _message(1, "gemini", "I look first.", _call("read_file", "x", file_path="/srv/shop/a.py"), model="g"),
    _message(
        2, "gemini", "Sorted.", model="g", tokens={"input": 100, "output": 5, "cached": 60, "thoughts": 7, "tool": 1}
    ),
    _message(40, "user", "Thanks"),
    _message(41, "gemini", "I am going"),
    _message(42, "info", "Request cancelled."),
)


@pytest.mark.parametrize("written", [_document, _lines])
def test_a_session_of_either_shape(written: Any) -> None:
    found = _read(written(*SESSION))
    (run,) = found.agents
    assert (run.id, run.tool, run.model, run.prompt) == ("s1", "gemini", "g", "Sort the carts")
    assert [message.text for message in run.asked] == ["Sort the carts", "Thanks"]
    assert [(message.text, message.moment) for message in run.said] == [
        ("Sorted.", datetime(2026, 1, 2, 3, 4, 2, tzinfo=UTC))
    ]
    assert [event.path for event in run.of(FileRead)] == ["/srv/shop/a.py"]
    assert [row.tokens for row in found.usage] == [Tokens(41, 12, 60)]
    assert not found.gaps


def test_an_address_is_the_line_of_the_message() -> None:
    content = _document(*SESSION)
    (run,) = _read(content).agents
    line = run.said[0].ref.line or 0
    assert '"m2"' in "".join(content.decode().splitlines()[line - 1 : line + 2])
    (lines,) = _read(_lines(*SESSION)).agents
    assert lines.said[0].ref.line == 4


def test_the_last_version_of_a_message_counts() -> None:
    half = _message(1, "gemini", "", _call("run_shell_command", status="executing", command="make"))
    whole = _message(1, "gemini", "", _call("run_shell_command", "Output: ok\nExit Code: 0", command="make"))
    (run,) = _read(_lines(_message(0, "user", "go"), half, whole)).agents
    assert [(ran.command, ran.exit_code, ran.output) for ran in run.of(Command)] == [("make", 0, "ok")]


def test_commands_tests_and_commits() -> None:
    labelled = "Command: x\nDirectory: (root)\nOutput: {}\nError: (none)\nExit Code: {}\nSignal: (none)"
    printed = "[main 1a2b3c4] Sort\n 1 file changed"
    run = _run(
        _message(0, "user", "go"),
        _message(1, "gemini", "", _call("run_shell_command", labelled.format("no", 2), command="ls x", dir_path="sub")),
        _message(2, "gemini", "", _call("run_shell_command", f"Output: {printed}", command="git commit -m Sort")),
        _message(
            3, "gemini", "", _call("run_shell_command", labelled.format("3 passed in 1s", 0), command="pytest -q")
        ),
        _message(4, "gemini", "", _call("run_shell_command", status="cancelled", command="pytest")),
    )
    commands = [(ran.command, ran.cwd, ran.exit_code, ran.output) for ran in run.of(Command)]
    assert commands == [
        ("ls x", "sub", 2, "no"),
        ("git commit -m Sort", "", None, printed),
        ("pytest", "", None, ""),
    ]
    assert [made.sha for made in run.of(CommitMade)] == ["1a2b3c4"]
    assert [(ran.outcome, ran.passed) for ran in run.of(TestRun)] == [(TestOutcome.PASSED, 3)]


def test_files_are_written_if_the_call_succeeded() -> None:
    run = _run(
        _message(0, "user", "go"),
        _message(
            1,
            "gemini",
            "",
            _call("write_file", "ok", file_path="/srv/a.py"),
            _call("replace", "no", status="error", file_path="/srv/b.py"),
        ),
    )
    assert [event.path for event in run.of(FileWrite)] == ["/srv/a.py"]


def test_damage_is_a_gap_and_never_an_error() -> None:
    cut = _document(*SESSION)[:-60]
    assert [gap.what for gap in _read(cut).gaps] == ["`session-1.json` is not a whole session and was not read"]
    lines = _lines(*SESSION) + b'{"id": "m9", "type"'
    found = _read(lines)
    assert [gap.what for gap in found.gaps] == ["1 record of `session-1.json` could not be read"]
    assert len(found.agents) == 1
