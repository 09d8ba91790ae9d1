"""Detector pages: their sections, and the `case` blocks in them.

A block begins with `case clears`, or with `case flags` and what it expects: each `at=` begins one finding, and the values
behind it are that finding's. A block states all findings of its script, and of each at least severity and confidence:

    case flags at=PLACE severity=high confidence=likely [steps=1.3,1.4] [culprit=1.3] [commits=SHA] [files=PATH] [related=PLACE]
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forensics.errors import FormatError

SECTIONS = ("Why it matters", "What to do")
TITLE_WORDS = 8  # a title is read in tables and on one line of a terminal
_KEYS = ("severity", "confidence", "steps", "culprit", "victim", "commits", "files", "related")
# A fence that is never closed matches nothing here; `page_problems` counts fences to report it.
_BLOCK = re.compile(r"^```case (?P<head>.*)\n(?P<script>(?:.*\n)*?)```$", re.MULTILINE)
# The line right above a block introduces it; an empty line or another fence there introduces nothing.
_LEAD = re.compile(r"^(?P<lead>.+)\n```case ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that a block states: its address, and the values of other fields as the block writes them."""

    at: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One `case` block: the findings expected, none where it clears, the script, and its line in the page."""

    expected: tuple[Expected, ...]
    script: str
    line: int

    @property
    def flags(self) -> bool:
        """Return whether the detector has to flag it."""
        return bool(self.expected)


def examples_of(page: str) -> tuple[Example, ...]:
    """Return the case blocks of a detector page, in order; raises FormatError for a first line that is not understood."""
    return tuple(
        Example(_expected(match["head"]), match["script"], page.count("\n", 0, match.start()) + 1)
        for match in _BLOCK.finditer(page)
    )


def _expected(head: str) -> tuple[Expected, ...]:
    verb, *words = head.split()
    found: list[tuple[str, dict[str, str]]] = []
    for word in words:
        key, _, value = word.partition("=")
        if key == "at" and value:
            found.append((value, {}))
        elif key in _KEYS and value and found and key not in found[-1][1]:
            found[-1][1][key] = value
        else:
            raise FormatError(f"Case block, column {head.index(word) + 9}: {word!r} is not understood in {head!r}.")
    if verb not in {"flags", "clears"} or (verb == "flags") != bool(found):
        raise FormatError(f"Case block: expected `flags at=PLACE …` or `clears`, found {head!r}.")
    return tuple(Expected(at, values) for at, values in found)


def page_problems(page: str) -> Iterator[str]:
    """Yield what a page lacks: a short title, sections, an example of each kind, and what a flag's block has to state."""
    title = page.partition("\n")[0]
    if not title.startswith("# "):
        yield "it does not begin with a title"
    if len(title.split()) - 1 > TITLE_WORDS:
        yield f"its title has more than {TITLE_WORDS} words"
    for section in SECTIONS:
        if f"\n## {section}\n" not in page:
            yield f"it has no section {section!r}"
    for match in _LEAD.finditer(page):
        if match["lead"] != "```" and not match["lead"].endswith(":"):
            yield f"the line above a case block does not end with a colon: {match['lead']!r}"
    if page.count("```case") != len(_BLOCK.findall(page)):
        yield "a case block is not closed"
    examples = examples_of(page)
    if not any(example.flags for example in examples):
        yield "it has no `case flags` block"
    if all(example.flags for example in examples):
        yield "it has no `case clears` block"
    for key in ("severity", "confidence"):
        if any(key not in expected.values for example in examples for expected in example.expected):
            yield f"a `case flags` block does not state {key}="


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
