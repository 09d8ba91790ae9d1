"""Which commits tick a step's box together with its work: the tick then has a time, and the work with it is the step's."""

import re
from collections.abc import Collection, Iterator, Sequence

from forensics.casework.attribution.titles import named_things, shared_words, subject_title
from forensics.casework.files import holds_work, is_bookkeeping
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.formats.reports.details import paths_in
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
_SCOPE = re.compile(r"^\w+\((?P<scope>[^()A-Za-z]*[A-Za-z][^()]*)\)!?:")
# The words of `admin_panel_20260527`.
_WORD = re.compile(r"[a-z]+|\d+")


def ticking(plan: Plan, reports: Sequence[StepReport], history: History, run: Run) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that tick a step's box and change its files, and the step.

    A step that names files has to have one of them changed: whoever ticks a whole list at its end may have worked on
    anything. For one that names none, the commit's subject has to tell.
    """
    files = {spec.id: spec.files or paths_in(spec.title) for spec in plan.steps}
    titles = {spec.id: spec.title for spec in plan.steps}
    ticked = grouped((sha, step) for report in reports for step in report.steps if (sha := _ticked_by(report, history)))
    for sha, steps in ticked.items():
        commit = history.commits[sha]
        related = _is_work_of(commit, steps, plan, run)
        for step in steps:
            if changed := _changed(files.get(step, ()), commit, run):
                reason = f"it ticks the step's box and changes {quote(changed)}, which the step names"
                yield step, Attribution(commit, Confidence.LIKELY, reason)
            elif related and not files.get(step):
                reason = "it ticks the step's box together with work, and boxes of no other phase"
                yield step, Attribution(commit, _how_sure(titles.get(step, ""), commit, run), reason)


def naming_phase(
    plan: Plan, reports: Sequence[StepReport], history: History, run: Run
) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that name a phase of this plan, with each step of it that was ticked after them.

    Every plan has a phase 1, so the commit's scope has to be of the plan's name (`feat(admin): Phase 1 …`), and it has to
    lie between the list and the tick: a later plan may have the same word in its name.
    """
    files = {spec.id: spec.files or paths_in(spec.title) for spec in plan.steps}
    titles = {spec.id: spec.title for spec in plan.steps}
    ticks = [(step, report, sha) for report in reports for step in report.steps if (sha := _ticked_by(report, history))]
    commits = [history.commits[sha] for sha in sorted(history.on_branch)] if ticks else []
    naming = [commit for commit in commits if _names_phase(commit, run)]
    for step, report, sha in ticks if naming else ():
        listed = history.commits[history.first_seen[report.ref.path, ""]].commit_time
        for commit in naming:
            in_time = listed <= commit.commit_time <= history.commits[sha].commit_time
            named = files.get(step, ())
            fits = not named or _changed(named, commit, run)
            if in_time and fits and "." in step and phase_in(commit.subject) == phase_of(step):
                reason = f"its subject {quote(commit.subject)} names the phase, and its scope the plan"
                sure = Confidence.LIKELY if named else _how_sure(titles.get(step, ""), commit, run)
                yield step, Attribution(commit, sure, reason)


def _how_sure(title: str, commit: Commit, run: Run) -> Confidence:
    """Return how surely a phase's commit is the work of a task that names no file.

    A phase's tasks are all ticked at its end, the vague ones (`Polish pass`) and those that were skipped among them. So
    something that the task's title names has to be in the commit's subject, or in the path of a file that it changes.
    """
    paths = (path for path in commit.paths() if not is_bookkeeping(path, run.path))
    shown = named_things(subject_title(commit.subject)).union(*map(named_things, paths))
    return Confidence.LIKELY if named_things(title) & shown else Confidence.POSSIBLE


def _names_phase(commit: Commit, run: Run) -> bool:
    """Return whether a commit with work names some phase and, as its scope, words of the plan's name."""
    scope = _SCOPE.match(commit.subject)
    if scope is None or phase_in(commit.subject) is None or not commit.changes:
        return False
    own = set(_WORD.findall(scope["scope"].lower())) <= set(_WORD.findall(run.name.lower()))
    return own and holds_work(commit, (), run.path) and not belongs_to_other_plan(commit.paths(), run.path)


def _is_work_of(commit: Commit, steps: Collection[str], plan: Plan, run: Run) -> bool:
    """Return whether a commit holds the work of the steps that it ticks, as far as its subject tells.

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
