"""The frozen result document; every output is a view of it."""

from dataclasses import dataclass
from datetime import datetime

from forensics.model.claim import Confidence, JudgedClaim
from forensics.model.finding import Fault, Finding, Skip
from forensics.model.source import Gap, Ref, Source


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Which run, against which state of which history."""

    name: str
    plan: str
    head: str
    branch: str | None
    revision: str | None
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """One row of the witness table; the texts are prose."""

    step: str
    title: str
    asks: str
    report: str
    git: str
    verdict: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: what was declared, whether it started, what its report says, and how it stands."""

    id: str
    title: str
    declared: bool
    started: bool
    status: str | None
    verdict: str
    reports: tuple[str, ...]
    commits: tuple[str, ...]
    row: WitnessRow


@dataclass(frozen=True, slots=True)
class Impact:
    """The steps by how they stand; `clean` None where tree and history could not be compared."""

    sound: tuple[str, ...]
    violated: tuple[str, ...]
    unproven: tuple[str, ...]
    blocked: tuple[str, ...]
    not_started: tuple[str, ...]
    tree: str


@dataclass(frozen=True, slots=True)
class CausalLink:
    """One step of the chain from the root cause to a symptom."""

    effect: str
    because: str
    confidence: Confidence
    evidence: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RootCause:
    """Why it happened; `known` False when the evidence does not single out a cause."""

    known: bool
    statement: str
    confidence: Confidence | None
    evidence: tuple[Ref, ...] = ()
    chain: tuple[CausalLink, ...] = ()
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One line of the timeline; `moment` is aware."""

    moment: datetime
    text: str
    ref: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command a person can run, and what it is for."""

    purpose: str
    line: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """Where to resume, what can be kept, and the exact commands."""

    resume_at: str | None
    base: str | None
    sound: tuple[str, ...]
    commands: tuple[Command, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Postmortem:
    """Everything a reader is told, with its evidence."""

    run: RunFacts
    verdict: str
    impact: Impact
    steps: tuple[StepResult, ...]
    claims: tuple[JudgedClaim, ...]
    findings: tuple[Finding, ...]
    cause: RootCause
    timeline: tuple[Moment, ...]
    recovery: Recovery
    follows: tuple[str, ...]
    sources: tuple[Source, ...]
    gaps: tuple[Gap, ...]
    skips: tuple[Skip, ...]
    faults: tuple[Fault, ...]
    searched: str
