"""From what the user named to a Case: find the repository and the plan, read both, join them."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from forensics.casework.assembly import build_case
from forensics.casework.clock import needles
from forensics.errors import NothingToExamine, UsageError
from forensics.formats.plans.step_files import read_plan
from forensics.formats.reports.step_reports import read_report
from forensics.model.case import Case, Run
from forensics.model.prose import count, listing, quote
from forensics.model.report import StepReport
from forensics.model.source import Document, Gap, Kind, Source
from forensics.sources.history import Question, read_history
from forensics.sources.plan_folder import read_folder
from forensics.sources.repository import Repository


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user asked to examine; `cwd` is where the call was made."""

    plan: str
    cwd: Path
    at: str | None = None
    repo: Path | None = None
    also: tuple[Path, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def open_case(scope: Scope) -> tuple[Case, Repository]:
    """Read and join everything about one plan.

    Raises UsageError and NothingToExamine with what, where and what to try.
    """
    repository = Repository.discover((scope.cwd / scope.repo) if scope.repo else scope.cwd / scope.plan)
    path = plan_path(scope, repository)
    head = repository.resolve(scope.at) if scope.at else repository.head()
    if head is None:
        raise NothingToExamine(
            f"The repository of {quote(path)} has no commit yet: there is nothing to hold a report against."
        )
    revision = head if scope.at else None
    with ThreadPoolExecutor(1) as background:  # git walks the history while the plan is parsed
        log = background.submit(repository.log, [head])
        documents, sources, gaps = read_folder(repository, path, revision)
        reports, unreadable = _reports(documents)
        plan = read_plan(
            PurePosixPath(path).name or path, path, [one for one in documents if one.source.kind is not Kind.REPORT]
        )
        if not plan.steps and not reports:
            raise NothingToExamine(
                f"{quote(path)} holds no plan with steps and no step report{_where(scope)}.",
                try_=_last_seen(repository, head, path),
            )
    history = read_history(
        repository, head, log.result(), _question(reports), as_of=bool(revision), others=_others(scope, repository)
    )
    run = Run(plan.name, path, revision, scope.since, scope.until)
    return build_case(run, plan, reports, history, sources, (*gaps, *unreadable, *_unexamined(sources))), repository


def plan_path(scope: Scope, repository: Repository) -> str:
    """Return the plan's folder relative to the repository: by --repo from its root, else from where the call is made."""
    given = Path(scope.plan)
    root = repository.root or repository.git_dir
    base = root if scope.repo or repository.root is None else scope.cwd
    absolute = (base / given).resolve() if not given.is_absolute() else given.resolve()
    try:
        inside = absolute.relative_to(root.resolve()).as_posix()
    except ValueError:
        raise UsageError(
            f"{quote(scope.plan)} lies outside the repository {quote(root.name)}.", try_="Try --repo DIR."
        ) from None
    if absolute.is_file() or (scope.at and inside.endswith(".md")):
        inside = PurePosixPath(inside).parent.as_posix()
    return inside


def _where(scope: Scope) -> str:
    return f" at revision {quote(scope.at)}" if scope.at else " in the work tree"


def _last_seen(repository: Repository, head: str, path: str) -> str:
    """Say in which revision the folder was last to be seen, for plans that were deleted when finished."""
    gone = (
        repository.run("log", "-1", "--format=%H", "--diff-filter=D", head, "--", f":(top,literal){path}")
        .decode()
        .strip()
    )
    if gone:
        return f"History has it: it was deleted by {gone[:10]}; try --at {gone[:10]}^."
    return "Name the folder that holds runbook.md, steps/ or reports/."


def _reports(documents: Sequence[Document]) -> tuple[tuple[StepReport, ...], tuple[Gap, ...]]:
    found: list[StepReport] = []
    gaps: list[Gap] = []
    for document in documents:
        if document.source.kind is Kind.REPORT:
            accounts = read_report(document)
            found += accounts
            if not accounts:
                gaps.append(Gap("This report is empty."))
    return tuple(found), tuple(gaps)


def _unexamined(sources: Sequence[Source]) -> tuple[Gap, ...]:
    """Name the plan folder's other documents: reviews, analyses and designs are seen, but not held against anything."""
    others = [source.path for source in sources if source.kind is Kind.OTHER]
    if not others:
        return ()
    return (
        Gap(
            f"{count(len(others), 'other document')} in the plan's folder {'was' if len(others) == 1 else 'were'} not "
            f"examined: {listing(map(quote, others))}."
        ),
    )


def _question(reports: Sequence[StepReport]) -> Question:
    dated: dict[str, frozenset[str]] = {}
    for report in reports:
        dated[report.ref.path] = dated.get(report.ref.path, frozenset()) | needles(report)
    return Question(
        frozenset(mention.value for report in reports for mention in report.hashes),
        dated,
    )


def _others(scope: Scope, repository: Repository) -> Mapping[str, Repository]:
    others = {}
    for path in scope.also:
        other = Repository.discover(scope.cwd / path, upwards=False)
        others[path.name or str(path)] = other
    return others
