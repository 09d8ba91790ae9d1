"""OpenCode's files, read one by one: an export with a whole session, or one small file of the storage."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Raw

from forensics.formats.transcripts.opencode.parts import PartFacts, facts_of
from forensics.formats.transcripts.opencode.records import (
    Entry,
    Export,
    MessageInfo,
    Part,
    SessionInfo,
    decoded,
    moment_of,
    real,
)
from forensics.model.prose import count, quote
from forensics.model.source import Gap, TranscriptRef

# An export begins with the session's head; no other agent's file does.
_EXPORT = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"info"\s*:\s*\{')
# The folder says what a file of the storage holds; newer versions put sessions below their project.
STORED = re.compile(r"^(?>(?:[^/]*/)*?storage/(?P<kind>session|message|part)/)(?s:.*/)?[^/]+\.json$")
# An export is written over many lines: the address of a text is the line that holds it, and not that of its bracket.
_TEXT_KEY = re.compile(rb'"text"\s*:')
# Bytes. A document is decoded at once; the largest sessions seen have 3 MB.
_LARGEST = 64_000_000
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(slots=True)
class MessageFacts:
    """One message with what its parts say, in their order."""

    info: MessageInfo
    moment: datetime
    ref: TranscriptRef
    parts: list[PartFacts]

    @property
    def extent(self) -> tuple[bool, int]:
        """Return the sort key for the more complete of two copies: a later export has the end of the message."""
        return bool(self.info.time and self.info.time.completed), len(self.parts)


@dataclass(slots=True)
class SessionFacts:
    """One session out of all files that hold a part of it; messages by id."""

    id: str
    info: SessionInfo = field(default_factory=SessionInfo)
    paths: dict[str, None] = field(default_factory=dict)
    messages: dict[str, MessageFacts] = field(default_factory=dict)

    def add(self, message: MessageFacts) -> None:
        """Take a message; of two copies the more complete one counts."""
        key = real(message.info.id) or f"{message.info.role}@{message.moment.timestamp()}"
        known = self.messages.get(key)
        if known is None or message.extent > known.extent:
            self.messages[key] = message


def sniff(path: str, head: bytes) -> bool:
    """Return whether a file is OpenCode's: an export by its beginning, a file of the storage by its path."""
    return _EXPORT.match(head) is not None or (STORED.search(path) is not None and head.lstrip().startswith(b"{"))


@dataclass(slots=True)
class Documents:
    """What the files read so far say; `loose` are parts of the storage, by the id of their message."""

    sessions: dict[str, SessionFacts] = field(default_factory=dict)
    loose: dict[str, dict[str, PartFacts]] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one file; only its facts are kept."""
        self.paths.append(path)
        content = _whole(chunks)
        stored = STORED.search(path)
        if content is None:
            self.gaps.append(Gap(f"{quote(path)} is larger than 64 MB and was not read", TranscriptRef(path)))
        elif stored:
            self._stored(stored["kind"], path, content)
        elif (export := decoded(content, Export)) is None:
            self.gaps.append(Gap(f"{quote(path)} is not a whole session and was not read", TranscriptRef(path)))
        else:
            self._export(path, content, export)

    def _stored(self, kind: str, path: str, content: bytes) -> None:
        """Take a file of the storage: the head of a session or message, or a part."""
        ref = TranscriptRef(path, 1)
        if kind == "session" and (info := decoded(content, SessionInfo)) and info.id:
            session = self._session(info.id, path)
            session.info = info
        elif kind == "message" and (head := decoded(content, MessageInfo)) and head.session and head.id:
            self._session(head.session, path).add(MessageFacts(head, _begun(head), ref, []))
        elif kind == "part" and (part := decoded(content, Part)) and part.message:
            own = self.loose.setdefault(part.message, {})
            own[part.id or path] = facts_of(part, EPOCH, part.message, ref)
        else:
            self.gaps.append(Gap(f"{quote(path)} could not be read", ref))

    def _session(self, identity: str, path: str) -> SessionFacts:
        session = self.sessions.setdefault(identity, SessionFacts(identity))
        session.paths[path] = None
        return session

    def _export(self, path: str, content: bytes, export: Export) -> None:
        info = export.info
        created = info.time.created if info.time else None
        session = self._session(real(info.id) or f"opencode-{created or path}", path)
        session.info = info
        place = _Place(path, content)
        bad = [line for raw in export.messages for line in _message(session, raw, place)]
        if bad:
            what = f"{count(len(bad), 'record')} of {quote(path)} could not be read"
            self.gaps.append(Gap(what, TranscriptRef(path, bad[0])))


@dataclass(slots=True)
class _Place:
    """Where in a document its records stand: they are asked for in its order, so that each look-up is short."""

    path: str
    content: bytes
    offset: int = 0
    line: int = 1

    def ref(self, raw: Raw) -> TranscriptRef:
        """Return the address of the next record."""
        found = self.content.find(bytes(raw), self.offset)
        if found >= 0:
            self.line += self.content.count(b"\n", self.offset, found)
            self.offset = found
        return TranscriptRef(self.path, self.line)


def _message(session: SessionFacts, raw: Raw, place: _Place) -> list[int]:
    """Add a message of an export to its session; return the lines of records that cannot be read."""
    ref, bad = place.ref(raw), []
    entry = decoded(raw, Entry)
    head = decoded(entry.info, MessageInfo) if entry else None
    if entry is None or head is None:
        return [ref.line or 1]
    message = MessageFacts(head, _begun(head), ref, [])
    for piece in entry.parts:
        at = place.ref(piece)
        part = decoded(piece, Part)
        if part and part.type == "text" and (key := _TEXT_KEY.search(bytes(piece))):
            at = TranscriptRef(at.path, (at.line or 1) + key.string.count(b"\n", 0, key.start()))
        if part is None:
            bad.append(at.line or 1)
        else:
            message.parts.append(facts_of(part, message.moment, head.id or str(ref), at))
    session.add(message)
    return bad


def _begun(head: MessageInfo) -> datetime:
    return moment_of(head.time.created if head.time else None) or EPOCH


def _whole(chunks: Iterable[bytes]) -> bytes | None:
    """Return a file's whole content; None if it is too large to be held."""
    pieces, size = [], 0
    for piece in chunks:
        size += len(piece)
        if size <= _LARGEST:
            pieces.append(piece)
        else:
            pieces.clear()
    return b"".join(pieces).removeprefix(b"\xef\xbb\xbf") if size <= _LARGEST else None
