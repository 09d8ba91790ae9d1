"""Charts: drawn by the library, the same each time, and nothing in them but drawing."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from forensics.model.lane import MarkKind
from forensics.render.charts import PALETTE, SERIES, Bar, Cell, Point, bars, heat_map, trend, unique
from forensics.render.lane_chart import Dot, Row, lane_chart
from forensics.render.timeline import FINDING, NAMES, spells
from tests.unpack import ROOT

EVIL = "</text><script>alert(1)</script> javascript:x url(https://e.example) \"'><image href=https://e.example> {{7*7}}"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HARMLESS = {"svg", "g", "path", "text", "tspan", "line", "rect", "title", "desc"}


def _bars() -> str:
    return bars(EVIL, [Bar(EVIL, 3.0, EVIL), Bar("plain", 0.0, "0")], EVIL)


def _heat() -> str:
    return heat_map(EVIL, [Cell(EVIL, "W05", 3), Cell("RED001", EVIL, 1)], [EVIL, "RED001"], ["W05", EVIL])


def _trend() -> str:
    return trend(
        EVIL, [Point("W05", EVIL, 0.5), Point("W07", EVIL, 1), Point(EVIL, "b", 0)], ["W05", "W06", "W07", EVIL], EVIL
    )


def _lanes() -> str:
    dots = tuple(Dot(NOON + timedelta(minutes=one), str(kind), (EVIL,)) for one, kind in enumerate(MarkKind))
    return lane_chart(EVIL, [Row(EVIL, NOON, NOON + timedelta(hours=1), dots), Row("git", None, None, dots[:1])])


@pytest.mark.parametrize("drawn", [_bars, _heat, _trend, _lanes])
def test_a_chart_is_nothing_but_drawing(drawn: Callable[[], str]) -> None:
    svg = drawn()
    assert svg == drawn()
    root = ET.fromstring(svg)  # noqa: S314
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= HARMLESS
    attributes = {(name, value) for element in root.iter() for name, value in element.attrib.items()}
    assert not [name for name, _ in attributes if name.startswith("on") or name in {"href", "style", "id", "class "}]
    assert not [value for name, value in attributes if "url(" in value and name != "aria-label"]
    assert (root.get("role"), root.get("aria-label")) == ("img", EVIL)
    assert "NaN" not in svg


@pytest.mark.parametrize("drawn", [_bars, _heat, _trend, _lanes])
def test_every_colour_is_one_that_the_dark_page_swaps(drawn: Callable[[], str]) -> None:
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+|[a-z]+)"', drawn()))
    assert used <= {light for light, _ in PALETTE.values()} | {"none", "transparent"}


def test_every_kind_of_mark_has_a_name() -> None:
    assert set(NAMES) == {*map(str, MarkKind), FINDING}


def test_labels_are_short_and_differ() -> None:
    first, second, third = unique(["W" * 100, "W" * 101, "a"])
    assert (len(first), second, third) == (40, f"{first} (2)", "a")


def test_time_is_cut_where_nothing_happened_for_long() -> None:
    minutes = [0, 1, 3, 8, 10, 200, 201]
    found = spells([NOON + timedelta(minutes=one) for one in minutes])
    assert [((start - NOON).seconds // 60, (end - NOON).seconds // 60) for start, end in found] == [(0, 10), (200, 201)]
    assert spells([NOON]) == [(NOON, NOON)]


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_lanes_at_the_edge_of_time(moment: datetime) -> None:
    assert "NaN" not in lane_chart("x", [Row("git", moment, moment, (Dot(moment, "commit"),))])


def _contrast(one: str, other: str) -> float:
    """Return the ratio of two colours' luminance, as WCAG has it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("name", "least"), [("ink", 4.5), ("muted", 4.5), ("amber", 4.5), *((name, 3) for name in SERIES)]
)
def test_colours_can_be_told_from_the_page(name: str, least: float) -> None:
    style = (ROOT / "templates" / "partials" / "style.css.j2").read_text(encoding="utf-8")
    sheets = re.findall(r"--sheet: (#[0-9a-f]{6})", style)
    assert len(sheets) == 2
    for colour, sheet in zip(PALETTE[name], sheets, strict=True):
        assert _contrast(colour, sheet) >= least
