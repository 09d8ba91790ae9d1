"""A spec-kit feature's `tasks.md`, read as plan and as report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forensics.formats.dialect import MAX_STEPS
from forensics.formats.markdown import Line, lines_of
from forensics.formats.reports.details import paths_in
from forensics.model.plan import Constraint, ConstraintKind, Plan, StepSpec, Strength
from forensics.model.report import Stated, Status, StepReport
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import canonical, expand

_PLACE = re.compile(r"(?:^|/)specs/\d{3}[^/]*/tasks\.md$")  # spec-kit numbers features; OpenSpec's folders have names
# `[P]` permits parallel work within a phase only, so a task needs its phase's number: `Phase 3: User Story 1`.
_PHASE = re.compile(r"^Phase\s+(?P<number>\d{1,3})\b", re.IGNORECASE)
_TASK = re.compile(  # `[X] T012 [P] [US1] Title`, also `[X] **T012** …` and `[X] SKIP: T050 …`
    r"^(?P<box>\[(?P<mark>[ xX])\]\s+(?P<skip>SKIP:\s*)?\*{0,2}(?P<id>T\d{3,4}[a-z]?))\b\*{0,2}:?\s*"
    r"(?P<tags>(?:\[[^\]]{1,12}\]\s*)*)(?P<title>\S.*)$"
)
# Done boxes that say themselves that the work was not done: at the line's end only, and without a list of alternatives,
# because elsewhere "skip" and "deferred" are mostly the work itself ("report skipped headers").
# Characters at the end of a title, where such a remark stands: from each dash before it, all that follows is read.
_TAIL = 400
_NOT_DONE = re.compile(
    r"(?:\(|\s[-–—]+\s)[^()/]*(?<!\d )"
    r"\b(?:skipped|deferred|postponed|covered (?:by|via|in)|blocked by|not (?:implemented|done))\b[^()/]*\)?\W*$",
    re.IGNORECASE,
)
# `T012`, `T001-T010`: three digits at least, because `T2` and `t1` are also words for other things.
_NAMED = re.compile(r"(?<![\w-])(?P<first>T\d{3,4}[a-z]?)(?:\s*(?:-|–|—|\.\.\.?|to)\s*(?P<last>T\d{3,4}))?(?![\w-])")


@dataclass(frozen=True, slots=True)
class Task:
    """One numbered checkbox and the phase above it."""

    id: str
    title: str
    status: Stated | None
    parallel: bool
    phase: str | None
    ref: FileRef


def sniff(path: str) -> bool:
    """Return whether a file is a feature's task list, by its place and name."""
    return bool(_PLACE.search(path))


def kind_of(path: str) -> Kind:
    """Classify a file of a feature's folder: the task list counts as report, specifications and designs as other."""
    return Kind.REPORT if path.rpartition("/")[2] == "tasks.md" else Kind.OTHER


def steps_of_subject(subject: str) -> tuple[str, ...]:
    """Return the tasks that a commit's subject names: `feat: T012 add the model`, `T001-T003: set up`."""
    return tuple(step for match in _NAMED.finditer(subject) for step in _ids(match))


def read_plan(name: str, path: str, documents: Sequence[Document]) -> Plan:
    """Return a feature's tasks in the order of the list; a mark `[P]` permits to run tasks of a phase in parallel."""
    lists = [document for document in documents if document.source.kind is Kind.REPORT][:1]
    tasks = [task for document in lists for task in tasks_in(document)]
    heading = next((line.text for document in lists for line in lines_of(document.text) if line.kind == "heading"), "")
    specs = tuple(StepSpec(task.id, task.title, task.ref, task.phase, files=paths_in(task.title)) for task in tasks)
    marked: dict[str | None, list[Task]] = {}
    for task in tasks:
        if task.parallel:
            marked.setdefault(task.phase, []).append(task)
    rules = (
        Constraint(ConstraintKind.PARALLEL, tuple(task.id for task in group), Strength.MARKED, "[P]", group[0].ref)
        for group in marked.values()
    )
    return Plan(name, path, heading.removeprefix("Tasks:").strip(), specs, tuple(rules))


def read_report(document: Document) -> tuple[StepReport, ...]:
    """Return one account for each ticked task; it names no commit, and an unticked task has no account."""
    return tuple(
        StepReport(
            task.ref,
            task.ref.line or 0,
            (task.id,),
            task.title,
            status=task.status,
            cumulative=True,
            tick=task.status.text if task.status.value is Status.DONE else "",
        )
        for task in tasks_in(document)
        if task.status
    )


def tasks_in(document: Document) -> tuple[Task, ...]:
    """Return the numbered checkboxes of a list, 2,000 at most; if an id is used twice, its first line counts."""
    found: dict[str, Task] = {}
    for line in lines_of(document.text):
        match = _TASK.match(line.text) if line.kind == "item" else None
        if match and len(found) < MAX_STEPS:
            ref = FileRef(document.source.path, line.number)
            task = Task(canonical(match["id"]), match["title"], None, "[P]" in match["tags"], _phase(line), ref)
            found.setdefault(task.id, _with_status(task, match))
    return tuple(found.values())


def _with_status(task: Task, match: re.Match[str]) -> Task:
    if match["mark"] == " ":
        return task
    undone = match["skip"] or _NOT_DONE.search(task.title[-_TAIL:])
    stated = Stated(Status.PARTIAL if undone else Status.DONE, match["box"], task.ref)
    return Task(task.id, task.title, stated, task.parallel, task.phase, task.ref)


def _phase(line: Line) -> str | None:
    return next((match["number"] for title in reversed(line.section) if (match := _PHASE.match(title))), None)


def _ids(match: re.Match[str]) -> tuple[str, ...]:
    return expand(match["first"], match["last"]) if match["last"] else (canonical(match["first"]),)
