"""From what the user named to a Case: find the repository and the plan, read both, join them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from forensics.app.brought_links import refuse_to_read
from forensics.app.earlier_plans import plan_edit
from forensics.app.shared_evidence import SharedEvidence
from forensics.casework.attribute import attribute_plan
from forensics.casework.attribution.former_folders import former_folders
from forensics.casework.claims.rewrites import lacks
from forensics.casework.clock import needles
from forensics.casework.join import Join
from forensics.casework.pipeline import build_case
from forensics.casework.run_time import RunTime, run_time
from forensics.errors import NothingToExamine, UsageError
from forensics.formats.dialect import Dialect
from forensics.formats.dialects import DIALECTS, dialect_of, home_of
from forensics.formats.tickets import Tickets
from forensics.model.case import Case, FormerFolder, Run
from forensics.model.history import History
from forensics.model.prose import count, listing, quote
from forensics.model.report import StepReport
from forensics.model.source import Document, Gap, Kind, Source
from forensics.model.transcript import CommitMade, Transcripts
from forensics.sources.damaged_history import read_log
from forensics.sources.git_log import HistoryLog
from forensics.sources.history import Question, read_history, with_commits, with_lines
from forensics.sources.plan_folder import Folder, classify, read_below, read_folder
from forensics.sources.repository import Repository

if TYPE_CHECKING:
    from forensics.casework.attribution.sessions import Selection

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user asked to examine; `cwd` is where the call was made.

    `transcripts` are files, folders and patterns; without any, the agents' stores are looked up as `environment` says,
    and not at all if it is empty. With `tickets`, the run is the tickets of the time from `since` to `until`; with
    `sessions`, what agents did in it.
    Without `compare_lines`, no commit's lines are read, and the rules that compare them stay silent. `progress` is told
    how many transcripts have been read, of how many.
    """

    plan: str
    cwd: Path
    at: str | None = None
    repo: Path | None = None
    also: tuple[Path, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    transcripts: tuple[str, ...] = ()
    read_transcripts: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    tickets: Tickets | None = None
    compare_lines: bool = True
    sessions: "Selection | None" = None
    progress: Progress | None = None


def open_case(scope: Scope, shared: SharedEvidence | None = None) -> tuple[Case, Repository]:
    """Read and join everything about one plan.

    Raises UsageError and NothingToExamine with what, where and what to try.
    """
    repository = shared.repository if shared else repository_of(scope)
    path = plan_path(scope, repository)
    head = _head(scope, repository, shared)
    revision = None if scope.at is None else head
    with ThreadPoolExecutor(1) as background:  # git walks the history while the plan is parsed
        walked = background.submit(lambda: shared.walk if shared else read_log(repository, [head]))
        folder = read_folder(repository, path, revision)
        reports, unreadable = _reports(folder.dialect, folder.documents)
        plan = folder.dialect.read_plan(PurePosixPath(path).name or path, path, folder.documents)
        if not plan.steps and all(report.beside for report in reports):
            raise NothingToExamine(
                f"{quote(path)} holds no plan with steps and no step report{_where(scope, repository)}.",
                try_=_last_seen(repository, head, path),
            )
    walk = walked.result()
    _refuse_cut_history(repository, path, walk)
    others = others_of(scope, repository)
    former = former_folders(path, walk.commits.values())
    asked = _question(reports, folder.dialect, path, former)
    history = read_history(repository, head, walk, asked, as_of=bool(revision), others=others)
    neighbours = _neighbours(repository, folder, path, revision) if _lacks(history, reports) else ()
    if neighbours:
        question = _question((*reports, *neighbours), folder.dialect, path, former)
        history = read_history(repository, head, walk, question, as_of=bool(revision), others=others)
    run = Run(plan.name, path, revision, scope.since, scope.until, former)
    gaps = (*folder.gaps, *unreadable, *_outside(run, history), *_unexamined(folder.sources))
    join = attribute_plan(run, plan, reports, history)
    join = replace(join, neighbours=neighbours, sources=folder.sources, gaps=(*gaps, *join.gaps))
    if scope.compare_lines:  # a single report is checked against the plan as it is
        join = replace(join, plan_edit=plan_edit(repository, folder.dialect, join))
    return build_case(_with_evidence(join, scope, repository, shared)), repository


def _with_evidence(join: Join, scope: Scope, repository: Repository, shared: SharedEvidence | None) -> Join:
    """Ask git and the transcripts about what was attributed: the commits' lines, the agents' runs, the commits they made."""
    history = join.history
    if scope.compare_lines:
        history = with_lines(repository, history, join.attributed())
    time = run_time(join)
    found, files = shared.transcripts(time) if shared else transcripts_for(scope, repository, time)
    # A removed work tree's commits are often reached by nothing, but still here.
    made = (event.sha for agent in found.agents for event in agent.events if isinstance(event, CommitMade))
    history = with_commits(repository, history, made)
    return replace(join, history=history, transcripts=found, sources=(*join.sources, *files))


def _outside(run: Run, history: History) -> Iterator[Gap]:
    """Say how much of the plan's own history a window leaves out; raises NothingToExamine if it leaves nothing."""
    if run.since is None and run.until is None:
        return
    own = [commit for sha in history.on_branch for commit in (history.commits[sha],) if run.touches(commit)]
    late = [commit for commit in own if run.until and commit.author_time > run.until]
    early = [commit for commit in own if run.since and commit.commit_time < run.since]
    if own and len(late) + len(early) == len(own):
        raise NothingToExamine(
            f"No commit of {quote(run.path)} lies between --since and --until.",
            try_="Leave them out: the plan has its own time.",
        )
    if late or early:
        yield Gap(
            f"{count(len(late) + len(early), 'commit')} of the plan's folder {'lies' if len(late) + len(early) == 1 else 'lie'} outside "
            f"--since and --until: what was done then is not taken into account, and claims of it look as if nothing were there."
        )


def head_and_walk(scope: Scope) -> tuple[Repository, str, HistoryLog]:
    """Return the repository, the commit from which it is looked at, and its log."""
    repository = repository_of(scope)
    head = _head(scope, repository)
    return repository, head, read_log(repository, [head])


def repository_of(scope: Scope) -> Repository:
    """Return the repository to examine; raises UsageError and NothingToExamine."""
    if scope.repo and not (scope.cwd / scope.repo).is_dir():
        raise UsageError(f"--repo {quote(str(scope.repo))} is not a folder.")
    if scope.repo is None:
        refuse_to_read(scope.plan, scope.cwd / scope.plan)
        return Repository.discover(scope.cwd) if scope.plan == "." else Repository.around(scope.cwd / scope.plan)
    return Repository.discover(scope.cwd / scope.repo)


def _head(scope: Scope, repository: Repository, shared: SharedEvidence | None = None) -> str:
    if shared and (scope.at is None or scope.at in shared.walk.commits):
        return scope.at or shared.head
    head = repository.head() if scope.at is None else repository.resolve(scope.at)
    if head is None:
        raise NothingToExamine(repository.why_no_head(), try_="Try --repo DIR, or --at with a branch that is sound.")
    return head


def transcripts_for(scope: Scope, repository: Repository, time: RunTime) -> tuple[Transcripts, tuple[Source, ...]]:
    """Read the run's transcripts. Their readers are loaded only where there is something to read."""
    if not scope.read_transcripts:
        return Transcripts(), ()
    from forensics.app.transcripts import transcripts_of

    revision = repository.resolve(scope.at) if scope.at else None
    return transcripts_of(repository, scope.transcripts, scope.cwd, scope.environment, time, revision, scope.progress)


def plan_path(scope: Scope, repository: Repository) -> str:
    """Return the plan's folder relative to the repository: by --repo from its root, else from where the call is made.

    One of a plan's own files or folders (`runbook.md`, `steps/`, `reports/`) names the plan, and so does a document that
    is plan and report at once.
    """
    root = repository.root or repository.git_dir
    base = root if scope.repo or repository.root is None else scope.cwd
    absolute = Path(os.path.normpath(base / scope.plan))
    if scope.at is None:
        refuse_to_read(scope.plan, absolute)
    try:
        inside = PurePosixPath(_within(absolute, root))
    except (ValueError, OSError, RuntimeError):
        raise UsageError(
            f"{quote(scope.plan)} is outside the repository {quote(root.name)}.", try_="Try --repo DIR."
        ) from None
    # Unlike Path.is_file, this says no to a name that is too long for any file.
    if os.path.isfile(absolute) or (scope.at and inside.suffix == ".md"):  # noqa: PTH113
        dialect = dialect_of([str(inside)])
        kind = dialect.kind_of(str(PurePosixPath(*inside.parts[-2:])))
        if kind is Kind.REPORT and not dialect.single:
            raise UsageError(f"{quote(scope.plan)} is a report.", try_=f"Try forensics verify {quote(scope.plan)}.")
        if kind is Kind.OTHER:
            raise NothingToExamine(
                f"{quote(scope.plan)} is not a runbook, step or report.", try_="Name the plan's folder."
            )
        inside = inside.parent
    return str(inside.parent if inside.name in {"steps", "reports"} else inside)


def _within(absolute: Path, root: Path) -> str:
    """Return a path relative to the root, by its name as given or with links resolved; raises ValueError if outside."""
    try:
        return absolute.relative_to(root).as_posix()
    except ValueError:
        return absolute.resolve().relative_to(root.resolve()).as_posix()


def _where(scope: Scope, repository: Repository) -> str:
    if scope.at:
        return f" at revision {quote(scope.at)}"
    return (
        " in the work tree"
        if repository.root
        else ": this repository is bare and has no files; name a revision with --at REV"
    )


def _last_seen(repository: Repository, head: str, path: str) -> str:
    """Return what to try; for a plan that was deleted when finished, the last revision that contains it."""
    gone = repository.last_deletion(head, path)
    if gone and any(
        classify(name[len(path) + 1 :]) is not Kind.OTHER for _, _, name in repository.tree(f"{gone}^", path)
    ):
        return f"It was deleted in {gone[:10]}; try --at {gone[:10]}^."
    if repository.shallow:
        return "This clone is shallow and may lack the commit that has it; try git fetch --unshallow."
    known = (f"{dialect.holds} ({dialect.name})" for dialect in reversed(DIALECTS))
    return f"Name a folder that contains {'; or '.join(known)}."


def _refuse_cut_history(repository: Repository, path: str, walk: HistoryLog) -> None:
    """Refuse a shallow clone whose history begins after the plan did: every earlier commit would look missing."""
    if not repository.shallow:
        return
    cut = repository.shallow_commits()
    for commit in walk.commits.values():
        if commit.sha in cut and any(name.startswith(f"{path}/") for name in commit.paths()):
            raise NothingToExamine(
                f"This clone is shallow: its history begins at {commit.sha[:10]}, when {quote(path)} already existed. "
                f"Earlier commits would look missing.",
                try_="Try git fetch --unshallow.",
            )


def _reports(dialect: Dialect, documents: Sequence[Document]) -> tuple[tuple[StepReport, ...], tuple[Gap, ...]]:
    found: list[StepReport] = []
    gaps: list[Gap] = []
    for document in documents:
        if document.source.kind is Kind.REPORT:
            accounts = dialect.read_report(document)
            found += accounts
            if not accounts and not dialect.single:
                gaps.append(Gap("This report is empty."))
    return tuple(found), tuple(gaps)


def _unexamined(sources: Sequence[Source]) -> Iterator[Gap]:
    """Name the plan folder's other documents: reviews, analyses and designs make no claims that can be checked."""
    others = [source.path for source in sources if source.kind is Kind.OTHER]
    if others:
        yield Gap(
            f"{count(len(others), 'other document')} in the plan's folder {'was' if len(others) == 1 else 'were'} not "
            f"examined: {listing(map(quote, others))}."
        )


def _lacks(history: History, reports: Sequence[StepReport]) -> bool:
    """Return whether a hash that a report gives as its own no longer exists."""
    return any(lacks(report, history) for report in reports)


def _neighbours(repository: Repository, folder: Folder, path: str, revision: str | None) -> tuple[StepReport, ...]:
    """Read the reports of the orchestrator's other plans: a rewrite of history shows in all of them at once."""
    home = home_of(path)
    if home == path:
        return ()
    documents = read_below(repository, home, revision, folder.dialect)
    return tuple(
        report
        for document in documents
        if not document.source.path.startswith(f"{path}/")
        for report in folder.dialect.read_report(document)
    )


def _question(reports: Sequence[StepReport], dialect: Dialect, folder: str, former: Sequence[FormerFolder]) -> Question:
    dated: dict[str, frozenset[str]] = {}
    for report in reports:
        dated[report.ref.path] = dated.get(report.ref.path, frozenset()) | needles(report)
    return Question(
        frozenset(mention.value for report in reports for mention in report.hashes),
        dated,
        {before: path for path in dated for before in (*dialect.former(path), *_moved(path, folder, former))},
    )


def _moved(path: str, folder: str, former: Sequence[FormerFolder]) -> Iterator[str]:
    """Yield the paths that a report had in the folders that the plan's documents were moved from."""
    if path.startswith(f"{folder}/"):
        yield from (before.path + path.removeprefix(folder) for before in former)


def others_of(scope: Scope, repository: Repository) -> Mapping[str, Repository]:
    """Return the further repositories in which claimed commits may lie, by the name to show."""
    others = {}
    for path in scope.also:
        place = scope.cwd / path
        if not place.is_dir():
            raise UsageError(f"--also-repo {quote(str(path))} is not a folder.")
        parts = [part for part in place.resolve().parts if part not in {".git", "repo", "/"}]
        others[parts[-1] if parts else str(path)] = Repository.discover(place, upwards=False)
    return others
