"""Claude Code's JSON lines as typed records with their line numbers; undecodable lines are counted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

Wanted = TypeVar("Wanted")
Kind = TypeVar("Kind", bound="RecordHeader")
KNOWN = frozenset({"user", "assistant", "system", "progress", "attachment", "queue-operation"})
# Negative and absurd counts occur in edited and redacted logs; such a line is reported as unreadable.
Count = Annotated[int, Meta(ge=0, le=10**12)]


class Split(Struct, gc=False):
    """Tokens written to the cache, by how long they are kept."""

    ephemeral_5m_input_tokens: Count | None = None
    ephemeral_1h_input_tokens: Count | None = None


class Iteration(Struct, gc=False):
    """One pass within a message; an `advisor_message` is another model's and not in the message's own counters."""

    type: str | None = None
    model: str | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None
    cache_creation_input_tokens: Count | None = None
    cache_creation: Split | None = None


class Spent(Iteration, gc=False):
    """A message's counters."""

    iterations: list[Iteration] | None = None


class Block(Struct, gc=False):
    """One content block; `input` and `content` stay undecoded until a reader wants them."""

    type: str | None = None
    text: str | None = None
    id: str | None = None
    name: str | None = None
    input: Raw = Raw()
    tool_use_id: str | None = None
    content: Raw = Raw()
    is_error: bool | None = None


class Head(Struct, gc=False):
    """A message without what it says: all that counting needs."""

    id: str | None = None
    model: str | None = None
    usage: Spent | None = None
    stop_reason: str | None = None


class Message(Head, gc=False):
    """The API's message, or the user's."""

    content: str | list[Block | str] | None = None


class RecordHeader(
    Struct,
    gc=False,
    rename={
        "parent_uuid": "parentUuid",
        "session": "sessionId",
        "agent": "agentId",
        "branch": "gitBranch",
        "request": "requestId",
        "sidechain": "isSidechain",
        "meta": "isMeta",
        "summary": "isCompactSummary",
        "api_error": "isApiErrorMessage",
        "result": "toolUseResult",
        "parent_call": "parentToolUseID",
    },
):
    """The fields that every type of line has: session, agent, time, and the record before it."""

    type: str | None = None
    uuid: str | None = None
    parent_uuid: str | None = None
    session: str | None = None
    agent: str | None = None
    timestamp: str | None = None
    request: str | None = None
    sidechain: bool | None = None


class Record(RecordHeader, gc=False):
    """One line. `data`, `content`, `attachment` and `result` differ by type and stay undecoded."""

    subtype: str | None = None
    cwd: str | None = None
    branch: str | None = None
    version: str | None = None
    meta: bool | None = None
    summary: bool | None = None
    api_error: bool | None = None
    message: Message | None = None
    parent_call: str | None = None
    result: Raw = Raw()
    data: Raw = Raw()
    content: Raw = Raw()
    attachment: Raw = Raw()


class Nested(Struct, gc=False, rename={"agent": "agentId"}):
    """The data of a `progress` record: a subagent's record, told by its parent."""

    type: str | None = None
    agent: str | None = None
    message: Record | None = None

    def relayed_by(self, outer: RecordHeader) -> Record | None:
        """Return the subagent's record as its own file would have it; None if `data` does not hold one."""
        inner = self.message
        if inner is None or inner.message is None or inner.type not in {"user", "assistant"}:
            return None
        if self.type != "agent_progress" or not real(self.agent):
            return None
        inner.agent, inner.session, inner.sidechain = self.agent, outer.session, True
        return inner


class _Kind(Struct, gc=False):
    type: Raw = Raw()


RECORDS = Decoder(Record)
_KIND = Decoder(_Kind)
_WORD = Decoder(str)
# A string cut inside an emoji leaves half a surrogate pair, which is valid JSON text and invalid UTF-8: the whole
# record would be lost. The first two alternatives step over what is not a lone half.
_SURROGATE = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


@dataclass(slots=True)
class BadLines:
    """How many lines of a file could not be read, and the number of the first (1-based)."""

    count: int = 0
    first: int = 0

    def add(self, line: int) -> None:
        """Count a line."""
        self.count += 1
        self.first = self.first or line


def records(chunks: Iterable[bytes], bad: BadLines, decoder: Decoder[Kind]) -> Iterator[tuple[int, Kind]]:
    """Yield each record of a file with its line number, as the decoder's type.

    Chunks end at line ends. A chunk is decoded at once; only if that fails, or if it does not have one record per line,
    line by line. Two records glued together on a line are both yielded.
    """
    line = 0
    for chunk in chunks:
        data = chunk if line else chunk.removeprefix(b"\xef\xbb\xbf")
        lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
        try:
            found = decoder.decode_lines(data)
        except (ValueError, RecursionError):
            found = []
        if found and len(found) == lines:
            yield from enumerate(found, line + 1)
        else:
            for number, text in enumerate(data.split(b"\n"), line + 1):
                yield from ((number, record) for record in _on_line(text, number, bad, decoder))
        line += lines


def real(text: str | None) -> str | None:
    """Return an id; None if it is absent or redacted. Redacted ids are all equal and would join strangers."""
    return text if text and "REDACTED" not in text else None


def agent_of(line: RecordHeader, session: str | None, roots: dict[str, str]) -> str | None:
    """Return a subagent's id; for old sidechains, which have none, that of the record they began with.

    `roots` holds what each sidechain's record began with, and grows.
    """
    if agent := real(line.agent):
        return agent
    identity = real(line.uuid) if line.sidechain else None
    if identity is None:
        return None
    root = roots.get(line.parent_uuid or "", f"{session or ''}/{identity}".lstrip("/"))
    roots[identity] = root
    return root


def decoded(raw: Raw, kind: type[Wanted]) -> Wanted | None:
    """Return an undecoded part as what is wanted; None if it is absent or something else."""
    if not memoryview(raw):
        return None
    try:
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, RecursionError):
        return None


def _on_line(text: bytes, number: int, bad: BadLines, decoder: Decoder[Kind]) -> list[Kind]:
    """Return the records on one line; halves of surrogate pairs and invalid UTF-8 become U+FFFD."""
    if not text.strip():
        return []
    try:
        return decoder.decode_lines(text)
    except (ValueError, RecursionError):
        whole = mended(text)
    try:
        return decoder.decode_lines(whole)
    except (ValueError, RecursionError):
        if _matters(whole):
            bad.add(number)
        return []


def mended(text: bytes) -> bytes:
    """Return JSON in which invalid UTF-8 and halves of surrogate pairs are U+FFFD."""
    return _SURROGATE.sub(_whole, text.decode("utf-8", "replace").encode())


def _whole(match: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if match["lone"] else match[0]


def _matters(text: bytes) -> bool:
    """Return whether an undecodable line is a loss: broken, or of a type that would have been read."""
    try:
        kind = decoded(_KIND.decode(text).type, str)
    except (ValueError, RecursionError):
        return True
    return kind is None or kind in KNOWN
