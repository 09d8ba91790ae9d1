"""Rules of order in a plan: what must be sequential, what may be parallel, what depends on what."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.front_matter import fields_in, first, values_of
from forensics.formats.markdown import Line
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.step_ids import step_of_file, step_of_heading, steps_in
from forensics.model.plan import Constraint, ConstraintKind, Strength
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import canonical

_MAX_NEEDED = 100  # a step that needs more is a list gone wrong, and each pair costs time
# Labels and headings under which words of order are the plan's rules. Elsewhere *parallel* describes the code.
ORDER_LABELS = (
    Row(r"^(?:step |phase |cycle )?dependenc", "Step Dependencies", "runbooks"),
    Row(r"^execution (?:order|mode)", "Execution order", "runbooks"),
    Row(r"^sequencing|^order|^parallel", "Sequencing", "orchestrator plans"),
)
# Words of order count only where order is spoken of: under a label of it, in the metadata, in the orchestrator's plan.
_SEQUENTIAL = re.compile(r"\bsequential(?:ly)?\b|\bstrictly in order\b|\bone (?:step|cycle) at a time\b", re.IGNORECASE)
# `Sequential within phases` orders the steps of each phase, and not the phases.
_WITHIN = re.compile(r"within (?:each |a |the )?phases?|within-phase", re.IGNORECASE)
# *Independent* steps may run together too, unless the line also denies it.
_PARALLEL = re.compile(r"\bparallel(?:iz\w+)?\b|\bconcurrent(?:ly)?\b|\bindependent(?:ly)?\b", re.IGNORECASE)
# Words that turn a permission to run in parallel into its opposite. Near it and in its sentence, because the next
# sentence may permit something else.
DENIED = (
    Row(
        r"\b(?:no|not|never|don't|cannot|can't|avoid|forbid\w*|without|instead of|prohibit\w*|unless)\b[^.;]{0,40}"
        r"(?:parallel|concurrent|independent)",
        "Never run steps in parallel",
        "orchestrator plans",
    ),
    Row(r"parallel\w{0,12}\W{1,3}(?:none|no\b|n/a)", "Parallel: none", "runbook metadata"),
)
# Rows for labels have their own anchors; a denial may be anywhere in the line.
_ORDER_LABEL, _DENIED = compiled(ORDER_LABELS), compiled(DENIED)
# The bracket is a mark that tools write; prose ends at the sentence, because the next one names other steps.
_DEPENDS = re.compile(
    r"\[DEPENDS:\s*(?P<marked>[^\]]{1,120})\]|\bdepends on\b\W{0,6}(?P<prose>[^.;()]{1,80})", re.IGNORECASE
)
# Two numbers at least: `depends on 3 files` names no step.
_IDS = re.compile(r"(?<![\w.])(?:[A-Za-z]\.?)?\d{1,3}\.\d{1,3}(?![\w])")
# The whole file is about order: it tells the conductor which step to launch when.
_ORCHESTRATOR = re.compile(r"(?:^|/)orchestrator-plan[^/]*$")


def constraints_in(document: Document, lines: Sequence[Line]) -> Iterator[Constraint]:
    """Yield the rules of order one plan file states, each with its strength."""
    path = document.source.path
    yield from _from_fields(document)
    step = step_of_file(path.rsplit("/", 1)[-1]) if document.source.kind is Kind.STEP else None
    for line in lines:
        if line.kind == "heading" and (named := step_of_heading(line.text)):
            step = named[0]
        if line.kind == "code":
            continue
        yield from _dependencies(line, step, path)
        if document.source.kind is not Kind.STEP and _speaks_of_order(line, path):
            yield from _order(line, path)


def _from_fields(document: Document) -> Iterator[Constraint]:
    """Yield what `execution_mode` and `depends_on` of the front matter say."""
    path = document.source.path
    fields = fields_in(document.text)
    mode = first(fields, "execution-mode") or first(fields, "execution")
    if mode and _SEQUENTIAL.search(mode.value):
        ref = FileRef(path, mode.line)
        yield Constraint(ConstraintKind.SEQUENTIAL, (), Strength.FIELD, f"execution_mode: {mode.value}", ref)
    own = step_of_file(path.rsplit("/", 1)[-1])
    needed = [field for field in values_of(fields, "depends-on") if canonical(field.value)][:_MAX_NEEDED]
    if own and needed:
        ids = tuple(canonical(field.value) for field in needed)
        ref = FileRef(path, needed[0].line)
        yield Constraint(ConstraintKind.DEPENDS, (own, *ids), Strength.FIELD, f"depends_on: {', '.join(ids)}", ref)


def _dependencies(line: Line, step: str | None, path: str) -> Iterator[Constraint]:
    for match in _DEPENDS.finditer(line.text):
        words = match["marked"] or match["prose"]
        ids = tuple(canonical(step) for step in _IDS.findall(words)) or steps_in(words)
        if step and ids:
            strength = Strength.MARKED if match["marked"] else Strength.PROSE
            yield Constraint(ConstraintKind.DEPENDS, (step, *ids), strength, line.text, FileRef(path, line.number))


def _speaks_of_order(line: Line, path: str) -> bool:
    label = line.label
    if label and _ORDER_LABEL.search(label[0]):
        return True
    if any(_ORDER_LABEL.search(title) for title in line.section[-1:]):
        return True
    in_metadata = any("metadata" in title.lower() or "orchestrat" in title.lower() for title in line.section)
    return bool(_ORCHESTRATOR.search(path)) or in_metadata


def _order(line: Line, path: str) -> Iterator[Constraint]:
    ref = FileRef(path, line.number)
    if _PARALLEL.search(line.text) and not _DENIED.search(line.text):
        yield Constraint(ConstraintKind.PARALLEL, steps_in(line.text), Strength.PROSE, line.text, ref)
    elif _SEQUENTIAL.search(line.text):
        steps = steps_in(line.text)
        within = _WITHIN.search(line.text) is not None and not steps
        kind = ConstraintKind.SEQUENTIAL_IN_PHASE if within else ConstraintKind.SEQUENTIAL
        yield Constraint(kind, steps, Strength.PROSE, line.text, ref)
