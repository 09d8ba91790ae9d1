"""The step-report dialect's plans: runbooks, orchestrator plans and step files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from forensics.formats.dialect import MAX_STEPS
from forensics.formats.markdown import Line, lines_of
from forensics.formats.numbers import as_number
from forensics.formats.outcomes import demanded_exceptions
from forensics.formats.red_demands import IF_PASSES, NO_CODE, REGRESSION, denies_marker, grants_pass
from forensics.formats.reports.details import paths_in
from forensics.formats.step_ids import step_of_file, step_of_heading, title_of_heading
from forensics.formats.step_reports.order import constraints_in
from forensics.model.plan import Constraint, DeclaredTotal, Plan, RedDemand, StepSpec
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import phase_of, step_key

# Headings with another first word mention steps (`Review of Cycle 1.3`) and do not begin one.
_STEP = re.compile(r"^\W*(?:cycles?|steps?)\b", re.IGNORECASE)
# Phases may have letters (`Phase A`), as steps do (`A.1`).
_PHASE = re.compile(r"^phase\s+(\w+)", re.IGNORECASE)
# A plan of one phase is called `phase2-execution-plan.md`.
_RUNBOOK = re.compile(r"^(?:runbook|phase\d*-?execution-plan|execution-plan)", re.IGNORECASE)
# Drafts and reviews of a runbook repeat its steps in an earlier state.
_NOT_RUNBOOK = re.compile(r"outline|review|draft|analysis|template", re.IGNORECASE)
# Written with capitals, because "red" in plain text is a colour or a traffic light.
_RED = re.compile(r"^(?:RED|Red)(?: [Pp]hase)?\b")
# Not `Expected` alone, which labels output and files too.
_EXPECTED = re.compile(r"^expected (?:failure|red)", re.IGNORECASE)
# The label has the command whose failure the step asks for.
_VERIFY = re.compile(r"^verify red", re.IGNORECASE)
# Below *Verify RED* runbooks name the failure once more, sometimes only there.
_MUST_FAIL = re.compile(r"\bmust fail\b|\bshould fail\b|\bfails? with\b", re.IGNORECASE)
# RED ends at GREEN, or where only its check is named: what should pass from there on grants nothing.
_GREEN = re.compile(r"^\W*(?:GREEN|Green)\b|^\W*verify (?:green|no regression)", re.IGNORECASE)
# By family, and anywhere in the label's value: a reason or a version may stand beside the name.
_MODEL = re.compile(r"\b(haiku|sonnet|opus|gpt-[\w.]+|gemini[\w.-]*)\b", re.IGNORECASE)
# Files and commands in a label's value are code spans; words follow them (`src/a.py` (new)).
_TICKED = re.compile(r"`([^`]+)`")
# Labels of what a step reads, and of the documents around it: `**Input:** notes.md`, `**Plan**: …/runbook.md`.
_READ_ONLY = re.compile(
    r"\W*(?:inputs?|source|reads?|references?|context|prerequisites?|plan|report path|reports?|design|see)\b",
    re.IGNORECASE,
)
# `Do NOT delete: a.md`: the step leaves these files alone.
_SPARED = re.compile(r"\b(?:do not|don't|never)\b", re.IGNORECASE)
# The whole label: `Total steps remaining` and `Total tests` count something else.
_TOTAL = re.compile(r"^total (?:steps|cycles)$", re.IGNORECASE)
# Work that the conductor does itself; plans count it among their steps or not, so their totals are not checked.
_INLINE = re.compile(r"^INLINE\b|type: inline\)", re.IGNORECASE)


def kind_of(path: str) -> Kind:
    """Classify a file of a plan folder by its place and name (`reports.is_report` recognises reports)."""
    parts = path.split("/")
    name = parts[-1]
    if "steps" in parts[:-1] and name.endswith(".md") and step_of_file(name):
        return Kind.STEP
    if "reports" in parts[:-1] or not name.endswith(".md") or _NOT_RUNBOOK.search(name):
        return Kind.OTHER
    return Kind.PLAN if _RUNBOOK.match(name) or name.startswith("orchestrator-plan") else Kind.OTHER


def read_plan(name: str, path: str, documents: Iterable[Document]) -> Plan:
    """Join the runbooks, the orchestrator plan and the step files of one plan.

    If several runbooks use the same number, the step file wins, because the agent was given it; otherwise the
    first runbook by name; the id is kept in `reused_ids`, the other step in `alternatives`.
    """
    specs: dict[str, StepSpec] = {}
    alternatives: list[StepSpec] = []
    constraints: list[Constraint] = []
    declared: DeclaredTotal | None = None
    title = ""
    inline = 0
    for document in sorted(documents, key=_reading_order):
        lines = lines_of(document.text)
        title = title or next((line.text for line in lines if line.kind == "heading"), "")
        is_step = document.source.kind is Kind.STEP
        constraints += constraints_in(document, lines)
        inline += sum(1 for line in lines if _INLINE.search(line.text) and not is_step)
        found = tuple(_with_phase_titles(_specs(lines, document.source.path), lines))
        declared = declared or _declared(lines, document.source.path, len({spec.id for spec in found}))
        for spec in found:
            if len(specs) >= MAX_STEPS:
                break
            known = specs.get(spec.id)
            if known is None:
                specs[spec.id] = spec
            elif _compatible(known.title, spec.title):
                specs[spec.id] = _merged(known, spec)
            else:
                alternatives.append(known if is_step else spec)
                if is_step:
                    specs[spec.id] = spec
    steps = tuple(specs[step] for step in sorted(specs, key=step_key))
    reused = frozenset(spec.id for spec in alternatives)
    return Plan(name, path, title, steps, tuple(constraints), declared, inline, reused, tuple(alternatives))


def _reading_order(document: Document) -> tuple[int, str]:
    name = document.source.path.rsplit("/", 1)[-1]
    rank = 3 if document.source.kind is Kind.STEP else 0 if name == "runbook.md" else 1 if "phase" in name else 2
    return rank, document.source.path


def _compatible(title: str, other: str) -> bool:
    return title.casefold() == other.casefold() or not title or not other


def _merged(known: StepSpec, other: StepSpec) -> StepSpec:
    """Complete a step from its second description; a step file's own RED outranks the runbook's."""
    return StepSpec(
        known.id,
        known.title or other.title,
        known.ref,
        known.phase or other.phase,
        known.model or other.model,
        other.red or known.red,
        tuple(dict.fromkeys((*known.files, *other.files))),
        known.report_path or other.report_path,
        mentions=tuple(dict.fromkeys((*known.mentions, *other.mentions))),
        phase_title=known.phase_title or other.phase_title,
        code=known.code | other.code,
    )


def _with_phase_titles(specs: Iterable[StepSpec], lines: Sequence[Line]) -> Iterator[StepSpec]:
    """Give each step the title of its phase: the heading may be above the step's own or, at another level, before it."""
    titles = {match[1]: title_of_heading(line.text) for line in lines if (match := _phase_heading(line))}
    yield from (replace(spec, phase_title=titles.get(phase_of(spec.id), "")) for spec in specs)


def _phase_heading(line: Line) -> re.Match[str] | None:
    return _PHASE.match(line.text) if line.kind == "heading" else None


def _specs(lines: Sequence[Line], path: str) -> Iterable[StepSpec]:
    starts = [index for index, line in enumerate(lines) if _starts_step(line)]
    listing_only = path.rsplit("/", 1)[-1].startswith("orchestrator-plan")
    phase: str | None = None
    for position, index in enumerate(starts):
        heading = lines[index]
        end = starts[position + 1] if position + 1 < len(starts) else len(lines)
        body = lines[index + 1 : end]
        for above in heading.section:
            match = _PHASE.match(above)
            phase = match[1] if match else phase
        title = "" if listing_only else title_of_heading(heading.text)
        shown = title if not _STEP.match(title) else ""
        first, *others = step_of_heading(heading.text)
        spec = _spec(first, shown, heading, body, path, phase if heading.section else phase_of(first))
        yield from (spec, *(replace(spec, id=step) for step in others))


def _starts_step(line: Line) -> bool:
    return (
        line.kind == "heading"
        and bool(_STEP.match(line.text))
        and bool(step_of_heading(line.text))
        and "{" not in line.text
    )


def _spec(step: str, title: str, heading: Line, body: Sequence[Line], path: str, phase: str | None) -> StepSpec:
    labels = [(line.label[0].lower(), line.label[1], line) for line in body if line.label]
    model = next(
        (
            match[1].lower()
            for name, value, _ in labels
            if name in {"execution model", "model"}
            if (match := _MODEL.search(value))
        ),
        None,
    )
    report = next((value.strip("` ") for name, value, _ in labels if name == "report path"), None)
    stated = next((value for name, value, _ in labels if name == "phase"), None)
    files = [_clean_path(value) for name, value, _ in labels if name in {"file", "new file", "output"}]
    return StepSpec(
        id=step,
        title=title.replace("[REGRESSION]", "").strip(" `"),
        ref=FileRef(path, heading.number),
        phase=stated or phase or phase_of(step),
        model=model,
        red=_red_demand(heading, body, path),
        files=tuple(dict.fromkeys(file for file in files if file)),
        report_path=report,
        mentions=tuple(dict.fromkeys(_mentions(heading, body))),
        code=frozenset(line.text for line in body if line.kind == "code" and line.text),
    )


def _mentions(heading: Line, body: Sequence[Line]) -> Iterator[str]:
    """Yield the files that a step's text names, but for those it says it only reads, and what its code says."""
    for line in body:
        if line.kind == "heading" and line.level <= heading.level:
            return  # the last step of a document is followed by other sections
        if (
            line.kind != "code"
            and not (line.label and _READ_ONLY.match(line.label[0]))
            and not _SPARED.search(line.text)
        ):
            yield from paths_in(line.text)


def _clean_path(value: str) -> str:
    ticked = _TICKED.search(value)
    text = (ticked[1] if ticked else value.split(" ", 1)[0]).strip("`*,; ")
    return text if ("." in text or "/" in text) and " " not in text else ""  # `**Output:** `1 file, no errors.``


def _red_demand(heading: Line, body: Sequence[Line], path: str) -> RedDemand | None:
    """Return what the step asks of RED, None for a step that has no RED phase."""
    expected = [(index, line) for index, line in enumerate(body) if line.label and _EXPECTED.match(line.label[0])]
    verify = [line for line in body if line.label and _VERIFY.match(line.label[0])]
    red = [line for line in body if _RED.match(line.text) or (line.label and _RED.match(line.label[0]))]
    if not (expected or verify or red or REGRESSION.search(heading.text)):
        return None
    texts = [_expected_text(body, index) for index, _ in expected]
    region = _red_region(body)
    must = [line.text for line in body if _MUST_FAIL.search(line.text) and not IF_PASSES.search(line.text)]
    grants = next((line for line in (heading, *body) if _grants(line, in_red=line.number in region)), None)
    if grants is None and any(grants_pass(text) for text in texts):
        grants = expected[0][1]
    grants = grants or next((line for line in body if line.kind != "code" and NO_CODE.search(line.text)), None)
    command = next((match[1] for line in verify if (match := _TICKED.search(line.text))), None)
    anchor = expected[0][1] if expected else (red or verify or [heading])[0]
    return RedDemand(
        ref=FileRef(path, anchor.number),
        text=" ".join(texts)[:600],
        exceptions=demanded_exceptions(" ".join((*texts, *must))),
        command=command,
        exempt=FileRef(path, grants.number) if grants else None,
    )


def _red_region(body: Sequence[Line]) -> frozenset[int]:
    """Return the line numbers from the step's RED to its GREEN."""
    inside, numbers = False, set()
    for line in body:
        words = line.label[0] if line.label else line.text
        if _RED.match(words.strip("* ")) or _EXPECTED.match(words) or _VERIFY.match(words):
            inside = True
        elif _GREEN.match(words):
            inside = False
        if inside:
            numbers.add(line.number)
    return frozenset(numbers)


def _grants(line: Line, *, in_red: bool) -> bool:
    """Return whether a line of the step itself allows its test to pass in RED."""
    if line.kind == "code" or IF_PASSES.search(line.text):
        return False
    if line.kind == "heading":
        return bool(REGRESSION.search(line.text))
    if not in_red:
        return bool(REGRESSION.search(line.text)) and not denies_marker(line.text)
    words = line.label[1] if line.label else line.text
    return grants_pass(words) and not denies_marker(words)


def _expected_text(body: Sequence[Line], index: int) -> str:
    """Return an expected failure's words: on the label's line, or in the block that follows."""
    label = body[index].label
    if label and label[1]:
        return label[1]
    following = []
    for line in body[index + 1 : index + 12]:
        if line.label or line.kind == "heading":
            break
        following.append(line.text)
    return " ".join(following)


def _declared(lines: Sequence[Line], path: str, found: int) -> DeclaredTotal | None:
    for line in lines:
        label = line.label
        number = re.match(r"\D{0,3}(\d{1,4})\b", label[1]) if label and _TOTAL.match(label[0]) else None
        if label and number:
            return DeclaredTotal(as_number(number[1]), found, label[1], FileRef(path, line.number))
    return None
