"""The weekly report as values for any view: JSON (`forensics.weekly/1`), rows for CSV and Parquet, figures as text."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from forensics.model.prose import duration
from forensics.model.weekly import Cell, Compared, Measure, Period, PlanRow, Spend, WeeklyReport
from forensics.render.templates import percent

SCHEMA = "forensics.weekly/1"
TITLES = {
    "steps_planned": "Steps planned",
    "steps_reported": "Steps reported",
    "steps_verified": "Steps verified",
    "truthfulness": "Truthfulness",
    "red_compliance": "RED compliance",
    "isolation_incidents": "Isolation incidents",
    "findings": "Findings",
    "findings_new": "Findings, new",
    "findings_recurring": "Findings, recurring",
    "findings_gone": "Findings, gone",
    "verified_per_day": "Verified steps a day",
    "verified_per_active_hour": "Verified steps an active hour",
    "seconds_to_verified": "Start to verified, median",
    "attempts_per_step": "Attempts a step",
    "first_time_success": "Right the first time",
    "concurrency": "Agents at once, at most",
    "cost_usd": "Cost, USD",
    "tokens": "Tokens",
    "cache_share": "Input read from cache",
    "cost_per_verified_step": "Cost a verified step, USD",
    "tokens_per_verified_step": "Tokens a verified step",
    "recovery_share": "Cost after the first violation",
    "plan_completion": "Of the plans verified",
    "model_as_planned": "Model as planned",
    "steps_unplanned": "Steps no plan has",
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
    """Return a metric's value as a reader is told it; a dash where nothing tells it."""
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


def remark(one: Compared) -> str:
    """Return what is to be said beside a figure: its interval, and what a change is worth."""
    return "; ".join(filter(None, (bounds(one.now), one.note)))


def title(report: WeeklyReport) -> str:
    """Return what the report is called."""
    return f"Week {report.period.label}" if "W" in report.period.label else report.period.label


def render_json(report: WeeklyReport) -> str:
    """Return the document as indented JSON in UTF-8, times in UTC."""
    return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"


def document(report: WeeklyReport) -> dict[str, Any]:
    """Return the public document as plain values."""
    return {
        "schema": SCHEMA,
        "period": {**_period(report.period), "zone": report.zone, "complete": report.complete},
        "runs": report.runs,
        "known_runs": report.known_runs,
        "metrics": {one.now.name: _compared(one) for one in report.metrics},
        "findings": [
            {
                "code": one.code,
                "name": one.name,
                "count": one.count,
                "before": one.before,
                "new": one.new,
                "recurring": one.recurring,
                "gone": one.gone,
                "status": one.status,
            }
            for one in report.findings
        ],
        "models": [
            {
                "model": one.model,
                "work": one.work,
                "steps": one.steps,
                "attempts": one.attempts,
                "first_time_success": _measure(one.first_time_success),
                "truthfulness": _measure(one.truthfulness),
                "cost_per_verified_step": _measure(one.cost_per_verified_step),
                "seconds_to_verified": _measure(one.seconds_to_verified),
            }
            for one in report.models
        ],
        "by_model": [_spend(one) for one in report.by_model],
        "plans": [
            {
                "run": one.run,
                "origin": one.origin,
                "steps_planned": one.planned,
                "steps_reported": one.reported,
                "steps_verified": one.verified,
                "planned_ever": one.planned_ever,
                "verified_ever": one.verified_ever,
                "findings": one.findings,
                "truthfulness": _measure(one.truthfulness),
                "spend": _spend(one.spend),
            }
            for one in report.plans
        ],
        "periods": [_period(one) for one in report.periods],
        "trends": {one.name: [_measure(point) for point in one.points] for one in report.trends},
        "cost_by_model": [_cell(one, "model", "cost_usd") for one in report.cost_by_model],
        "findings_by_rule": [_cell(one, "code", "count") for one in report.findings_by_rule],
        "without_time": {one.name: int(one.value) for one in report.without_time},
        "unread": [{"plan": one.plan, "why": one.why} for one in report.unread],
        "notes": list(report.notes),
    }


def _period(period: Period) -> dict[str, Any]:
    return {"label": period.label, "start": _time(period.start), "end": _time(period.end)}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _measure(measure: Measure) -> dict[str, Any]:
    own = {"value": measure.value, "n": measure.n, "missing": measure.missing}
    return own if measure.low is None else {**own, "low": measure.low, "high": measure.high}


def _compared(one: Compared) -> dict[str, Any]:
    return {
        **_measure(one.now),
        "before": _measure(one.before),
        "mean": one.mean,
        "mean_of": one.mean_of,
        "note": one.note,
    }


def _spend(one: Spend) -> dict[str, Any]:
    return {
        "name": one.name,
        "tokens": one.tokens,
        "cache_share": one.cache_share,
        "cost_usd": one.cost_usd,
        "unpriced": one.unpriced,
        "steps_verified": one.verified,
        "cost_per_verified_step": one.cost_per_verified_step,
    }


def _cell(cell: Cell, name: str, value: str) -> dict[str, Any]:
    return {"period": cell.period, name: cell.name, value: cell.value}


def rows(report: WeeklyReport) -> tuple[Row, ...]:
    """Return every table in long format, a row a number; documented in docs/json.md."""
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
    for one in report.models:
        for name in ("steps", "attempts"):
            yield _plain("models", label, one.model, name, float(getattr(one, name)), one.work)
        for point in (one.first_time_success, one.truthfulness, one.cost_per_verified_step, one.seconds_to_verified):
            yield _row("models", label, one.model, one.work, point)
    for spend in report.by_model:
        yield from _of_spend("by_model", label, spend)
    for plan in report.plans:
        yield from _of_plan(plan, label)


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


def _row(table: str, period: str, key: str, work: str, one: Measure) -> Row:
    return Row(table, period, key, work, one.name, one.value, one.n, one.missing, one.low, one.high)


def _plain(table: str, period: str, key: str, name: str, value: float | None, work: str = "") -> Row:
    return Row(table, period, key, work, name, value, None, None, None, None)


def render_csv(report: WeeklyReport) -> str:
    """Return the tables as CSV, nothing of which a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(one.name for one in fields(Row))
    for row in rows(report):
        writer.writerow(_csv_cell(value) for value in astuple(row))
    return out.getvalue()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        return f"'{value}"
    return "" if value is None else value
