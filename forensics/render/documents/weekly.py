"""`forensics.weekly/1`: what `forensics weekly --format json` writes. Metrics are defined in docs/metrics.md."""

from typing import Literal

import msgspec

from forensics.model import weekly as model
from forensics.render.documents.parts import Number, Part, Time, joined, written

SCHEMA: Literal["forensics.weekly/1"] = "forensics.weekly/1"


class Period(Part, frozen=True):
    """A stretch of time, `end` excluded; `label` is an ISO week (`2026-W05`) or the dates that were asked for."""

    label: str
    start: Time
    end: Time


class ReportPeriod(Period, frozen=True):
    """The period reported on; `complete` is false if it is not over yet."""

    zone: str
    complete: bool


class Measure(Part, frozen=True, omit_defaults=True):
    """A metric's value, null if unknown; the sample size `n`, and how many more could not be counted.

    A proportion has `low` and `high`, its 95 % interval.
    """

    value: Number | None
    n: int
    missing: int
    low: Number | None = None
    high: Number | None = None


class Compared(Measure, frozen=True, kw_only=True):
    """A measure beside the period before, and beside the mean of the last four (of the `mean_of` that have a value)."""

    before: Measure
    mean: Number | None
    mean_of: int
    note: str


class Rule(Part, frozen=True):
    """A rule's findings in this period and `before`, and how many (by fingerprint) are `new`, `recurring` or `gone`."""

    code: str
    name: str
    count: int
    before: int
    new: int
    recurring: int
    gone: int
    status: str


class Model(Part, frozen=True):
    """How a model did at one kind of work (test-first, regression, step)."""

    model: str
    work: str
    steps: int
    attempts: int
    first_time_success: Measure
    truthfulness: Measure
    cost_per_verified_step: Measure
    seconds_to_verified: Measure


class Spend(Part, frozen=True):
    """What a model or a plan used; null where no transcript or no price is known. `unpriced` counts rows without a price."""

    name: str
    tokens: int | None
    cache_share: Number | None
    cost_usd: Number | None
    unpriced: int
    verified: int = msgspec.field(name="steps_verified")
    cost_per_verified_step: Number | None


class Plan(Part, frozen=True):
    """A plan in this period, and its steps `planned_ever`; `origin` says where it was found: tree, history or record."""

    run: str
    origin: str
    planned: int = msgspec.field(name="steps_planned")
    reported: int = msgspec.field(name="steps_reported")
    verified: int = msgspec.field(name="steps_verified")
    planned_ever: int
    verified_ever: int
    findings: int
    truthfulness: Measure
    spend: Spend


class Session(Part, frozen=True):
    """A session with its subagents, a pull request or a branch; `run` is the session's full id, the pull's or branch's name.

    `kind` is session, pull or branch; `title` is empty where only the record knows it. Claims are those of its messages.
    """

    run: str
    kind: str
    title: str
    begun: Time | None
    agents: int
    commits: int
    claims_true: int
    claims_false: int
    claims_unknown: int
    findings: int
    spend: Spend


class ModelCost(Part, frozen=True):
    """A model's cost in one period; there is no row where it is zero."""

    period: str
    name: str = msgspec.field(name="model")
    value: Number = msgspec.field(name="cost_usd")


class RuleCount(Part, frozen=True):
    """A rule's findings in one period; there is no row where there are none."""

    period: str
    name: str = msgspec.field(name="code")
    value: Number = msgspec.field(name="count")


class Unread(Part, frozen=True):
    """A plan that could not be read, and why."""

    plan: str
    why: str


class WeeklyDocument(Part, frozen=True):
    """The report on one period.

    `runs` (of plans and tickets) had activity in it, and `sessions`; `known_runs` counts all runs and sessions.
    `last_active` is the ISO week in which anything last happened before the period, else first
    after it, null if nothing did. `metrics` and `trends` are by metric; a trend has a measure for each
    of `periods`, oldest first. `without_time` counts facts that no evidence dates, by kind. `notes`: what else to know.
    """

    schema: Literal["forensics.weekly/1"]
    period: ReportPeriod
    runs: int
    known_runs: int
    metrics: dict[str, Compared]
    findings: list[Rule]
    models: list[Model]
    by_model: list[Spend]
    plans: list[Plan]
    sessions: list[Session]
    last_active: str | None
    periods: list[Period]
    trends: dict[str, list[Measure]]
    cost_by_model: list[ModelCost]
    findings_by_rule: list[RuleCount]
    without_time: dict[str, int]
    unread: list[Unread]
    notes: list[str]


def render_weekly_json(report: model.WeeklyReport) -> str:
    """Return the report as JSON."""
    return written(
        joined(
            WeeklyDocument,
            report,
            schema=SCHEMA,
            period=joined(ReportPeriod, report.period, zone=report.zone, complete=report.complete),
            metrics={metric.now.name: joined(Compared, metric.now, metric) for metric in report.metrics},
            trends={trend.name: trend.points for trend in report.trends},
            without_time={cell.name: int(cell.value) for cell in report.without_time},
        )
    )
