"""What all views of the weekly report share: titles, figures as text, and rows for CSV and Parquet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from forensics.model.prose import duration, listing
from forensics.model.weekly import Compared, Measure, PlanRow, SessionRow, Spend, WeeklyReport
from forensics.render.csv_cells import csv_cell
from forensics.render.templates import percent

TITLES = {
    "sessions": "Sessions",
    "pulls": "Pull requests",
    "claims_true": "Claims true",
    "claims_false": "Claims not true",
    "claims_unknown": "Claims not shown",
    "steps_planned": "Steps planned",
    "steps_reported": "Steps reported",
    "steps_verified": "Steps verified",
    "truthfulness": "Truthfulness",
    "red_compliance": "RED compliance",
    "isolation_incidents": "Isolation incidents",
    "findings": "Findings",
    "findings_new": "New findings",
    "findings_recurring": "Recurring findings",
    "findings_gone": "Findings gone",
    "verified_per_day": "Verified steps per day",
    "verified_per_active_hour": "Verified steps per active hour",
    "seconds_to_verified": "Median time from start to verified",
    "attempts_per_step": "Attempts per step",
    "first_time_success": "First-time success",
    "concurrency": "Most agents at once",
    "cost_usd": "Cost (USD)",
    "tokens": "Tokens",
    "cache_share": "Input read from cache",
    "cost_per_verified_step": "Cost per verified step (USD)",
    "tokens_per_verified_step": "Tokens per verified step",
    "recovery_share": "Cost after the first violation",
    "plan_completion": "Plan completion",
    "model_as_planned": "Planned model used",
    "steps_unplanned": "Steps in no plan",
}
SHARES = frozenset(
    {"truthfulness", "red_compliance", "first_time_success", "cache_share", "recovery_share", "plan_completion",
     "model_as_planned", "steps_unplanned"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a table, for CSV and Parquet: `name` is the metric; `key` the run, rule, model or kind of fact."""

    table: str
    period: str
    key: str
    work: str
    name: str
    value: float | None
    n: int | None
    missing: int | None
    low: float | None
    high: float | None


def figure(name: str, value: float | None) -> str:
    """Return a metric's value for a reader; a dash where it is not known."""
    if value is None:
        return "–"
    if name in SHARES:
        return percent(value)
    if name == "seconds_to_verified":
        return duration(value)
    if "cost" in name:
        return f"{value:,.2f}"
    return f"{value:,.0f}" if value == int(value) or value >= 1_000 else f"{value:,.2f}"


def bounds(measure: Measure) -> str:
    """Return the interval of a proportion, "" of anything else."""
    return "" if measure.low is None or measure.high is None else f"{measure.low * 100:.0f}–{percent(measure.high)}"


def remark(metric: Compared) -> str:
    """Return the remark beside a figure: its interval, and whether a change means anything."""
    return "; ".join(filter(None, (bounds(metric.now), metric.note)))


def title(report: WeeklyReport) -> str:
    """Return the report's title."""
    return f"Week {report.period.label}" if "W" in report.period.label else report.period.label


def session_names(report: WeeklyReport) -> dict[str, str]:
    """Return the names to show: the beginning of a session's id, a pull request's number, a branch's name."""
    ids = [session.run for session in report.sessions if session.kind == "session"]
    # OpenCode's ids of one day begin alike, `ses_32f7…`.
    length = next((size for size in range(8, 64) if len({name[:size] for name in ids}) == len(set(ids))), 64)
    return {row.run: row.run[:length] if row.kind == "session" else row.run for row in report.sessions}


def claims_of(session: SessionRow) -> str:
    """Return how the claims of a session's messages stand."""
    parts = ((session.claims_true, "true"), (session.claims_false, "not true"), (session.claims_unknown, "not shown"))
    return listing(f"{number} {what}" for number, what in parts if number) or "–"


def rows(report: WeeklyReport) -> tuple[Row, ...]:
    """Return every table in long format, one row per number; docs/json.md describes the columns."""
    return tuple(_rows(report))


def _rows(report: WeeklyReport) -> Iterator[Row]:
    for trend in report.trends:
        for period, point in zip(report.periods, trend.points, strict=True):
            yield _row("metrics", period.label, "", "", point)
    yield from _of_the_week(report, report.period.label)
    for table, name, cells in (
        ("cost_by_model", "cost_usd", report.cost_by_model),
        ("findings_by_rule", "count", report.findings_by_rule),
        ("without_time", "count", report.without_time),
    ):
        for cell in cells:
            yield _plain(table, cell.period, cell.name, name, cell.value)


def _of_the_week(report: WeeklyReport, label: str) -> Iterator[Row]:
    for rule in report.findings:
        for name in ("count", "before", "new", "recurring", "gone"):
            yield _plain("findings", label, rule.code, name, float(getattr(rule, name)))
    for row in report.models:
        for name in ("steps", "attempts"):
            yield _plain("models", label, row.model, name, float(getattr(row, name)), row.work)
        for point in (row.first_time_success, row.truthfulness, row.cost_per_verified_step, row.seconds_to_verified):
            yield _row("models", label, row.model, row.work, point)
    for spend in report.by_model:
        yield from _of_spend("by_model", label, spend)
    for plan in report.plans:
        yield from _of_plan(plan, label)
    for session in report.sessions:
        for name in ("agents", "commits", "claims_true", "claims_false", "claims_unknown", "findings"):
            yield _plain("sessions", label, session.run, name, float(getattr(session, name)), session.kind)
        yield from _of_spend("sessions", label, session.spend)


def _of_plan(plan: PlanRow, label: str) -> Iterator[Row]:
    for name in ("planned", "reported", "verified"):
        yield _plain("plans", label, plan.run, f"steps_{name}", float(getattr(plan, name)))
    for name in ("planned_ever", "verified_ever", "findings"):
        yield _plain("plans", label, plan.run, name, float(getattr(plan, name)))
    yield _row("plans", label, plan.run, "", plan.truthfulness)
    yield from _of_spend("plans", label, plan.spend)


def _of_spend(table: str, label: str, spend: Spend) -> Iterator[Row]:
    for name in ("tokens", "cache_share", "cost_usd", "cost_per_verified_step"):
        value = getattr(spend, name)
        yield _plain(table, label, spend.name, name, None if value is None else float(value))


def _row(table: str, period: str, key: str, work: str, measure: Measure) -> Row:
    return Row(
        table, period, key, work, measure.name, measure.value, measure.n, measure.missing, measure.low, measure.high
    )


def _plain(table: str, period: str, key: str, name: str, value: float | None, work: str = "") -> Row:
    return Row(table, period, key, work, name, value, None, None, None, None)


def render_csv(report: WeeklyReport) -> str:
    """Return the tables as CSV, nothing of which a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(field.name for field in fields(Row))
    for row in rows(report):
        writer.writerow(csv_cell(value) for value in astuple(row))
    return out.getvalue()
