"""Texts for people avoid the worst habits that CONTRIBUTING.md names, and code says why often enough."""

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.language import HABITS, Habit, compiled, files, habits_in, texts
from tests.unpack import ROOT

# Paths whose texts are still to be rewritten.
NOT_YET: tuple[str, ...] = ()
# Lines of comment on 100 lines of code, at least.
COMMENTS = 3.9
# Bindings of `one` or `ones`, at most: lower it with every name that says what a value is.
ONES = 24

MODULES = sorted((ROOT / "forensics").rglob("*.py"))


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.bad)
def test_a_habit_is_recognised_by_its_example(habit: Habit) -> None:
    expression = compiled(habit)
    assert expression.search(habit.bad)
    assert expression.search(habit.bad.replace(" ", "\n    "))
    assert not any(compiled(each).search(habit.good) for each in HABITS)


def test_quotations_and_code_are_not_read() -> None:
    assert list(habits_in("`x is no y`\n```case\nx is no y\n```\nx\nis no\n  y")) == [(4, "is no y")]


def test_what_a_module_says_is_found() -> None:
    source = 'def f(x):\n    """This is\n    no test."""\n    print(f"{x} is no y, at {x.isoformat()}", re.compile("is no z"))\n'
    path = ROOT / "forensics" / "f.py"
    assert [words for _, text in _texts_of(source, path) for _, words in habits_in(text)] == [
        "is no test",
        "is no y",
        "{isoformat}",
    ]


def _texts_of(source: str, path: Path) -> Iterator[tuple[int, str]]:
    from tests.language import _strings

    assert path.suffix == ".py"
    return _strings(ast.parse(source))


@pytest.mark.parametrize(
    "path",
    [path for path in files() if not path.relative_to(ROOT).as_posix().startswith(NOT_YET)],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_texts_are_plain_english(path: Path) -> None:
    found = [f"line {first + line}: {words}" for first, text in texts(path) for line, words in habits_in(text)]
    assert found == []


def test_the_help_is_plain_english() -> None:
    overview = _help()
    commands = ["analyze", "explain", "recover", "usage", "verify", "weekly"]
    assert all(command in overview for command in commands)
    pages = {command: _help(command) for command in commands}
    assert {name: found for name, page in pages.items() if (found := [words for _, words in habits_in(page)])} == {}


def _help(*command: str) -> str:
    arguments = [sys.executable, "-m", "forensics", *command, "--help"]
    return subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True).stdout


def test_code_says_why_often_enough() -> None:
    comments = code = 0
    for module in MODULES:
        lines = _lines(module.read_text(encoding="utf-8"))
        comments, code = comments + lines[0], code + lines[1]
    assert 100 * comments / code >= COMMENTS, f"{comments} comments on {code} lines of code"


def _lines(source: str) -> tuple[int, int]:
    """Return how many lines have a comment of their own words, and how many have code; docstrings are neither."""
    comments: set[int] = set()
    code: set[int] = set()
    skipped = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
    start = True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if not token.string.startswith(("# noqa", "# type:", "# fmt:")):
                comments.add(token.start[0])
        elif token.type not in skipped:
            if not (start and token.type == tokenize.STRING):
                code.update(range(token.start[0], token.end[0] + 1))
            start = False
        else:
            start = start or token.type != tokenize.NL
    return len(comments), len(code)


def test_comments_and_code_are_told_apart() -> None:
    assert _lines('"""Page\nmore."""\n# why\nx = 1  # noqa: S1\ny = """a\nb"""  # why\n') == (2, 3)


def test_values_have_names() -> None:
    assert sum(map(_ones, MODULES)) <= ONES


def _ones(module: Path) -> int:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    names += [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    return sum(name in {"one", "ones"} for name in names)
