"""The shape of the code, as docs/architecture.md promises it."""

import ast
import re
from pathlib import Path

import pytest

from tests.unpack import ROOT

MODULES = sorted((ROOT / "forensics").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core"}
LONGEST_FUNCTION = 40


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_aptly_named_and_its_functions_are_short(module: Path) -> None:
    """A function longer than a screen does several things; a file may be long if it holds one idea."""
    assert module.stem not in VAGUE
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert {node.name: _length(node) for node in functions if _length(node) > LONGEST_FUNCTION} == {}


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the number of lines of a function's body, its docstring left out: what has to be understood at once."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


RULE_CODE = re.compile(r"(?:CLM|RED|ORD|ISO|REP|HIS|CST)\d{3}")
FAMILIES = {"CLM", "RED", "ORD", "ISO", "REP", "HIS", "CST"}


@pytest.mark.parametrize(
    "module",
    [path for path in MODULES if path.parent.name != "detectors"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_only_rules_know_rules_by_their_code(module: Path) -> None:
    """What a finding does is declared by its rule: a rule of another package cannot be in a list of codes."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if RULE_CODE.fullmatch(text)] == []
    prefixes = [
        arg.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith"
        for arg in node.args
        if isinstance(arg, ast.Constant)
    ]
    assert FAMILIES.isdisjoint(prefixes)


def test_broad_except_has_four_places() -> None:
    """The rule loader and runner, the last handler of the command line, and drivers of remote stores: code that raises anything."""
    places = {
        module.relative_to(ROOT).as_posix()
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and {"Exception", "BaseException"}
        & {name.id for name in ast.walk(node.type or node) if isinstance(name, ast.Name)}
    }
    assert places == {
        "forensics/detect/registry.py",
        "forensics/detect/runner.py",
        "forensics/cli/__init__.py",
        "forensics/sources/stores.py",
    }


def test_the_help_path_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = "import sys, forensics.cli.commands; print(*sorted({'git', 'jinja2', 'pandas', 'markdown_it', 'yaml', 'pyarrow', 'fsspec', 'platformdirs'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == []
