"""What agents did, as their own transcripts show it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import add
from typing import TypeVar

from forensics.model.source import Gap, TextRef, TranscriptRef


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token counts by kind. `input` is what was neither read from nor written to a cache."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        """Return the sum, kind by kind."""
        return Tokens(*map(add, self.counts, other.counts))

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Return the counts in the order of the fields."""
        return self.input, self.output, self.cache_read, self.cache_write_5m, self.cache_write_1h

    @property
    def total(self) -> int:
        """Return all tokens, whatever their kind."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Usage:
    """One API message's tokens, counted once over all files.

    `agent` is the AgentRun's id; `model` None where the transcript does not say. `lower_bound`: the log was written
    before the message was complete, or sessions of the run could not be read, so the output is at least this. `usd` is
    what the transcript itself says it cost, None where it does not.
    """

    agent: str
    model: str | None
    moment: datetime
    tokens: Tokens
    lower_bound: bool = False
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file an agent read; `path` as the transcript has it, mostly absolute."""

    moment: datetime
    ref: TranscriptRef
    path: str


@dataclass(frozen=True, slots=True)
class FileWrite:
    """A file an agent wrote or edited, at the time of the result; failed edits are left out.

    `weakens` are the lines of a test that accept more since the edit, each with what it was before; `deletes` says that
    the file was taken away.
    """

    moment: datetime
    ref: TranscriptRef
    path: str
    weakens: tuple[tuple[str, str], ...] = ()
    deletes: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A shell command with its result. `exit_code` None if unknown; `output` may be cut; `cwd` where it ran."""

    moment: datetime
    ref: TranscriptRef
    command: str
    cwd: str
    exit_code: int | None
    output: str


class TestOutcome(StrEnum):
    """How a test run ended."""

    __test__ = False

    PASSED = "passed"
    ASSERTION = "assertion"
    EXCEPTION = "exception"
    IMPORT = "import"
    COLLECTION = "collection"
    NONE_COLLECTED = "none-collected"
    NOT_FOUND = "not-found"
    TIMEOUT = "timeout"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TestRun:
    """A command that runs tests, read from its output: the outcome, counts where it prints them, exceptions named.

    `each` are the numbers passed of its parts, where one command ran tests several times; `aside` were skipped, or failed
    as expected. `exit_code` and `output` are those of the command, which may run more than tests; `output` may be cut.
    """

    __test__ = False

    moment: datetime
    ref: TranscriptRef
    command: str
    cwd: str
    outcome: TestOutcome
    passed: int | None = None
    failed: int | None = None
    exceptions: tuple[str, ...] = ()
    each: tuple[int, ...] = ()
    aside: int = 0
    exit_code: int | None = None
    output: str = ""


@dataclass(frozen=True, slots=True)
class CommitMade:
    """A commit an agent made: the (short) id and branch as git printed them, and where it ran."""

    moment: datetime
    ref: TranscriptRef
    sha: str
    branch: str | None
    subject: str
    cwd: str


@dataclass(frozen=True, slots=True)
class Message:
    """A text that somebody wrote to an agent, or with which an agent ended its turn; a very long one is cut."""

    moment: datetime
    ref: TextRef
    text: str


@dataclass(frozen=True, slots=True)
class Launch:
    """An agent launching another. `message` groups launches of one API message; `agent` is the launched one's id.

    `ended` is when the launched agent is known to have ended: the result's time, or its notification's if it ran in
    the background; None if the transcript does not show it. `answer` is what the launched agent told its launcher, None
    where the launcher's transcript does not hold it.
    """

    moment: datetime
    ref: TranscriptRef
    call: str
    message: str
    description: str
    prompt: str
    agent: str | None
    background: bool
    ended: datetime | None
    answer: Message | None = None


@dataclass(frozen=True, slots=True)
class BranchSeen:
    """An agent's checkout was on another branch than at its record before, in the same folder, and nobody spoke in between.

    `branch` is the new one, `HEAD` if detached; `before` the old one, and `last` the time of the record that still had
    it. Logs write the branch down when they are written out: it may be seconds ahead of a record, or long behind.
    """

    moment: datetime
    ref: TranscriptRef
    branch: str
    cwd: str
    before: str
    last: datetime


@dataclass(frozen=True, slots=True)
class Todo:
    """One item of the agent's own list of tasks, as it was last written; `done` if the agent ticked it."""

    moment: datetime
    ref: TranscriptRef
    text: str
    done: bool


Event = FileRead | FileWrite | Command | TestRun | CommitMade | Launch | BranchSeen
Kind = TypeVar("Kind", FileRead, FileWrite, Command, TestRun, CommitMade, Launch, BranchSeen)


@dataclass(frozen=True, slots=True)
class AgentRun:
    """One agent's transcript. Times are aware; `prompt` is its first message, `events` are in order of time.

    `asked` is what persons wrote to it, `said` what it ended its turns with: the last is its final message. Text between
    two tool calls is neither. `paths` are all files that hold it: `path` is the first. `active_seconds` and the two waits, for a person and for the API, are seconds.
    """

    id: str
    parent: str | None
    tool: str
    path: str
    model: str | None
    cwd: str
    branch: str | None
    start: datetime
    end: datetime
    prompt: str
    events: tuple[Event, ...] = ()
    active_seconds: float = 0.0
    waited_for_person: float = 0.0
    waited_for_api: float = 0.0
    versions: tuple[str, ...] = ()
    asked: tuple[Message, ...] = ()
    said: tuple[Message, ...] = ()
    todos: tuple[Todo, ...] = ()
    paths: tuple[str, ...] = ()

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """Yield its events of one kind."""
        return (event for event in self.events if isinstance(event, kind))

    def ran(self) -> "Iterator[Command | TestRun]":
        """Yield the commands it ran, those that run tests included."""
        return (event for event in self.events if isinstance(event, Command | TestRun))


@dataclass(frozen=True, slots=True)
class Transcripts:
    """Everything a set of transcript files says; `saved` are the checkpoints in git that hold a session, by its id."""

    agents: tuple[AgentRun, ...] = ()
    usage: tuple[Usage, ...] = ()
    gaps: tuple[Gap, ...] = ()
    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    saved: Mapping[str, frozenset[str]] = field(default_factory=dict)
