"""The search for a text on which a pattern is slow."""

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

from tests.pump.attacks import Attack, attacks
from tests.pump.bounds import BOUNDS
from tests.pump.growth import STEEP, is_steep, seconds
from tests.pump.patterns import Found, runner

# Characters, and seconds: what is quadratic takes 5 ms and more on such a text, and most linear patterns 0.1.
_SCREEN, _SUSPECT = 3_000, 0.0015
# Characters: growth is looked at up to this length.
_LONGEST = 64_000
# Seconds for a text as long as its caller lets it be, and attacks on such a pattern.
_BOUNDED, _FEW = 1.0, 150


def slow(found: Found) -> tuple[str, Attack] | None:
    """Return a use of a pattern and a text on which it takes more than linear time, None if there is none."""
    longest = max((BOUNDS.get(place, (_LONGEST, ""))[0] for place in found.places), default=_LONGEST)
    binary = isinstance(found.pattern.pattern, bytes)
    for method in _ways(found.methods):
        run = runner(found.pattern, method)
        for attack in islice(attacks(found.pattern), None if longest == _LONGEST else _FEW):
            if _is_slow(run, partial(_text, attack, binary), longest):
                return method, attack
    return None


def _ways(methods: frozenset[str]) -> list[str]:
    """Return the uses to try: whatever looks at every place of a text is as slow as going through all matches."""
    anchored = {"match", "fullmatch"}
    return [*sorted(methods & anchored), *(["finditer"] if methods - anchored else [])]


def _is_slow(run: Callable[[Any], object], text: Callable[[int], Any], longest: int) -> bool:
    if longest < _LONGEST:  # the caller bounds it: no text of that length may take long
        return seconds(run, text(longest)) > _BOUNDED and seconds(run, text(longest)) > _BOUNDED
    first = seconds(run, text(_SCREEN))
    if first < _SUSPECT or seconds(run, text(2 * _SCREEN)) < STEEP * first:
        return False
    return is_steep(run, text, longest)


def _text(attack: Attack, binary: bool, length: int) -> str | bytes:
    made = attack.text(length)
    return made.encode("latin-1", "replace") if binary else made
