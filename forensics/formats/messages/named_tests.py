"""New tests that a message names one by one, without their number."""

import re
from collections.abc import Iterable, Iterator

from forensics.formats.markdown import Line
from forensics.formats.messages.unclaimed import is_claimed
from forensics.formats.pattern_rows import Row, compiled

# The names that languages give to test functions; sentences as names are not told from other quoted words.
NAMES = (
    Row(r"Test[A-Z_]\w{2,120}", "TestRoundsTax", "Go"),
    Row(r"test_\w{3,120}", "test_rounds_tax", "Python, Rust"),
)
_NAME = compiled(NAMES, r"`(?:\w{1,80}(?:::|\.))?(?P<name>", r")(?:\(\))?`", re.NOFLAG)
# What stands before the name, in the line that leads a list in, or in the heading above it.
LEADS = (
    Row(r"(?:new|added|additional) (?:\w+ ){0,2}tests?", "New tests:", "final messages"),
    Row(r"tests? (?:\w+/)?added|added|wrote|new", "Tests updated/added", "final messages"),
)
_LEAD = compiled(LEADS, r"\b", r"\b")
_MARKED = re.compile(r"^\W{0,6}(?:new)\b", re.IGNORECASE)


def new_tests_in(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """Yield the names of tests that a message calls new, each with its line."""
    lead = ""
    for line in lines:
        if line.kind == "code":
            continue
        above = f"{lead if line.kind in {'item', 'row'} else ''}\n{line.section[-1] if line.section else ''}"
        for match in _NAME.finditer(line.text):
            before, after = line.text[: match.start()], line.text[match.end() :]
            if not is_claimed(before, ""):
                continue
            said = before if before.strip("*_ `") else above
            if _LEAD.search(said) or _MARKED.match(after):
                yield line, match["name"]
        if line.kind not in {"item", "row"} and line.text:
            lead = line.text
