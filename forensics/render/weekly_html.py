"""The weekly report as one HTML file; only this view of it loads the chart libraries."""

from collections.abc import Iterable

from markupsafe import Markup

from forensics.model.prose import clock
from forensics.model.weekly import Cell as Number
from forensics.model.weekly import WeeklyReport
from forensics.render.charts import Bar, Cell, Point, bars, heat_map, trend
from forensics.render.page import html_environment, shell
from forensics.render.weekly import SHARES, TITLES, claims_of, figure, remark, session_names, title
from forensics.render.weekly_text import sentence

TRENDS = (
    ("Steps verified", "steps", ("steps_verified",)),
    ("Truthfulness and compliance", "share", ("truthfulness", "red_compliance", "first_time_success")),
    ("Cost", "USD", ("cost_usd",)),
    ("Cost per verified step", "USD", ("cost_per_verified_step",)),
)
SHOWN = (
    "sessions",
    "steps_verified",
    "truthfulness",
    "claims_false",
    "red_compliance",
    "isolation_incidents",
    "cost_usd",
    "cost_per_verified_step",
)


def render_html(report: WeeklyReport) -> str:
    """Return the report as one HTML document; it needs no network, and the same one gives the same bytes."""
    made = html_environment()
    made.filters |= {
        "figure": lambda value, name: figure(name, value),
        "remark": remark,
        "claims_of": claims_of,
        "clock": clock,
    }
    return made.get_template("weekly.html.j2").render(
        report=report,
        shell=shell(made),
        title=title(report),
        sentence=sentence(report),
        titles=TITLES,
        names=session_names(report),
        tiles=[metric for metric in report.metrics if metric.now.name in SHOWN and metric.now.value is not None],
        trends=[*_trends(report), *_spending(report)],
        models=_models(report),
        rules=_rules(report),
    )


def _trends(report: WeeklyReport) -> Iterable[tuple[str, Markup, list[tuple[str, tuple[str, ...]]]]]:
    """Yield each chart of a figure over the weeks, with its name, and its numbers by week."""
    series = {metric.name: metric.points for metric in report.trends}
    labels = [period.label for period in report.periods]
    for name, unit, metrics in TRENDS:
        known = [metric for metric in metrics if any(point.value is not None for point in series.get(metric, ()))]
        points = [
            Point(label, TITLES[metric], 100 * point.value if metric in SHARES else point.value)
            for metric in known
            for label, point in zip(labels, series[metric], strict=True)
            if point.value is not None
        ]
        if len({point.at for point in points}) > 1:
            drawn = trend(f"{name} over {len(labels)} weeks", points, labels, "%" if unit == "share" else unit)
            rows = [
                (label, tuple(figure(metric, series[metric][place].value) for metric in known))
                for place, label in enumerate(labels)
            ]
            yield name, drawn, [("", tuple(TITLES[metric] for metric in known)), *rows]


def _spending(report: WeeklyReport) -> Iterable[tuple[str, Markup, list[tuple[str, tuple[str, ...]]]]]:
    """Yield the chart of what each model cost over the weeks, with its name and its numbers, if any price is known."""
    labels = [period.label for period in report.periods]
    models = sorted({cell.name for cell in report.cost_by_model})
    points = [Point(cell.period, cell.name, cell.value) for cell in report.cost_by_model]
    if len({point.at for point in points}) > 1:
        known = {(cell.period, cell.name): cell.value for cell in report.cost_by_model}
        rows = [(label, tuple(figure("cost_usd", known.get((label, model))) for model in models)) for label in labels]
        name = "Cost by model and week"
        yield name, trend(f"{name}, in USD", points, labels, "USD"), [("", tuple(models)), *rows]


def _models(report: WeeklyReport) -> Markup | None:
    """Return what the week cost by model, in USD, or in tokens where no price is known."""
    if not report.by_model:
        return None
    priced = any(spend.cost_usd for spend in report.by_model)
    rows = [
        Bar(spend.name, spend.cost_usd or 0.0, figure("cost_usd", spend.cost_usd))
        if priced
        else Bar(spend.name, spend.tokens or 0, figure("tokens", spend.tokens))
        for spend in report.by_model
    ]
    unit = "USD" if priced else "tokens"
    return bars(f"Cost by model in {unit}; the table below has the numbers.", rows, unit)


def _rules(report: WeeklyReport) -> Markup | None:
    """Return the findings by rule and week as a heat map."""
    cells: tuple[Number, ...] = report.findings_by_rule
    if not cells:
        return None
    drawn = [Cell(cell.name, cell.period, cell.value) for cell in cells]
    return heat_map(
        "Findings by rule and week; the table below has the numbers.",
        drawn,
        sorted({cell.name for cell in cells}),
        [period.label for period in report.periods],
    )
