"""The ledger dialect's agents' reports: `task-3-report.md` and `final-fix-report.md` beside the ledger, read for their commits."""

import re
from dataclasses import replace

from forensics.formats.markdown import lines_of
from forensics.formats.reports.hashes import mentions_in
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.source import Document, FileRef
from forensics.model.steps import canonical

# Briefs and reviews lie in the same folder (`task-3-brief.md`): only a report names commits as the agent's own.
_NAME = re.compile(
    r"^(?=[\w.-]*-report\.md$)(?:task-(?P<task>\d{1,3}[a-z]?)(?:-[\w.-]+)?-report|(?:[\w.-]+-)?fix(?:es)?(?:-[\w.-]+)?-report)\.md$"
)
# A plan's own folder (`sdd/tolls/`). The flat folder is used again by the next plan, whose task 3 is another.
_OWN_FOLDER = re.compile(r"(?:^|/)sdd/[^/]+/[^/]+$")


def is_task_report(path: str) -> bool:
    """Return whether a file is an agent's report to the controller, by its name."""
    return _NAME.match(path.rsplit("/", 1)[-1]) is not None


def read_task_report(document: Document) -> tuple[StepReport, ...]:
    """Return the commits that an agent's report names, none if it names none; the ledger states the outcome.

    They are the task's own if the folder belongs to one plan; else they are judged, and accuse no task.
    """
    path = document.source.path
    lines = lines_of(document.text)
    match = _NAME.match(path.rsplit("/", 1)[-1])
    task = match["task"] if match else None
    own = (canonical(task),) if task else ()
    found = mentions_in(lines, path, own)
    if not (own and _OWN_FOLDER.search(path)):
        found = tuple(_of_nobody(mention) for mention in found)
    if not found:
        return ()
    return (StepReport(FileRef(path, lines[0].number), lines[-1].number, (), "", hashes=found, beside=True),)


def _of_nobody(mention: HashMention) -> HashMention:
    return replace(mention, role=Role.OTHER if mention.role is Role.OWN else mention.role, about=None)
