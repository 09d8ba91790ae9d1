"""Which commits show the work of a step that no subject, report or tick names: by the files that the step's text names."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from forensics.casework.attribution.titles import names_plan, same_work, shared_words, similar, subject_title
from forensics.casework.files import has_recurring_lines, is_document, is_list, moved_submodule
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.formats.dialects import plan_of, steps_of_commit
from forensics.formats.step_ids import phase_in
from forensics.model.case import Attribution, Run
from forensics.model.claim import Confidence
from forensics.model.history import Commit
from forensics.model.plan import Plan, StepSpec
from forensics.model.prose import quote
from forensics.model.steps import phase_of, same_step

# Two titles of one plan often share two words (`validator and tests`), and every handoff changes documents that steps name.
_IN_DOCUMENT = 3
# Every plan of a repository moves its submodule, so only the subject tells whose commit that is.
_IN_SUBMODULE = 4
# `Phase 4 checkpoint: …`, `Phase 4 review`: they look at the phase's work, and change a line of it at most.
_LATER = re.compile(r"\b(?:checkpoints?|reviews?|handoff)\b", re.IGNORECASE)


def described(
    plan: Plan, commits: Sequence[Commit], run: Run, shown: Collection[str], taken: Collection[str]
) -> Iterator[tuple[str, Attribution]]:
    """Yield the commits that show the work of the steps that are not among `shown`, and the step.

    `commits` are those of the run's time; those in `taken` are another step's. Two things have to meet: a file that the
    step's text names, and either that no other step names this file and the commit adds it, or that the subject says what
    the step's title says, as it does of no other step. A subject that names the step's phase as the plan does is enough
    to say that the commit may be the step's.
    """
    missing = [spec for spec in plan.steps if spec.id not in shown and spec.id not in plan.reused_ids]
    named = {spec.id: tuple(_named(spec, run)) for spec in plan.steps} if missing else {}
    created = _created(commits) if missing else {}
    for commit in commits if missing else ():
        if commit.changes and commit.sha not in taken and not _is_judged(commit, plan, run):
            new = frozenset(path for path in commit.paths() if created.get(path) == commit.sha)
            for spec in missing:
                if found := _evidence(spec, commit, plan, run, named, new):
                    yield spec.id, Attribution(commit, *found)


def _created(commits: Iterable[Commit]) -> Mapping[str, str]:
    """Return the first commit that adds each path: later ones bring it back after it was lost."""
    oldest = sorted(commits, key=attrgetter("place_in_time"), reverse=True)
    return {change.path: commit.sha for commit in oldest for change in commit.changes or () if change.status == "A"}


def _is_judged(commit: Commit, plan: Plan, run: Run) -> bool:
    """Return whether a commit is another plan's, or names a step of this one: then `steps.py` has judged it."""
    foreign = not run.touches(commit) and belongs_to_other_plan(commit.paths(), run.path)
    return foreign or any(same_step(known.id, step) for step in steps_of_commit(commit.subject) for known in plan.steps)


def _named(spec: StepSpec, run: Run) -> Iterator[str]:
    """Yield the files of a step that are its work: no plan's documents, and no lists that every step changes."""
    for path in dict.fromkeys((*spec.files, *spec.mentions)):
        # `Validate as quickstart.md says`: a title names a document of the plan to be read.
        result = path in spec.files and path not in spec.title
        of_plan = plan_of(path) is not None or path.startswith(f"{run.path}/")
        if not (is_list(path) or has_recurring_lines(path)) and (result or not of_plan):
            yield path


def _evidence(
    spec: StepSpec, commit: Commit, plan: Plan, run: Run, named: Mapping[str, Sequence[str]], new: frozenset[str]
) -> tuple[Confidence, str] | None:
    """Return how surely a commit is a step's work, and what shows it; None if nothing does."""
    changed = _changed(named[spec.id], commit)
    also = f", and it changes {quote(changed)}, which the step names" if changed else ""
    subject = quote(commit.subject)
    if changed and _says_title(spec, commit, plan, changed):
        return Confidence.LIKELY, f"its subject {subject} says what the step's title says{also}"
    if _names_phase(spec, commit, run):
        return Confidence.LIKELY if changed else Confidence.POSSIBLE, f"its subject {subject} names the phase{also}"
    if not steps_of_commit(commit.subject) and (added := _adds_its_own(spec, plan, named, new)):
        return Confidence.LIKELY, f"it adds {quote(added)}, which the step is to write"
    return None


def _says_title(spec: StepSpec, commit: Commit, plan: Plan, changed: str) -> bool:
    subject = subject_title(commit.subject)
    shared = {other.id: shared_words(subject, other.title) for other in (*plan.steps, *plan.alternatives)}
    own = shared.pop(spec.id)
    if not same_work(subject, spec.title) or own <= max(shared.values(), default=0):
        return False
    if any(change.link for change in commit.changes or () if change.path == changed):
        return own >= _IN_SUBMODULE and similar(subject, spec.title)
    return own >= _IN_DOCUMENT or not is_document(changed)


def _names_phase(spec: StepSpec, commit: Commit, run: Run) -> bool:
    """Return whether a subject names a step's phase as the plan's heading does, or together with the plan."""
    subject = commit.subject
    if phase_in(subject) != phase_of(spec.id) or steps_of_commit(subject) or _LATER.search(subject):
        return False
    return names_plan(subject, run.name) or similar(subject_title(subject), spec.phase_title)


def _changed(names: Sequence[str], commit: Commit) -> str | None:
    """Return the first of a step's files that a commit changes, or the submodule that it moves and one of them lies in."""
    paths = commit.paths()
    found = next((path for name in names if (path := locate(name, paths))), None)
    return found or moved_submodule(commit, names)


def _adds_its_own(spec: StepSpec, plan: Plan, named: Mapping[str, Sequence[str]], new: frozenset[str]) -> str | None:
    """Return one of the new files that no other step names, or that this step is the first to write."""
    if not new:
        return None
    others = {name for step, names in named.items() if step != spec.id for name in names}
    writer = {path: known.id for known in reversed(plan.steps) for path in known.files}
    own = [name for name in named[spec.id] if "/" in name and (name not in others or writer.get(name) == spec.id)]
    return next((path for name in own if (path := locate(name, new))), None)
