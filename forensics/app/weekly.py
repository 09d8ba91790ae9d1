"""The week of a repository: every plan and session that can be found, and every run that the record knows, each once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from forensics.app import outputs
from forensics.app.analyze import Examined, examine
from forensics.app.brought_links import refuse_to_read
from forensics.app.evidence import Scope
from forensics.app.run_record import RecordChoice, append_facts, facts_to_record, store_of
from forensics.app.shared_evidence import SharedEvidence
from forensics.casework.attribution.sessions import Selection
from forensics.errors import ForensicsError, NothingToExamine, UsageError
from forensics.formats.dialects import plan_of
from forensics.metrics.weekly_tables import weekly_report
from forensics.model.case import Run
from forensics.model.history import reachable
from forensics.model.prose import count, quote
from forensics.model.weekly import Period, Unread, WeeklyReport
from forensics.record.states import repository_id, sources_digest, titles_of_units
from forensics.render.cleaning import clean
from forensics.sources.git_settings import GitError, GitLimit
from forensics.sources.plan_folder import SeveralPlans, read_folder
from forensics.sources.plans import Place, is_below, plans_gone, plans_here
from forensics.sources.record_files import RecordedState, is_settled, is_whole, read, run_digest, states
from forensics.sources.repository import Repository
from forensics.sources.stores import MemoryStore, Store

# Periods whose sessions are looked at: the one reported and the one before it. Earlier ones are in the record, if they were
# ever looked at; to read a quarter's transcripts each Friday would take minutes where agents work all day.
_SESSIONS = 2


@dataclass(frozen=True, slots=True)
class WeeklyScope:
    """What the user asked to cover: folders (none: the whole repository), by `repo` or from `wish.cwd`; and history too."""

    paths: tuple[str, ...]
    repo: Path | None
    wish: RecordChoice
    history: bool = False


@dataclass(frozen=True, slots=True)
class WeeklyPeriods:
    """The periods to report on, oldest first, the zone they are counted in, and the time it is (aware)."""

    periods: tuple[Period, ...]
    zone: str
    now: datetime


Progress = Callable[[str], None]


def weekly(survey: WeeklyScope, weeks: WeeklyPeriods, progress: Progress = lambda _: None) -> WeeklyReport:
    """Return the report on a week. Raises UsageError and NothingToExamine; a plan that cannot be read is in the report."""
    repository = repository_of(survey)
    below = _below(survey, repository)
    store, warning = store_of(survey.wish, repository)
    book = _RecordedRuns(repository, store or MemoryStore(), survey.wish, known=store is not None)
    places = plans_here(repository, below)
    if survey.history:
        places += plans_gone(book.shared.walk.commits, book.on_branch, below, places)
    unread = book.fill(places, progress)
    if "." in below:  # a session belongs to the repository, not to one of its folders
        unread += book.fill_sessions(weeks.periods if survey.history else weeks.periods[-_SESSIONS:], progress)
    facts, broken = read(book.kept().values())
    origins = {f"{book.id}:{clean(place.path)}": "history" if place.at else "tree" for place in places}
    notes = [warning, *book.warnings]
    if broken:
        notes.append(f"{count(len(broken), 'file')} of the record could not be read: {quote(broken[0])}.")
    return clean(
        weekly_report(
            [fact for fact in facts if is_below(fact.run, below)],
            weeks.periods,
            weeks.zone,
            weeks.now,
            origins=origins,
            titles=book.titles,
            active=book.commit_times(),
            unread=unread,
            notes=tuple(dict.fromkeys(filter(None, notes))),
        )
    )


class _RecordedRuns:
    """The runs of one repository: what the record has of them, and what had to be examined again."""

    def __init__(self, repository: Repository, store: Store, wish: RecordChoice, *, known: bool) -> None:
        head = repository.head()
        if head is None:
            raise NothingToExamine(repository.why_no_head(), try_="Try --repo DIR.")
        self.repository, self.store, self.wish, self.head = repository, store, wish, head
        self.aside = MemoryStore()  # for facts that could not be written to the record
        self.warnings: list[str] = []
        self.shared = SharedEvidence(repository, head, wish.cwd, wish.environment)
        self.on_branch = reachable(self.shared.walk.commits, [head])
        self.id = repository_id(self.shared.walk.commits, self.on_branch)
        self.before = self._states(store) if known else {}
        self.titles: dict[str, str] = {}

    def fill(self, places: Iterable[Place], progress: Progress) -> tuple[Unread, ...]:
        """Examine every plan of which the record has not got this very state; return those that could not be read."""
        unread = []
        wanted = tuple(places)
        for number, place in enumerate(wanted, start=1):
            try:
                if self._known(place):
                    continue
                progress(f"{number}/{len(wanted)} {place.path}")
                self._examine(place)
            except SeveralPlans:
                continue  # each of them has its own turn
            except ForensicsError as error:
                unread.append(Unread(place.path, error.what))
            except (GitError, OSError, ValueError, RecursionError) as error:
                unread.append(Unread(place.path, f"{type(error).__name__}: {quote(str(error))}"))
        return tuple(unread)

    def fill_sessions(self, periods: Sequence[Period], progress: Progress) -> tuple[Unread, ...]:
        """Examine the sessions, pull requests and branches of these periods; return the periods that could not be read."""
        unread = []
        for period in periods:
            if self.shared.has_transcripts:
                progress(f"sessions of {period.label}")
            scope = replace(self._scope("."), since=period.start, until=period.end, sessions=Selection())
            try:
                self._keep(examine(scope, self.shared))
            except NothingToExamine as error:
                if isinstance(error, GitError | GitLimit):
                    unread.append(Unread(f"sessions of {period.label}", str(error)))
                continue
            except (ForensicsError, OSError, ValueError, RecursionError) as error:
                unread.append(Unread(f"sessions of {period.label}", f"{type(error).__name__}: {quote(str(error))}"))
        return tuple(unread)

    def commit_times(self) -> tuple[datetime, ...]:
        """Return when commits were made, on any branch."""
        return tuple(commit.commit_time for commit in self.shared.walk.commits.values())

    def kept(self) -> Mapping[str, tuple[RecordedState, ...]]:
        """Return every run's states, in the record and beside it."""
        found = dict(self._states(self.store))
        for run, recorded in self._states(self.aside).items():
            found[run] = (*found.get(run, ()), *recorded)
        return found

    def _states(self, store: Store) -> Mapping[str, tuple[RecordedState, ...]]:
        try:
            return states(store, self.id)
        except OSError as error:
            self.warnings.append(f"The record could not be read: {error.strerror or error}.")
            return {}

    def _known(self, place: Place) -> bool:
        """Return whether the record has a plan's state, and no later transcript could belong to it."""
        recorded = self.before.get(run_digest(clean(place.path)))
        if not recorded:
            return False
        head = place.at or self.head
        run = Run("", place.path, place.at, None, None)
        files = () if place.at else read_folder(self.repository, place.path, None).sources
        now = sources_digest(run, head, files)
        same = [state for state in recorded if state.sources == now and is_whole(state)]
        return any(self.shared.newest <= state.written or is_settled(state) for state in same)

    def _examine(self, place: Place) -> None:
        self._keep(examine(replace(self._scope(place.path), at=place.at), self.shared))

    def _scope(self, path: str) -> Scope:
        root = self.repository.root or self.repository.git_dir
        return Scope(path, root, repo=root)

    def _keep(self, examined: Examined) -> None:
        """Append what was examined to the record, or beside it if that fails; remember what units were asked for."""
        self.titles |= titles_of_units(examined.case)
        for state, facts in facts_to_record(examined):
            if warning := append_facts(self.store, state, facts):
                self.warnings.append(warning)
                append_facts(self.aside, state, facts)


def repository_of(survey: WeeklyScope) -> Repository:
    """Return the repository to report on; raises UsageError and NothingToExamine."""
    start = survey.wish.cwd / (survey.repo or (survey.paths[0] if survey.paths else "."))
    if survey.repo and not start.is_dir():
        raise UsageError(f"--repo {quote(str(survey.repo))} is not a folder.")
    if survey.repo is None:
        refuse_to_read(survey.paths[0] if survey.paths else ".", start)
    return Repository.around(start) if survey.paths and not survey.repo else Repository.discover(start)


def _below(survey: WeeklyScope, repository: Repository) -> tuple[str, ...]:
    """Return the folders to look below, relative to the repository."""
    root = (repository.root or repository.git_dir).resolve()
    base = root if survey.repo else survey.wish.cwd
    found = []
    for path in survey.paths or (str(root),):
        refuse_to_read(path, base / path)
        place = (base / path).resolve()
        if not place.exists() and not survey.history:
            raise UsageError(f"Folder {quote(path)} does not exist.", try_="Try --history, if it was deleted.")
        if not place.is_relative_to(root):
            raise UsageError(f"{quote(path)} is outside the repository {quote(root.name)}.", try_="Try --repo DIR.")
        found.append(place.relative_to(root).as_posix())
    return tuple(found)


def render_parquet(report: WeeklyReport) -> bytes:
    """Return the report's tables as one Parquet file."""
    from forensics.render.documents.weekly import SCHEMA
    from forensics.render.weekly import Row, rows
    from forensics.sources.record_files import parquet, table

    return parquet(table(rows(report), Row, SCHEMA))


def write(report: WeeklyReport, path: Path) -> None:
    """Write the report to a file, in the format of its ending; a plan's document is never overwritten."""
    if path.is_file() and plan_of(path.resolve().as_posix().lstrip("/")):
        raise UsageError(f"{quote(str(path))} is a document of a plan.", try_="Choose another name.")
    outputs.write(report, path)
