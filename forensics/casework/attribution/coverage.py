"""Which work of the run's time belongs to no step, and which of it may be the work of steps without a trace."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from operator import attrgetter

from forensics.casework.attribution.steps import window
from forensics.casework.attribution.tickets import Window, in_window
from forensics.casework.attribution.titles import alike, names_plan, shared_words, subject_title
from forensics.casework.files import has_recurring_lines, holds_work, moved_submodule
from forensics.casework.join import Account, Join
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.formats.dialects import home_of, steps_of_commit
from forensics.formats.step_ids import phase_in
from forensics.model.claim import JudgedClaim
from forensics.model.coverage import Candidate, Coverage
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.plan import StepSpec
from forensics.model.prose import quote
from forensics.model.pull import Pull
from forensics.model.steps import phase_of, same_step

# A plan is often committed after its first step's work, and its last step's work after its last report.
_SLACK = timedelta(days=1)
# More candidates do not fit a cell of the table, and nobody checks them one by one.
_MOST = 3
# One word that a subject shares with a step's title is the repository's subject (`recall`), or chance.
_TITLE_WORDS = 2


def coverage(join: Join, pulls: Sequence[Pull], traceless: Sequence[StepSpec]) -> Coverage:
    """Return how much of the run's time its steps cover; `traceless` are the planned steps that nothing shows."""
    owned = _owned(join)
    if not join.planned:
        return _of_tickets(join, pulls, owned)
    searched, span = join.history.searched, _span(join, owned)
    pool = list(_unowned(join, owned))
    untied = [commit for commit in pool if _holds_untied_work(commit, join, span)]
    tied = [sha for sha in _working(join) if sha in join.history.on_branch]
    of_time = [pull for pull in pulls if _is_of_time(pull, join, span)]
    hidden = searched.submodules_absent or searched.shallow
    possible = _possible_work(pool, join, span)
    found = {spec.id: _candidates(spec, join, pool, possible, span) for spec in traceless}
    return Coverage(
        commits=len(tied) + len(untied),
        untied=tuple(untied),
        pulls=len(of_time),
        untied_pulls=tuple(pull for pull in of_time if not owned.intersection((*pull.commits, pull.landing or ""))),
        complete=not hidden and not possible,
        candidates={step: candidates for step, candidates in found.items() if candidates},
    )


def _of_tickets(join: Join, pulls: Sequence[Pull], owned: frozenset[str]) -> Coverage:
    span = (join.run.since, join.run.until)
    history = join.history
    of_time = [
        commit
        for commit in sorted((history.commits[sha] for sha in history.on_branch), key=attrgetter("place_in_time"))
        if commit.changes is not None and in_window(commit, span)
    ]
    of_time_pulls = [pull for pull in pulls if _is_of_time(pull, join, span)]
    # A squash is in no session: it is the work of those whose commits it landed.
    owned |= {pull.landing for pull in pulls if pull.landing and not owned.isdisjoint(pull.commits)}
    return Coverage(
        commits=len(of_time),
        untied=tuple(commit for commit in of_time if commit.sha not in owned),
        pulls=len(of_time_pulls),
        untied_pulls=tuple(pull for pull in of_time_pulls if pull.step is None and owned.isdisjoint(pull.commits)),
    )


def _is_of_time(pull: Pull, join: Join, span: Window) -> bool:
    ends = (join.history.get(sha) for sha in (pull.head, pull.landing))
    return any(commit and in_window(commit, span) for commit in ends)


def _owned(join: Join) -> frozenset[str]:
    """Return the commits that belong to a step, or that its report names.

    A check of the plan cites commits of any time: fixes after a review weeks later, and what the plan began with.
    """
    if not join.planned:
        return join.attributed()  # documents only mention commits
    claims = (judged for account in join.accounts for judged in account.claims if _is_step_s(judged, account))
    named = {sha for judged in claims for sha in (judged.commit, judged.twin) if sha}
    return join.attributed() | (named & join.history.commits.keys())


def _is_step_s(judged: JudgedClaim, account: Account) -> bool:
    return not account.report.beside or judged.claim.about is not None


def _span(join: Join, owned: Iterable[str]) -> Window:
    """Return the run's time: from its steps' first commit to their last, the time of the plan's folder if none is known."""
    made = [join.history.commits[sha] for sha in owned if sha in join.history.on_branch]
    if not made:
        return window(join.run, join.history)
    return min(commit.author_time for commit in made), max(commit.commit_time for commit in made)


def _unowned(join: Join, owned: frozenset[str]) -> Iterator[Commit]:
    """Yield the commits made since the plan, on any ref, that may be a step's and belong to none; oldest first.

    Copies of the steps' commits, which a rebase or squash leaves behind on other refs, are left out.
    """
    history, run = join.history, join.run
    start, _ = window(run, history)
    known = [spec.id for spec in join.plan.steps]
    copies = {(commit.author_time, commit.subject) for sha in owned if (commit := history.get(sha))}
    for commit in sorted(history.commits.values(), key=attrgetter("place_in_time")):
        early = start is not None and commit.commit_time < start - _SLACK
        late = run.until is not None and commit.author_time > run.until
        if early or late or commit.sha in owned or not commit.changes or (commit.author_time, commit.subject) in copies:
            continue
        named = steps_of_commit(commit.subject)
        foreign = named and not any(same_step(step, other) for step in known for other in named)
        if not foreign and not belongs_to_other_plan(commit.paths(), run.path):
            yield commit


def _possible_work(pool: Sequence[Commit], join: Join, span: Window) -> list[Commit]:
    """Return the commits that may be a step's: made after the plan, if need be after the first step, with more than records."""
    start = window(join.run, join.history)[0] or span[0]
    return [
        commit for commit in pool if not _records_only(commit, join) and (start is None or commit.commit_time >= start)
    ]


def _records_only(commit: Commit, join: Join) -> bool:
    """Return whether a commit changes nothing but what the plan's tool keeps: planning a step is not doing it."""
    records = f"{home_of(join.run.path)}/"
    return all(path.startswith(records) for path in commit.paths())


def _working(join: Join) -> frozenset[str]:
    """Return the steps' commits that hold work: documents are work where the step is about them."""
    every = (found for attributions in join.commits.values() for found in attributions)
    return frozenset(found.commit.sha for found in every if found.work and found.commit.changes is not None)


def _holds_untied_work(commit: Commit, join: Join, span: Window) -> bool:
    on_branch = commit.sha in join.history.on_branch
    return on_branch and in_window(commit, span) and holds_work(commit, (), join.run.path)


def _candidates(
    spec: StepSpec, join: Join, pool: Sequence[Commit], possible: Sequence[Commit], span: Window
) -> tuple[Candidate, ...]:
    """Return the commits of the pool that may be a step's work: by its files since the plan, by its words near the run.

    Of records, only those of the run's time that name the step's number or phase count: a phase's checkpoint, say.
    """
    start, end = span
    work = [commit for commit in pool if not _records_only(commit, join)]
    inside = [commit for commit in pool if in_window(commit, span)]
    wide = (start and start - _SLACK, end and end + _SLACK)
    beside = (commit for commit in work if in_window(commit, wide) and not in_window(commit, span))
    near = [*(commit for commit in work if in_window(commit, span)), *beside]
    start = window(join.run, join.history)[0] or span[0]
    later = [commit for commit in (*inside, *near) if start is None or commit.commit_time >= start]
    numbered = [commit for commit in later if _is_tied(commit, spec, join)]
    hints = (
        *_by_files(spec, join, possible),
        *_by_number(spec, numbered),
        *_by_words(spec, near),
        *_by_phase(spec, numbered),
    )
    found: dict[str, Candidate] = {}
    for commit, reason in hints:
        found.setdefault(commit.sha, Candidate(commit, reason))
    return tuple(found.values())[:_MOST]


def _is_tied(commit: Commit, spec: StepSpec, join: Join) -> bool:
    """Return whether more than a number ties a commit to the plan: every plan of a repository has a step 1.2 and a phase 2."""
    if join.run.touches(commit) or names_plan(commit.subject, join.run.name):
        return True
    paths = frozenset(path for path in commit.paths() if not has_recurring_lines(path))
    subject, files = subject_title(commit.subject), [name for other in join.plan.steps for name in other.files]
    return (
        any(locate(name, paths) for name in files)
        or moved_submodule(commit, files) is not None
        or any(shared_words(subject, title) >= _TITLE_WORDS for title in (spec.title, *spec.parts))
    )


def _by_files(spec: StepSpec, join: Join, work: Iterable[Commit]) -> Iterator[tuple[Commit, str]]:
    """Yield the commits that add, else change, a file that this step alone names."""
    shared = {path for other in join.plan.steps if other.id != spec.id for path in other.files}
    changes = grouped((change.path, (commit, change.status)) for commit in work for change in commit.changes or ())
    paths = [path for name in spec.files if name not in shared and (path := locate(name, changes))]
    for letter, verb in (("A", "adds"), ("M", "changes")):
        for path in paths:
            named = f"{verb} {quote(path)}, which the step names"
            yield from ((commit, named) for commit, status in changes[path] if status == letter)


def _by_number(spec: StepSpec, near: Iterable[Commit]) -> Iterator[tuple[Commit, str]]:
    for commit in near:
        if any(same_step(spec.id, step) for step in steps_of_commit(commit.subject)):
            yield commit, "names a step of this number"


def _by_words(spec: StepSpec, near: Sequence[Commit]) -> Iterator[tuple[Commit, str]]:
    """Yield the commits whose subject resembles the step's title, then those that move the submodule of its files."""
    for commit in near:
        if any(alike(subject_title(commit.subject), title) for title in (spec.title, *spec.parts)):
            yield commit, "has a subject like the step's title"
    for commit in near:
        if link := moved_submodule(commit, spec.files):
            yield commit, f"moves submodule {quote(link)}, where the step's files are"


def _by_phase(spec: StepSpec, near: Iterable[Commit]) -> Iterator[tuple[Commit, str]]:
    for commit in near:
        if "." in spec.id and phase_in(commit.subject) == phase_of(spec.id):
            yield commit, f"names phase {phase_of(spec.id)}"
