"""Hand-made lines in the shape of Codex rollouts, for its tests."""

import json

from forensics.formats.transcripts.codex.reader import read
from forensics.model.transcript import Tokens, Transcripts

PARENT = "019f0000-0000-7000-8000-000000000001"
CHILD = "019f0010-0000-7000-8000-000000000002"  # born 2026-06-25T16:44:47.616Z
OLD_TURN = "019f0000-1000-7000-8000-00000000000a"
NEW_TURN = "019f0010-0100-7000-8000-00000000000b"


def at(seconds: float, day: str = "2026-06-25") -> str:
    whole = int(seconds)
    return f"{day}T16:{44 + whole // 60:02d}:{whole % 60:02d}.{round(seconds % 1 * 1000):03d}Z"


def line(when: str, kind: str, /, **payload: object) -> str:
    return json.dumps({"timestamp": when, "type": kind, "payload": payload})


def meta(when: str, thread: str = PARENT, **more: object) -> str:
    git = {"branch": "main", "commit_hash": "0" * 40}
    return line(when, "session_meta", id=thread, timestamp=when, cwd="/w", cli_version="0.147.0", git=git, **more)


def turn(when: str, identity: str | None = None, model: str = "gpt-a") -> str:
    return line(when, "turn_context", turn_id=identity, model=model, cwd="/w")


def event(when: str, kind: str, /, **payload: object) -> str:
    return line(when, "event_msg", type=kind, **payload)


def item(when: str, kind: str, /, **payload: object) -> str:
    return line(when, "response_item", type=kind, **payload)


def call(when: str, identity: str, name: str = "exec_command", **arguments: object) -> str:
    return item(when, "function_call", name=name, arguments=json.dumps(arguments), call_id=identity)


def output(when: str, identity: str, text: object) -> str:
    return item(when, "function_call_output", call_id=identity, output=text)


def counted(when: str, total: tuple[int, int, int], last: tuple[int, int, int] | None = None) -> str:
    def usage(figures: tuple[int, int, int]) -> dict[str, int]:
        read, cached, out = figures
        names = {"input_tokens": read, "cached_input_tokens": cached, "output_tokens": out}
        return names | {"reasoning_output_tokens": out // 2, "total_tokens": read + out}

    info = {"total_token_usage": usage(total), "last_token_usage": last and usage(last)}
    return event(when, "token_count", info=info, rate_limits=None)


def said(when: str) -> str:
    return event(when, "agent_message", message="I look.")


def shown(*lines: str, path: str = "rollout-x.jsonl") -> Transcripts:
    return read([(path, [("\n".join(lines) + "\n").encode()])])


def tokens(transcripts: Transcripts, agent: str = PARENT) -> Tokens:
    return sum((one.tokens for one in transcripts.usage if one.agent == agent), Tokens())


SESSION = (
    meta(at(0)),
    turn(at(1)),
    event(at(1), "user_message", message="Do step 1.2"),
    said(at(3)),
    counted(at(4), (1000, 400, 50), (1000, 400, 50)),
    counted(at(5), (1000, 400, 50), (1000, 400, 50)),
    call(at(6), "c1", cmd="pytest -q", workdir="/w/sub"),
    output(at(8), "c1", "Chunk ID: a1\nWall time: 0.2 seconds\nProcess exited with code 1\nOutput:\n1 failed in 0.1s"),
    turn(at(9), model="gpt-b"),
    counted(at(10), (3000, 1400, 90), (2000, 1000, 40)),
)
