"""The frozen result of `forensics weekly`; every output is a view of it. Times are UTC, costs USD, durations seconds."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, `start` included and `end` not; `label` is an ISO week (`2026-W05`) or what the user named."""

    label: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure (docs/metrics.md), None if it is unknown.

    `n` is on how many things it rests, `missing` how many more there are that could not be counted. `low` and `high`
    bound a proportion with 95 % confidence (Wilson).
    """

    name: str
    value: float | None
    n: int
    missing: int = 0
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside the period before and the mean of the last four (of `mean_of` that have one); `note`: what to make of it."""

    now: Measure
    before: Measure
    mean: float | None
    mean_of: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule's findings: now and before; by fingerprint new, recurring and gone. `status` is the rule's own."""

    code: str
    name: str
    count: int
    before: int
    new: int
    recurring: int
    gone: int
    status: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """What a model made of one kind of step (test-first, regression, step)."""

    model: str
    work: str
    steps: int
    attempts: int
    first_time_success: Measure
    truthfulness: Measure
    cost_per_verified_step: Measure
    seconds_to_verified: Measure


@dataclass(frozen=True, slots=True)
class Spend:
    """What a model (or a plan) used; `cost_usd` None where no price is known, `unpriced` the rows without one."""

    name: str
    tokens: int | None
    cache_share: float | None
    cost_usd: float | None
    unpriced: int
    verified: int
    cost_per_verified_step: float | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One run in the period; of `planned_ever` steps, `verified_ever` are sound as its freshest state has it."""

    run: str
    origin: str
    planned: int
    reported: int
    verified: int
    planned_ever: int
    verified_ever: int
    findings: int
    truthfulness: Measure
    spend: Spend


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its subagents, a pull request or a branch, in the period.

    `title` is "" where only the record knows it, `begun` None where nothing dates it. Claims are those of its messages:
    `claims_true`, those that the evidence speaks against, and those that nothing shows.
    """

    run: str
    kind: str
    title: str
    begun: datetime | None
    agents: int
    commits: int
    claims_true: int
    claims_false: int
    claims_unknown: int
    findings: int
    spend: Spend


@dataclass(frozen=True, slots=True)
class Trend:
    """One metric over the periods of the report, oldest first."""

    name: str
    points: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a series by period and by model or rule."""

    period: str
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Unread:
    """A plan that could not be read, and why."""

    plan: str
    why: str


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """Everything in a week's report. `periods` are those of the trends, oldest first; the last is the week itself.

    `runs` are those of plans and tickets. `last_active` is the ISO week in which something last happened before the
    period, else first after it. `without_time` counts, by kind of fact, facts without a date, which are in no period.
    `complete` False: it is not over.
    """

    period: Period
    zone: str
    complete: bool
    runs: int
    metrics: tuple[Compared, ...]
    findings: tuple[RuleCount, ...]
    models: tuple[ModelRow, ...]
    by_model: tuple[Spend, ...]
    plans: tuple[PlanRow, ...]
    periods: tuple[Period, ...]
    trends: tuple[Trend, ...]
    cost_by_model: tuple[Cell, ...]
    findings_by_rule: tuple[Cell, ...]
    without_time: tuple[Cell, ...]
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]
    known_runs: int = 0
    sessions: tuple[SessionRow, ...] = ()
    last_active: str | None = None

    @property
    def quiet(self) -> bool:
        """Whether nothing happened in the period."""
        return not (self.runs or self.sessions)
