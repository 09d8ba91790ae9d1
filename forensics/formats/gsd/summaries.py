"""The GSD dialect's reports: a `NN-MM-SUMMARY.md` for each plan, with its files, its commits and the agent's own check."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from forensics.formats.front_matter import Field, fields_in, first
from forensics.formats.gsd.checks import read_check
from forensics.formats.gsd.commits import mentions_in
from forensics.formats.gsd.plans import step_of_gsd
from forensics.formats.gsd.red import red_in
from forensics.formats.markdown import Line, lines_of
from forensics.formats.outcomes import status_of
from forensics.formats.reports.details import counts_of, files_in, moment_in, test_names_in
from forensics.formats.reports.phases import status_in
from forensics.model.report import FileMention, Stated, StatedTime, Status, StepReport
from forensics.model.source import Document, FileRef

# The result that GSD's executors write last, as a heading or a bold line; most summaries have no other status.
_SELF_CHECK = re.compile(r"self[- ]check\W{1,4}(?P<result>passed|failed|partial\w*)", re.IGNORECASE)
# Words follow a path (`src/axles.py (the counter)`), and web frameworks have brackets and `$` in names
# (`[id]/page.tsx`). A word without an ending or a folder is not a path.
_PATH = re.compile(r"^[`\"']*(?P<path>[\w@.()\[\]+$~/-]*[\w)\]](?:\.\w+|/[\w@.()\[\]+$-]+))[`\"']*(?=$|[\s,:;(—–])")
# `Phase 3 Plan 02: ` repeats the step's id.
_TITLE = re.compile(r"^phase\b[^:]*:\s*", re.IGNORECASE)
_CHANGED = ("created", "modified")
# Older summaries have a flat list, or one for each kind of change.
_FILE_KEYS = frozenset({"files-created", "files-modified", "key-files-created", "key-files-modified"})
_CHECK = {"passed": Status.DONE, "failed": Status.FAILED}


def read_report(document: Document) -> tuple[StepReport, ...]:
    """Return the one account in a summary, none if it is empty; a check of the phase is read for its commits."""
    path = document.source.path
    step = step_of_gsd(path)
    if step is None:
        return read_check(document)
    fields, lines = fields_in(document.text), lines_of(document.text)
    if not (fields or lines):
        return ()
    heading = next((line.text for line in lines if line.kind == "heading"), "")
    last = lines[-1].number if lines else fields[-1].line
    return (
        StepReport(
            ref=FileRef(path, 1),
            last_line=last,
            steps=(step,),
            title=re.sub(r"(?<!\s)\s*+(?:execution )?summary$", "", _TITLE.sub("", heading), flags=re.IGNORECASE),
            status=_status(fields, lines, path),
            red=red_in(lines, path),
            counts=counts_of(lines, path),
            files=_files(fields, lines, path),
            hashes=mentions_in(lines, fields, path, step),
            time=_time(fields, lines, path),
            test_names=test_names_in(lines),
            itemised=True,
        ),
    )


def _status(fields: Sequence[Field], lines: Sequence[Line], path: str) -> Stated | None:
    """Return the status field, else the self-check's result, a status label, or that a day of completion is given."""
    stated = first(fields, "status")
    value = status_of(stated.value) if stated else None
    if stated and value:
        return Stated(value, stated.value, FileRef(path, stated.line))
    for line in lines:
        match = _SELF_CHECK.search(line.text)
        if match:
            return Stated(_CHECK.get(match["result"].lower(), Status.PARTIAL), match[0], FileRef(path, line.number))
    labelled = status_in(lines, path)
    if labelled:
        return labelled
    completed = next((field for field in fields if field.keys[-1:] in {("completed",), ("completed-date",)}), None)
    return Stated(Status.DONE, completed.value, FileRef(path, completed.line)) if completed else None


def _files(fields: Sequence[Field], lines: Sequence[Line], path: str) -> tuple[FileMention, ...]:
    """Return the key files of the front matter, then those the body lists.

    A summary lists itself by its kind alone: `this SUMMARY.md` in `03-02-SUMMARY.md`.
    """
    found: dict[str, FileMention] = {}
    for mention in (*_key_files(fields, path), *files_in(lines, path)):
        own = path.endswith(f"-{mention.path}")
        found.setdefault(path if own else mention.path, replace(mention, path=path) if own else mention)
    return tuple(found.values())


def _key_files(fields: Sequence[Field], path: str) -> Iterator[FileMention]:
    for field in fields:
        if not field.keys:  # front matter that is a list has values without a key
            continue
        key, *below = field.keys
        listed = key == "key-files" and (not below or below[0] in _CHANGED) and below[1:] in ([], ["path"], ["file"])
        if listed or (not below and key in _FILE_KEYS):
            match = _PATH.match(field.value)
            if match:
                yield FileMention(match["path"], FileRef(path, field.line))


def _time(fields: Sequence[Field], lines: Sequence[Line], path: str) -> StatedTime | None:
    """Return when the plan was completed: to the second where the body says so, else the day."""
    for line in lines:
        if line.label and line.label[0].strip("* ").lower() == "completed":
            stated = moment_in(line.label[1], FileRef(path, line.number))
            if stated and not stated.day_only:
                return stated
    day = next((field for field in fields if field.keys[-1:] == ("completed",)), None)
    return moment_in(day.value, FileRef(path, day.line)) if day else None
