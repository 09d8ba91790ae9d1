"""The lines of a Codex rollout as they are written, typed; `rollout_facts.py` decides what is kept."""

import contextlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Raw, Struct

from forensics.formats.transcripts.claude.records import mended
from forensics.formats.transcripts.codex.counts import Counted

NOTHING = Raw(b"null")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# Possibly half a surrogate pair, which msgspec refuses; inside payloads it would be noticed too late.
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
# The first 48 bits of a UUID version 7 are milliseconds since 1970.
_UUID7 = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class Git(Struct):
    """The checkout a session began in."""

    branch: str | None = None
    commit_hash: str | None = None


class SpawnedBy(Struct):
    """Who launched a sub-agent."""

    parent_thread_id: str | None = None


class SubAgent(Struct):
    """The kind of sub-agent a session is."""

    thread_spawn: SpawnedBy | None = None
    parent_thread_id: str | None = None


class Origin(Struct):
    """Where a session comes from, if from another session."""

    subagent: str | SubAgent | None = None


class SessionMeta(Struct):
    """The header of a rollout. A fork's file may hold its parent's header too, as a copy."""

    id: str
    timestamp: str | None = None
    cwd: str | None = None
    cli_version: str | None = None
    forked_from_id: str | None = None
    parent_thread_id: str | None = None
    source: str | Origin | None = None
    git: Git | None = None
    subagent_history_start_ordinal: int | None = None

    @property
    def parent(self) -> str | None:
        """Return the session that launched this one, or that it was forked from."""
        return self.launcher or self.forked_from_id

    @property
    def launcher(self) -> str | None:
        """Return the session that launched this one as its agent; a person forks."""
        spawned = self.source.subagent if isinstance(self.source, Origin) else None
        launcher = None
        if isinstance(spawned, SubAgent):
            launcher = (spawned.thread_spawn and spawned.thread_spawn.parent_thread_id) or spawned.parent_thread_id
        return self.parent_thread_id or launcher


class TurnContext(Struct):
    """The settings of one turn."""

    turn_id: str | None = None
    model: str | None = None
    cwd: str | None = None


class Item(Struct):
    """A message, a tool call or a call's output, as it went to or came from the model."""

    type: str
    role: str | None = None
    content: Raw = NOTHING
    name: str | None = None
    arguments: Raw = NOTHING
    input: Raw = NOTHING
    action: Raw = NOTHING
    call_id: str | None = None
    output: Raw = NOTHING
    author: str | None = None
    phase: str | None = None


class Happening(Struct):
    """What Codex itself noted: turns, token counts, commands and patches that ended."""

    type: str
    id: str | None = None
    turn_id: str | None = None
    message: Raw = NOTHING
    info: Raw = NOTHING
    call_id: str | None = None
    event_id: str | None = None
    command: Raw = NOTHING
    cwd: str | None = None
    exit_code: int | None = None
    aggregated_output: str | None = None
    stdout: str | None = None
    stderr: str | None = None
    source: Raw = NOTHING
    success: bool | None = None
    status: Raw = NOTHING
    changes: Raw = NOTHING
    item: Raw = NOTHING
    kind: Raw = NOTHING
    last_agent_message: Raw = NOTHING
    agent_thread_id: str | None = None
    agent_path: str | None = None


Body = SessionMeta | TurnContext | Item | Happening | None


class Envelope(Struct):
    """What every line has around its body."""

    type: str = ""
    timestamp: str | None = None
    payload: Raw = NOTHING
    ordinal: int | None = None


_BODIES: dict[str, type[SessionMeta] | type[TurnContext] | type[Item] | type[Happening]] = {
    "session_meta": SessionMeta,
    "turn_context": TurnContext,
    "response_item": Item,
    "event_msg": Happening,
}
_ITEMS = {
    "CommandExecution": "exec_command_end",
    "FileChange": "patch_apply_end",
    "SubAgentActivity": "sub_agent_activity",
}
_LINES = msgspec.json.Decoder(Envelope)


def lines(chunks: Iterable[bytes], bad: list[int]) -> Iterator[tuple[int, Envelope, Body]]:
    """Yield line number, line and body; note the numbers of the lines that cannot be read in `bad`.

    Their raw parts are views into the chunk: keeping one keeps the whole chunk in memory.
    """
    number = 0
    for chunk in map(_sound, chunks):
        for offset, line in _lines(chunk):
            if line is None:
                bad.append(number + offset)
                continue
            try:
                body = _body(line)
            except UNREADABLE:
                bad.append(number + offset)
            else:
                yield number + offset, line, body
        number += chunk.count(b"\n") + (not chunk.endswith(b"\n"))


def _sound(chunk: bytes) -> bytes:
    """Return a chunk whose strings can all be read; those inside payloads are decoded late, and would be lost."""
    with contextlib.suppress(UnicodeDecodeError):
        chunk.decode()
        return mended(chunk) if _HALF.search(chunk) else chunk
    return mended(chunk)


def _lines(chunk: bytes) -> Iterator[tuple[int, Envelope | None]]:
    """Yield 1-based offsets and lines, None for one that is not a record; blank lines are left out."""
    try:
        whole = _LINES.decode_lines(chunk)
    except UNREADABLE:
        whole = []
    rows = chunk.split(b"\n")
    if len(whole) == len(rows) - (not rows[-1]):
        yield from enumerate(whole, 1)
        return
    for offset, row in enumerate(rows, 1):
        if row.strip():
            try:
                yield offset, _LINES.decode(row)
            except UNREADABLE:
                yield offset, None


def _body(line: Envelope) -> Body:
    """Decode a line's payload by the line's type; newer logs wrap what ended in `item_completed`."""
    kind = _BODIES.get(line.type)
    if kind is None:
        return None
    body = msgspec.json.decode(line.payload, type=kind)
    if isinstance(body, Happening) and body.type == "token_count":
        msgspec.json.decode(body.info, type=Counted | None)  # an impossible counter makes its line unreadable
    if not isinstance(body, Happening) or body.type != "item_completed":
        return body
    try:
        inner = msgspec.json.decode(body.item, type=Happening)
    except UNREADABLE:
        return None
    if inner.type not in _ITEMS:
        return None
    done = _text(inner.status) in {"", "completed"}
    return msgspec.structs.replace(
        inner, type=_ITEMS[inner.type], call_id=inner.id, event_id=inner.id, success=done, turn_id=body.turn_id
    )


def _text(raw: Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=str | None) or ""
    except UNREADABLE:
        return ""


def moment_of(text: str | None) -> datetime | None:
    """Return an aware time in UTC; None if the text is not a time, as in redacted logs."""
    try:
        moment = datetime.fromisoformat(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def born_of(identity: str | None) -> datetime | None:
    """Return when a UUID of version 7 was made: Codex names sessions and turns by such."""
    match = _UUID7.fullmatch(identity or "")
    if not match:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1] + match[2], 16))
    except OverflowError:
        return None
