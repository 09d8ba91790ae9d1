"""The Conductor dialect's plans: a track's `plan.md`, phases of checkboxes that are ticked as they are done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.formats.dialect import MAX_STEPS
from forensics.formats.numbers import as_number
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.reports.hex_words import hex_words
from forensics.model.plan import Plan, StepSpec
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import canonical

# Below `conductor/` only: a `docs/plan.md` is anybody's plan. Tracks lie in `tracks/` or an archive, in a monorepo
# below `app/`.
_PLACE = re.compile(r"^(?>(?:[^/]*/)*?conductor/)(?s:.*/)?plan\.md$")
# A finished track is moved, and its earlier commits name it by its place below `tracks/`. Archives have several names.
_ARCHIVED = re.compile(r"((?:^|/)conductor/)(?:tracks/)?(?:archived?|_archive|completed)/")
# The boxes of an example in a fence are not tasks.
_FENCE = re.compile(r"^\s*(?:```|~~~)")
# The first level is the track's title: `# Plan: Phase 2 of the port` does not begin a phase.
_HEADING = re.compile(r"^#{2,4}\s+(?P<text>.+)$")
# A phase keeps its own number where the file has one, because subjects and checkpoints cite it; the others are counted.
_PHASE = re.compile(r"\bphase\s+(?P<number>\d{1,3})\b", re.IGNORECASE)
# Besides `x`, tracks mark what is under way (`~`, `/`, `>`) or blocked (`!`). Numbered lists hold boxes too.
_BOX = re.compile(r"^(?P<indent>\s*)(?:[-*+]|\d+[.)])\s+\[(?P<mark>[ xX~!/>-]?)\]\s*(?P<text>.*)$")
# The hash may be absent: a phase that is not finished has `[checkpoint: ]`, which claims nothing.
# A bracket that is never closed is read no further than any mark is long.
_CHECKPOINT = re.compile(r"\[checkpoint:\s{0,9}+`?+(?P<sha>[0-9a-fA-F]{7,40}+)?+[^\]]{0,200}+\]", re.IGNORECASE)
# `Task:` and `Task 2.1:` are left out of a title, because commit subjects repeat the words behind them.
_TASK = re.compile(r"^\W*(?:task\b\s*+(?P<id>\d{1,3}(?:\.\d{1,3})?)?\s*+[:.—–-]?)?\s*", re.IGNORECASE)
NOTES = (  # how a commit is written behind a task
    Row(r"<!--[^>]{0,80}-->", "<!-- commit: 6db2335 -->", "Conductor tracks"),
    Row(r"\[[^\][]{0,40}[0-9a-f]{7}[^\][]{0,80}\]", "[commit: 6db2335]", "Conductor tracks"),
    Row(r"\([^()]{0,40}[0-9a-f]{7}[^()]{0,80}\)", "(6db2335)", "Conductor tracks"),
    Row(r"`[0-9a-f]{7,40}`|\b[0-9a-f]{7,40}\b", "6db2335", "Conductor tracks"),
)
# At the end only: a hash among a task's words is what the task is about (`Pin image a1b2c3d to the gate`).
_NOTE = compiled(NOTES, "", "$")
# What opens a note and is written together with its hash: `[commit: 6db2335]`, `<!-- 6db2335 -->`, "(6db2335)".
_OPENED = re.compile(r"(?<![\s\[(`<!–—-])[\s\[(`<!–—-]*(?:(?:commit|sha|hash|checkpoint)\W*)?$", re.IGNORECASE)
_MAX_NOTES = 8  # a limit for hostile input: each note costs a pass over the line
_INDENT = 2  # a sub-item is indented by two columns or more


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a track: its checkbox and the lines below it; `number` is its line, `box` that line up to its commit."""

    id: str
    title: str
    mark: str
    number: int
    phase: str
    text: str
    box: str
    below: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The commit a phase's heading names as its checkpoint; `title` is the heading without it."""

    phase: str
    sha: str
    number: int
    text: str
    title: str


def sniff(path: str) -> bool:
    """Return whether a file is a track's plan, by its place and name."""
    return bool(_PLACE.search(path))


def kind_of(path: str) -> Kind:
    """Classify a file of a track's folder: the plan counts as report, specifications as other."""
    return Kind.REPORT if path.rsplit("/", 1)[-1] == "plan.md" else Kind.OTHER


def former(path: str) -> tuple[str, ...]:
    """Return the path of an archived track's file before it was archived."""
    moved = _ARCHIVED.sub(r"\1tracks/", path)
    return (moved,) if moved != path else ()


def read_plan(name: str, path: str, documents: Sequence[Document]) -> Plan:
    """Return a track's tasks in the order of the file; Conductor runs them one after another, but states no rule."""
    specs: dict[str, StepSpec] = {}
    title = ""
    for document in documents:
        if document.source.kind is Kind.REPORT:
            rows = document.text.split("\n")
            title = title or next((row.lstrip("# ").strip() for row in rows if row.startswith("# ")), "")
            for task in tasks_in(document.text)[:MAX_STEPS]:
                spec = StepSpec(task.id, task.title, FileRef(document.source.path, task.number), phase=task.phase)
                specs.setdefault(task.id, spec)
    return Plan(name, path, title, tuple(specs.values()))


def tasks_in(text: str) -> tuple[Task, ...]:
    """Return the outermost checkboxes of a track's plan; lines indented below a checkbox belong to it.

    A task's id is its phase and its place in it (`2.3`), whatever number it gives itself.
    """
    found: list[Task] = []
    below: list[list[tuple[int, str]]] = []
    phase, place, seen = "1", 0, 0
    margin = _margin(text)
    for number, row in _rows(text):
        heading, box = _HEADING.match(row), _BOX.match(row)
        if heading and (_PHASE.search(heading["text"]) or not found or place):
            named = _PHASE.search(heading["text"])
            seen += 1
            phase, place = (str(as_number(named["number"])) if named else str(seen)), 0
        elif box and len(box["indent"].expandtabs(4)) < margin + _INDENT:
            place += 1
            step = canonical(f"{phase}.{place}")
            found.append(Task(step, _title(box["text"]), box["mark"].lower(), number, phase, box["text"], _box(row)))
            below.append([])
        elif found and place and row.strip():
            below[-1].append((number, row.strip()))
    return tuple(replace(task, below=tuple(rows)) for task, rows in zip(found, below, strict=True))


def checkpoints_in(text: str) -> tuple[Checkpoint, ...]:
    """Return the checkpoints that phase headings name; an empty one says nothing."""
    found: list[Checkpoint] = []
    seen = 0
    for number, row in _rows(text):
        heading = _HEADING.match(row)
        if heading:
            seen += 1
            named, mark = _PHASE.search(heading["text"]), _CHECKPOINT.search(heading["text"])
            if mark and mark["sha"]:
                phase = str(as_number(named["number"])) if named else str(seen)
                title = _CHECKPOINT.sub("", heading["text"]).strip()
                found.append(Checkpoint(phase, mark["sha"].lower(), number, heading["text"], title))
    return tuple(found)


def _rows(text: str) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, row in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if _FENCE.match(row):
            fenced = not fenced
        elif not fenced:
            yield number, row[:2000]


def _margin(text: str) -> int:
    """Return how far the outermost checkboxes are indented."""
    return min((len(box["indent"].expandtabs(4)) for _, row in _rows(text) if (box := _BOX.match(row))), default=0)


def _box(row: str) -> str:
    """Return a checkbox and its words up to the commit behind them: a later commit often notes the hash."""
    text = row[row.index("[") :].rstrip()
    first = next(hex_words(text), None)
    return _OPENED.sub("", text[: first.start()]) if first else text


def _title(text: str) -> str:
    """Return a task's words without its number, its marks and its commits."""
    title = text.replace("**", "").rstrip()
    for _ in range(_MAX_NOTES if any(hex_words(title)) else 0):
        title = _NOTE.sub("", title).rstrip()
    return _TASK.sub("", title, count=1).strip(" `*:")
