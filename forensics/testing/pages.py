"""Detector pages: their sections, and the `case` blocks in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SECTIONS = ("Why it matters", "What to do")
_BLOCK = re.compile(
    r"^```case (?P<verb>flags|clears)(?: at=(?P<at>\S+))?\n(?P<script>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Example:
    """One `case` block: whether the detector has to flag it, where, and the script."""

    flags: bool
    at: str | None
    script: str
    line: int


def examples_of(page: str) -> tuple[Example, ...]:
    """Return the case blocks of a detector page, in order."""
    return tuple(
        Example(match["verb"] == "flags", match["at"], match["script"], page.count("\n", 0, match.start()) + 1)
        for match in _BLOCK.finditer(page)
    )


def page_problems(page: str) -> Iterator[str]:
    """Yield what a page lacks: title, sections, an example of each kind."""
    if not page.startswith("# "):
        yield "it does not begin with a title"
    for section in SECTIONS:
        if f"\n## {section}\n" not in page:
            yield f"it has no section {section!r}"
    examples = examples_of(page)
    if not any(one.flags for one in examples):
        yield "it has no `case flags` block"
    if not any(not one.flags for one in examples):
        yield "it has no `case clears` block"
    if any(one.flags and not one.at for one in examples):
        yield "a `case flags` block does not say at=WHERE"


def indented_blocks(script: str) -> Iterator[tuple[int, str, str]]:
    """Yield each unindented line of a script with its number and the indented block below it, dedented by four."""
    found: list[tuple[int, str, list[str]]] = []
    for number, row in enumerate(script.splitlines(), start=1):
        if found and (row.startswith("    ") or not row.strip()):
            found[-1][2].append(row[4:])
        elif row.strip():
            found.append((number, row, []))
    for number, line, block in found:
        yield number, line, "\n".join(block).rstrip()
