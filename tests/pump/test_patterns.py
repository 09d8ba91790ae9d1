"""No expression of the package takes more than linear time on any text; the attacks themselves are tried first."""

import re

import pytest

from tests.pump.patterns import Found, patterns
from tests.pump.search import slow

PARTS = 8


@pytest.mark.parametrize(
    "pattern", [r"\s*$", r"(a+)+b", r"x.*y", r"\d+ lines", r"a(?:b|c)*d*(?:b|c)*e", r"^\w*\s*\w*:"]
)
def test_a_slow_pattern_is_found(pattern: str) -> None:
    assert slow(Found(re.compile(pattern), methods=frozenset({"search"})))


@pytest.mark.parametrize("pattern", [r"(?<!\s)\s*$", r"(?<!a)a+b", r"x[^xy]{0,90}y", r"\d lines", r"^[ab]*c"])
def test_a_linear_pattern_is_not(pattern: str) -> None:
    assert slow(Found(re.compile(pattern), methods=frozenset({"search"}))) is None


def test_patterns_are_found_in_variables_rows_and_calls() -> None:
    places = {place.rpartition(":")[0] or place for found in patterns() for place in found.places}
    assert {
        "forensics.formats.tickets._PULL",
        "forensics.formats.messages.forms._PATTERNS",
        "forensics.formats.front_matter",
    } <= places
    assert len(places) > 400


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pattern_is_linear(part: int) -> None:
    bad = {min(found.places): attack for found in patterns()[part::PARTS] if (attack := slow(found))}
    assert bad == {}
