"""Which commits tick a step's box together with its work: the tick then has a time, and the work with it is the step's."""

import re
from collections.abc import Collection, Iterator, Sequence

from forensics.casework.attribution.titles import shared_words, subject_title
from forensics.casework.files import holds_work
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.formats.step_ids import phase_in
from forensics.model.case import Attribution, Run
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.plan import Plan
from forensics.model.prose import quote
from forensics.model.report import StepReport
from forensics.model.steps import phase_of

# `feat(admin): Phase 2 — Log in`: the scope of a conventional commit.
_SCOPE = re.compile(r"^\w+\((?P<scope>[^()]*[A-Za-z][^()]*)\)!?:")
# The words of `admin_panel_20260527`.
_WORD = re.compile(r"[a-z]+|\d+")


def ticking(plan: Plan, reports: Sequence[StepReport], history: History, run: Run) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that tick a step's box and change its files, and the step.

    Where a plan names files, the commit has to change one that the step names: whoever ticks a whole list at its end may
    have worked on anything.
    """
    files = {spec.id: spec.files for spec in plan.steps}
    ticked = grouped((sha, step) for report in reports for step in report.steps if (sha := _ticked_by(report, history)))
    for sha, steps in ticked.items():
        commit = history.commits[sha]
        if not any(files.values()) and _is_work_of(commit, steps, plan, run):
            reason = "it ticks the step's box together with work, and boxes of no other phase"
            yield from ((step, Attribution(commit, Confidence.LIKELY, reason)) for step in steps)
        for step in steps:
            if changed := _changed(files.get(step, ()), commit, run):
                reason = f"it ticks the step's box and changes {quote(changed)}, which the step names"
                yield step, Attribution(commit, Confidence.LIKELY, reason)


def naming_phase(reports: Sequence[StepReport], history: History, run: Run) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that name a phase of this plan, with each step of it that was ticked after them.

    Every plan has a phase 1, so the commit's scope has to be of the plan's name (`feat(admin): Phase 1 …`), and it has to
    lie between the list and the tick: a later plan may have the same word in its name.
    """
    ticks = [(step, report, sha) for report in reports for step in report.steps if (sha := _ticked_by(report, history))]
    commits = [history.commits[sha] for sha in sorted(history.on_branch)] if ticks else []
    naming = [commit for commit in commits if _names_phase(commit, run)]
    for step, report, sha in ticks if naming else ():
        listed = history.commits[history.first_seen[report.ref.path, ""]].commit_time
        for commit in naming:
            in_time = listed <= commit.commit_time <= history.commits[sha].commit_time
            if in_time and "." in step and phase_in(commit.subject) == phase_of(step):
                reason = f"its subject {quote(commit.subject)} names the phase, and its scope the plan"
                yield step, Attribution(commit, Confidence.LIKELY, reason)


def _names_phase(commit: Commit, run: Run) -> bool:
    """Return whether a commit with work names some phase and, as its scope, words of the plan's name."""
    scope = _SCOPE.match(commit.subject)
    if scope is None or phase_in(commit.subject) is None or not commit.changes:
        return False
    own = set(_WORD.findall(scope["scope"].lower())) <= set(_WORD.findall(run.name.lower()))
    return own and holds_work(commit, (), run.path) and not belongs_to_other_plan(commit.paths(), run.path)


def _is_work_of(commit: Commit, steps: Collection[str], plan: Plan, run: Run) -> bool:
    """Return whether a commit holds the work of the steps that it ticks, of a plan that names no files.

    Boxes are ticked late, too, together with the next phase's work. So they have to be of one phase, and the subject has
    to name it or, if it names none, to share at least two words with a title of it, and more with no other phase's.
    """
    phases = {phase_of(step) for step in steps}
    if len(phases) != 1 or not holds_work(commit, (), run.path):
        return False
    if named := phase_in(commit.subject):
        return named in phases
    subject = subject_title(commit.subject)
    shared = [(shared_words(subject, spec.title), phase_of(spec.id)) for spec in plan.steps]
    own, others = (max((n for n, phase in shared if (phase in phases) is mine), default=0) for mine in (True, False))
    return own >= max(2, others)


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
