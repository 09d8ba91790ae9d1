"""A ledger's lines, in which the rows of a table of tasks read like the entries of a list."""

import re
from dataclasses import replace

from forensics.formats.markdown import Line, lines_of
from forensics.formats.reports.tables import Row, rows_in

# The words by which an entry states its outcome.
STATE = re.compile(
    r"\b(?:complete[d]?|done|in[ -]progress|dispatched|fix round|blocked|failed|partial|pending|not started|skipped)\b|[✅⏳]",
    re.IGNORECASE,
)
# The head of the column for ids. A table without one is not about tasks: images and their hashes have a status too.
_TASKS = re.compile(r"^\W*(?:(?:tasks?|steps?)\W*(?:#|no\.?|id)?|#|no\.?)\W*$", re.IGNORECASE)
# Whole heads: `Review status` is not the task's outcome.
_STATUS = re.compile(r"^\W*(?:status|state|result|outcome)\W*$", re.IGNORECASE)
# Whole heads: `Commit message` has no hash, and what looks like one in it is not the task's.
_COMMITS = re.compile(r"^\W*(?:commits?|range|commit range|hash(?:es)?|sha)\W*$", re.IGNORECASE)
# The whole cell, with a title behind a mark at most: `3 files` in such a column is not task 3.
_TASK = re.compile(
    r"^(?:tasks?|t)?[ -]?(?P<ids>\d{1,3}(?:\.\d{1,3})?[a-z]?(?:\s*[-–+&]\s*\d{1,3})?)(?:\s*[:.—–-]\s+(?P<title>.*))?$",
    re.IGNORECASE,
)


def ledger_lines(text: str) -> tuple[Line, ...]:
    """Return a ledger's lines; `| 3 | complete | a1b2c3d |` in a table of tasks becomes `Task 3: complete (commits a1b2c3d)`."""
    lines = lines_of(text)
    entries = {row.line.number: entry for row in rows_in(lines) if (entry := _entry(row))}
    return tuple(
        replace(line, text=entries[line.number], kind="item", label=None) if line.number in entries else line
        for line in lines
    )


def _entry(row: Row) -> str | None:
    """Return a row as an entry; None if its table has no columns for tasks and for their status or commits."""
    task, status, commits = (_cell(row, pattern) for pattern in (_TASKS, _STATUS, _COMMITS))
    match = _TASK.match(task) if task else None
    if match is None or not (status or commits):
        return None
    listed = f" (commits {commits})" if commits else ""
    title = match["title"] or ""
    # An entry's outcome is the first such word of its first clause, so a title with either would hide the row's own.
    shown = f"{title} — " if title and not (STATE.search(title) or re.search(r"[(;.]", title)) else ""
    return f"Task {match['ids']}: {shown}{status or ''}{listed}"


def _cell(row: Row, column: re.Pattern[str]) -> str | None:
    """Return the cell below the first head that matches, None if no head does; a row may lack its last cells."""
    at = next((index for index, head in enumerate(row.columns) if column.match(head)), None)
    return row.cells[at] if at is not None and at < len(row.cells) else None
