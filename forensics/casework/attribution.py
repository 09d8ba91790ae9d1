"""Which commits are which step's work, how surely, and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from forensics.casework.paths import is_bookkeeping, locate
from forensics.formats.step_ids import steps_of_subject, title_of_heading
from forensics.model.case import Attribution, Run
from forensics.model.claim import Confidence
from forensics.model.history import Commit, History
from forensics.model.plan import Plan
from forensics.model.prose import quote
from forensics.model.report import StepReport
from forensics.model.steps import same_step

_WORD = re.compile(r"[a-z0-9_]{2,}")
_WIP = re.compile(r"^\W*(?:\[?wip\]?)\W+", re.IGNORECASE)
_SLACK = timedelta(days=1)


def attribute(
    plan: Plan, reports: Sequence[StepReport], history: History, run: Run
) -> dict[str, tuple[Attribution, ...]]:
    """Return each step's commits on the run's branch, oldest first.

    A subject that repeats the step's title makes it certain. A subject that only names the step's id needs a
    second witness, since every plan has a step 1.2: a file the step names, or the plan's own folder.
    """
    known = _step_ids(plan, reports)
    titles = _titles(plan, reports)
    files = _expected_files(plan, reports)
    start, end = window(run, history)
    found: dict[str, list[Attribution]] = {}
    for sha in history.on_branch:
        commit = history.commits[sha]
        if commit.changes is None or (start and commit.commit_time < start) or (end and commit.author_time > end):
            continue
        for named in steps_of_subject(commit.subject):
            step = next((one for one in known if same_step(one, named)), None)
            judged = _judge(commit, titles.get(step, ()), files.get(step, frozenset()), run) if step else None
            if step and judged:
                found.setdefault(step, []).append(judged)
    return {
        step: tuple(sorted(ones, key=lambda one: (one.commit.commit_time, one.commit.sha)))
        for step, ones in found.items()
    }


def window(run: Run, history: History) -> tuple[datetime | None, datetime | None]:
    """Return the run's time window: as the user gave it, else from the plan's first commit to a day past its last."""
    touched = [
        commit
        for sha in history.on_branch
        if (commit := history.commits[sha]) and any(path.startswith(f"{run.path}/") for path in commit.paths())
    ]
    start = run.since or min((commit.author_time for commit in touched), default=None)
    end = run.until or max((commit.commit_time + _SLACK for commit in touched), default=None)
    return start, end


def similar(one: str, other: str, share: float = 0.7) -> bool:
    """Tell whether two step titles say the same: the shorter one's words are mostly the longer one's.

    Up to three words all have to be shared at the default share of 0.7.
    """
    first, second = _words(one), _words(other)
    smaller = min(len(first), len(second))
    return bool(smaller) and len(first & second) >= share * smaller


def subject_title(subject: str) -> str:
    """Return a commit subject without its WIP mark and step id."""
    return title_of_heading(_WIP.sub("", subject))


def own_work(attributions: Iterable[Attribution], plan_path: str) -> tuple[Attribution, ...]:
    """Keep the commits that hold more than the run's paperwork."""
    return tuple(one for one in attributions if any(not is_bookkeeping(path, plan_path) for path in one.commit.paths()))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _step_ids(plan: Plan, reports: Sequence[StepReport]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(spec.id for spec in plan.steps), *(step for one in reports for step in one.steps)]))


def _titles(plan: Plan, reports: Sequence[StepReport]) -> Mapping[str, tuple[str, ...]]:
    titles: dict[str, list[str]] = {spec.id: [spec.title] for spec in plan.steps}
    for report in reports:
        for step in report.steps:
            titles.setdefault(step, []).append(report.title)
    return {step: tuple(title for title in ones if title) for step, ones in titles.items()}


def _expected_files(plan: Plan, reports: Sequence[StepReport]) -> Mapping[str, frozenset[str]]:
    files: dict[str, set[str]] = {spec.id: set(spec.files) for spec in plan.steps}
    for report in reports:
        for step in report.steps:
            files.setdefault(step, set()).update(mention.path for mention in report.files)
    return {step: frozenset(ones) for step, ones in files.items()}


def _judge(commit: Commit, titles: Iterable[str], files: frozenset[str], run: Run) -> Attribution | None:
    title = subject_title(commit.subject)
    if any(similar(title, one) for one in titles):
        return Attribution(
            commit, Confidence.CERTAIN, f"its subject {quote(commit.subject)} names the step and its title"
        )
    paths = commit.paths()
    shared = sorted(path for name in files if (path := locate(name, paths)))
    if shared:
        return Attribution(commit, Confidence.LIKELY, f"its subject names the step, and it changes {quote(shared[0])}")
    if any(path.startswith(f"{run.path}/") for path in paths):
        return Attribution(commit, Confidence.LIKELY, "its subject names the step, and it changes the plan's folder")
    return None
