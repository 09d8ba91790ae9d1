"""The Conductor dialect's reports: ticked tasks in a track's `plan.md`, and the commits written behind them."""

import re
from collections.abc import Iterator

from forensics.formats.conductor.tracks import Checkpoint, Task, checkpoints_in, tasks_in
from forensics.formats.reports.hex_words import hex_words
from forensics.model.report import HashMention, Role, Stated, Status, StepReport
from forensics.model.source import Document, FileRef

_MARKS = {
    "x": Status.DONE,
    "~": Status.IN_PROGRESS,
    "/": Status.IN_PROGRESS,
    ">": Status.IN_PROGRESS,
    "!": Status.BLOCKED,
}
# A hash at the end of the line, or closed by a bracket: in running text it may be anything.
_BEHIND = re.compile(r"^[`\])*.\s]*(?:-->\s*)?(?:[,;&+]|and\b|$)|^[`\s]*[\])]")
# `20260304` at the end of a line is a date.
_DAY = re.compile(r"20\d{6}")
# Tasks that check and change nothing: no commit shows that they were done. Conductor's protocol ends each phase with a
# person's check, and tracks often end with a task such as `Run the whole suite` or `Cross-platform verification`.
_CHECK = re.compile(
    r"\b(?:manual|user) verification\b|\bverification$|^(?:run|verify|ensure|confirm|check)\b", re.IGNORECASE
)
# What makes a hash a commit wherever it stands in the line, and even if it is all digits: a word for it, or a bracket.
_SAID = re.compile(r"(?:\b(?:commit|sha|hash|checkpoint)\b\W{0,4}|[\[(`]|<!--\s*)$", re.IGNORECASE)


def read_report(document: Document) -> tuple[StepReport, ...]:
    """Return one account for each task that was begun; an unticked task has none.

    A phase's checkpoint is the claim of the phase's last done task: Conductor's protocol sets it at that task's end.
    """
    path = document.source.path
    begun = [task for task in tasks_in(document.text) if task.mark in _MARKS]
    last = {task.phase: task.id for task in begun if task.mark == "x"}
    marks = {last[mark.phase]: mark for mark in checkpoints_in(document.text) if mark.phase in last}
    return tuple(_account(task, marks.get(task.id), path) for task in begun)


def _account(task: Task, checkpoint: Checkpoint | None, path: str) -> StepReport:
    ref = FileRef(path, task.number)
    mentions = list(_mentions(task, path))
    if checkpoint:
        where = FileRef(path, checkpoint.number)
        # Conductor's protocol words the commit so: "conductor(checkpoint): Checkpoint end of Phase 2: Tray menu".
        subject = f"Checkpoint end of {checkpoint.title}"
        mentions.append(HashMention(checkpoint.sha, Role.OWN, task.id, subject, where, checkpoint.text, closes=True))
    return StepReport(
        ref=ref,
        last_line=max((number for number, _ in task.below), default=task.number),
        steps=(task.id,),
        title=task.title,
        status=Stated(_MARKS[task.mark], f"[{task.mark}]", ref),
        hashes=tuple(mentions),
        cumulative=True,
        itemised=True,
        tick=task.box if task.mark == "x" and not _CHECK.search(task.title) else "",
    )


def _mentions(task: Task, path: str) -> Iterator[HashMention]:
    """Yield the hashes at the end of a task's line and of its sub-items as its own; hashes in running text do not count."""
    # The files of a task stand in its sub-items; its own line has its name and the hash.
    whole = " ".join((task.text, *(text for _, text in task.below)))
    for number, text in ((task.number, task.text), *task.below):
        for match in hex_words(text):
            before, after = text[: match.start()], text[match.end() :]
            said = _SAID.search(before) is not None
            if not (said or _BEHIND.match(after)) or (match[0].isdigit() and (not said or _DAY.fullmatch(match[0]))):
                continue
            own = number == task.number
            ref = FileRef(path, number)
            yield HashMention(match[0], Role.OWN, task.id, task.title if own else "", ref, whole if own else text)
