"""The step-report dialect: single reports, cumulative logs and combined headings."""

import re
from collections.abc import Sequence
from dataclasses import replace

from forensics.formats.markdown import Line, lines_of
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.reports.details import (
    counts_of,
    done_elsewhere_in,
    files_in,
    folders_in,
    test_names_in,
    time_in,
)
from forensics.formats.reports.hashes import mentions_in
from forensics.formats.reports.phases import green_in, status_in, stop_in
from forensics.formats.reports.red import red_in
from forensics.formats.step_ids import step_of_file, step_of_heading, steps_in, title_of_heading
from forensics.model.report import Role, StepReport
from forensics.model.source import Document, FileRef

# A report's name is the step's id, perhaps with the step's topic (`cycle-7-1-merge-clean-tree`). A document about a step
# says so by the kind of document that it is: each row was seen beside reports, under a name that starts with a step's id.
_STEP = r"(?:step|cycle|task)(?:[-_]?(?:fr)?[-_]?[a-z]?\d+(?:[-_.]\d+)*[a-z]?|[-_][a-z](?=[-_.]|$))"
# Names of step reports, without their ending. Each is matched whole: a document that mentions a step elsewhere in its
# name is about something else.
REPORT_NAMES = (
    Row(rf"{_STEP}(?:[-_.].*)?", "cycle-7-1-merge-clean-tree", "step reports"),
    Row(r"phase[-_]?\d+(?:[-_.]\d+)*[-_].*", "phase-2-cycles-2.5-2.7", "reports on a whole phase"),
    Row(r"(?:.*[-_.])?(?:exec(?:ution)?|rework)(?:[-_.].*)?", "execution-fr1", "cumulative logs, plans by requirement"),
)
# Words by which a file beside the reports is not one. Each is a whole part of the name: `preview` is not a review.
ABOUT_A_STEP = (
    Row(r"(?:re)?views?|(?:re)?validation|vet|audit|checkpoint|adherence", "phase-1-review", "quality gates"),
    Row(r"analysis|rca|explor\w*|brainstorm\w*|discovery", "step-1-analysis", "investigations"),
    Row(
        r"design|outline|plan(?:ning)?|template|requirements?",
        "step-6-planning-request",
        "documents written before the work",
    ),
    Row(r"lessons?|summary|process|feedback|deliverables?", "execution-feedback", "retrospectives"),
)
# Accounts of work beside a step's own: they have no RED and no status of the step, but they name commits.
LATER_WORK = (
    Row(r"refactor\w*|simplification", "cycle-6-1-refactor", "accounts of later work on a step"),
    Row(r"fix(?:es)?", "cycle-0-5-assertion-fix", "accounts of later work on a step or on all"),
    Row(r"diagnos\w+", "step-0-2-diagnostic", "investigations that end in a repair"),
)
# Matched whole; see the rows.
_REPORT_NAME = compiled(REPORT_NAMES, flags=re.IGNORECASE | re.DOTALL)
# Each part of a name is matched whole: `prefix` is not a fix.
_LATER_WORK = compiled(LATER_WORK)
# Such a report names the commits that it looked at, and they are others' work.
_INVESTIGATION = re.compile(r"diagnos", re.IGNORECASE)
# Each part of a name is matched whole; see the rows.
_ABOUT_A_STEP = compiled(ABOUT_A_STEP)
# In a log, a section that only mentions a step (`Notes on Cycle 1.3`) does not begin the step's account.
_STEP_HEADING = re.compile(r"^\W*(?:cycles?|steps?|tasks?)\b", re.IGNORECASE)
# The whole label: `Step count` and `Next step` name no step of this report.
_STEP_LABEL = re.compile(r"^(?:cycle|step|task)$", re.IGNORECASE)
# `**Step:** plans/x/steps/step-1-3.md` is the file that the agent was given, and tells nothing of the step.
_PATH = re.compile(r"^`?[\w.-]*/[\w./-]+`?$")


def is_report(path: str) -> bool:
    """Return whether a file of a plan folder is an execution report, by its place and name."""
    *folders, name = path.lower().split("/")
    stem, dot, ending = name.rpartition(".")
    if dot + ending != ".md":
        return False
    if "reports" in folders:
        return _REPORT_NAME.fullmatch(stem) is not None and not _has_word(stem, _ABOUT_A_STEP, _LATER_WORK)
    return stem in {"execution-report", "execution_report", "execution-log"}


def is_later_work(path: str) -> bool:
    """Return whether a file is an account of work beside the steps' own (a refactoring, a fix), read for its commits alone."""
    *folders, name = path.lower().split("/")
    stem, dot, ending = name.rpartition(".")
    below = "reports" in folders and dot + ending == ".md"
    return below and _has_word(stem, _LATER_WORK) and not _has_word(stem, _ABOUT_A_STEP)


def _has_word(stem: str, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(word) for word in re.split(r"[-_.]", stem) for pattern in patterns)


def read_report(document: Document) -> tuple[StepReport, ...]:
    """Return the accounts in one report file: one, or one for each step section of a cumulative log."""
    path = document.source.path
    lines = lines_of(document.text)
    if not lines:
        return ()
    if is_later_work(path):
        return (_later_work(lines, path),)
    sections = _sections(lines)
    if sections:
        return tuple(_account(part, path, step_of_heading(part[0].text), cumulative=True) for part in sections)
    return (_account(lines, path, _steps_of(lines, path), cumulative=False),)


def _later_work(lines: Sequence[Line], path: str) -> StepReport:
    """Return the commits that an account of later work names; it is not an attempt at its step, and reports none.

    Commits of an investigation, or of work on no single step, are judged and accuse nobody.
    """
    own = _steps_of(lines, path)
    found = mentions_in(lines, path, own)
    if not own or _INVESTIGATION.search(path.rsplit("/", 1)[-1]):
        found = tuple(
            replace(mention, role=Role.OTHER, about=None) if mention.role is Role.OWN else mention for mention in found
        )
    title = title_of_heading(lines[0].text)
    return StepReport(FileRef(path, lines[0].number), lines[-1].number, (), title, hashes=found, beside=True)


def _sections(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Split a cumulative log at its step headings; empty if the file is about one step."""
    starts = [
        index
        for index, line in enumerate(lines)
        if line.kind == "heading" and _STEP_HEADING.match(line.text) and step_of_heading(line.text)
    ]
    title = _title_of_several(lines, starts)
    starts = [index for index in starts if index != title]
    level = min((lines[index].level for index in starts), default=0)
    starts = [index for index in starts if lines[index].level == level]
    if len({step_of_heading(lines[index].text) for index in starts}) < 2:
        return []
    parts = []
    for index in starts:
        end = next(
            (
                later
                for later in range(index + 1, len(lines))
                if lines[later].kind == "heading" and lines[later].level <= level
            ),
            len(lines),
        )
        parts.append(lines[index:end])
    return parts


def _title_of_several(lines: Sequence[Line], starts: Sequence[int]) -> int | None:
    """Return the file's title if it names a range of steps that have sections of their own below it.

    `# Cycles 2.1-2.3` would otherwise be the only section of its level, and hide those of the steps.
    """
    if not starts or any(lines[index].level <= lines[starts[0]].level for index in starts[1:]):
        return None
    below = {step for index in starts[1:] for step in step_of_heading(lines[index].text)}
    return starts[0] if len(below.intersection(step_of_heading(lines[starts[0]].text))) > 1 else None


def _steps_of(lines: Sequence[Line], path: str) -> tuple[str, ...]:
    """Return the steps of a single report: by its heading, its file name, or a `Cycle:` label, in that order."""
    named = step_of_file(path.rsplit("/", 1)[-1])
    for line in lines[:6]:
        if line.kind == "heading" and (steps := step_of_heading(line.text)):
            return (named,) if named and steps == (named.rsplit(".", 1)[-1],) else steps
    if named:
        return (named,)
    for line in lines[:12]:
        label = line.label
        if label and _STEP_LABEL.match(label[0]):
            return steps_in(f"step {label[1]}")[:1]
    return ()


def _account(lines: Sequence[Line], path: str, steps: tuple[str, ...], *, cumulative: bool) -> StepReport:
    heading = next((line for line in lines if line.kind == "heading" and title_of_heading(line.text)), lines[0])
    title = next(
        (
            line.label[1].split(" - ", 1)[-1].split(" — ", 1)[-1]
            for line in lines[:10]
            if line.label and _STEP_LABEL.match(line.label[0]) and not _PATH.match(line.label[1])
        ),
        title_of_heading(heading.text),
    )
    status = status_in(lines, path)
    return StepReport(
        ref=FileRef(path, lines[0].number),
        last_line=lines[-1].number,
        steps=steps,
        title=title,
        status=status,
        red=red_in(lines, path, status),
        green=green_in(lines, path),
        counts=counts_of(lines, path),
        files=files_in(lines, path),
        hashes=mentions_in(lines, path, steps),
        stop=stop_in(lines, path),
        time=time_in(lines, path),
        done_elsewhere=tuple(done_elsewhere_in(lines, path, steps)),
        test_names=test_names_in(lines),
        cumulative=cumulative,
        folders=folders_in(lines),
    )
