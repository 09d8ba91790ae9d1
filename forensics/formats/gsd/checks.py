"""The GSD dialect's checks of a phase (`NN-VERIFICATION.md`, `NN-UAT.md`, `NN-REVIEW.md`): whose the commits are that they cite."""

import re
from collections.abc import Sequence
from dataclasses import replace

from forensics.formats.front_matter import fields_in
from forensics.formats.gsd.commits import mentions_in
from forensics.formats.markdown import Line, lines_of
from forensics.formats.reports.tables import Row, rows_in
from forensics.formats.step_ids import plans_in, scopes_in
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.source import Document, FileRef
from forensics.model.steps import canonical

# Checks have a word in front (`03-HUMAN-UAT.md`) or behind (`03-REVIEW-FIX.md`), and may be of one plan
# (`03-02-VERIFICATION.md`).
_FILE = re.compile(
    r"^(?P<phase>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?)(?:-\d{1,3}[a-z]?)?-(?:[A-Z]+-)?(?:VERIFICATION|UAT|REVIEW)(?:-[A-Z]+)?\.md$"
)
# A cell that is a plan's number and nothing else: `03-02` in a table of commits. In a sentence it may be any plan's.
_PLAN_CELL = re.compile(r"(?:plan )?(?P<id>\d{1,3}(?:\.\d{1,3})*[A-Za-z]?-\d{2})", re.IGNORECASE)


def is_check(path: str) -> bool:
    """Return whether a file is the check of a phase, by its name."""
    return _FILE.match(path.rsplit("/", 1)[-1]) is not None


def read_check(document: Document) -> tuple[StepReport, ...]:
    """Return the commits that a check cites, none if there are none; it is not an attempt at a step.

    A commit is a step's only where the text ties it to a plan of the phase. All others are judged and accuse nobody: a
    checker cites commits of other phases, of upstream and of fixes, and may quote a wrong hash as wrong.
    """
    path = document.source.path
    match = _FILE.match(path.rsplit("/", 1)[-1])
    lines = lines_of(document.text)
    if match is None or not lines:
        return ()
    by_number = {line.number: line for line in lines}
    rows = {row.line.number: row for row in rows_in(lines)}
    found = []
    for mention in mentions_in(lines, fields_in(document.text), path, ""):
        number = mention.ref.line or 0
        step = _tied(mention, by_number.get(number), rows.get(number))
        found.append(_as_cited(mention, step if _is_of_phase(step, match["phase"]) else None))
    if not found:
        return ()
    last = lines[-1].number
    return (StepReport(FileRef(path, 1), last, (), "", hashes=tuple(found), itemised=True, beside=True),)


def _tied(mention: HashMention, line: Line | None, row: Row | None) -> str | None:
    """Return the step that a commit's subject, its row, or the heading above it names; None if none does."""
    if scoped := scopes_in(mention.subject):
        return scoped[0] if mention.role is not Role.QUOTATION or (line and line.kind == "code") else None
    if mention.role is not Role.OWN:
        return None
    cells = [canonical(cell["id"]) for text in (row.cells if row else ()) if (cell := _PLAN_CELL.fullmatch(text))]
    return cells[0] if cells else _of_heading(line.section if line else ())


def _of_heading(section: Sequence[str]) -> str | None:
    """Return the plan that the innermost heading names (`### Plan 03-02: Count axles`); none where it names several."""
    plans = plans_in(section[-1]) if section else ()
    return plans[0] if len(plans) == 1 else None


def _is_of_phase(step: str | None, phase: str) -> bool:
    return step is not None and step.rpartition(".")[0] == canonical(phase)


def _as_cited(mention: HashMention, step: str | None) -> HashMention:
    if step:
        return replace(mention, role=Role.OWN, about=step)
    return mention if mention.role is Role.QUOTATION else replace(mention, role=Role.OTHER, about=None)
