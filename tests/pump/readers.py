"""Whole functions under attack: whatever takes one text, and the readers of documents, messages and transcripts."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from forensics.errors import ForensicsError
from forensics.formats.dialects import DIALECTS
from forensics.formats.messages.reader import read_message
from forensics.formats.transcripts.readers import read
from forensics.model.source import Document, Kind, Source, TranscriptRef
from forensics.model.transcript import Message

# What real texts consist of, and what they never do: repeated on one line, and line by line.
PIECES = (
    " ", "a", "7", "`", "*", "(", "[", "|", "-", "#", "/", ".", "\\", "'", '"', "<", ">", "{", "_", "\n", "\t", "=", "~", "$(", "&&", ";",
    "abcdef1 ", "`abcdef1` ", "abcdef1, ", "commit abcdef1 ", "(#12) ", "#12 ", "Closes #12 ", "R1 ", "Task 1: done ", "Cycle 1.1: a ",
    "- [x] T001 a ", "1/1 pass ", "12 tests pass. ", "all tests passed, ", "src/a.py ", "src/a.py, ", "a/", "a.b.", "$(cat <<A\n", "cat <<A\n",
    "git commit -m a; ", "git add a && ", "echo $(", "password=", "eyJa.", "https://a:b@c ", "-----BEGIN A PRIVATE KEY-----", "**Status:** done ",
    "| a | b ", "```\n", "- a\n  ", "> ", "<!-- ", "[a](b) ", "{a => b}", "+ a\n", "@@ -1 +1 @@\n", "not ", "if ", "FAILED a - AssertionError: b ",
    "E   a.bError: c ", "Revert \"", "This reverts commit abcdef1. ", "2026-01-30 ", "1.1-1.9 ", "1,", "Step 1.1 and ", "I created a.py. ",
)  # fmt: skip
# Packages whose functions get foreign text. The language of case blocks is ours.
_PACKAGES = ("formats", "model", "casework", "recovery", "record", "narrative", "render")
# These read no foreign text: names of programs, patterns, rows and pages that are code.
_LEFT_OUT = frozenset({"user_pattern"})


def texts() -> Iterator[tuple[str, Callable[[int], str]]]:
    """Yield the texts by what is repeated, each as a function of its length: on one line, with a head, and one per line."""
    for piece in PIECES:
        yield repr(piece), partial(_repeated, piece, "")
        if not piece.endswith("\n"):
            yield f"{piece!r} per line", partial(_repeated, f"{piece}\n", "")
            yield f"- {piece!r}", partial(_repeated, piece, "- ")


def _repeated(piece: str, head: str, length: int) -> str:
    return head + piece * (length // len(piece)) + "\0"


def functions() -> dict[str, Callable[[str], Any]]:
    """Return every function that takes one text, by its address, and the readers."""
    found: dict[str, Callable[[str], Any]] = {}
    for package in _PACKAGES:
        place = importlib.import_module(f"forensics.{package}")
        for info in pkgutil.walk_packages(place.__path__, f"forensics.{package}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                if inspect.isfunction(value) and value.__module__ == info.name and _takes_a_text(value):
                    found[f"{info.name}.{name}"] = partial(_used_up, value)
    return {**{key: value for key, value in found.items() if key.rsplit(".", 1)[-1] not in _LEFT_OUT}, **READERS}


def _takes_a_text(function: Callable[..., Any]) -> bool:
    parameters = inspect.signature(function).parameters.values()
    needed = [each for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    return len(needed) == 1 and needed[0].annotation in {str, "str"} and needed[0].kind is not needed[0].VAR_POSITIONAL


def _used_up(function: Callable[[str], Any], text: str) -> None:
    """Call a function, and take all that it yields."""
    try:
        result = function(text)
        if inspect.isgenerator(result):
            for _ in result:
                pass
    except (ValueError, KeyError, IndexError, ForensicsError):
        pass  # what it does not take; time is what counts here


def _document(text: str, path: str, kind: Kind) -> Document:
    return Document(Source("S1", kind, path, "", len(text)), text)


def _message(text: str) -> object:
    return read_message(Message(_NOW, TranscriptRef("s.jsonl", 1), text), "s")


def _claude(text: str, **fields: Any) -> object:
    use = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": fields.get("command", "pytest -q")}}
    records = (
        {"type": "user", "message": {"role": "user", "content": fields.get("asked", "do it")}},
        {"type": "assistant", "message": {"id": "m", "role": "assistant", "content": [use, {"type": "text", "text": text}]}},
        {"type": "user", "message": {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": text}]}},
    )  # fmt: skip
    head = {"sessionId": "s", "cwd": "/w", "timestamp": "2026-01-30T04:00:00Z"}
    lines = "".join(json.dumps({**head, "uuid": f"u{place}", **record}) + "\n" for place, record in enumerate(records))
    return read([("s.jsonl", [lines.encode()])])


def _codex(text: str, command: str = "pytest -q") -> object:
    rows = (
        ("session_meta", {"id": "s", "cwd": "/w"}),
        ("response_item", {"type": "function_call", "name": "exec_command", "call_id": "c", "arguments": json.dumps({"cmd": command})}),
        ("response_item", {"type": "function_call_output", "call_id": "c", "output": text}),
        ("response_item", {"type": "custom_tool_call", "name": "apply_patch", "call_id": "d", "input": text}),
        ("event_msg", {"type": "agent_message", "message": text}),
    )  # fmt: skip
    lines = "".join(
        json.dumps({"timestamp": "2026-01-30T04:00:00Z", "type": kind, "payload": payload}) + "\n"
        for kind, payload in rows
    )
    return read([("r.jsonl", [lines.encode()])])


def _specstory(text: str) -> object:
    head = "<!-- Claude Code Session s (2026-01-30 04:00:00Z) -->\n\n_**User (2026-01-30 04:00:00Z)**_\n\n"
    return read([(".specstory/history/2026-01-30_04-00-00Z-a.md", [f"{head}{text}\n".encode()])])


_NOW = datetime(2026, 1, 30, tzinfo=UTC)

READERS: dict[str, Callable[[str], Any]] = {
    "message": _message,
    "claude, output and text": _claude,
    "claude, command": lambda text: _claude("a", command=text),
    "claude, asked": lambda text: _claude("a", asked=text),
    "claude, git": lambda text: _claude(text, command="git commit -m a && git log"),
    "codex, output and patch": _codex,
    "codex, command": lambda text: _codex("a", command=text),
    "specstory": _specstory,
}
for dialect in DIALECTS:
    for path in (
        ".planning/phases/01-a/01-01-SUMMARY.md", ".planning/phases/01-a/01-01-PLAN.md", "sdd/x/progress.md", "conductor/tracks/x/plan.md",
        "specs/001-a/tasks.md", "plans/x/reports/step-1-1-execution.md", "plans/x/runbook.md",
    ):  # fmt: skip
        if dialect.sniff(path):
            report = partial(
                lambda read_one, path, text: read_one(_document(text, path, Kind.REPORT)), dialect.read_report, path
            )
            plan = partial(
                lambda read_all, path, kind, text: read_all("x", path.rpartition("/")[0], [_document(text, path, kind)]),
                dialect.read_plan, path, dialect.kind_of(path),
            )  # fmt: skip
            READERS |= {f"{dialect.name} report {path}": report, f"{dialect.name} plan {path}": plan}
