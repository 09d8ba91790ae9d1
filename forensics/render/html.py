"""The postmortem as one HTML file; only this view loads the chart libraries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from forensics.model.claim import JudgedClaim
from forensics.model.finding import Finding
from forensics.model.lane import Lane, Mark
from forensics.model.postmortem import Metrics, Postmortem, StepResult, UsageTotal
from forensics.render.charts import Bar, bars
from forensics.render.lane_chart import Dot, Row, lane_chart
from forensics.render.page import html_environment, shell
from forensics.render.receipts import receipt_views
from forensics.render.recovery import paragraphs
from forensics.render.templates import cost
from forensics.render.timeline import NAMES

# So many fit on a page that a person scrolls through; the tables say how many more there are.
LANES = 40
CLAIMS = 40


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with what its row links to; `anchor` is made here because step ids are foreign text."""

    anchor: str
    result: StepResult
    findings: tuple[Finding, ...]
    claims: tuple[JudgedClaim, ...]

    @property
    def why(self) -> str:
        """Return the row's verdict without the word that stands beside it already."""
        word, _, rest = self.result.row.verdict.partition(": ")
        return rest or ("" if word.replace(" ", "-") == self.result.verdict else word)


def render_html(postmortem: Postmortem) -> str:
    """Return the postmortem as one HTML document; it needs no network, and the same one gives the same bytes."""
    made = html_environment()
    return made.get_template("postmortem.html.j2").render(
        pm=postmortem,
        shell=shell(made),
        steps=_steps(postmortem),
        receipts=receipt_views(postmortem),
        back=paragraphs(postmortem.recovery),
        most_claims=CLAIMS,
        lanes=_lanes(postmortem),
        mark_names=NAMES,
        findings_of={finding.fingerprint: finding for finding in postmortem.findings},
        severities=_severities(postmortem.findings),
        spending=_spending(postmortem.metrics, "unit" if postmortem.receipts else "step") if postmortem.metrics else (),
    )


def _steps(postmortem: Postmortem) -> tuple[StepView, ...]:
    return tuple(
        StepView(
            f"step-{number}",
            step,
            tuple(finding for finding in postmortem.findings if step.id in finding.steps),
            tuple(claim for claim in postmortem.claims if step.id in {claim.claim.step, claim.claim.about}),
        )
        for number, step in enumerate(postmortem.steps, start=1)
    )


def _severities(findings: Sequence[Finding]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(str(finding.severity) for finding in findings).items())


def _lanes(postmortem: Postmortem) -> dict[str, Any]:
    """Return the drawn lanes and what was left out of them; git's lane is always among them."""
    busy = [lane for lane in postmortem.lanes if lane.marks or lane.start]
    shown = [*[lane for lane in busy if lane.agent][:LANES], *[lane for lane in busy if not lane.agent]]
    order = {finding.fingerprint: (number, finding.code) for number, finding in enumerate(postmortem.findings)}
    title = f"What {len(shown)} lanes did when, with findings marked; the table below has every mark."
    return {
        "svg": lane_chart(title, [_row(lane, order) for lane in shown]) if shown else None,
        "all": busy,
        "hidden": len(busy) - len(shown),
        "left_out": sum(lane.left_out for lane in postmortem.lanes),
    }


def _row(lane: Lane, order: dict[str, tuple[int, str]]) -> Row:
    return Row(lane.name, lane.start, lane.end, tuple(_dot(mark, order) for mark in lane.marks))


def _dot(mark: Mark, order: dict[str, tuple[int, str]]) -> Dot:
    """Return the mark with the codes of its findings, the gravest first, each once."""
    codes = dict.fromkeys(
        code for _, code in sorted(order[fingerprint] for fingerprint in mark.findings if fingerprint in order)
    )
    return Dot(mark.moment, str(mark.kind), tuple(codes))


def _spending(metrics: Metrics, unit: str) -> tuple[tuple[str, tuple[UsageTotal, ...], Markup], ...]:
    """Return the sums by unit (a step, a session) and by model, each with its chart: in USD, or in tokens where no price is known."""
    sums = ((unit, metrics.by_step), ("model", metrics.by_model))
    return tuple((name, totals, _costs(name, totals)) for name, totals in sums if totals)


def _costs(name: str, totals: Sequence[UsageTotal]) -> Markup:
    priced = any(total.cost_usd for total in totals)
    unit = "USD" if priced else "tokens"
    rows = [
        Bar(total.name, total.cost_usd or 0.0, cost(total)) if priced else Bar(total.name, total.tokens.total, f"{total.tokens.total:,}")
        for total in totals
    ]  # fmt: skip
    return bars(f"Cost by {name} in {unit}; the table below has the numbers.", rows, unit)
