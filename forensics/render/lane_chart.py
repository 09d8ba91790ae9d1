"""The timeline as lanes: a bar for each life, a mark for each thing done, a ring where a finding rests on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import altair as alt
from markupsafe import Markup

from forensics.render.charts import PALETTE, WIDTH, drawing, unique
from forensics.render.timeline import FINDING, NAMES, spells

# Pixels per lane: a ring with its label above it still fits.
ROW: Final = 32
# Pixels a stretch of work gets however short it is: its ticks need room for one time of day.
_NARROW: Final = 90
_BRIEF: Final = 4 * 60 * 1000  # milliseconds: too short for more than one tick
_APART: Final = 54  # pixels between two rings' labels in a lane
_SHAPES: Final = {  # kind: (shape, colour)
    "launch": ("triangle-right", "blue"),
    "red": ("triangle-down", "red"),
    "green": ("circle", "green"),
    "tests": ("circle", "grey"),
    "write": ("M0,-1L0,1", "muted"),
    "commit": ("diamond", "violet"),
    "report": ("square", "teal"),
    "stop": ("M-1,-1L1,-1L1,1L-1,1Z", "red"),
    "end": ("M-.4,-1L-.4,1", "grey"),
    FINDING: ("circle", "amber"),
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One mark: when, its kind (a key of NAMES), and the codes of findings that rest on it."""

    moment: datetime
    kind: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One lane; `start` and `end` None where it has no life of its own."""

    name: str
    start: datetime | None
    end: datetime | None
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class _Spell:
    """A stretch of time in which something happened, in milliseconds with a margin, its day, and how wide it is drawn."""

    start: int
    end: int
    day: str
    width: float

    def holds(self, stamp: int) -> bool:
        return self.start <= stamp <= self.end


def lane_chart(title: str, rows: Sequence[Row]) -> Markup:
    """Return the lanes in the order given; long stretches in which nothing happened are cut out."""
    names = unique(row.name for row in rows)
    named = list(zip(names, rows, strict=True))
    looks = _looks(
        {dot.kind for row in rows for dot in row.dots} | {FINDING for row in rows for dot in row.dots if dot.codes}
    )
    panels = [_panel(spell, named, looks, first=number == 0) for number, spell in enumerate(_drawn(rows))]
    return drawing(title, alt.hconcat(*panels, spacing=18))


def _drawn(rows: Sequence[Row]) -> Iterator[_Spell]:
    """Yield the stretches of time, wider the longer they are."""
    found = spells([moment for row in rows for moment in _moments(row)])
    lengths = [max((end - start).total_seconds(), 1.0) for start, end in found]
    free = WIDTH - 170 - _NARROW * len(found)
    for (start, end), length in zip(found, lengths, strict=True):
        pad = round(max(length * 25, 10_000))
        width = _NARROW + free * length / sum(lengths)
        yield _Spell(_stamp(start) - pad, _stamp(end) + pad, f"{start.astimezone(UTC):%Y-%m-%d}", width)


def _moments(row: Row) -> Iterator[datetime]:
    yield from (moment for moment in (row.start, row.end) if moment)
    yield from (dot.moment for dot in row.dots)


def _panel(spell: _Spell, rows: Sequence[tuple[str, Row]], looks: dict[str, Any], *, first: bool) -> Any:
    """Return one stretch of time with all lanes; only the first one names them."""
    names = [name for name, _ in rows]
    lane = alt.Y(
        "lane:N", title=None, scale=alt.Scale(domain=names),
        axis=alt.Axis(labels=first, ticks=False, domain=False, grid=True, labelColor=PALETTE["ink"][0], bandPosition=0.5),
    )  # fmt: skip
    lives = alt.Chart(alt.InlineData(values=list(_lives(spell, rows)))).mark_bar(
        height=7, cornerRadius=3, color=PALETTE["span"][0]
    )
    marks = alt.Chart(alt.InlineData(values=list(_dots(spell, rows))))
    x = _axis(spell)
    rings = marks.transform_filter("datum.kind == 'finding'").mark_point(size=230, opacity=1, strokeWidth=2)
    dots = marks.transform_filter("datum.kind != 'finding'").mark_point(size=64, opacity=1)
    labels = marks.transform_filter("datum.label != ''").mark_text(dy=-13, fontSize=10, color=PALETTE["amber"][0])
    layers = alt.layer(
        lives.encode(x=x, x2="end:T", y=lane),
        rings.encode(x=x, y=lane, **looks),
        dots.encode(x=x, y=lane, **looks),
        labels.encode(x=x, y=lane, text="label:N"),
    )
    return layers.properties(width=round(spell.width), height=alt.Step(ROW))


def _looks(present: set[str]) -> dict[str, Any]:
    """Return shape, fill and stroke by kind, on one scale each, so that all panels share one legend."""
    kinds = [kind for kind in NAMES if kind in present]
    colours = [PALETTE[_SHAPES[kind][1]][0] for kind in kinds]
    fills = ["transparent" if kind == FINDING else colour for kind, colour in zip(kinds, colours, strict=True)]
    names = [NAMES[kind] for kind in kinds]
    legend = alt.Legend(orient="top", title=None, columns=5, symbolSize=80)
    return {
        "shape": alt.Shape("name:N", legend=legend, scale=alt.Scale(domain=names, range=[_SHAPES[kind][0] for kind in kinds])),
        "fill": alt.Fill("name:N", legend=legend, scale=alt.Scale(domain=names, range=fills)),
        "stroke": alt.Stroke("name:N", legend=legend, scale=alt.Scale(domain=names, range=colours)),
    }  # fmt: skip


def _axis(spell: _Spell) -> Any:
    brief = spell.end - spell.start < _BRIEF
    ticks = {"values": [(spell.start + spell.end) // 2]} if brief else {"tickCount": max(2, round(spell.width / 90))}
    return alt.X(
        "start:T",
        title=spell.day,
        scale=alt.Scale(type="utc", domain=[spell.start, spell.end]),
        axis=alt.Axis(format="%H:%M", labelOverlap=True, titlePadding=6, **ticks),
    )


def _lives(spell: _Spell, rows: Sequence[tuple[str, Row]]) -> Iterator[dict[str, Any]]:
    for name, row in rows:
        if row.start and row.end:
            start, end = max(_stamp(row.start), spell.start), min(_stamp(row.end), spell.end)
            if start <= end:
                yield {"lane": name, "start": start, "end": end}


def _dots(spell: _Spell, rows: Sequence[tuple[str, Row]]) -> Iterator[dict[str, Any]]:
    scale = spell.width / (spell.end - spell.start)
    for name, row in rows:
        free = 0.0
        for dot in row.dots:
            stamp = _stamp(dot.moment)
            if not spell.holds(stamp):
                continue
            mark = {"lane": name, "start": stamp, "label": ""}
            place = (stamp - spell.start) * scale
            if dot.codes:
                label = _codes(dot.codes) if place >= free else ""
                free = place + _APART if label else free
                yield {**mark, "kind": FINDING, "name": NAMES[FINDING], "label": label}
            yield {**mark, "kind": dot.kind, "name": NAMES[dot.kind]}


def _codes(codes: Sequence[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]} +{len(codes) - 1}"


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
