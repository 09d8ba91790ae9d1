"""What a reader cannot see, or what makes a terminal, an editor or a build log do more than show it; written out instead.

This is the only table of such characters. Ordinary emoji keep the joiner and the selector that they are made with.
"""

import re
import unicodedata
from typing import NamedTuple


class Hidden(NamedTuple):
    """Characters as ranges of a regular expression's class, and what they are used for."""

    characters: str
    why: str


HIDDEN = (
    Hidden(r"\x00-\x1f\x7f-\x9f", "control characters drive a terminal"),
    Hidden(r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069", "directions: text is read in another order than it runs"),
    Hidden(r"\u2028\u2029", "line ends of which programs know nothing: a line can be forged"),
    Hidden(r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000", "spaces that look like a space: two names look alike"),
    Hidden(r"\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff", "no width: a secret or a name is cut apart"),
    Hidden(r"\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159", "letters without a shape: an empty name"),
    Hidden(r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef", "variation selectors: a hidden text, a byte on each"),
    Hidden(r"\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a", "annotations, shorthand and beams: text between is hidden"),
    Hidden(r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff", "tags: instructions to a model that no person sees"),
    Hidden(r"\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff", "private use and no characters at all: every font differs"),
    Hidden(r"\ud800-\udfff", "half a pair: no file and no terminal can be given it"),
)  # fmt: skip
# After these a selector chooses the coloured shape, and a joiner makes one picture of two: `⚠️`, `👩‍🔬`. Agents write many.
_EMOJI = r"\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"  # fmt: skip
_KEPT = (
    rf"(?<=[{_EMOJI}])\ufe0f(?![\ufe00-\ufe0f])|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
_CLASS = f"[{''.join(row.characters for row in HIDDEN)}]"
_HIDDEN = re.compile(_CLASS)
# Build servers carry out a line's `##[…]`, `##vso[…]` and `##teamcity[…]` wherever it stands: GitHub's runner, Azure, TeamCity.
_SHOWN = re.compile(rf"(?P<kept>{_KEPT})|{_CLASS}|#(?=\[|vso\[|teamcity\[)(?<=##)")
# `::error::` counts at the beginning of a line only, and wrapping can put any word there.
_ORDER = re.compile(r"^([ \t]*):(?=:)", re.MULTILINE)
# Marks above each other on one letter: pointed Hebrew has four; hundreds cover the lines around them.
_MOST_MARKS = 4
_UNUSUAL = re.compile(rf"[^\x00-\u02ff]{{{_MOST_MARKS + 1},}}")


def shown(text: str) -> str:
    """Return text with every hidden character, and every mark too many, written as `\\xNN`, `\\uNNNN` or `\\UNNNNNNNN`."""
    if text.isascii() and text.isprintable() and "##" not in text:  # most of what is cleaned
        return text
    return _SHOWN.sub(_written, _UNUSUAL.sub(_without_flood, text))


def bare(text: str) -> str:
    """Return text without the characters that nobody sees: what it says, for a search."""
    return _HIDDEN.sub("", text)


def inert(text: str) -> str:
    """Return lines for a terminal or a build log, none of which is an order to GitHub's runner (`::error::`)."""
    return _ORDER.sub(r"\1\\x3a", text)


def _written(match: re.Match[str]) -> str:
    return match[0] if match["kept"] else _code(match[0])


def _code(letter: str) -> str:
    number = ord(letter)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _without_flood(match: re.Match[str]) -> str:
    marks, text = 0, []
    for letter in match[0]:
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        text.append(_code(letter) if marks > _MOST_MARKS else letter)
    return "".join(text)
