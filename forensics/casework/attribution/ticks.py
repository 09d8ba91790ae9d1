"""Which commits tick a step's box together with its work: the tick then has a time, and the work with it is the step's."""

from collections.abc import Iterator, Sequence

from forensics.casework.attribution.titles import alike, subject_title
from forensics.casework.files import holds_work
from forensics.casework.paths import locate
from forensics.formats.step_ids import phase_in
from forensics.model.case import Attribution, Run
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.plan import Plan, StepSpec
from forensics.model.prose import quote
from forensics.model.report import StepReport
from forensics.model.steps import phase_of


def ticking(plan: Plan, reports: Sequence[StepReport], history: History, run: Run) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that tick a step's box and change its files, and the step.

    Where a plan names files, the commit has to change one that the step names: whoever ticks a whole list at its end may
    have worked on anything.
    """
    files = {spec.id: spec.files for spec in plan.steps}
    ticked = grouped((sha, step) for report in reports for step in report.steps if (sha := _ticked_by(report, history)))
    for sha, steps in ticked.items():
        commit = history.commits[sha]
        if not any(files.values()) and _is_work_of(commit, [spec for spec in plan.steps if spec.id in steps], run):
            reason = "it ticks the step's box together with work, and boxes of no other phase"
            yield from ((step, Attribution(commit, Confidence.LIKELY, reason)) for step in steps)
        for step in steps:
            if changed := _changed(files.get(step, ()), commit, run):
                reason = f"it ticks the step's box and changes {quote(changed)}, which the step names"
                yield step, Attribution(commit, Confidence.LIKELY, reason)


def _is_work_of(commit: Commit, steps: Sequence[StepSpec], run: Run) -> bool:
    """Return whether a commit holds the work of the steps that it ticks, of a plan that names no files.

    Boxes are ticked late, too, together with the next phase's work. So they have to be of one phase, the subject names no
    other, and it names this one or resembles one of the titles.
    """
    phases = {phase_of(step.id) for step in steps}
    if len(phases) != 1 or not holds_work(commit, (), run.path):
        return False
    named = phase_in(commit.subject)
    return named in phases if named else any(alike(subject_title(commit.subject), step.title) for step in steps)


def _ticked_by(report: StepReport, history: History) -> str | None:
    """Return the commit that ticked a report's box; None for the one that brought the list, which may be written afterwards.

    A report that names its commits says itself where the work is: the tick is then mostly of the next task's commit.
    """
    path = report.ref.path
    ticked = history.first_seen.get((path, report.tick)) if report.tick and not report.hashes else None
    return ticked if ticked in history.commits and ticked != history.first_seen.get((path, "")) else None


def _changed(files: Sequence[str], commit: Commit, run: Run) -> str | None:
    """Return the first of a step's files that a commit changes, the plan's own documents left out."""
    own = {path for folder in run.folders for path in commit.paths() if folder.holds(path, commit.commit_time)}
    paths = commit.paths() - own
    # `Update src/page.tsx, if api.ts sends it already`: a bare name beside paths is mostly mentioned in passing.
    placed = [name for name in files if "/" in name] or files
    return next((path for name in placed if (path := locate(name, paths))), None)
