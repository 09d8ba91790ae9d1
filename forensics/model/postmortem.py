"""The frozen result document; every output is a view of it."""

from dataclasses import dataclass
from datetime import datetime

from forensics.model.claim import Confidence, JudgedClaim
from forensics.model.finding import CausalLink, Fault, Finding, Skip
from forensics.model.lane import Lane
from forensics.model.plan import UnitKind
from forensics.model.rebuilt import Offer
from forensics.model.receipt import Receipt
from forensics.model.recovery import Recovery
from forensics.model.source import Gap, Ref, Source
from forensics.model.transcript import Tokens


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
    """One row of the table of sources; the texts are prose."""

    step: str
    title: str
    asks: str
    report: str
    transcript: str
    git: str
    verdict: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: what was declared, whether it started, what its report says, and its verdict.

    `candidates` are the commits of no step that may be its work, where nothing else shows the step.
    """

    id: str
    title: str
    declared: bool
    started: bool
    status: str | None
    verdict: str
    reports: tuple[str, ...]
    commits: tuple[str, ...]
    row: WitnessRow
    candidates: tuple[str, ...] = ()
    kind: UnitKind = UnitKind.STEP


@dataclass(frozen=True, slots=True)
class Impact:
    """The steps by verdict; `tree` says how the work tree compares with history."""

    sound: tuple[str, ...]
    violated: tuple[str, ...]
    unproven: tuple[str, ...]
    blocked: tuple[str, ...]
    not_started: tuple[str, ...]
    tree: str
    no_trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UntiedCommit:
    """A commit of the run's time that belongs to no step."""

    sha: str
    subject: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """How many commits and pull requests of the run's time there are, and how many of them belong to a step.

    `untied` and `untied_pulls` (by number) are the first of those that belong to none.
    """

    commits: int = 0
    tied: int = 0
    pulls: int = 0
    tied_pulls: int = 0
    untied: tuple[UntiedCommit, ...] = ()
    untied_pulls: tuple[int, ...] = ()


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
class AgentFacts:
    """One agent: its step (None where it could not be tied), how surely, and who was launched with it."""

    id: str
    parent: str | None
    step: str | None
    confidence: str | None
    model: str | None
    cwd: str
    branch: str | None
    start: datetime
    end: datetime
    launched_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UsageLine:
    """Tokens of one agent on one model; `step` None: unattributed; `cost_usd` None: the model's price is not known."""

    step: str | None
    agent: str
    model: str | None
    tokens: Tokens
    cost_usd: float | None
    lower_bound: bool


@dataclass(frozen=True, slots=True)
class UsageTotal:
    """Tokens and cost of everything under one name (a step, a model, or all); `unpriced` names models without a price."""

    name: str
    tokens: Tokens
    cost_usd: float | None
    unpriced: tuple[str, ...]
    lower_bound: bool


@dataclass(frozen=True, slots=True)
class Metrics:
    """Cost and time of a run. Seconds; shares from 0 to 1 of the known cost, None where it is not known.

    *Launched* are agents that others launched, *unasked* those of them that no person had asked for.
    """

    total: UsageTotal
    by_step: tuple[UsageTotal, ...]
    by_model: tuple[UsageTotal, ...]
    wall_seconds: float
    active_seconds: float
    waited_for_person: float
    waited_for_api: float
    agents: int
    most_at_once: int
    retry_share: float | None
    recovery_share: float | None
    launched_share: float | None = None
    unasked_share: float | None = None
    launches: int = 0
    unasked_launches: int = 0


@dataclass(frozen=True, slots=True, order=True)
class RanRule:
    """A rule that was applied to the run, whether it found anything or not."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Postmortem:
    """Everything a reader learns, with its evidence; `skips` are the rules that could not be applied, `faults` that crashed.

    A run without a plan has `receipts`, and `plans`, the folders of plans that were worked on at the time.
    """

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
    ran: tuple[RanRule, ...] = ()
    agents: tuple[AgentFacts, ...] = ()
    usage: tuple[UsageLine, ...] = ()
    metrics: Metrics | None = None
    lanes: tuple[Lane, ...] = ()
    coverage: CoverageFacts = CoverageFacts()
    receipts: tuple[Receipt, ...] = ()
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescue:
    """The result of `forensics recover`: the run, the plan to recover its work, and the evidence searched.

    `rebuilt` are lost commits out of transcripts, None if they were not asked for.
    """

    run: RunFacts
    recovery: Recovery
    searched: str
    gaps: tuple[Gap, ...] = ()
    rebuilt: tuple[Offer, ...] | None = None
