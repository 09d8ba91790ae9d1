"""How sound work is recovered: what stays, what is picked, what stays out, and what is lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forensics.model.finding import MisplacedWork
from forensics.model.source import Ref


class Outcome(StrEnum):
    """What became of a pick when it was tried."""

    APPLIED = "applied"
    THERE_ALREADY = "there-already"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Command:
    """A command a person can run, and what it is for."""

    purpose: str
    line: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A step whose work can stay on the branch, its verdict, and its commits (full ids), oldest first."""

    step: str
    verdict: str
    commits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """A step's commit to be put onto the branch.

    `source` is a ref that reaches it, None if none does; `why` and `note` are prose. `outcome` None: not tried;
    `files` are those in conflict, `note` says what else is known of the failure.
    """

    commit: str
    steps: tuple[str, ...]
    subject: str
    source: str | None
    why: str
    outcome: Outcome | None = None
    files: tuple[str, ...] = ()
    note: str = ""

    @property
    def proven(self) -> bool:
        """Return whether it was tried and changed something."""
        return self.outcome is Outcome.APPLIED


def steps_of(picks: Iterable[Pick]) -> tuple[str, ...]:
    """Return the steps of some picks, each once."""
    return tuple(dict.fromkeys(step for pick in picks for step in pick.steps))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step's commit that exists off the branch and is not picked; `why` is prose."""

    commit: str
    steps: tuple[str, ...]
    subject: str
    source: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A commit that was made, as a report or transcript shows, and is not in this clone; `records` show its work."""

    value: str
    step: str
    subject: str
    records: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """How one pick ended in git; `said` is its first error message where it is not a conflict."""

    outcome: Outcome
    files: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class TestResult:
    """How the test command ended on the picks; `code` None: it ran out of time.

    `on_base` is its exit code without the picks, asked only if it failed with them. `output` are the last lines it printed.
    """

    __test__ = False

    command: str
    code: int | None
    output: tuple[str, ...]
    seconds: int
    on_base: int | None = None

    @property
    def passed(self) -> bool:
        """Return whether it ended with 0."""
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found by applying the picks in a temporary work tree.

    `tree` is the id of the tree that they make; `failure` says why nothing could be tried, and is empty otherwise.
    """

    tried: Mapping[str, Tried]
    tree: str | None = None
    test: TestResult | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Where to resume, what can be kept, and the exact commands.

    `base` is where to start from, None for the branch as it is; `onto` is the commit that picks go onto, and `branch`
    the name proposed for the result. `foreign` is work that stays in another step's commit.
    """

    resume_at: str | None
    base: str | None
    sound: tuple[str, ...]
    commands: tuple[Command, ...]
    note: str
    onto: str = ""
    branch: str = ""
    stays: tuple[Kept, ...] = ()
    picks: tuple[Pick, ...] = ()
    foreign: tuple[MisplacedWork, ...] = ()
    left: tuple[LeftOut, ...] = ()
    lost: tuple[Lost, ...] = ()
    tree: str | None = None
    test: TestResult | None = None
    failure: str = ""

    @property
    def recovered(self) -> tuple[Pick, ...]:
        """Return the picks that apply or were not tried."""
        return tuple(pick for pick in self.picks if pick.outcome in {None, Outcome.APPLIED})

    @property
    def failed(self) -> tuple[Pick, ...]:
        """Return the picks that were tried and do not apply."""
        return tuple(pick for pick in self.picks if pick.outcome in {Outcome.CONFLICT, Outcome.REFUSED})
