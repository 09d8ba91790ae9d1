"""The week for a terminal: its figures beside the week before, what went wrong, which model did what."""

from textwrap import wrap

from forensics.model.prose import count
from forensics.model.weekly import Compared, WeeklyReport
from forensics.render.tables import table
from forensics.render.templates import utc
from forensics.render.weekly import TITLES, bounds, figure

WIDTH = 100
_MOST = 12


def render_text(report: WeeklyReport, width: int = WIDTH) -> str:
    """Return the report as plain text, no line wider than `width`."""
    over = "" if report.complete else ", not over yet"
    head = f"{report.period.label} ({report.zone}{over}): {utc(report.period.start)} to {utc(report.period.end)} UTC"
    lines = [head[:width], "", *wrap(sentence(report), width), ""]
    told = [one for one in report.metrics if one.now.value is not None or one.now.missing]
    if report.runs:
        lines += [
            *table(("", "", "n", "missing", "before", "mean of 4", ""), [_metric(one) for one in told], width),
            "",
        ]
    if report.findings:
        counts = [(one.code, one.name, str(one.count), str(one.before), one.status) for one in report.findings[:_MOST]]
        lines += [*table(("rule", "", "now", "before", ""), counts, width), *_more(len(report.findings)), ""]
    if report.models:
        lines += [
            *table(("model", "work", "steps", "tries", "first time", "true", "USD", "time"), _models(report), width),
            *_more(len(report.models)),
            "",
        ]
    lines += _rest(report, width)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def sentence(report: WeeklyReport) -> str:
    """Return the week in a sentence or two."""
    if not report.known_runs:
        return "No run is known: there is no plan here, and the record has none."
    if not report.runs:
        return f"Nothing happened in this time. {count(report.known_runs, 'run')} of other times {'is' if report.known_runs == 1 else 'are'} known."
    by_name = {one.now.name: one.now for one in report.metrics}
    true, done = by_name["truthfulness"], by_name["steps_verified"]
    held = (
        f"{figure('truthfulness', true.value)} of {count(true.n, 'checkable claim')} hold"
        if true.n
        else "no claim could be checked"
    )
    return f"{count(report.runs, 'run')} at work, {count(done.n, 'step')} verified; {held}."


def _metric(one: Compared) -> tuple[str, ...]:
    name = one.now.name
    mean = figure(name, one.mean) + ("" if one.mean is None or one.mean_of == 4 else f" (of {one.mean_of})")
    note = "; ".join(filter(None, (bounds(one.now), one.note.partition(":")[0])))
    missing = str(one.now.missing or "")
    return (
        TITLES[name],
        figure(name, one.now.value),
        str(one.now.n),
        missing,
        figure(name, one.before.value),
        mean,
        note,
    )


def _models(report: WeeklyReport) -> list[tuple[str, ...]]:
    rows = []
    for one in report.models[:_MOST]:
        measures = (one.first_time_success, one.truthfulness, one.cost_per_verified_step, one.seconds_to_verified)
        rows.append(
            (one.model, one.work, str(one.steps), str(one.attempts), *(figure(m.name, m.value) for m in measures))
        )
    return rows


def _more(rows: int) -> list[str]:
    return [f"and {rows - _MOST} more"] if rows > _MOST else []


def _rest(report: WeeklyReport, width: int) -> list[str]:
    lines = []
    if report.without_time:
        parts = ", ".join(f"{cell.value:.0f} × {cell.name}" for cell in report.without_time)
        lines += wrap(f"Without a time, and so in no week: {parts}.", width)
    for one in report.unread[:_MOST]:
        lines += wrap(f"Not read: {one.plan}: {one.why}", width, subsequent_indent="  ")
    if len(report.unread) > _MOST:
        lines.append(f"and {len(report.unread) - _MOST} more that were not read")
    for note in report.notes:
        lines += wrap(note, width)
    return lines
