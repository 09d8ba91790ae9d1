"""What was to be done: the plan, its steps, and the rules of order it states."""

from dataclasses import dataclass
from enum import StrEnum

from forensics.model.source import FileRef, Ref


class ConstraintKind(StrEnum):
    """What an ordering rule says of the steps it names."""

    SEQUENTIAL = "sequential"
    SEQUENTIAL_IN_PHASE = "sequential-in-phase"
    PARALLEL = "parallel"
    DEPENDS = "depends-on"


class UnitKind(StrEnum):
    """What a step is: planned, a ticket, or, in a run without a plan, what was worked in."""

    STEP = "step"
    TICKET = "ticket"
    PULL = "pull"
    BRANCH = "branch"
    SESSION = "session"
    AGENT = "agent"


class Strength(StrEnum):
    """How a rule is written; the first is the strongest."""

    FIELD = "field"
    MARKED = "marked"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One rule of order. `steps` empty means the whole plan; for DEPENDS, `steps[0]` needs the others."""

    kind: ConstraintKind
    steps: tuple[str, ...]
    strength: Strength
    text: str
    ref: FileRef


@dataclass(frozen=True, slots=True)
class RedDemand:
    """What a step's test must do before the implementation exists.

    `exceptions` are the exception names the step accepts; `exempt` is where the step itself allows a pass. `by_report`
    says that no plan is known to ask for it, only the report on the step.
    """

    ref: FileRef
    text: str = ""
    exceptions: tuple[str, ...] = ()
    command: str | None = None
    exempt: FileRef | None = None
    by_report: bool = False


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One planned step; `parts` are the names of the tasks it is made of, `code` the lines of its code blocks, stripped.

    `files` are those it is to change, as a field of the plan says; `mentions` those its text names for whatever reason.
    """

    id: str
    title: str
    ref: Ref
    phase: str | None = None
    model: str | None = None
    red: RedDemand | None = None
    files: tuple[str, ...] = ()
    report_path: str | None = None
    parts: tuple[str, ...] = ()
    kind: UnitKind = UnitKind.STEP
    mentions: tuple[str, ...] = ()
    phase_title: str = ""
    code: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DeclaredTotal:
    """How many steps a plan's document says there are, and how many it describes itself (0: only a list)."""

    number: int
    found: int
    text: str
    ref: FileRef


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: steps in plan order, constraints, and the total it declares.

    `alternatives` are further steps with the number of another one, as several runbooks of one plan have them.
    """

    name: str
    path: str
    title: str
    steps: tuple[StepSpec, ...]
    constraints: tuple[Constraint, ...] = ()
    declared: DeclaredTotal | None = None
    inline_phases: int = 0
    reused_ids: frozenset[str] = frozenset()
    alternatives: tuple[StepSpec, ...] = ()

    def position(self, step: str) -> int | None:
        """Return the place of a step in plan order, None if the plan does not know it."""
        return next((index for index, spec in enumerate(self.steps) if spec.id == step), None)
