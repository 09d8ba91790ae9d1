"""Which commits are which step's work, how surely, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from forensics.casework.attribution.described import described
from forensics.casework.attribution.ticks import naming_phase, ticking
from forensics.casework.attribution.titles import alike, is_distinctive, names_plan, similar, subject_title
from forensics.casework.clock import container_of
from forensics.casework.files import holds_work, is_bookkeeping
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.formats.dialects import plan_of, steps_of_commit
from forensics.model.case import Attribution, Run
from forensics.model.claim import Confidence
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.plan import Plan
from forensics.model.prose import quote, short
from forensics.model.report import StepReport
from forensics.model.steps import same_step

# Nothing marks a plan's end: work committed within a day of the plan folder's last commit may still be the run's.
_SLACK = timedelta(days=1)
# Steps that share a file share its commit. With twenty reports and one changed file in a commit, every step had landed.
_STEPS_OF_A_FILE = 2


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of a step's commits beforehand: its titles, and the files the plan and its reports name.

    `results` are the files that the plan names itself and that are neither plan nor report: the step was to write them.
    """

    titles: tuple[str, ...]
    files: frozenset[str]
    results: frozenset[str] = frozenset()


def attribute(
    plan: Plan, reports: Sequence[StepReport], history: History, run: Run
) -> dict[str, tuple[Attribution, ...]]:
    """Return each step's commits on the run's branch, oldest first.

    A subject that repeats the step's title makes it certain. A subject that only names the step's id needs
    more evidence, because every plan has a step 1.2: a file the step names, the plan's reports, or a file that the
    run's other steps change, at the run's time. A commit that brings a step's report together with files it names
    is the step's, whatever its subject, and so are one that adds a file first named by a line that is plan and report
    at once, and one that ticks the step's box together with its work (`ticks.py`). Commits that touch another plan's folder, and not this one's, are not looked at.
    """
    expected = expectations(plan, reports)
    named = list(_named(expected, history, run, history.on_branch))
    made = [(step, judged) for step, commit in named if (judged := _judge(commit, expected[step], run))]
    certain = grouped((step, known.commit) for step, known in made if known.confidence is Confidence.CERTAIN)
    sure = [commit for commits in certain.values() for commit in commits]
    made += [(step, judged) for step, commit in named if (judged := _by_the_run(commit, sure, run))]
    made += [
        *_bringing(reports, history, run, certain),
        *_adding(plan, reports, history, run),
        *ticking(plan, reports, history, run),
    ]
    made += naming_phase(plan, reports, history, run)
    made += _described(plan, reports, history, run, made)
    found: dict[str, dict[str, Attribution]] = {}
    for step, known in made:  # the first evidence found is the strongest
        judged = replace(known, work=holds_work(known.commit, expected[step].files, run.path, expected[step].results))
        found.setdefault(step, {}).setdefault(known.commit.sha, judged)
    return {step: oldest_first(work.values()) for step, work in found.items()}


def _described(
    plan: Plan,
    reports: Sequence[StepReport],
    history: History,
    run: Run,
    made: Sequence[tuple[str, Attribution]],
) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that files show to be the work of steps of which nothing else does; reports name their own."""
    sure = [(step, found.commit.sha) for step, found in made if found.confidence is not Confidence.POSSIBLE]
    shown = {step for step, _ in sure} | {step for report in reports if report.hashes for step in report.steps}
    commits = list(_in_time(history.on_branch, history, run)) if shown != {spec.id for spec in plan.steps} else []
    yield from described(plan, commits, run, shown, {sha for _, sha in sure})


def oldest_first(attributions: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """Sort commits by committer time, which a rebase sets again: it is the order on the branch."""
    return tuple(sorted(attributions, key=attrgetter("commit.place_in_time")))


def attribute_elsewhere(
    plan: Plan, reports: Sequence[StepReport], history: History, run: Run
) -> dict[str, tuple[Attribution, ...]]:
    """Return each step's commits that only other refs reach, oldest first, where their subject and one thing more tell.

    What nothing but a reflog reaches is left out: it is mostly an amended commit's earlier state.
    """
    others = history.ancestors(history.refs.values()) - history.on_branch
    expected = expectations(plan, reports)
    named = _named(expected, history, run, others) if others else ()
    found = grouped((step, judged) for step, commit in named if (judged := _judge(commit, expected[step], run)))
    return {step: oldest_first(attributions) for step, attributions in found.items()}


def window(run: Run, history: History) -> tuple[datetime | None, datetime | None]:
    """Return the run's time window: as the user gave it, else from the plan's first commit to a day past its last."""
    touched = [commit for sha in history.on_branch if run.touches(commit := history.commits[sha])]
    start = run.since or min((commit.author_time for commit in touched), default=None)
    end = run.until or max((commit.commit_time + _SLACK for commit in touched), default=None)
    return start, end


def expectations(plan: Plan, reports: Sequence[StepReport]) -> Mapping[str, Expected]:
    """Return what is known beforehand of every step that the plan or a report names."""
    titles: dict[str, list[str]] = {spec.id: [spec.title, *spec.parts] for spec in plan.steps}
    mentioned = Counter(path for spec in plan.steps for path in {*spec.files, *spec.mentions})
    # A file that several steps of a plan name is one that other plans' steps of the same number change, too.
    files = {spec.id: {*spec.files, *(path for path in spec.mentions if mentioned[path] == 1)} for spec in plan.steps}
    for report in reports:
        for step in report.steps:
            titles.setdefault(step, []).append(report.title)
            files.setdefault(step, set()).update(mention.path for mention in report.files)
    results = {spec.id: frozenset(path for path in spec.files if plan_of(path) is None) for spec in plan.steps}
    return {
        step: Expected(tuple(filter(is_distinctive, names)), frozenset(files[step]), results.get(step, frozenset()))
        for step, names in titles.items()
    }


def own_work(attributions: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """Keep the commits that hold more than the run's bookkeeping."""
    return tuple(attribution for attribution in attributions if attribution.work)


def _named(
    expected: Mapping[str, Expected], history: History, run: Run, shas: Iterable[str]
) -> Iterator[tuple[str, Commit]]:
    """Yield each of these commits in the window whose subject names a known step, with that step."""
    for commit in _in_time(shas, history, run):
        named = steps_of_commit(commit.subject) if commit.changes is not None else ()
        if named and (run.touches(commit) or not belongs_to_other_plan(commit.paths(), run.path)):
            steps = [known for name in named if (known := next((k for k in expected if same_step(k, name)), None))]
            # `Phase 4 Step 3` may be 4.3 or 3; where the plan has both, it is the longer id.
            yield from ((step, commit) for step in steps if not any(other.endswith(f".{step}") for other in steps))


def _in_time(shas: Iterable[str], history: History, run: Run) -> Iterator[Commit]:
    """Yield those of the commits that lie in the run's window, by id."""
    start, end = window(run, history)
    for commit in (history.commits[sha] for sha in sorted(shas)):
        if (start is None or commit.commit_time >= start) and (end is None or commit.author_time <= end):
            yield commit


def _judge(commit: Commit, expected: Expected, run: Run) -> Attribution | None:
    """Judge a commit that names a step by what is known of that step."""
    title = subject_title(commit.subject)
    if any(similar(title, known) for known in expected.titles):
        reason = f"its subject {quote(commit.subject)} names the step and its title"
        return Attribution(commit, Confidence.CERTAIN, reason)
    if any(alike(title, known) for known in expected.titles):
        reason = f"its subject {quote(commit.subject)} names the step and half of its title"
        return Attribution(commit, Confidence.LIKELY, reason)
    if names_plan(commit.subject, run.name) and not run.touches(commit):  # else it may only plan the step
        return Attribution(
            commit, Confidence.LIKELY, f"its subject {quote(commit.subject)} names the step and the plan"
        )
    paths = commit.paths()
    shared = sorted(path for name in expected.files if (path := locate(name, paths)))
    if shared:
        return Attribution(commit, Confidence.LIKELY, f"its subject names the step, and it changes {quote(shared[0])}")
    if any(path.startswith(f"{folder.path}/reports/") for folder in run.folders for path in paths):
        return Attribution(commit, Confidence.LIKELY, "its subject names the step, and it changes the run's reports")
    return None


def _by_the_run(commit: Commit, sure: Sequence[Commit], run: Run) -> Attribution | None:
    """Judge a commit that only names a step's id by the run's surely known commits: their time, and their files."""
    times = [other.commit_time for other in sure]
    if not times or not min(times) <= commit.commit_time <= max(times):
        return None
    touched = {path: other for other in sure for path in other.paths() if not is_bookkeeping(path, run.path)}
    shared = sorted(commit.paths() & touched.keys())
    if shared:
        like = short(touched[shared[0]].sha)
        reason = f"its subject names the step, and it changes {quote(shared[0])}, as {like} does"
        return Attribution(commit, Confidence.LIKELY, reason)
    return Attribution(commit, Confidence.POSSIBLE, "its subject names the step, at the run's time")


def _bringing(
    reports: Sequence[StepReport], history: History, run: Run, certain: Mapping[str, Sequence[Commit]]
) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that bring a report together with at least one file the report names.

    Days later, a commit of everything may bring a report that was left behind, and change its files once more. So where a
    step surely has commits of its own, most of the commit's work has to be files that the report names.
    """
    reason = "it brings the step's report together with files the report names"
    brought: dict[str, tuple[set[str], set[str]]] = {}
    found: list[tuple[str, Commit]] = []
    for report in reports:
        holder = container_of(report, history)
        paths = holder.paths() if holder else frozenset[str]()
        named = {path for mention in report.files if (path := locate(mention.path, paths))}
        if holder and named:
            work = [path for path in paths if not is_bookkeeping(path, run.path)]
            mixed = 2 * len(named) < len(work)
            steps = [step for step in report.steps if not (mixed and step in certain)]
            found += [(step, holder) for step in steps]
            all_steps, files = brought.setdefault(holder.sha, (set(), set()))
            all_steps.update(steps)
            files.update(named)
    for step, holder in found:
        all_steps, files = brought[holder.sha]
        crowded = len(all_steps) > _STEPS_OF_A_FILE * len(files)
        yield step, Attribution(holder, Confidence.POSSIBLE if crowded else Confidence.LIKELY, reason)


def _adding(plan: Plan, reports: Sequence[StepReport], history: History, run: Run) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that add a file named by a line that is plan and report at once, and the step of that line.

    The file counts for the first step that names it only: later ones change it, and adding it does not show their work.
    """
    reported = {report.ref for report in reports}
    first = {path: spec for spec in reversed(plan.steps) for path in spec.files}
    # `Create the tables of data-model.md`: the plan's own documents were there before.
    steps = {path: spec.id for path, spec in first.items() if spec.ref in reported}
    for commit in _in_time(history.on_branch, history, run) if steps else ():
        added = frozenset(change.path for change in commit.changes or () if change.status == "A")
        for path in sorted(steps) if added else ():
            located = locate(path, added)
            if located and not any(folder.holds(located, commit.commit_time) for folder in run.folders):
                reason = f"it adds {quote(located)}, which the step's line names"
                yield steps[path], Attribution(commit, Confidence.LIKELY, reason)
