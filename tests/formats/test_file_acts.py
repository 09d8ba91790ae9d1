"""What the tools of each agent show of files, content included."""

import json

from forensics.formats.transcripts.file_acts import read_acts
from forensics.model.file_acts import Act, FileEdited, FilePatched, FileSet, FileShown, FileUnclear, ShellRan
from tests.formats import codex_lines as codex
from tests.formats.transcript_lines import assistant, call, line, result

PLACE = "/srv/shop"
PATCH = "*** Begin Patch\n*** Update File: src/a.py\n@@\n-old\n+new\n*** Add File: b.md\n+one\n*** End Patch\n"


def _acts(*lines: bytes) -> tuple[Act, ...]:
    return read_acts([("s.jsonl", [b"".join(lines)])])


def test_a_read_is_whole_only_if_it_shows_all_lines() -> None:
    def told(lines: int) -> object:
        file = {"filePath": "a", "content": "x\n", "numLines": lines, "startLine": 1, "totalLines": 2}
        return {"type": "text", "file": file}

    found = _acts(
        assistant(1, call("t1", "Read", file_path="src/a.py"), call("t2", "Read", file_path="src/a.py")),
        result(2, "t1", "x", told=told(2)),
        result(3, "t2", "x", told=told(1)),
    )
    shown = [(act.path, act.whole) for act in found if isinstance(act, FileShown)]
    assert shown == [(f"{PLACE}/src/a.py", True), (f"{PLACE}/src/a.py", False)]


def test_an_edit_has_the_strings_as_they_were_found_in_the_file() -> None:
    told = {"oldString": "“a”", "newString": "“b”", "originalFile": "“a”\n"}
    (act,) = _acts(
        assistant(1, call("t1", "Edit", file_path="/srv/shop/a.md", old_string='"a"', new_string='"b"')),
        result(2, "t1", "ok", told=told),
    )
    assert isinstance(act, FileEdited)
    assert (act.replacements[0].old, act.before) == ("“a”", "“a”\n")


def test_failed_calls_did_nothing_and_a_changed_edit_is_unclear() -> None:
    found = _acts(
        assistant(
            1,
            call("t1", "Write", file_path="a", content="x"),
            call("t2", "Edit", file_path="b", old_string="x", new_string="y"),
        ),
        result(2, "t1", "denied", failed=True),
        result(3, "t2", "ok", told={"userModified": True}),
    )
    assert [type(act) for act in found] == [FileUnclear]


def test_what_a_parent_relays_gives_way_to_the_agent_s_own_record() -> None:
    edit = call("t1", "Edit", file_path="a", old_string="x", new_string="y")
    own = (assistant(1, edit), result(2, "t1", "ok", told={"originalFile": "x\n"}))
    relayed = [
        line(
            type="progress", uuid=f"p{number}", sessionId="s", timestamp="2026-02-03T10:00:05Z", cwd=PLACE,
            data={"type": "agent_progress", "agentId": "a1", "message": json.loads(record)},
        )
        for number, record in enumerate((assistant(1, edit), result(2, "t1", "ok")))
    ]  # fmt: skip
    found = _acts(*relayed, *own)
    assert [act.before for act in found if isinstance(act, FileEdited)] == ["x\n"]


def test_codex_patches_and_commands() -> None:
    rows = [
        codex.meta(codex.at(0)),
        codex.item(codex.at(1), "custom_tool_call", name="apply_patch", input=PATCH, call_id="c1"),
        codex.item(codex.at(2), "custom_tool_call_output", call_id="c1", output=json.dumps({"output": "Success. Updated the following files:\nM src/a.py", "metadata": {"exit_code": 0}})),
        codex.call(codex.at(3), "c2", cmd="git commit -m x", workdir="sub"),
        codex.output(codex.at(4), "c2", "Exit code: 0\nOutput:\n[main 1234567] x"),
        codex.item(codex.at(5), "custom_tool_call", name="apply_patch", input=PATCH, call_id="c3"),
        codex.item(codex.at(6), "custom_tool_call_output", call_id="c3", output="Failed to find expected lines"),
    ]  # fmt: skip
    head, patched, added, ran = _acts("\n".join(rows).encode() + b"\n")
    assert isinstance(head, ShellRan)
    assert (head.command, head.output) == ("git rev-parse HEAD", "0" * 40)
    assert isinstance(patched, FilePatched)
    assert (patched.path, patched.hunks[0].old, patched.hunks[0].new) == ("/w/src/a.py", ("old",), ("new",))
    assert isinstance(added, FileSet)
    assert (added.path, added.text) == ("/w/b.md", "one\n")
    assert isinstance(ran, ShellRan)
    assert (ran.cwd, ran.output) == ("/w/sub", "[main 1234567] x")


def test_opencode_s_storage() -> None:
    time = {"start": 1_772_900_000_000, "end": 1_772_900_000_500}
    state = {"status": "completed", "input": {"command": "git status"}, "output": "clean", "time": time}
    message = {"id": "msg_1", "sessionID": "ses_1", "role": "assistant", "path": {"cwd": "/w"}}
    part = {"id": "prt_1", "messageID": "msg_1", "type": "tool", "tool": "bash", "callID": "c1", "state": state}
    (act,) = read_acts(
        [
            ("storage/message/ses_1/msg_1.json", [json.dumps(message).encode()]),
            ("storage/part/msg_1/prt_1.json", [json.dumps(part).encode()]),
        ]
    )
    assert isinstance(act, ShellRan)
    assert (act.command, act.cwd) == ("git status", "/w")


def test_opencode_exports() -> None:
    def tool(name: str, number: int, said: object, output: str = "", **noted: object) -> object:
        time = {"start": 1_772_900_000_000 + number * 1000, "end": 1_772_900_000_500 + number * 1000}
        state = {"status": "completed", "input": said, "output": output, "metadata": noted, "time": time}
        return {"type": "tool", "tool": name, "callID": f"call_{number}", "state": state}

    parts = [
        tool("write", 1, {"filePath": "/w/a.md", "content": "x\n"}),
        tool("edit", 2, {"filePath": "/w/a.md", "oldString": "x", "newString": "y"}, filediff={"after": "y\n"}),
        tool("edit", 3, {"filePath": "/w/a.md", "oldString": "y", "newString": "z"}),
        tool("apply_patch", 4, {"patchText": PATCH}, "Success. Updated the following files:"),
        tool("bash", 5, {"command": "git status"}, "clean", exit=0),
        tool("read", 6, {"filePath": "/w/a.md"}, "<path>/w/a.md</path>\n<content>1: z\n2: \n</content>"),
    ]
    message = {
        "info": {"role": "assistant", "path": {"cwd": "/w"}, "time": {"created": 1_772_900_000_000}},
        "parts": parts,
    }
    export = {"info": {"id": "ses_1", "directory": "/w"}, "messages": [message, {"parts": 1}]}
    found = read_acts([("e.json", [json.dumps(export).encode()])])
    assert [type(act).__name__ for act in found] == [
        "FileSet", "FileSet", "FileEdited", "FilePatched", "FileSet", "ShellRan", "FileShown"
    ]  # fmt: skip
    assert [act.text for act in found if isinstance(act, FileSet)] == ["x\n", "y\n", "one\n"]
