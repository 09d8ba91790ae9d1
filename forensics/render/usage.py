"""What agents used, as a table for a terminal and as CSV."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal

from forensics.casework.agents.costs import Spending
from forensics.model.prose import count
from forensics.model.source import Gap
from forensics.render.csv_cells import csv_cell

_COLUMNS = ("step", "agent", "model", "input", "output", "cache_read", "cache_write_5m", "cache_write_1h",
            "cost_usd", "lower_bound")  # fmt: skip
_MOST_GAPS = 20  # one screen


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What was used, by agent and model and by model alone; `left_out` are files without an agent's record."""

    rows: tuple[Spending, ...]
    totals: tuple[Spending, ...]
    gaps: tuple[Gap, ...]
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def render_csv(report: UsageReport) -> str:
    """Return one line per agent and model, with the columns of the JSON's `usage`."""
    from forensics.render.documents.usage import usage_row

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in map(usage_row, report.rows):
        writer.writerow(csv_cell(getattr(row, column)) for column in _COLUMNS)
    return out.getvalue()


def render_usage(report: UsageReport, width: int) -> str:
    """Return the totals as a table, what they cost, and what is not known."""
    from forensics.render.tables import table

    head = ("model", "input", "output", "cache read", "write 5m", "write 1h", "USD")
    known = sum((row.usd for row in report.totals if row.usd is not None), Decimal())
    prices = (
        "as transcripts record it, the rest at list prices"
        if any(row.recorded for row in report.totals)
        else "at list prices"
    )
    agents = count(len({row.agent for row in report.rows}), "agent")
    lines = [
        *table(head, [_cells(row) for row in report.totals], width),
        "",
        f"{agents} in {count(len(report.files), 'file')}: USD {known:,.2f} {prices}.",
    ]
    unknown = [_named(row.model) for row in report.totals if row.usd is None]
    if unknown:
        lines.append(f"The price of {', '.join(unknown)} is not known and not in this sum.")
    if any(row.lower_bound for row in report.totals):
        lines.append("Output marked ≥ is a lower bound: its log was written before the messages were complete.")
    return "\n".join([*lines, *_unknown(report)]) + "\n"


def _unknown(report: UsageReport) -> list[str]:
    """Return what could not be read, and how many files hold no agent's record."""
    lines = ["", "Not known:"] if report.gaps else []
    lines += [f"  {gap.what} ({gap.ref})" if gap.ref else f"  {gap.what}" for gap in report.gaps[:_MOST_GAPS]]
    if len(report.gaps) > _MOST_GAPS:
        lines.append(f"  and {len(report.gaps) - _MOST_GAPS} more (--format json lists all)")
    if report.left_out:
        lines.append(f"Skipped {count(len(report.left_out), 'file')} without an agent's record.")
    return lines


def _named(model: str | None) -> str:
    return (model if len(model) <= 80 else f"{model[:79]}…") if model else "(not named)"


def _cells(row: Spending) -> tuple[str, ...]:
    tokens = row.tokens
    return (
        _named(row.model),
        f"{tokens.input:,}",
        f"≥ {tokens.output:,}" if row.lower_bound else f"{tokens.output:,}",
        *(f"{number:,}" for number in (tokens.cache_read, tokens.cache_write_5m, tokens.cache_write_1h)),
        "?" if row.usd is None else f"{row.usd:,.2f}",
    )
