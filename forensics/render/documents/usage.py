"""`forensics.usage/1`: what `forensics usage --format json` prints."""

from typing import Literal

from forensics.casework.agents.costs import Spending
from forensics.render.documents.parts import Gap, Number, Part, UsageRow, joined, written
from forensics.render.usage import UsageReport

SCHEMA: Literal["forensics.usage/1"] = "forensics.usage/1"


class ModelTotal(Part, frozen=True):
    """Tokens by kind used of one model; `model` is null if the log names none, `cost_usd` if it has no list price."""

    model: str | None
    input: int
    output: int
    cache_read: int
    cache_write_5m: int
    cache_write_1h: int
    cost_usd: Number | None
    lower_bound: bool


class UsageDocument(Part, frozen=True):
    """What agents used, by agent and model (`usage`) and by model (`totals`).

    `gaps`: lines and files that could not be read, and agents whose transcript is missing. `files` were read; `left_out`
    hold no agent's record.
    """

    schema: Literal["forensics.usage/1"]
    usage: list[UsageRow]
    totals: list[ModelTotal]
    gaps: list[Gap]
    files: list[str]
    left_out: list[str]


def render_usage_json(report: UsageReport) -> str:
    """Return the usage as JSON."""
    return written(
        joined(
            UsageDocument,
            report,
            schema=SCHEMA,
            usage=list(map(usage_row, report.rows)),
            totals=[joined(ModelTotal, row.tokens, row, cost_usd=_usd(row)) for row in report.totals],
        )
    )


def usage_row(row: Spending) -> UsageRow:
    """Return one agent's use of one model; no step, because no plan was named."""
    return joined(UsageRow, row.tokens, row, step=None, cost_usd=_usd(row))


def _usd(row: Spending) -> float | None:
    return None if row.usd is None else float(round(row.usd, 6))
