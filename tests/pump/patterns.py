"""Every regular expression of the package, with where it is and how it is used."""

import ast
import contextlib
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import forensics

METHODS = frozenset({"search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"})
# Values inside values: rows in tuples in dicts. Deeper ones have not been seen.
_DEPTH = 6


@dataclass(frozen=True)
class Found:
    """A compiled pattern, the places that hold it, and the methods that are called on it."""

    pattern: re.Pattern[Any]
    places: frozenset[str] = field(default_factory=frozenset)
    methods: frozenset[str] = field(default_factory=frozenset)


def patterns() -> list[Found]:
    """Return the patterns of all modules, sorted by place: those in variables, and those written in calls of `re`."""
    modules = list(_modules())
    sources = {module.__name__: _tree(module) for module in modules}
    uses = _uses(sources)
    found: dict[tuple[str | bytes, int], Found] = {}
    for module in modules:
        for name, value in vars(module).items():
            for pattern in _inside(value, _DEPTH, set()):
                _add(
                    found,
                    pattern,
                    f"{module.__name__}.{name}",
                    _methods_of(value, uses.get((module.__name__, name), set())),
                )
        for pattern, line, method in _written(sources[module.__name__]):
            _add(found, pattern, f"{module.__name__}:{line}", {method})
    return sorted(found.values(), key=lambda each: min(each.places))


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(forensics.__path__, "forensics."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _tree(module: ModuleType) -> ast.Module:
    return ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))


def _uses(trees: Mapping[str, ast.Module]) -> dict[tuple[str, str], set[str]]:
    """Return the methods used on each name of each module, there and where it is imported."""
    uses: dict[tuple[str, str], set[str]] = {}
    for module, tree in trees.items():
        home = {
            name.asname or name.name: (node.module or "", name.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS and isinstance(node.value, ast.Name):
                uses.setdefault(home.get(node.value.id, (module, node.value.id)), set()).add(node.attr)
    return uses


def _methods_of(value: object, uses: set[str]) -> set[str]:
    """Return how a pattern is used; one in a table, or one that is handed on, is taken to be searched for."""
    return uses if isinstance(value, re.Pattern) and uses else {"search"}


def _inside(value: Any, depth: int, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns in a value: in containers, in objects of this package, in defaults and closures of functions."""
    if isinstance(value, re.Pattern):
        yield value
    if depth == 0 or id(value) in seen or isinstance(value, str | bytes | int | float | ModuleType):
        return
    seen.add(id(value))
    for part in _parts(value):
        yield from _inside(part, depth - 1, seen)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, tuple | list | set | frozenset):
        return list(value)
    if not str(getattr(value, "__module__", "")).startswith("forensics"):
        return []
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if cell != type(cell)()]
        return [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values(), *cells]
    slots = [getattr(value, name, None) for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*slots, *list(getattr(value, "__dict__", {}).values())]


def _written(tree: ast.Module) -> Iterator[tuple[re.Pattern[Any], int, str]]:
    """Yield the patterns written in calls such as `re.sub("…", …)`, with line and method."""
    for node in ast.walk(tree):
        call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func)
        if not (call and isinstance(node, ast.Call) and call.startswith("re.") and node.args):
            continue
        method = call.removeprefix("re.")
        if method in METHODS and isinstance(node.args[0], ast.Constant):
            yield re.compile(node.args[0].value, _flags(node)), node.lineno, method


def _flags(call: ast.Call) -> int:
    """Return the flags of a call: those that stand in it by name."""
    flags = 0
    for name in re.findall(r"re\.([A-Z]+)", ast.unparse(call)):
        with contextlib.suppress(AttributeError):
            flags |= getattr(re, name)
    return flags


def _add(found: dict[tuple[str | bytes, int], Found], pattern: re.Pattern[Any], place: str, methods: set[str]) -> None:
    key = (pattern.pattern, pattern.flags)
    known = found.get(key, Found(pattern))
    found[key] = Found(pattern, known.places | {place}, known.methods | methods)


def runner(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    """Return a function that runs a pattern over a text to its end, as a method does."""
    if method in {"finditer", "findall", "split", "sub", "subn"}:
        return lambda text: sum(1 for _ in pattern.finditer(text))
    bound: Callable[[Any], object] = getattr(pattern, method)
    return bound
