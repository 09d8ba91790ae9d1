"""The session that wrote a text, in the store of each agent: by its id, and as the last one of the folder."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from forensics.app.check import Text, Witnesses, check
from forensics.model.claim import ClaimKind, Verdict
from forensics.sources.repository import Repository
from tests.formats.transcript_lines import assistant, call, result, user
from tests.unpack import commit, git

ID = "5e550001-0000-4000-8000-000000000001"
SAYS = "The total is rounded now, and all 42 tests pass."
RAN, SHOWN = "pytest -q", "41 passed, 1 failed in 1.0s"
START = 1_772_600_000_000  # 2026-03-04, in milliseconds


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "Start", {"src/a.py": "one\n"}, authored="08:00")
    return folder


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _messages() -> list[dict[str, Any]]:
    """Return OpenCode's messages with their parts."""
    done: dict[str, Any] = {"status": "completed", "input": {"command": RAN}, "output": SHOWN, "metadata": {"exit": 1}}
    tool = {"type": "tool", "tool": "bash", "callID": "c", "state": {**done, "time": {"start": START, "end": START}}}
    rows: tuple[tuple[str, dict[str, Any]], ...] = (
        ("user", {"type": "text", "text": "Round it"}),
        ("assistant", tool),
        ("assistant", {"type": "text", "text": SAYS}),
    )
    found = []
    for number, (role, part) in enumerate(rows):
        times = {"created": START + number * 1000, "completed": START + number * 1000 + 500}
        info = {"id": f"msg_{number}", "sessionID": f"ses_{ID}", "role": role, "time": times, "finish": "stop"}
        own = {"id": f"prt_{number}", "messageID": f"msg_{number}", "sessionID": f"ses_{ID}"}
        found.append({"info": info, "parts": [{**own, **part}]})
    return found


def _opencode(shop: Path) -> None:
    storage = shop.parent / ".local/share/opencode/storage"
    times = {"created": START, "updated": START + 9000}
    head = {"id": f"ses_{ID}", "directory": str(shop), "version": "1.2", "time": times}
    _write(storage / f"session/p/ses_{ID}.json", json.dumps(head))
    for message in _messages():
        name = message["info"]["id"]
        _write(storage / f"message/ses_{ID}/{name}.json", json.dumps(message["info"]))
        for part in message["parts"]:
            _write(storage / f"part/{name}/{part['id']}.json", json.dumps(part))


def _opencode_database(shop: Path) -> None:
    path = shop.parent / ".local/share/opencode/opencode.db"
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as made:
        made.executescript("""
            CREATE TABLE session (id, parent_id, directory, version, time_created INTEGER, time_updated INTEGER);
            CREATE TABLE message (id, session_id, time_created INTEGER, data);
            CREATE TABLE part (id, message_id, session_id, data);
        """)
        made.execute(
            "INSERT INTO session VALUES (?, NULL, ?, '1.3', ?, ?)", (f"ses_{ID}", str(shop), START, START + 9000)
        )
        for message in _messages():
            info = message["info"]
            made.execute("INSERT INTO message VALUES (?, ?, ?, ?)", (info["id"], f"ses_{ID}", START, json.dumps(info)))
            for part in message["parts"]:
                made.execute(
                    "INSERT INTO part VALUES (?, ?, ?, ?)", (part["id"], info["id"], f"ses_{ID}", json.dumps(part))
                )
        made.commit()


def _gemini(shop: Path) -> None:
    output = {
        "functionResponse": {
            "id": "c",
            "name": "run_shell_command",
            "response": {"output": f"Output: {SHOWN}\nExit Code: 1"},
        }
    }
    ran = {"id": "c", "name": "run_shell_command", "args": {"command": RAN}, "status": "success", "result": [output]}
    rows = [("user", "Round it", []), ("gemini", "I test it.", [ran]), ("gemini", SAYS, [])]
    messages = [
        {
            "id": f"m{second}",
            "timestamp": f"2026-03-04T09:00:0{second}.000Z",
            "type": kind,
            "content": text,
            "toolCalls": calls,
        }
        for second, (kind, text, calls) in enumerate(rows)
    ]
    document = {"sessionId": ID, "projectHash": "ab", "startTime": "2026-03-04T09:00:00Z", "messages": messages}
    place = shop.parent / ".gemini/tmp" / sha256(str(shop).encode()).hexdigest()
    _write(place / "chats/session-2026-03-04T09-00-5e550001.json", json.dumps(document))


def _specstory(shop: Path) -> None:
    tool = (
        '<tool-use data-tool-type="shell" data-tool-name="Bash"><details>\n<summary>Tool use: **Bash**</summary>\n'
        f"Run them\n\n`{RAN}`\n\n```text\nExit code 1\n{SHOWN}\n```\n</details></tool-use>"
    )
    turns = "".join(
        f"_**Agent (some-model-4 2026-03-04 09:00:0{second}Z)**_\n\n{body}\n\n"
        for second, body in ((2, tool), (3, SAYS))
    )
    head = f"<!-- Generated by SpecStory, Markdown v2.1.0 -->\n\n# x\n\n<!-- Claude Code Session {ID} (2026-03-04 09:00:00Z) -->\n\n"
    asked = "_**User (2026-03-04 09:00:01Z)**_\n\nRound it\n\n---\n\n"
    _write(shop / ".specstory/history/2026-03-04_09-00-00Z-round.md", head + asked + turns)


def _claude_lines(shop: Path) -> str:
    own: dict[str, Any] = {"sessionId": ID, "cwd": str(shop)}
    lines = (
        user(1, "Round it", timestamp="2026-03-04T09:00:00.000Z", uuid="u", **own),
        assistant(2, call("c", "Bash", command=RAN), message="m1", timestamp="2026-03-04T09:00:01.000Z", uuid="a", stop="tool_use", **own),
        result(3, "c", SHOWN, timestamp="2026-03-04T09:00:02.000Z", uuid="r", **own),
        assistant(4, {"type": "text", "text": SAYS}, message="m2", timestamp="2026-03-04T09:00:03.000Z", uuid="e", **own),
    )  # fmt: skip
    return b"".join(lines).decode()


def _entire(shop: Path) -> None:
    git(shop, "switch", "-q", "--orphan", "entire/checkpoints/v1")
    place = shop / "ab" / "0123456789" / "0"
    _write(place / "full.jsonl", _claude_lines(shop))
    _write(place / "metadata.json", json.dumps({"session_id": ID, "created_at": "2026-03-04T09:00:04Z"}))
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "Checkpoint")
    git(shop, "switch", "-q", "main")


@pytest.mark.parametrize("keep", [_opencode, _opencode_database, _gemini, _specstory, _entire])
def test_the_session_is_found_by_its_id_and_as_the_last_of_the_folder(shop: Path, keep: Callable[[Path], None]) -> None:
    keep(shop)
    environment = {"HOME": str(shop.parent)}
    name = f"ses_{ID}" if "opencode" in keep.__name__ else ID
    named = check(Text("All 42 tests pass.\n", "body.md"), Witnesses(shop, session=name[:12], environment=environment))
    found = check(Text(f"{SAYS}\n", "body.md"), Witnesses(shop, environment=environment))
    for checked in (named, found):
        assert checked.session == name
        verdicts = {judged.verdict for judged in checked.claims if judged.claim.kind is ClaimKind.TESTS}
        assert verdicts == {Verdict.CONTRADICTED}


def test_a_linked_work_tree_knows_the_sessions_of_the_main_one(shop: Path) -> None:
    """The agent began in the main work tree, and a person checks its text in another one."""
    linked = shop.parent / "topic"
    git(shop, "worktree", "add", "-q", str(linked))
    assert Repository.discover(linked).work_trees() == (linked, shop)
    assert Repository.discover(shop).work_trees() == (shop, linked)
    _gemini(shop)
    checked = check(Text(f"{SAYS}\n", "body.md"), Witnesses(linked, environment={"HOME": str(shop.parent)}))
    assert checked.session == ID
