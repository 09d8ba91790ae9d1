"""An agent's own account of a step, as it stands in its report."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forensics.model.claim_kind import ClaimKind
from forensics.model.plan import RedDemand
from forensics.model.source import FileRef, TextRef


class Status(StrEnum):
    """What a report says of the step as a whole."""

    DONE = "done"
    RED_ONLY = "red-only"
    STOPPED = "stopped"
    BLOCKED = "blocked"
    FAILED = "failed"
    PARTIAL = "partial"
    IN_PROGRESS = "in-progress"
    PRE_EXISTING = "pre-existing"


class RedOutcome(StrEnum):
    """What a report says the test did before the implementation existed."""

    FAILED = "failed"
    PASSED = "passed"
    SKIPPED = "skipped"
    NOT_RUN = "not-run"


class Role(StrEnum):
    """What a hash in a report stands for."""

    OWN = "own"
    OTHER = "other"
    BASE = "base"
    QUOTATION = "quotation"
    NOT_A_COMMIT = "not-a-commit"


@dataclass(frozen=True, slots=True)
class Stated:
    """A status as classed, with the words it was read from."""

    value: Status
    text: str
    ref: FileRef


@dataclass(frozen=True, slots=True)
class RedResult:
    """The RED phase by the report: outcome (None: the words do not tell), words, exceptions named.

    `against` is where the same report says that the test passed, though its result says that it failed; `otherwise`
    where it says that the test failed for another reason than it should. `expected` is what the report itself says that
    its step expected.
    """

    outcome: RedOutcome | None
    text: str
    ref: FileRef
    exceptions: tuple[str, ...] = ()
    against: FileRef | None = None
    otherwise: Stated | None = None
    expected: RedDemand | None = None


@dataclass(frozen=True, slots=True)
class TestCount:
    """`passed` of `total` tests; `whole_suite` only where the report says so."""

    passed: int
    total: int
    ref: FileRef
    whole_suite: bool = False
    text: str = ""

    __test__ = False  # not a pytest class


@dataclass(frozen=True, slots=True)
class FileMention:
    """A file the report says the step changed, as written."""

    path: str
    ref: FileRef


@dataclass(frozen=True, slots=True)
class HashMention:
    """A string that may name a commit, and what the report uses it for.

    `about` is the step whose work it is said to be; `context` the headings and the line around it. `since` is the base
    of a range that ends here: what lies between is the step's work, too. One that `closes` a phase is its checkpoint,
    which may hold the work of the phase's tasks.
    """

    value: str
    role: Role
    about: str | None
    subject: str
    ref: TextRef
    context: str = ""
    since: str | None = None
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """Something checkable that a message says, read by its form.

    `value` is what can be compared: a number, `all`, a path with its verb. `said` are the words. A `weak` one has a form
    that descriptions have too (a path beside a sentence): it is a claim only where the evidence shows it.
    """

    kind: ClaimKind
    value: str
    said: str
    ref: TextRef
    weak: bool = False


@dataclass(frozen=True, slots=True)
class StatedTime:
    """When the report says it was written. `day_only` for a date; `zoned` if an offset was given."""

    moment: datetime
    ref: FileRef
    day_only: bool
    zoned: bool
    text: str


@dataclass(frozen=True, slots=True)
class DoneElsewhere:
    """A report's statement that another step's work already exists."""

    step: str
    text: str
    ref: FileRef


@dataclass(frozen=True, slots=True)
class StepReport:
    """One account of one step (several for a batch or a combined heading).

    An `itemised` account names each piece of its work by a commit of its own, so that one commit stands for one hash.
    One `beside` the steps' own (a refactoring, a fix) is read for its commits alone, and is not an attempt at a step.
    `folders` are those of all paths that the account mentions, whatever it says of them. `tick` is the text that the file
    holds since the step's box was ticked, empty where the account is something else. A message has `sent`, the moment it
    was written, and its `statements`.
    """

    ref: TextRef
    last_line: int
    steps: tuple[str, ...]
    title: str
    status: Stated | None = None
    red: RedResult | None = None
    green: Stated | None = None
    counts: tuple[TestCount, ...] = ()
    files: tuple[FileMention, ...] = ()
    hashes: tuple[HashMention, ...] = ()
    stop: Stated | None = None
    time: StatedTime | None = None
    done_elsewhere: tuple[DoneElsewhere, ...] = ()
    test_names: frozenset[str] = frozenset()
    cumulative: bool = False
    itemised: bool = False
    beside: bool = False
    folders: frozenset[str] = frozenset()
    tick: str = ""
    sent: datetime | None = None
    statements: tuple[Statement, ...] = ()
