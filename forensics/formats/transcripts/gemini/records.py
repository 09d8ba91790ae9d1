"""Gemini CLI's records as they are written, typed: a session's head, its messages and their tool calls."""

from datetime import UTC, datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

Wanted = TypeVar("Wanted")
# Edited and redacted logs have negative and absurd counts; such a record is reported as unreadable.
Count = Annotated[int, Meta(ge=0, le=10**12)]


class Head(Struct, gc=False, rename={"session": "sessionId", "began": "startTime"}):
    """A session's head, which is a document's own or a line; `messages` only in a document."""

    session: str | None = None
    began: str | None = None
    kind: str | None = None
    messages: list[Raw] | None = None


class Counts(Struct, gc=False):
    """A message's tokens: what was cached is inside `input`; thoughts and tools are counted aside."""

    input: Count = 0
    output: Count = 0
    cached: Count = 0
    thoughts: Count = 0
    tool: Count = 0


class Arguments(Struct, gc=False):
    """What a tool was asked for."""

    command: str | None = None
    dir_path: str | None = None
    directory: str | None = None
    file_path: str | None = None
    absolute_path: str | None = None


class Call(Struct, gc=False):
    """A tool call with its result."""

    id: str | None = None
    name: str | None = None
    args: Raw = Raw()
    status: str | None = None
    timestamp: str | None = None
    result: Raw = Raw()


class Message(Struct, gc=False, rename={"calls": "toolCalls"}):
    """A message of a person's, of the model's, or a note of Gemini CLI's own."""

    id: str | None = None
    type: str | None = None
    timestamp: str | None = None
    content: Raw = Raw()
    model: str | None = None
    tokens: Counts | None = None
    calls: list[Call] | None = None


class _Text(Struct, gc=False):
    text: str | None = None


class _Response(Struct, gc=False):
    output: str | None = None
    error: str | None = None


class _Returned(Struct, gc=False):
    response: _Response | None = None


class _Result(Struct, gc=False, rename={"returned": "functionResponse"}):
    returned: _Returned | None = None


def decoded(raw: bytes | Raw, kind: type[Wanted]) -> Wanted | None:
    """Return a record as what is wanted; None if it is absent, damaged or something else."""
    if not memoryview(raw):
        return None
    try:
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError):
        return None


def text_of(content: Raw) -> str:
    """Return a message's text: a string, or the texts of its parts."""
    plain = decoded(content, str)
    if plain is not None:
        return plain
    return "".join(part.text or "" for part in decoded(content, list[_Text]) or ())


def output_of(result: Raw) -> str | None:
    """Return what a tool printed; None where the record does not hold it."""
    found = [part.returned.response for part in decoded(result, list[_Result]) or () if part.returned]
    texts = [response.output or response.error or "" for response in found if response]
    return "\n".join(texts) if texts else None


def moment_of(text: str | None) -> datetime | None:
    """Return an aware time in UTC; None if the text is not a time, as in redacted logs."""
    try:
        moment = datetime.fromisoformat(text or "")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
