"""One agent's run as its records build it up: where, when, for whom, and what it waited for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from itertools import pairwise

from forensics.formats.transcripts.claude.messages import SYNTHETIC
from forensics.formats.transcripts.claude.records import Block, Record
from forensics.formats.transcripts.claude.turns import Turns
from forensics.formats.transcripts.prompts import given_by_person, typed_by_person, words_of_person
from forensics.model.source import TranscriptRef
from forensics.model.transcript import AgentRun, BranchSeen, Event

# Seconds. A model's answer or a command seldom takes longer; what does is a person away or a machine asleep.
PAUSE = 300.0
EPOCH = datetime.fromtimestamp(0, UTC)


class TimeMark(IntEnum):
    """How the time before a record was spent."""

    RECORD = 0
    PERSON = 1
    API_ERROR = 2


@dataclass(slots=True)
class RunBuilder:
    """What is known about one agent so far.

    `ref` is its first record, `typed` a command without words, `marks` are its records' times in the order of the files, `place` is the branch and folder
    of its last record.
    """

    id: str
    ref: TranscriptRef
    parent: str | None = None
    cwd: str = ""
    branch: str | None = None
    prompt: str = ""
    typed: str = ""
    versions: dict[str, None] = field(default_factory=dict)
    marks: list[tuple[datetime, TimeMark]] = field(default_factory=list)
    place: tuple[str | None, str | None] = (None, None)
    switched: list[BranchSeen] = field(default_factory=list)
    turns: Turns = field(default_factory=Turns)
    paths: dict[str, None] = field(default_factory=dict)

    def note(self, record: Record, parent: str | None, path: str) -> None:
        """Take what a record says about its agent; the first value counts."""
        self.paths[path] = None
        self.parent = self.parent or parent
        self.cwd = self.cwd or record.cwd or ""
        self.branch = self.branch or record.branch or None
        if record.version:
            self.versions[record.version] = None
        if not self.prompt and record.type == "user" and not record.meta:
            self._asked(record)

    def _asked(self, record: Record) -> None:
        """Take the first words that a person typed, or the launcher wrote; a bare command only if no words follow."""
        text = text_of(record)
        launched = bool(record.sidechain or record.agent)
        self.prompt = text if launched else words_of_person(text)
        self.typed = self.typed or given_by_person(text)

    def mark(self, record: Record, moment: datetime, ref: TranscriptRef) -> None:
        """Take a record's time, and the branch it was written on if that is another one than before."""
        mark = mark_of(record)
        if (record.branch, record.cwd) != self.place and record.type in {"user", "assistant"}:
            self._moved(record, mark, moment, ref)
        self.marks.append((moment, mark))
        self.turns.take(record, moment, ref, by_person=mark is TimeMark.PERSON)

    def _moved(self, record: Record, mark: TimeMark, moment: datetime, ref: TranscriptRef) -> None:
        """Take another branch or folder; a person who spoke just before may have switched by hand."""
        before, cwd = self.place
        self.place = (record.branch, record.cwd)
        if not (before and record.branch and cwd and cwd == record.cwd and self.marks):
            return
        last, of = self.marks[-1]
        if TimeMark.PERSON not in (mark, of):
            self.switched.append(BranchSeen(moment, ref, record.branch, cwd, before, last))

    def finished(self, model: str | None, events: tuple[Event, ...]) -> AgentRun:
        """Return the value."""
        times = [moment for moment, _ in self.marks] or [event.moment for event in events] or [EPOCH]
        active, person, api = _spans(self.marks)
        everything = sorted((*events, *self.switched), key=lambda event: event.moment)
        self.turns.close()
        return AgentRun(
            id=self.id,
            parent=self.parent,
            tool="claude-code",
            path=self.ref.path,
            model=model,
            cwd=self.cwd,
            branch=self.branch,
            start=min(times),
            end=max(times),
            prompt=self.prompt or self.typed,
            events=tuple(everything),
            active_seconds=active,
            waited_for_person=person,
            waited_for_api=api,
            versions=tuple(self.versions),
            asked=tuple(self.turns.asked),
            said=tuple(self.turns.said),
            todos=tuple(self.turns.todos.values()),
            paths=tuple(self.paths),
        )


def mark_of(record: Record) -> TimeMark:
    """Classify a record: an API error, a person's message, or neither."""
    if record.api_error or record.subtype == "api_error" or (record.message and record.message.model == SYNTHETIC):
        return TimeMark.API_ERROR
    return TimeMark.PERSON if _from_a_person(record) else TimeMark.RECORD


def answers(record: Record) -> bool:
    """Return whether a user's record contains tool results."""
    content = record.message.content if record.message else None
    return isinstance(content, list) and any(
        isinstance(block, Block) and block.type == "tool_result" for block in content
    )


def text_of(record: Record) -> str:
    """Return the text of a record's message, tool results aside."""
    content = record.message.content if record.message else None
    if content is None or isinstance(content, str):
        return content or ""
    texts = [
        block.text if isinstance(block, Block) else block
        for block in content
        if isinstance(block, str) or block.type == "text"
    ]
    return "\n".join(text for text in texts if text)


def time_of(text: str | None) -> datetime | None:
    """Return an ISO 8601 time, in UTC; None for one that is absent, redacted or out of range."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1970 < moment.year < 2200 else None


def _from_a_person(record: Record) -> bool:
    if record.type != "user" or record.sidechain or record.agent or record.meta or record.summary or answers(record):
        return False
    return typed_by_person(text_of(record))


def _spans(marks: list[tuple[datetime, TimeMark]]) -> tuple[float, float, float]:
    """Return seconds active, waiting for a person, and waiting for the API; each pause counts in one of them at most.

    A pause next to an API error counts as waiting for the API. Other pauses up to `PAUSE` are activity. A longer pause
    before a person's message is waiting for that person; any other is not counted (a machine asleep).
    """
    active = person = api = 0.0
    ordered = sorted(marks, key=lambda mark: mark[0])
    for (start, before), (end, after) in pairwise(ordered):
        pause = (end - start).total_seconds()
        if after is TimeMark.PERSON and pause > PAUSE:
            person += pause
        elif TimeMark.API_ERROR in (before, after):
            api += pause
        elif pause <= PAUSE:
            active += pause
    return active, person, api
