"""The week for a terminal: its figures beside the week before, findings by rule, and how each model did."""

from collections.abc import Iterator
from textwrap import wrap

from forensics.model.prose import clock, count, listing
from forensics.model.record import week_of
from forensics.model.weekly import Compared, ModelRow, SessionRow, WeeklyReport
from forensics.render.tables import table
from forensics.render.templates import period
from forensics.render.weekly import TITLES, bounds, claims_of, figure, session_names

_MOST = 12  # rows per table, so that a week fits on about one screen
_NAME = 24  # characters of a branch's name
_TITLE = 36  # characters of what a session was asked for


def render_text(report: WeeklyReport, width: int = 100) -> str:
    """Return the report as plain text, no line wider than `width`."""
    over = "" if report.complete else ", not over yet"
    head = f"{report.period.label} ({report.zone}{over}): {period(report.period.start, report.period.end)} UTC"
    lines = [head[:width], "", *wrap(sentence(report), width), "", *_tables(report, width), *_remarks(report, width)]
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def sentence(report: WeeklyReport) -> str:
    """Return the week in a sentence or two."""
    if report.quiet:
        return _quiet(report)
    by_name = {metric.now.name: metric.now for metric in report.metrics}
    truthfulness, verified = by_name["truthfulness"], by_name["steps_verified"]
    true = (
        f"{figure('truthfulness', truthfulness.value)} of {count(truthfulness.n, 'checkable claim')} are true"
        if truthfulness.n
        else "no claim could be checked"
    )
    # Claims that nothing shows count as neither, and hiding them would call a week of invented hashes true.
    true += f", {truthfulness.missing} could not be checked" if truthfulness.n and truthfulness.missing else ""
    plans = (count(report.runs, "active run"), count(verified.n, "verified step")) if report.runs else ()
    sessions = _sessions(report)
    return f"{listing([*plans, *sessions]) if sessions else ', '.join(plans)}; {true}."


def _sessions(report: WeeklyReport) -> tuple[str, ...]:
    """Return how many units without a plan there were, by their kind, and how many claims are not true."""
    kinds = [session.kind for session in report.sessions]
    names = {
        "session": ("session", "sessions"),
        "pull": ("pull request", "pull requests"),
        "branch": ("branch", "branches"),
    }
    return tuple(count(kinds.count(kind), *words) for kind, words in names.items() if kind in kinds)


def _quiet(report: WeeklyReport) -> str:
    """Say that there is nothing, and where there was something last."""
    if not report.known_runs and not report.last_active:
        return "No run is known: there is no plan, session or pull request here, and the record has none."
    later = report.last_active and report.last_active > week_of(report.period.start)
    last = f" The {'next' if later else 'last'} active week is {report.last_active}." if report.last_active else ""
    known = f" {count(report.known_runs, 'run')} of other periods {'is' if report.known_runs == 1 else 'are'} known."
    return f"Nothing happened in this period.{last}{known if report.known_runs else ''}"


def _tables(report: WeeklyReport, width: int) -> Iterator[str]:
    """Yield the tables that have rows, an empty line after each."""
    metrics = [_metric(metric) for metric in report.metrics if metric.now.value is not None or metric.now.missing]
    if not report.quiet:
        yield from table(("metric", "value", "n", "missing", "before", "mean of 4", ""), metrics, width, left=(0, 6))
        yield ""
    if report.findings:
        rules = [
            (rule.code, rule.name, str(rule.count), str(rule.before), rule.status) for rule in report.findings[:_MOST]
        ]
        yield from table(("rule", "", "now", "before", ""), rules, width, left=(0, 1, 4))
        yield from _more(len(report.findings))
    if report.sessions:
        names = ("session", "began", "agents", "commits", "claims", "USD", "asked for")
        yield from table(names, _shown_sessions(report), width, left=(0, 1, 4, 6))
        yield from _more(len(report.sessions))
    if report.models:
        head = ("model", "work", "steps", "attempts", "first time", "true", "USD", "time")
        yield from table(head, [_model(row) for row in report.models[:_MOST]], width, left=(0, 1))
        yield from _more(len(report.models))


def _metric(metric: Compared) -> tuple[str, ...]:
    name = metric.now.name
    mean = figure(name, metric.mean)
    return (
        TITLES[name],
        figure(name, metric.now.value),
        str(metric.now.n),
        str(metric.now.missing or ""),
        figure(name, metric.before.value),
        mean if metric.mean is None or metric.mean_of == 4 else f"{mean} (of {metric.mean_of})",
        "; ".join(filter(None, (bounds(metric.now), metric.note.partition(":")[0]))),
    )


def _model(row: ModelRow) -> tuple[str, ...]:
    measures = (row.first_time_success, row.truthfulness, row.cost_per_verified_step, row.seconds_to_verified)
    figures = (figure(measure.name, measure.value) for measure in measures)
    return (row.model, row.work, str(row.steps), str(row.attempts), *figures)


def _shown_sessions(report: WeeklyReport) -> list[tuple[str, ...]]:
    """Return rows for the sessions to look at first: with claims that are not true, then with most commits and cost."""
    names = session_names(report)
    first = sorted(
        report.sessions, key=lambda row: (-row.claims_false, -row.commits, -(row.spend.cost_usd or 0), row.run)
    )[:_MOST]
    return [_session(row, names[row.run]) for row in report.sessions if row in first]


def _session(row: SessionRow, name: str) -> tuple[str, ...]:
    began = clock(row.begun)[5:] if row.begun else "–"
    title = " ".join(row.title.split())
    return (
        name if len(name) <= _NAME else f"{name[: _NAME - 1]}…",
        began,
        str(row.agents or ""),
        str(row.commits),
        claims_of(row),
        figure("cost_usd", row.spend.cost_usd),
        title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…",
    )


def _more(rows: int) -> Iterator[str]:
    if rows > _MOST:
        yield f"and {rows - _MOST} more"
    yield ""


def _remarks(report: WeeklyReport, width: int) -> Iterator[str]:
    """Yield what the figures leave out, and the notes."""
    if report.without_time:
        parts = ", ".join(f"{cell.value:.0f} × {cell.name}" for cell in report.without_time)
        yield from wrap(f"Without a time, so not in any period: {parts}.", width)
    for plan in report.unread[:_MOST]:
        yield from wrap(f"Not read: {plan.plan}: {plan.why}", width, subsequent_indent="  ")
    if len(report.unread) > _MOST:
        yield f"and {len(report.unread) - _MOST} more that could not be read"
    for note in report.notes:
        yield from wrap(note, width)
