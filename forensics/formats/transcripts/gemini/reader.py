"""Gemini CLI's sessions to agents and usage: documents and JSON lines, each message once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from forensics.formats.transcripts.excerpts import cut
from forensics.formats.transcripts.gemini.events import events_of
from forensics.formats.transcripts.gemini.records import Counts, Head, Message, decoded, moment_of, text_of
from forensics.formats.transcripts.prompts import given_by_person, words_of_person
from forensics.model.prose import count, quote
from forensics.model.source import Gap, TranscriptRef
from forensics.model.transcript import AgentRun, Event, Tokens, Transcripts, Usage
from forensics.model.transcript import Message as Words

# Only Gemini CLI's heads name a project by its digest.
_HEAD = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[^{}]{0,2000}"projectHash"\s*:')
# Bytes. A document is decoded at once.
_LARGEST = 100_000_000
# Seconds, as for other agents: a longer pause is a person away or a machine asleep.
_PAUSE = 300.0
_TEXT = 20_000
_EPOCH = datetime.fromtimestamp(0, UTC)
_CANCELLED = "Request cancelled"


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What is kept of a message."""

    by: str
    moment: datetime
    ref: TranscriptRef
    text: str
    model: str | None
    tokens: Tokens
    events: tuple[Event, ...]
    calls: bool


@dataclass(slots=True)
class _Session:
    """One session out of all files that hold it; messages by id, the last version of each."""

    id: str
    subagent: bool = False
    began: datetime = _EPOCH
    paths: dict[str, None] = field(default_factory=dict)
    messages: dict[str, _Spoken] = field(default_factory=dict)


def sniff(head: bytes) -> bool:
    """Return whether a file with this beginning is Gemini CLI's."""
    return _HEAD.match(head) is not None


@dataclass(slots=True)
class Chats:
    """The sessions read so far, by id."""

    sessions: dict[str, _Session] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one file to its end."""
        self.paths.append(path)
        pieces, size = [], 0
        for piece in chunks:
            size += len(piece)
            if size <= _LARGEST:
                pieces.append(piece)
        content = b"".join(pieces).removeprefix(b"\xef\xbb\xbf")
        records = _records(path, content) if size <= _LARGEST else None
        if records is None:
            self.gaps.append(Gap(f"{quote(path)} is not a whole session and was not read", TranscriptRef(path)))
            return
        head, messages = records
        session = self.sessions.setdefault(head.session or path, _Session(head.session or path))
        session.subagent, session.began = head.kind == "subagent", moment_of(head.began) or _EPOCH
        session.paths[path] = None
        self._add(session, messages)

    def _add(self, session: _Session, records: Iterable[tuple[TranscriptRef, Message | None]]) -> None:
        """Add messages; one is written again in full when it changes, so that its last version counts."""
        bad: list[TranscriptRef] = []
        last = session.began
        for ref, message in records:
            if message is None:
                bad.append(ref)
                continue
            last = moment_of(message.timestamp) or last
            key = message.id or f"{ref}"
            if message.type:
                session.messages[key] = _spoken(message, last, ref)
        if bad:
            what = f"{count(len(bad), 'record')} of {quote(bad[0].path)} could not be read"
            self.gaps.append(Gap(what, bad[0]))

    def joined(self) -> Transcripts:
        """Return what all files together say."""
        agents = [_run(session) for session in self.sessions.values() if session.messages]
        usage = [row for session in self.sessions.values() for row in _usage(session)]
        return Transcripts(
            tuple(sorted(agents, key=lambda agent: (agent.start, agent.id))),
            tuple(sorted(usage, key=lambda row: (row.moment, row.agent))),
            tuple(sorted(self.gaps, key=lambda gap: (str(gap.ref), gap.what))),
            tuple(sorted(self.paths)),
        )


def _records(path: str, content: bytes) -> tuple[Head, Iterator[tuple[TranscriptRef, Message | None]]] | None:
    """Return a session's head, and its messages with their addresses; None if there is no head."""
    whole = decoded(content, Head)
    if whole is not None:
        return whole, _of_document(path, content, whole)
    first, _, rest = content.partition(b"\n")
    head = decoded(first, Head)
    return (head, _of_lines(path, rest)) if head else None


def _of_document(path: str, content: bytes, head: Head) -> Iterator[tuple[TranscriptRef, Message | None]]:
    offset, line = 0, 1
    for raw in head.messages or ():
        found = content.find(bytes(raw), offset)
        line += content.count(b"\n", offset, max(found, offset))
        offset = max(found, offset)
        yield TranscriptRef(path, line), decoded(raw, Message)


def _of_lines(path: str, rest: bytes) -> Iterator[tuple[TranscriptRef, Message | None]]:
    """Yield the lines behind the head; those that update the head (`$set`) have no type, and are passed over later."""
    for number, line in enumerate(rest.split(b"\n"), 2):
        if line.strip():
            yield TranscriptRef(path, number), decoded(line, Message)


def _spoken(message: Message, moment: datetime, ref: TranscriptRef) -> _Spoken:
    calls = message.calls or []
    events = tuple(event for call in calls for event in events_of(call, moment, ref))
    text = cut(text_of(message.content).strip(), _TEXT)
    tokens = _tokens(message.tokens) if message.tokens else Tokens()
    return _Spoken(message.type or "", moment, ref, text, message.model, tokens, events, bool(calls))


def _tokens(counts: Counts) -> Tokens:
    """Return the counts by kind; thoughts are billed as output."""
    fresh = max(counts.input - counts.cached, 0)
    return Tokens(fresh + counts.tool, counts.output + counts.thoughts, counts.cached)


def _run(session: _Session) -> AgentRun:
    messages = sorted(session.messages.values(), key=lambda message: message.moment)
    asked = tuple(_asked(messages))
    models = Counter(message.model for message in messages if message.model)
    active, waited = _spans(messages)
    prompts = [words for message in asked if (words := words_of_person(message.text))]
    return AgentRun(
        id=session.id,
        parent=None,
        tool="gemini",
        path=min(session.paths),
        model=min(models, key=lambda name: (-models[name], name)) if models else None,
        cwd="",
        branch=None,
        start=messages[0].moment,
        end=messages[-1].moment,
        prompt=next(iter(prompts), asked[0].text if asked else ""),
        events=tuple(
            sorted((event for message in messages for event in message.events), key=lambda event: event.moment)
        ),
        active_seconds=active,
        waited_for_person=waited,
        asked=() if session.subagent else asked,
        said=tuple(_said(messages)),
        paths=tuple(sorted(session.paths)),
    )


def _asked(messages: Iterable[_Spoken]) -> Iterator[Words]:
    for message in messages:
        if message.by == "user" and (given := given_by_person(message.text)):
            yield Words(message.moment, message.ref, given)


def _said(messages: Iterable[_Spoken]) -> Iterator[Words]:
    """Yield the texts that ended a turn: those of messages that call no tool, before a person's next one or the end."""
    ending: _Spoken | None = None
    for message in messages:
        if message.by == "gemini" and (message.text or message.calls):
            ending = None if message.calls else message
        elif message.by == "info" and message.text.startswith(_CANCELLED):
            ending = None
        elif message.by == "user" and ending:
            yield Words(ending.moment, ending.ref, ending.text)
            ending = None
    if ending:
        yield Words(ending.moment, ending.ref, ending.text)


def _spans(messages: list[_Spoken]) -> tuple[float, float]:
    """Return the seconds at work, and those of waiting for a person."""
    active = waited = 0.0
    for before, message in pairwise(messages):
        pause = (message.moment - before.moment).total_seconds()
        if pause <= _PAUSE:
            active += pause
        elif message.by == "user":
            waited += pause
    return active, waited


def _usage(session: _Session) -> Iterator[Usage]:
    for message in session.messages.values():
        if message.tokens.total:
            yield Usage(session.id, message.model, message.moment, message.tokens)
