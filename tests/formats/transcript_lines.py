"""Hand-made transcript lines in the shape of Claude Code's, of several versions."""

import json
from typing import Any

SESSION = "11111111-0000-4000-8000-000000000001"
_COMMON: dict[str, Any] = {
    "isSidechain": False,
    "userType": "external",
    "cwd": "/srv/shop",
    "sessionId": SESSION,
    "version": "2.1.50",
    "gitBranch": "main",
}


def at(seconds: float) -> str:
    """Return a time on a day of 2026, as the log writes it."""
    minutes, rest = divmod(seconds, 60)
    return f"2026-02-03T{10 + int(minutes) // 60:02d}:{int(minutes) % 60:02d}:{rest:06.3f}Z"


def line(**fields: Any) -> bytes:
    """Return one line."""
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def user(second: float, content: Any, **more: Any) -> bytes:
    """Return a user's line."""
    fields = {**_COMMON, "uuid": f"u-{second}", "timestamp": at(second), **more}
    return line(type="user", message={"role": "user", "content": content}, **fields)


def assistant(second: float, *blocks: dict[str, Any], message: str = "msg_1", output: int = 10, **more: Any) -> bytes:
    """Return one line of an assistant's message; `usage`, `model`, `stop` and `requestId` may be given."""
    usage = more.pop("usage", None) or {
        "input_tokens": 3,
        "cache_creation_input_tokens": 100,
        "cache_read_input_tokens": 1000,
        "cache_creation": {"ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 40},
        "output_tokens": output,
    }
    body = {
        "id": message,
        "type": "message",
        "role": "assistant",
        "model": more.pop("model", "claude-opus-4-6"),
        "content": list(blocks),
        "stop_reason": more.pop("stop", "end_turn"),
        "usage": usage,
    }
    fields = {**_COMMON, "uuid": f"a-{second}", "timestamp": at(second), "requestId": "req_1", **more}
    return line(type="assistant", message=body, **fields)


def call(identity: str, name: str, **said: Any) -> dict[str, Any]:
    """Return a tool_use block."""
    return {"type": "tool_use", "id": identity, "name": name, "input": said}


def result(second: float, identity: str, content: Any, *, failed: bool = False, told: Any = None, **more: Any) -> bytes:
    """Return the user's line that holds a tool's result."""
    block = {"type": "tool_result", "tool_use_id": identity, "content": content, "is_error": failed}
    return user(second, [block], **({} if told is None else {"toolUseResult": told}), **more)
