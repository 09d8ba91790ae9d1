"""The shape of the code, as docs/architecture.md promises it."""

import ast
import re
from pathlib import Path

import pytest

from tests.unpack import ROOT

MODULES = sorted((ROOT / "forensics").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_is_small_and_aptly_named(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 300
    assert module.stem not in VAGUE


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


def test_broad_except_stands_in_three_places() -> None:
    """The detector runner, the last door of the command line, and the drivers of remote stores, which raise what they like."""
    places = {
        module.relative_to(ROOT).as_posix()
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id in {"Exception", "BaseException"}
    }
    assert places == {"forensics/detect/runner.py", "forensics/cli/__init__.py", "forensics/sources/stores.py"}


def test_the_help_path_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = "import sys, forensics.cli.commands; print(*sorted({'git', 'jinja2', 'pandas', 'markdown_it', 'yaml', 'pyarrow', 'fsspec', 'platformdirs'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == []
