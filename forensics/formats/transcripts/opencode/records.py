"""OpenCode's records as they are written, typed: sessions, messages and their parts."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

Wanted = TypeVar("Wanted")
# Edited and redacted logs have negative and absurd counts; such a record is reported as unreadable.
Count = Annotated[int, Meta(ge=0, le=10**12)]
Moment = Annotated[float, Meta(ge=0)]
_FIRST = datetime.fromtimestamp(0, UTC)


class Span(Struct, gc=False):
    """Times in milliseconds since 1970, under the names that sessions, messages and tools give them."""

    created: Moment | None = None
    updated: Moment | None = None
    completed: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None


class SessionInfo(Struct, gc=False, rename={"parent": "parentID"}):
    """A session's head; `parent` is the session that launched it."""

    id: str | None = None
    parent: str | None = None
    directory: str | None = None
    version: str | None = None
    time: Span | None = None


class Cache(Struct, gc=False):
    """Tokens read from and written to a cache."""

    read: Count = 0
    write: Count = 0


class Counts(Struct, gc=False):
    """A message's tokens. `reasoning` is inside `output` where the total says so."""

    total: Count | None = None
    input: Count = 0
    output: Count = 0
    reasoning: Count = 0
    cache: Cache | None = None


class Where(Struct, gc=False):
    """The folder in which a message was answered."""

    cwd: str | None = None


class MessageInfo(Struct, gc=False, rename={"session": "sessionID", "model": "modelID"}):
    """A message's head; `finish` says why the model stopped."""

    id: str | None = None
    session: str | None = None
    role: str | None = None
    time: Span | None = None
    model: str | None = None
    path: Where | None = None
    tokens: Counts | None = None
    cost: Annotated[float, Meta(ge=0)] | None = None
    finish: str | None = None
    error: Raw = Raw()


class Item(Struct, gc=False):
    """One entry of the list of tasks."""

    content: str | None = None
    status: str | None = None


class Input(
    Struct, gc=False, rename={"file": "filePath", "patch": "patchText", "old": "oldString", "new": "newString"}
):
    """What a tool was asked for."""

    command: str | None = None
    workdir: str | None = None
    file: str | None = None
    patch: str | None = None
    old: str | None = None
    new: str | None = None
    description: str | None = None
    prompt: str | None = None
    todos: list[Item] | None = None


class Changed(Struct, gc=False, rename={"file": "filePath", "moved": "movePath"}):
    """A file that a patch changed."""

    file: str | None = None
    moved: str | None = None
    type: str | None = None


class Outcome(Struct, gc=False, rename={"session": "sessionId"}):
    """What a tool notes beside its output: an exit code, the session it launched, the files it changed."""

    exit: int | None = None
    session: str | None = None
    files: list[Changed] | None = None


class State(Struct, gc=False):
    """A tool call with its result; `input` and `metadata` differ by tool."""

    status: str | None = None
    input: Raw = Raw()
    output: str | None = None
    error: str | None = None
    metadata: Raw = Raw()
    time: Span | None = None


class Part(Struct, gc=False, rename={"message": "messageID", "call": "callID"}):
    """A piece of a message: text, a tool call, or a note of OpenCode's own."""

    id: str | None = None
    message: str | None = None
    type: str | None = None
    text: str | None = None
    synthetic: bool | None = None
    ignored: bool | None = None
    tool: str | None = None
    call: str | None = None
    state: State | None = None


class Entry(Struct, gc=False):
    """A message in an export."""

    info: Raw = Raw()
    parts: list[Raw] = []


class Export(Struct, gc=False):
    """A whole session in one document."""

    info: SessionInfo
    messages: list[Raw] = []


def decoded(raw: bytes | Raw, kind: type[Wanted]) -> Wanted | None:
    """Return a record as what is wanted; None if it is absent, damaged or something else."""
    if not memoryview(raw):
        return None
    try:
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError):
        return None


def moment_of(milliseconds: float | None) -> datetime | None:
    """Return an aware time in UTC; None for one that is absent or impossible."""
    try:
        return _FIRST + timedelta(milliseconds=milliseconds) if milliseconds else None
    except (OverflowError, ValueError):
        return None


def real(identity: str | None) -> str | None:
    """Return an id; None if it is absent or redacted. Redacted ids are all equal and would join strangers."""
    return identity if identity and "REDACTED" not in identity else None
