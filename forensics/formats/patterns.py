"""Tables of alternatives for a regular expression, each with an example that a test runs."""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """One alternative: its pattern, a text that it matches, and where such a text was seen."""

    pattern: str
    example: str
    seen: str


def alternatives(rows: Iterable[Row], flags: int = 0) -> re.Pattern[str]:
    """Return one expression that matches what any of the rows' patterns matches."""
    return re.compile("|".join(f"(?:{row.pattern})" for row in rows), flags)
