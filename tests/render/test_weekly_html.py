"""The weekly page's charts: drawn where there is something to see, each with its numbers beside it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forensics.metrics.weekly_tables import weekly_report
from forensics.model.weekly import Cell, Measure, Period, Trend
from forensics.render.weekly_html import render_html

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS = tuple(
    Period(f"2026-W{number + 2:02d}", START + timedelta(weeks=number), START + timedelta(weeks=number + 1))
    for number in range(3)
)


def _page(verified: tuple[float | None, ...], costs: tuple[Cell, ...] = ()) -> str:
    empty = weekly_report([], WEEKS, "UTC", WEEKS[-1].end, origins={}, unread=(), notes=())
    points = tuple(Measure("steps_verified", value, 3) for value in verified)
    return render_html(
        replace(empty, runs=1, periods=WEEKS, trends=(Trend("steps_verified", points),), cost_by_model=costs)
    )


def test_a_trend_is_drawn_from_two_weeks_on_with_its_numbers() -> None:
    page = _page((3, None, 12))
    assert page.count("<svg") == 1
    assert 'aria-label="Steps verified over 3 weeks"' in page
    assert "<td>12</td>" in page
    assert "<td>–</td>" in page
    assert _page((None, None, 12)).count("<svg") == 0


def test_models_have_a_line_each() -> None:
    cells = tuple(Cell(week.label, model, cost) for week in WEEKS for model, cost in (("a-1", 1.5), ("b-2", 0.25)))
    page = _page((None, None, None), cells)
    assert 'aria-label="Cost by model and week, in USD"' in page
    assert "<td>1.50</td><td>0.25</td>" in page


def test_the_same_report_gives_the_same_bytes() -> None:
    assert _page((1, 2, 3)) == _page((1, 2, 3))
