"""The habits that texts for people must not show, and where such texts are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.unpack import ROOT

_UNIT = r"(?:active hour|agent|column|commit|day|file|hour|line|phase|plan|quarter|repository|rule|run|session|step|ticket|tree|verified step|week|witness|work tree)"
_END = r"(?=[,.;:!?)|]|$|\n| (?:and|as|at|by|each|for|from|in|of|on|or|over|to|with)\b)"

# Before `a step`, a verb or a preposition makes it an ordinary object: "a report names a step", "a copy of a step".
_NOUN = r"(?!(?:about|and|as|at|but|by|for|from|in|into|named|not|of|on|or|over|than|that|to|where|with|without)\b)\w+"
_ONE = rf"{_NOUN}(?<!s)"


class Habit(NamedTuple):
    """A pattern that marks one bad habit, with a text that shows it and one that avoids it."""

    pattern: str
    bad: str
    good: str


HABITS = (
    Habit(
        r"(?<!here)(?<!\s) (?:is|are|was|were) no (?!longer|more|less|fewer|later|earlier|better|worse|other|different)\w+",
        "x is no script",
        "x is not a script, and there is no such file",
    ),
    Habit(
        rf"\b(?:(?:a|an|one) (?:{_NOUN} )?{_ONE}|\d+ {_NOUN}) an? {_UNIT}\b{_END}",
        "a row a step, a column a witness",
        "one row per step; a path takes a file",
    ),
    Habit(
        rf"\b(?:attempts|commits|cost|gaps|lanes|lines|rows|steps|tokens|USD) an? {_UNIT}\b{_END}",
        "it counts the commits a step",
        "the commits per step; the commits a step names",
    ),
    Habit(
        r", since\b(?! (?:the (?:start|begin)|then|when|\d|-))",
        "it is lost, since nobody kept it",
        "it is lost because nobody kept it, unchanged since 2026",
    ),
    Habit(r"\b(?:tell|tells|telling|told) (?:whether|if)\b", "Tell whether it is there", "Return whether it is there"),
    Habit(
        r"\b(?:held|hold|holds|holding) (?:[\w',]+ ){0,6}against\b",
        "reports are held against git",
        "reports are checked against git",
    ),
    Habit(r"\bheed", "the file was not heeded", "the file was ignored"),
    Habit(r"\bamid\b", "it stands amid its commits", "it is between its commits"),
    Habit(r"\b(?:nobody|everybody)['’]s\b", "everybody's files", "shared files"),
    Habit(r"\banew\b", "the plan is read anew", "the plan is read again"),
    Habit(r"\b(?:paperwork|trespass)", "it changes paperwork", "it changes documents"),
    Habit(
        r"(?<!\bor\s)(?<!\bTry\s)\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::[\d.]+)?(?:Z|[+-]\d\d:?\d\d)|\{isoformat\}",
        "made at 2026-03-04T08:46:20+00:00",
        "made at 08:46:20; Try 2026-01-30T04:00Z or 2026-01-30T04:00+01:00.",
    ),
    Habit(
        r"\b(?:12[1-9]|1[3-9]\d|[2-9]\d\d|\d{4,}|\d{1,3}(?:,\d{3})+) s\b", "688 s before", "66 s before, 11 min before"
    ),
)


def compiled(habit: Habit) -> re.Pattern[str]:
    """Return the habit's expression; a space in it matches a line break with its indentation, too."""
    return re.compile(habit.pattern.replace(" ", r"\s+"), re.IGNORECASE)


_EXPRESSIONS = tuple(compiled(habit) for habit in HABITS)
_FENCE = re.compile(r"^ *(`{3,}|~{3,}).*?^ *\1", re.MULTILINE | re.DOTALL)
# In backticks, and the title of a sample's step, which views show as it is.
_QUOTED = re.compile(r"`[^`\n]*`|An amount at the limit is no breach")
# Jinja's expressions and statements, and HTML's tags, are not words; captions, labels and comments are.
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|</?\w+", re.DOTALL)


def habits_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield each bad habit in a text: its line, and the words. Code blocks and what is in backticks are quotations."""
    words = _QUOTED.sub(_blank, _FENCE.sub(_blank, text))
    for expression in _EXPRESSIONS:
        for match in expression.finditer(words):
            yield words.count("\n", 0, match.start()), " ".join(match[0].split())


def _blank(match: re.Match[str]) -> str:
    """Keep a quotation's length in lines, so that what follows keeps its number, and stand in for its words."""
    return "`…`" + "\n" * match[0].count("\n")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what a file says to people, each with its first line's number."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _strings(ast.parse(source))
    elif path.suffix == ".j2":
        yield 1, _MARKUP.sub(_blank, source)
    else:
        yield 1, source


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield docstrings and string literals, but for what is read by a machine: expressions hold what agents write."""
    if isinstance(tree, ast.Call) and _name(tree.func) in {
        "Row",
        "compile",
        "fromisoformat",
        "fullmatch",
        "match",
        "search",
        "sub",
    }:
        return
    if isinstance(tree, ast.JoinedStr):
        yield tree.lineno, "".join(_part(value) for value in tree.values)
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.lineno, tree.value
    else:
        for child in ast.iter_child_nodes(tree):
            yield from _strings(child)


def _part(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    return "{isoformat}" if "isoformat(" in ast.unparse(value) else "{}"


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def files() -> list[Path]:
    """Return every file with text for people. docs/detectors.md repeats the rules' pages."""
    found = [
        *(ROOT / "forensics").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html.j2"),
        *(ROOT / "templates").rglob("*.md.j2"),
    ]
    found += [path for path in (ROOT / "docs").rglob("*.md") if path.name != "detectors.md"]
    found += [*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    found += [
        *ROOT.glob("sample_runs/*/README.md"),
        *ROOT.glob("sample_runs/*/expected/*.md"),
        *ROOT.glob("sample_runs/*/expected/*.txt"),
    ]
    return sorted(found)
