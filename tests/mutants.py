"""Mutates each detector's code and runs its own page against every mutant; `make mutants` prints the survivors.

A survivor is a change of behaviour that no `case` block notices. Mutated is what `detect` reaches in the detector's own
file, and the rule's severity. Sentences are not (f-strings, and what only they use), nor docstrings and the narrative's
parts of RULE, because a `case` block does not state them. mutmut and cosmic-ray start a test run for each mutant; here
a page's cases are built once, and a mutant is compiled and run in this process.

    python -m tests.mutants [CODE …]
"""

import ast
import copy
import inspect
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from forensics import detectors
from forensics.detect.registry import Detector
from forensics.model.case import Case
from forensics.testing.pages import Example, examples_of
from forensics.testing.runner import check_case
from forensics.testing.script import case_of

_NO_CODE = {"annotation", "returns", "decorator_list"}
REQUIRED = 85  # per cent of each rule's mutants
SECONDS = 2  # a mutant whose loop does not end counts as killed
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}  # fmt: skip
_ORDER = "the runner sorts findings"
_KEY = "only groups; any key with the same parts does"
_SET = "members of a set have no order"
# Mutants whose behaviour nothing can notice: rule, source line, change -> why.
EQUIVALENT = {
    ("ISO001", "files.setdefault((race.tree, race.path), []).append(race)",
     "`(race.tree, race.path)` with its first two swapped"): _KEY,
    ("ISO001", "for (tree, path), found in sorted(files.items()):", "not sorted"): _ORDER,
    ("ISO001", "steps = sorted({step for race in found for step in (race.reader_step, race.writer_step)}, key=step_key)",
     "`(race.reader_step, race.writer_step)` with its first two swapped"): _SET,
    ("ISO004", "for number in sorted(found):", "not sorted"): _ORDER,
    ("ISO007", "groups.setdefault((move.seen.tree, move.mover.id, move.switch is not None), []).append(move)",
     "`(move.seen.tree, move.mover.id, move.switch is not None)` with its first two swapped"): _KEY,
    ("ISO007", "groups.setdefault((move.seen.tree, move.mover.id, move.switch is not None), []).append(move)",
     "IsNot becomes Is"): _KEY,
    ("ISO009", "found = {path: unresolved(added) for path, added in sorted(lineage.patch(commit.sha).added.items())}",
     "not sorted"): "what is made of it is sorted again",
    ("ORD004", 'key = pair.launched[0].message if pair.launched else f"{early} {late}"', "0 becomes 1"):
    "one message launched both",
    ("ISO001", "later = step_key(race.writer_step) > step_key(race.reader_step)", "Gt becomes GtE"):
    "only agents of different steps race",
    ("RED001", "if report.red is None or report.red.outcome is not RedOutcome.PASSED:",
     "without `report.red is None`"): "red_accounts() yields only reports with RED",
    ("ISO006", "if removed.restored is not None:", "`removed.restored is not None` is always false"):
    "only words the message",
    ("CLM009", "any(attributed.commit.rewritten_later for attributed in dossier.commits)", "without `not files`"): "without files there is nothing to locate either",
    ("RED001", "Severity.CRITICAL,", "Severity.CRITICAL becomes INFO"): "each hit states its severity",
    ("ISO008", "Severity.MEDIUM,", "Severity.MEDIUM becomes INFO"): "each hit states its severity",
}  # fmt: skip
_MEMBERS = {"Severity": ("INFO", "HIGH"), "Confidence": ("POSSIBLE", "CERTAIN")}
_UNSTATED = {"message", "related", "foreign"}  # arguments whose values blocks do not state


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one node: its line, what it does, and the node that replaces the old one."""

    old: ast.AST
    new: ast.AST
    line: int
    what: str


def mutants_of(tree: ast.Module) -> Iterator[Mutant]:
    """Yield all mutants of the code that `detect` reaches."""
    for top in _reached(tree):
        for node in _walk(top):
            for new, what in _changes(node):
                place = node.iter if isinstance(node, ast.comprehension) else node
                yield Mutant(node, new, getattr(place, "lineno", 0), what)


def _reached(tree: ast.Module) -> list[ast.AST]:
    """Return the definitions that `detect` uses, directly or not, and RULE's severity."""
    named = {name: node for node in tree.body for name in _names_defined(node)}
    waiting, found = ["detect"], {}
    while waiting:
        name = waiting.pop()
        if name not in found and name in named:
            found[name] = named[name]
            waiting += [node.id for node in _walk(named[name]) if isinstance(node, ast.Name)]
    found.pop("RULE", None)
    severity = next(node for node in ast.walk(named["RULE"]) if ast.unparse(node).startswith("Severity."))
    return [*sorted(found.values(), key=lambda node: node.lineno), severity]


def _names_defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and what is below it, without annotations, docstrings, sentences and what only sentences use."""
    used = {child.id for child in _below(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load)}
    return _below(node, used)


def _below(node: ast.AST, used: set[str] | None = None) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in _NO_CODE and not _is_prose(child, used):
                yield from _below(child, used)


def _is_prose(node: ast.AST, used: set[str] | None) -> bool:
    """Return whether a node is a sentence, a docstring, an argument that takes one, or a variable that is not `used`."""
    match node:
        case ast.JoinedStr() | ast.Expr(value=ast.Constant()):
            return True
        case ast.keyword(arg=str(name)):
            return name in _UNSTATED
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target):
            names = {name.id for name in ast.walk(target) if isinstance(name, ast.Name)}
            return used is not None and bool(names) and names.isdisjoint(used)
    return False


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what one node can become, each with a description."""
    yield from _changed_conditions(node)
    yield from _changed_values(node)
    yield from _changed_flow(node)


def _changed_conditions(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Compare(ops=[operator]):
            for changed in _COMPARISONS[type(operator)]:
                yield _with(node, ops=[changed()]), f"{type(operator).__name__} becomes {changed.__name__}"
        case ast.BoolOp(op=operator, values=values):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And()), "`and` and `or` swapped"
            for place, value in enumerate(values):
                rest = [*values[:place], *values[place + 1 :]]
                yield rest[0] if len(rest) == 1 else _with(node, values=rest), f"without `{ast.unparse(value)}`"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand, "`not` removed"
        case ast.If(test=test) | ast.IfExp(test=test):
            yield _with(node, test=_constant(True, test)), f"`{ast.unparse(test)}` is always true"
            yield _with(node, test=_constant(False, test)), f"`{ast.unparse(test)}` is always false"
        case ast.comprehension(ifs=[_, *_]):
            yield _with(node, ifs=[]), "a comprehension's condition removed"
        case ast.Call(func=ast.Name(id="any" | "all" as name)):
            opposite = {"any": "all", "all": "any"}[name]
            yield _with(node, func=ast.Name(opposite, ast.Load())), f"{name} becomes {opposite}"


def _changed_values(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Constant(value=bool(value)):
            yield _constant(not value, node), f"{value} flipped"
        case ast.Constant(value=int(value)):
            yield _constant(value + 1, node), f"{value} becomes {value + 1}"
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in _MEMBERS:
            member = next(member for member in _MEMBERS[name] if member != attribute)
            yield _with(node, attr=member), f"{name}.{attribute} becomes {member}"
        case ast.Tuple(elts=[first, second, *rest], ctx=ast.Load()):
            yield _with(node, elts=[second, first, *rest]), f"`{ast.unparse(node)}` with its first two swapped"
        case ast.Call(func=ast.Name(id="sorted")):
            yield _with(node, func=ast.Name("list", ast.Load()), keywords=[]), "not sorted"
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            yield _with(node, func=ast.Name({"min": "max", "max": "min"}[name], ast.Load())), f"{name} swapped"


def _changed_flow(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()) | ast.Continue() | ast.Break():
            yield ast.Pass(), f"`{ast.unparse(node).splitlines()[0]}` removed"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield _with(node, value=_constant(None, value)), f"returns None, not `{ast.unparse(value)[:50]}`"


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _constant(value: bool | int | None, near: ast.AST) -> ast.AST:
    return ast.copy_location(ast.Constant(value), near)


class _Swap(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self.new, node) if node is self.old else self.generic_visit(node)


def survivors_of(path: Path) -> tuple[str, int, list[Mutant]]:
    """Return a rule's code, how many mutants its file has, and those that its page does not notice."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    lines = source.splitlines()
    page = inspect.cleandoc(ast.get_docstring(tree) or "")
    cases = [(example, case_of(example.script)) for example in examples_of(page)]
    code = _detector(tree, path, page).rule.code
    if _is_killed(tree, path, page, cases):
        raise SystemExit(f"{path.name}: its page fails without any change, so it would notice every one.")
    mutants = [
        mutant for mutant in mutants_of(tree) if (code, lines[mutant.line - 1].strip(), mutant.what) not in EQUIVALENT
    ]
    alive = []
    for mutant in mutants:
        _Swap(mutant.old, mutant.new).visit(tree)
        if not _is_killed(tree, path, page, cases):
            alive.append(mutant)
        _Swap(mutant.new, mutant.old).visit(tree)
    return code, len(mutants), alive


def _detector(tree: ast.Module, path: Path, page: str) -> Detector:
    module = ModuleType(f"mutant_{path.stem}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), module.__dict__)  # noqa: S102  (our own file)
    return Detector(module.RULE, module.detect, page)


def _is_killed(tree: ast.Module, path: Path, page: str, cases: list[tuple[Example, Case]]) -> bool:
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        detector = _detector(tree, path, page)
        return any(check_case(detector, example, case) for example, case in cases)
    except Exception:
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _time_out(*_: object) -> None:
    raise TimeoutError


def main(codes: list[str]) -> int:
    """Print each rule's killed mutants and the survivors; return 1 if a rule is below what is required."""
    signal.signal(signal.SIGALRM, _time_out)
    weak = []
    for path in sorted(Path(detectors.__file__).parent.glob("[a-z]*.py")):
        if codes and not any(code in path.read_text(encoding="utf-8") for code in codes):
            continue
        code, total, alive = survivors_of(path)
        share = 100 * (total - len(alive)) // total
        sys.stdout.write(f"{code} {total - len(alive)}/{total} {share} %\n")
        sys.stdout.writelines(f"    {path.name}:{mutant.line}: {mutant.what}\n" for mutant in alive)
        if share < REQUIRED:
            weak.append(code)
    sys.stdout.write(f"Below {REQUIRED} %: {', '.join(weak) or 'no rule'}\n")
    return bool(weak)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
