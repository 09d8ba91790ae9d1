"""The ledger dialect's plans: the document a ledger names, else the ledger's own list of tasks."""

import re
from collections.abc import Iterator, Sequence

from forensics.formats.dialect import MAX_STEPS
from forensics.formats.markdown import Line, lines_of
from forensics.formats.superpowers.ledger_lines import ledger_lines
from forensics.formats.superpowers.ledgers import entries_in, is_ledger, plans_named, title_of
from forensics.model.plan import Plan, StepSpec
from forensics.model.source import Document, FileRef, Kind
from forensics.model.steps import canonical, step_key

# At a heading's beginning: `Notes on Task 3` is not a task.
_TASK = re.compile(r"^\W*Task\s+(?P<id>\d{1,3}(?:\.\d{1,3})?[a-z]?)\b\s*[:—–-]?\s*(?P<title>.*)$", re.IGNORECASE)
# The labels of a task's list of files: `Create:`, `Modify:`, `Test:`, also `Create file:`. Others name files to be
# read.
_FILE = re.compile(r"^(?:create|modify|test|delete|move|rename)s?(?: \w+)?$", re.IGNORECASE)
# A path may have lines behind it (`src/gate.py:10-20`), which are not a part of its name.
_TICKED = re.compile(r"`(?P<path>[^`\s:]+\.[\w]+)(?::[\d,\s–-]+)?`")


def read_plan(name: str, path: str, documents: Sequence[Document]) -> Plan:
    """Join the plan document and the ledger; a task that only the ledger has is planned there.

    If a ledger names several plans, the first plan's document describes its tasks.
    """
    ledgers = [document for document in documents if is_ledger(document.source.path)]
    plans = [document for document in documents if document.source.kind is Kind.PLAN]
    specs: dict[str, StepSpec] = {}
    title = ""
    for document in plans[:1]:
        lines = lines_of(document.text)
        title = next((line.text for line in lines if line.kind == "heading"), "")
        for spec in _tasks(lines, document.source.path):
            specs.setdefault(spec.id, spec)
    for document in ledgers:
        lines = ledger_lines(document.text)
        title = title or next((line.text for line in lines if line.kind == "heading"), "")
        for entry in entries_in(lines):
            shown = title_of(entry.lines[0].text)
            for step in entry.steps:
                specs.setdefault(step, StepSpec(step, shown, FileRef(document.source.path, entry.lines[0].number)))
    named = [path for document in ledgers for path in plans_named(document)]
    stem = named[0].replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".md") if named else name
    steps = tuple(specs[step] for step in sorted(specs, key=step_key)[:MAX_STEPS])
    return Plan(stem, path, title, steps)


def _tasks(lines: Sequence[Line], path: str) -> Iterator[StepSpec]:
    starts = [index for index, line in enumerate(lines) if line.kind == "heading" and _TASK.match(line.text)]
    for position, index in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(lines)
        match = _TASK.match(lines[index].text)
        if match:
            yield StepSpec(
                canonical(match["id"]),
                match["title"].strip(),
                FileRef(path, lines[index].number),
                files=_files(lines[index:end]),
            )


def _files(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the files a task creates, modifies and tests (`- Modify: `src/a.py:10-20``)."""
    found = [
        match["path"]
        for line in lines
        if line.label and _FILE.match(line.label[0])
        for match in _TICKED.finditer(line.label[1])
    ]
    return tuple(dict.fromkeys(found))
