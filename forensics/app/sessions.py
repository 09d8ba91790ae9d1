"""From the sessions, pull requests and branches of a time to a Case, for work without any plan."""

from dataclasses import replace

from forensics.app.evidence import Scope, head_and_walk, others_of, transcripts_for
from forensics.app.session_files import lines_with
from forensics.app.shared_evidence import SharedEvidence
from forensics.app.transcripts import files_of, last_written
from forensics.casework.attribute import attribute_sessions
from forensics.casework.attribution.pulls import find_pulls
from forensics.casework.attribution.sessions import Selection, Units, units_of
from forensics.casework.pipeline import build_case
from forensics.casework.run_time import RunTime
from forensics.errors import NothingToExamine
from forensics.model.case import Case, Run, RunKind
from forensics.model.coverage import Coverage
from forensics.model.history import History, Lookup
from forensics.model.prose import clock, count, quote
from forensics.model.source import TranscriptRef
from forensics.model.transcript import CommitMade, Transcripts
from forensics.sources.history import Question, look_up, read_history, with_commits, with_lines
from forensics.sources.repository import Repository

_NOWHERE = Lookup(None)


def open_sessions(scope: Scope, selection: Selection, shared: SharedEvidence | None = None) -> tuple[Case, Repository]:
    """Read and join what agents did and said in a time (`scope.since` to `scope.until`, all if None).

    Raises UsageError and NothingToExamine with what, where and what to try.
    """
    repository, head, walk = (shared.repository, shared.head, shared.walk) if shared else head_and_walk(scope)
    revision = None if scope.at is None else head
    history = read_history(
        repository, head, walk, Question(frozenset(), {}), as_of=bool(revision), others=others_of(scope, repository)
    )
    time = RunTime(scope.since, scope.until)
    found, files = shared.transcripts_of_time(time) if shared else transcripts_for(scope, repository, time)
    made = (event.sha for agent in found.agents for event in agent.of(CommitMade))
    history = with_commits(repository, history, made)
    pulls = find_pulls(history)
    units = units_of(found, history, pulls, (scope.since, scope.until), selection)
    if not units.specs:
        raise NothingToExamine(
            _nothing(scope, selection, repository, found), try_="Try --since, --all or --transcripts."
        )
    history = look_up(repository, history, {named.value for report in units.reports for named in report.hashes})
    found = _only(found, units)
    run = Run("sessions", ".", revision, scope.since, scope.until, kind=RunKind.SESSIONS)
    join = attribute_sessions(run, history, units, pulls)
    join = replace(join, printed=_printed(scope, repository, units, found, history))
    if scope.compare_lines:
        join = replace(join, history=with_lines(repository, history, join.attributed()))
    case = build_case(replace(join, transcripts=found, sources=files))
    # How much of a time the units cover says nothing where the user chose some of them.
    return (case if selection == Selection() else replace(case, coverage=Coverage())), repository


def _printed(
    scope: Scope, repository: Repository, units: Units, found: Transcripts, history: History
) -> dict[str, TranscriptRef]:
    """Return where the transcripts hold hashes that messages name and git lacks."""
    named = {mention.value for report in units.reports for mention in report.hashes}
    absent = {value for value in named if history.lookups.get(value, _NOWHERE).type is None}
    if not absent or not found.agents:
        return {}
    time = RunTime(min(agent.start for agent in found.agents), max(agent.end for agent in found.agents))
    files, _ = files_of(repository, scope.transcripts, scope.cwd, scope.environment, time, [], scope.at)
    used = {path for agent in found.agents for path in (agent.path, *agent.paths)}
    return lines_with(((shown, pieces) for shown, pieces in files if shown in used), absent, found)


def _only(found: Transcripts, units: Units) -> Transcripts:
    """Keep the transcripts of the units: what one session cost is not what all did."""
    kept = {tie.agent for tie in units.ties}
    return replace(
        found,
        agents=tuple(agent for agent in found.agents if agent.id in kept),
        usage=tuple(row for row in found.usage if row.agent in kept),
    )


def _nothing(scope: Scope, selection: Selection, repository: Repository, found: Transcripts) -> str:
    """Say what was looked for and where, in three sentences."""
    since = f" since {clock(scope.since)} UTC" if scope.since else ""
    wanted = selection.session or selection.branch or (f"#{selection.pull}" if selection.pull is not None else "")
    what = f"Nothing is known of {quote(wanted)}" if wanted else "No session, pull request or branch was found"
    stores = "no transcript was looked for"
    if scope.read_transcripts:
        named = "the transcripts that were named" if scope.transcripts else "the agents' stores on this machine"
        stores = f"{named}, and what git keeps of sessions, have {count(len(found.agents), 'session')} of that time"
    last = last_written(repository, scope.environment) if scope.read_transcripts and not scope.transcripts else None
    before = f" The last session here was written at {clock(last)} UTC." if last else ""
    return f"{what}{since}. Looked at: {stores}; git has {count(len(repository.refs()), 'ref')} besides HEAD.{before}"
