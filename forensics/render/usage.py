"""Views of what agents used: text, JSON (`forensics.usage/1`) and CSV."""

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forensics.casework.agents.costs import Spending
from forensics.model.prose import count
from forensics.model.source import Gap

SCHEMA = "forensics.usage/1"
_COUNTS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")
_WIDEST = 80
_COLUMNS = ("step", "agent", "model", *_COUNTS, "cost_usd", "lower_bound")


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What was used, by agent and model and by model alone; `left_out` are files without an agent's record."""

    rows: tuple[Spending, ...]
    totals: tuple[Spending, ...]
    gaps: tuple[Gap, ...]
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def render_usage(report: UsageReport, form: str) -> str:
    """Return the report as `text`, `json` or `csv`."""
    match form:
        case "json":
            return json.dumps(document(report), indent=2, ensure_ascii=False) + "\n"
        case "csv":
            return _csv(report)
        case _:
            return _text(report)


def document(report: UsageReport) -> dict[str, Any]:
    """Return the public document as plain values; `cost_usd` null where a model has no listed price."""
    return {
        "schema": SCHEMA,
        "usage": [{"step": None, "agent": row.agent, **_numbers(row)} for row in report.rows],
        "totals": [_numbers(row) for row in report.totals],
        "gaps": [
            {
                "what": gap.what,
                "at": {"path": gap.ref.place, "line": gap.ref.line} if gap.ref else None,
            }
            for gap in report.gaps
        ],
        "files": list(report.files),
        "left_out": list(report.left_out),
    }


def _numbers(row: Spending) -> dict[str, Any]:
    counts = {kind: getattr(row.tokens, kind) for kind in _COUNTS}
    cost = None if row.usd is None else float(round(row.usd, 6))
    return {"model": row.model, **counts, "cost_usd": cost, "lower_bound": row.lower_bound}


def _csv(report: UsageReport) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in report.rows:
        values = {"step": None, "agent": _cell(row.agent), **_numbers(row), "model": _cell(row.model or "")}
        writer.writerow(["" if values[column] is None else values[column] for column in _COLUMNS])
    return out.getvalue()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _text(report: UsageReport) -> str:
    """Return the totals as a table, what it cost, and what is not known."""
    head = ("model", "input", "output", "cache read", "write 5m", "write 1h", "USD")
    body = [_line(row) for row in report.totals]
    widths = [max(len(line[place]) for line in (head, *body)) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in (head, *body)
    ]
    known = sum((row.usd for row in report.totals if row.usd is not None), Decimal())
    unknown = [_named(row.model) for row in report.totals if row.usd is None]
    agents = count(len({row.agent for row in report.rows}), "agent")
    lines += ["", f"{agents} in {count(len(report.files), 'file')}: {known:,.2f} USD at list prices."]
    if unknown:
        lines.append(f"No price is known for {', '.join(unknown)}; it is not in that sum.")
    if any(row.lower_bound for row in report.totals):
        lines.append("Output marked ≥ is a lower bound: its log was written before the messages were complete.")
    if report.gaps:
        lines += ["", "Not known:"]
        lines += [f"  {gap.what} ({gap.ref})" if gap.ref else f"  {gap.what}" for gap in report.gaps[:20]]
    if len(report.gaps) > 20:
        lines.append(f"  and {len(report.gaps) - 20} more (--format json has them)")
    if report.left_out:
        lines.append(f"{count(len(report.left_out), 'file')} without an agent's record left out.")
    return "\n".join(lines) + "\n"


def _named(model: str | None) -> str:
    """Return a model's name short enough for a column."""
    return (model if len(model) <= _WIDEST else f"{model[: _WIDEST - 1]}…") if model else "(not named)"


def _line(row: Spending) -> tuple[str, ...]:
    tokens = row.tokens
    output = f"≥ {tokens.output:,}" if row.lower_bound else f"{tokens.output:,}"
    return (
        _named(row.model),
        f"{tokens.input:,}",
        output,
        *(f"{many:,}" for many in (tokens.cache_read, tokens.cache_write_5m, tokens.cache_write_1h)),
        "?" if row.usd is None else f"{row.usd:,.2f}",
    )
