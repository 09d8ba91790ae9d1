"""Charts as inline SVG, made by Altair and vl-convert without a browser or the network.

Every function takes plain values and returns one `<svg>`; what is foreign in them is escaped by the library. Colours
come from PALETTE only, as presentation attributes, so that a style sheet can swap them for a dark page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import vl_convert
from markupsafe import Markup, escape

FONT: Final = (
    "Liberation Sans, Arial, Helvetica, sans-serif"  # the first one comes with vl-convert: the same widths anywhere
)
# Pixels: the page's text column, so that a chart is never scaled.
WIDTH: Final = 860
LABEL: Final = 40  # characters: longer names push the plot off the page
PALETTE: Final = {  # name: (on a light page, on a dark one)
    "ink": ("#1f2328", "#e6edf3"),
    "muted": ("#57606b", "#9da9b5"),
    "grid": ("#dfe3e8", "#30373f"),
    "span": ("#c5d0dd", "#3d4a59"),
    "blue": ("#2f6db5", "#6cabf5"),
    "red": ("#c0303f", "#ff7f86"),
    "green": ("#1d7f47", "#4fc27e"),
    "amber": ("#9a5e00", "#e3a73b"),
    "violet": ("#7a4fb5", "#b998f0"),
    "teal": ("#0e7c86", "#4dbfca"),
    "grey": ("#737d88", "#98a3ae"),
}
SERIES: Final = ("blue", "amber", "teal", "violet", "green", "red", "grey")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and the text at its end."""

    name: str
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a heat map."""

    row: str
    column: str
    value: float


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a trend: `at` is a place on the axis (a week), `series` the line that it is on."""

    at: str
    series: str
    value: float


def bars(title: str, rows: Sequence[Bar], unit: str) -> Markup:
    """Return horizontal bars, one per category, in the order given."""
    names = unique(bar.name for bar in rows)
    values = [{"name": name, "value": bar.value, "label": bar.label} for name, bar in zip(names, rows, strict=True)]
    most = max((bar.value for bar in rows), default=0) or 1
    room = alt.Scale(domain=[0, most * 1.3], nice=False)  # for the text at the longest bar's end
    x = alt.X("value:Q", title=unit, stack=None, scale=room, axis=alt.Axis(tickCount=4))
    plain = alt.Chart(alt.InlineData(values=values)).encode(x=x, y=alt.Y("name:N", sort=names, title=None))
    drawn = plain.mark_bar(color=_light("blue"), height={"band": 0.62}, cornerRadiusEnd=2)
    labels = plain.mark_text(align="left", dx=6, color=_light("ink"), fontSize=12).encode(text="label:N")
    return drawing(title, (drawn + labels).properties(width=380, height=alt.Step(28)))


def heat_map(title: str, cells: Sequence[Cell], rows: Sequence[str], columns: Sequence[str]) -> Markup:
    """Return a field a row and column, the darker the more, with its number in it; rows and columns as ordered."""
    most = max((cell.value for cell in cells), default=0)
    values = [{"row": cut(cell.row), "column": cut(cell.column), "value": cell.value} for cell in cells]
    plain = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("column:O", sort=list(map(cut, columns)), title=None, axis=alt.Axis(labelAngle=-40)),
        y=alt.Y("row:N", sort=list(map(cut, rows)), title=None),
    )
    shade = alt.Opacity("value:Q", scale=alt.Scale(domain=[0, most or 1], range=[0.06, 0.55]), legend=None)
    drawn = plain.mark_rect(color=_light("blue")).encode(opacity=shade)
    labels = plain.mark_text(fontSize=12, color=_light("ink")).encode(text=alt.Text("value:Q"))
    width = max(240, min(WIDTH - 200, 56 * len(columns)))
    return drawing(title, (drawn + labels).properties(width=width, height=alt.Step(26)))


def trend(title: str, points: Sequence[Point], places: Sequence[str], unit: str) -> Markup:
    """Return one line per series over the places in the order given; a place without a value is a gap in its line."""
    series = list(dict.fromkeys(cut(point.series) for point in points))
    values = [{"at": cut(point.at), "series": cut(point.series), "value": point.value} for point in points]
    colours = [_light(SERIES[number % len(SERIES)]) for number in range(len(series))]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(point={"filled": True, "size": 46}, strokeWidth=2)
        .encode(
            x=alt.X("at:O", sort=list(map(cut, places)), title=None, axis=alt.Axis(labelAngle=-40),
                    scale=alt.Scale(domain=list(map(cut, places)))),
            y=alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True)),
            color=alt.Color("series:N", title=None, scale=alt.Scale(domain=series, range=colours),
                            legend=None if len(series) < 2 else alt.Legend(orient="top")),
        )
    )  # fmt: skip
    return drawing(title, chart.properties(width=WIDTH - 120, height=220))


def drawing(title: str, chart: Any) -> Markup:
    """Return any Altair chart as one `<svg>` in the reports' style; a screen reader says `title`."""
    spec = chart.configure(
        font=FONT,
        aria=False,
        mark=alt.MarkConfig(aria=False),
        background="transparent",
        padding={"left": 2, "right": 24, "top": 4, "bottom": 2},
        axis=alt.AxisConfig(
            labelColor=_light("muted"), titleColor=_light("muted"), gridColor=_light("grid"), tickColor=_light("grid"),
            domainColor=_light("grid"), labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelLimit=240,
        ),
        legend=alt.LegendConfig(labelColor=_light("ink"), labelFontSize=12, titleColor=_light("muted")),
        view=alt.ViewConfig(stroke=None),
    ).to_dict()  # fmt: skip
    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    head, rest = svg.split(">", 1)
    # The library escapes what it draws; tests hold it to that. The table beside a chart has its numbers.
    return Markup(f'{head} role="img" aria-label="{escape(title)}">{rest}')  # noqa: S704


def swaps() -> tuple[tuple[str, str], ...]:
    """Return the colours of drawings on a light page, each with the one for a dark page."""
    return tuple(PALETTE.values())


def _light(name: str) -> str:
    return PALETTE[name][0]


def cut(text: str) -> str:
    """Return a label short enough for an axis."""
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"


def unique(names: Iterable[str]) -> list[str]:
    """Return labels for an axis, cut short, each once: one that recurs gets a number."""
    seen: dict[str, int] = {}
    made = []
    for name in map(cut, names):
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made
