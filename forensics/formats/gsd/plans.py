"""The GSD dialect's plans: a phase folder of `NN-MM-PLAN.md` files, each one step."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.dialect import MAX_STEPS
from forensics.formats.front_matter import Field, fields_in, first, values_of
from forensics.formats.gsd.checks import is_check
from forensics.formats.markdown import front_matter
from forensics.model.plan import Constraint, ConstraintKind, Plan, StepSpec, Strength
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import canonical, step_key

# Phases have points and letters (`12.6-01`), names may hold the topic (`03-02-axles-PLAN.md`), and quick tasks have one
# number (`001-PLAN.md`). `03-CONTEXT.md` is neither.
_FILE = re.compile(
    r"^(?P<id>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?(?:-\d{1,3}[a-z]?)?)(?:-[\w.-]*?)?-(?P<what>PLAN|SUMMARY)\.md$"
)
# `phases/14-capture/01-PLAN.md`: the folder has the phase. Quick tasks (`quick/007-fix/007-PLAN.md`) have no phase.
_OF_PHASE = re.compile(r"phases/(?P<phase>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?)-[^/]*/\d{1,3}-(?:PLAN|SUMMARY)\.md$")
# `12-PLAN-01.md`, with the plan's number behind.
_FILE_NUMBERED_BEHIND = re.compile(
    r"^(?P<phase>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?)-(?P<what>PLAN|SUMMARY)-(?P<plan>\d{1,3}[a-z]?)(?:-[\w.-]*)?\.md$"
)
# `depends_on` names a plan as `03-01`, `3-1`, `01` or by its file. The whole value: a number in a sentence is not a
# plan.
_ID = re.compile(r"^\W*(?P<id>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?(?:-\d{1,3}[a-z]?)?)(?:-PLAN|-SUMMARY)?(?:\.md)?\W*$")
# When a milestone ends, its phases are moved below `milestones/` or `archive/`; earlier commits name them below
# `phases/`. Only folders that begin with a number are phases.
_ARCHIVED = re.compile(r"((?:^|/)\.planning/)(?:milestones|archive)/(?:[^/]+/)?(?=\d[^/]*/[^/]+$)")
# `Task 1:` is left out of a part's name, because commit subjects repeat the words behind it.
_TASK = re.compile(r"<name>\s*(?:Task\s+[\d.]+\s*[:—–-]\s*)?(?P<name>[^<]{3,200})</name>")
# An empty list has no value to read, and says that the plan needs nothing.
_NEEDS = re.compile(r"^depends[-_]on[ \t]*:", re.MULTILINE | re.IGNORECASE)
# Two characters before the full stop: `e.g.` and the `1.` of a list do not end a sentence.
_SENTENCE = re.compile(r"(?<=[^.\s]{2})\.(?:\s|$)")
# A plan with a whole file pasted into it is cut: expressions run over it for every step.
_MAX_TEXT = 200_000
# Titles are cells of tables, and objectives without a full stop run on for a paragraph.
_MAX_TITLE = 100


def sniff(path: str) -> bool:
    """Return whether a file is a GSD plan or summary, by its name."""
    return step_of_gsd(path) is not None


def step_of_gsd(path: str) -> str | None:
    """Return the step of a GSD file: `12.6.1` of `12.6-01-PLAN.md`."""
    name = path.rsplit("/", 1)[-1]
    if behind := _FILE_NUMBERED_BEHIND.match(name):
        return canonical(f"{behind['phase']}-{behind['plan']}")
    match = _FILE.match(name)
    if match and (phase := _OF_PHASE.search(path)) and "-" not in match["id"]:
        return canonical(f"{phase['phase']}-{match['id']}")
    return canonical(match["id"]) if match else None


def kind_of(path: str) -> Kind:
    """Classify a file of a phase folder by its name: checks of the phase are reports, research and context are other."""
    name = path.rsplit("/", 1)[-1]
    match = _FILE.match(name) or _FILE_NUMBERED_BEHIND.match(name)
    if not match:
        return Kind.REPORT if is_check(name) else Kind.OTHER
    return Kind.STEP if match["what"] == "PLAN" else Kind.REPORT


def former(path: str) -> tuple[str, ...]:
    """Return the path of an archived milestone's file before it was archived."""
    moved = _ARCHIVED.sub(r"\1phases/", path)
    return (moved,) if moved != path else ()


def read_plan(name: str, path: str, documents: Sequence[Document]) -> Plan:
    """Join the plans of one phase; steps are in the order of their waves, which is the order of execution."""
    plans = [document for document in documents if document.source.kind is Kind.STEP][:MAX_STEPS]
    read = {document.source.path: fields_in(document.text) for document in plans}
    specs: dict[str, StepSpec] = {}
    waves: dict[str, tuple[int, FileRef]] = {}
    stated: set[str] = set()
    for document in plans:
        fields = read[document.source.path]
        spec = _spec(document, fields)
        specs.setdefault(spec.id, spec)
        wave = first(fields, "wave")
        if wave and wave.value.isdigit():
            waves[spec.id] = (int(wave.value[:4]), FileRef(document.source.path, wave.line))
        if _NEEDS.search(front_matter(document.text)):
            stated.add(spec.id)
    steps = sorted(specs.values(), key=lambda spec: (waves.get(spec.id, (1,))[0], step_key(spec.id)))
    needs = [rule for document in plans for rule in _dependencies(document, read[document.source.path], specs)]
    title = name.lstrip("0123456789.-").replace("-", " ").strip() or name
    return Plan(name, path, title, tuple(steps), (*needs, *_waves(waves, stated)))


def _spec(document: Document, fields: Sequence[Field]) -> StepSpec:
    path = document.source.path
    step = step_of_gsd(path) or ""
    phase = first(fields, "phase")
    return StepSpec(
        id=step,
        title=_title(document.text),
        ref=FileRef(path, 1),
        phase=phase.value if phase else None,
        files=tuple(dict.fromkeys(field.value.split(" ", 1)[0] for field in values_of(fields, "files-modified"))),
        report_path="SUMMARY".join(path.rsplit("PLAN", 1)),
        parts=tuple(match["name"].strip() for match in _TASK.finditer(document.text[:_MAX_TEXT])),
        code=_code(document.text[:_MAX_TEXT]),
    )


def _code(text: str) -> frozenset[str]:
    """Return the lines between fences: the code that the plan writes out for its step."""
    pieces = [line.strip() for line in text.split("\n")]
    fences = [index for index, line in enumerate(pieces) if line.startswith("```")]
    blocks = zip(fences[::2], fences[1::2], strict=False)  # a last fence that nothing closes begins no block
    return frozenset(line for first, last in blocks for line in pieces[first + 1 : last] if line)


def _title(text: str) -> str:
    """Return the first sentence of a plan's objective, else its first heading."""
    body = text[len(front_matter(text)) :]
    _, opened, after = body.partition("<objective>")
    if opened:
        line = next((row.strip(" *#") for row in after.split("\n") if row.strip()), "")
        sentence = _SENTENCE.split(line, maxsplit=1)[0]
        return sentence if len(sentence) <= _MAX_TITLE else sentence[: _MAX_TITLE - 1].rsplit(" ", 1)[0] + "…"
    return next((row.lstrip("# ").strip() for row in body.split("\n") if row.startswith("# ")), "")


def _dependencies(document: Document, fields: Sequence[Field], specs: dict[str, StepSpec]) -> Iterator[Constraint]:
    """Yield what a plan needs of its own phase; what it needs of other phases lies outside this run."""
    own = step_of_gsd(document.source.path) or ""
    for field in values_of(fields, "depends-on"):
        match = _ID.match(field.value)
        needed = canonical(match["id"]) if match else ""
        if "." not in needed and own.count("."):
            needed = f"{own.rpartition('.')[0]}.{needed}"  # `depends_on: [01]` counts within the phase
        if needed in specs and needed != own:
            ref = FileRef(document.source.path, field.line)
            yield Constraint(ConstraintKind.DEPENDS, (own, needed), Strength.FIELD, f"depends_on: {field.value}", ref)


def _waves(waves: dict[str, tuple[int, FileRef]], stated: set[str]) -> Iterator[Constraint]:
    """Yield what waves say of the plans that state no dependencies: such a plan needs all plans of earlier waves.

    Where `depends_on` stands, even as `[]`, it says all that the plan needs: the wave is then only its place in a schedule,
    and running a plan of wave 2 before an independent one of wave 1 violates nothing.
    """
    for step, (wave, ref) in sorted(waves.items(), key=lambda entry: step_key(entry[0])):
        earlier = sorted((other for other, (rank, _) in waves.items() if rank < wave), key=step_key)
        if earlier and step not in stated:
            yield Constraint(ConstraintKind.DEPENDS, (step, *earlier), Strength.FIELD, f"wave: {wave}", ref)
