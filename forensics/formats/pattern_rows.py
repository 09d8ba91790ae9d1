"""Regular expressions with several alternatives, written as rows that say which text made each of them necessary."""

import re
from typing import NamedTuple


class Row(NamedTuple):
    """One alternative: a pattern, a text that it matches, and the kind of place where such a text was seen."""

    pattern: str
    example: str
    seen: str


def compiled(
    rows: tuple[Row, ...], before: str = "", after: str = "", flags: re.RegexFlag = re.IGNORECASE
) -> re.Pattern[str]:
    """Return one expression that matches what any row does, between `before` and `after`."""
    return re.compile(f"{before}(?:{'|'.join(row.pattern for row in rows)}){after}", flags)
