"""When the things in a run's facts happened, by the best source available."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from forensics.casework.clock import as_local, container_of
from forensics.casework.readings import sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.finding import Finding
from forensics.model.history import Commit, History
from forensics.model.report import StepReport
from forensics.model.source import Ref
from forensics.narrative.happenings import agents_happenings

_EARLIEST = 1971  # git gives a time that cannot be read as 1970


def authored(commit: Commit) -> datetime | None:
    """Return when a commit's work was done, in UTC: amending and rebasing keep the author time. None for an impossible time."""
    return _true(commit.author_time)


def reported_at(report: StepReport, history: History) -> datetime | None:
    """Return when a report was written: when a message was sent, else its commit's author time, else the stated time (UTC)."""
    if report.sent is not None:
        return report.sent.astimezone(UTC)
    container = container_of(report, history)
    made, stated = authored(container) if container else None, report.time
    if made or stated is None:
        return made
    return _true(stated.moment if stated.zoned else as_local(stated, container or history.commits[history.head]))


def landed_at(case: Case, dossier: StepDossier) -> datetime | None:
    """Return when the last commit of a step's work on the branch was made."""
    work = (attributed.commit for attributed in sure_work(dossier))
    return _latest(authored(commit) for commit in work if commit.sha in case.history.on_branch)


def last_word(case: Case, dossier: StepDossier) -> datetime | None:
    """Return when a step was last active: its work landed, else its last report, else its last agent or commit."""
    reported = [reported_at(report, case.history) for report in dossier.reports]
    seen = [
        *(agent.end.astimezone(UTC) for agent in dossier.agents),
        *(authored(attributed.commit) for attributed in (*dossier.commits, *dossier.elsewhere)),
    ]
    return landed_at(case, dossier) or _latest(reported) or _latest(seen)


def first_committed(case: Case, paths: Iterable[str]) -> Mapping[str, datetime]:
    """Return when each of these files was first committed on the branch (or, for a commit's id, when it was made)."""
    wanted = set(paths)
    first: dict[str, datetime] = {}
    for commit in case.history.commits.values():
        for path in _touched(commit, wanted) if commit.sha in case.history.on_branch else ():
            if moment := authored(commit):
                first[path] = min(first.get(path, moment), moment)
    return first


def _touched(commit: Commit, wanted: set[str]) -> list[str]:
    found = [change.path for change in commit.changes or () if change.path in wanted and change.status != "D"]
    return [*found, commit.sha] if commit.sha in wanted else found


def planned_at(case: Case, first: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """Return when each planned step's document was first committed; steps of uncommitted documents have none."""
    return {spec.id: first[spec.ref.place] for spec in case.plan.steps if spec.ref.place in first}


def found_at(case: Case, findings: Iterable[Finding], first: Mapping[str, datetime]) -> Mapping[str, datetime | None]:
    """Return each finding's moment by its fingerprint: that of its evidence, else of its commits, its steps, or its file."""
    every = tuple(findings)
    wanted = {str(ref) for finding in every for ref in (finding.at, *finding.related)}
    events = {
        str(happening.ref): happening.moment.astimezone(UTC)
        for happening in agents_happenings(case)
        if happening.ref.line and str(happening.ref) in wanted
    }
    agents = {agent.path: agent.start.astimezone(UTC) for agent in reversed(case.transcripts.agents)}
    words = {dossier.id: dossier for dossier in case.dossiers}

    def of(ref: Ref) -> datetime | None:
        if commit := case.history.get(ref.place):
            return authored(commit)
        return events.get(str(ref)) or agents.get(ref.place) or _of_report(case, ref)

    def moment(finding: Finding) -> datetime | None:
        tries = (
            *(of(ref) for ref in (finding.at, *finding.related)),
            *(authored(commit) for commit in map(case.history.get, finding.commits) if commit),
            *(last_word(case, words[step]) for step in finding.steps if step in words),
            first.get(finding.at.place),
        )
        return next(filter(None, tries), None)

    return {finding.fingerprint: moment(finding) for finding in every}


def _of_report(case: Case, ref: Ref) -> datetime | None:
    """Return when the report that contains an address was written."""
    accounts = [report for dossier in case.dossiers for report in dossier.reports if report.ref.path == ref.place]
    inside = [report for report in accounts if (report.ref.line or 0) <= (ref.line or 0) <= report.last_line]
    return next((reported_at(report, case.history) for report in inside or accounts), None)


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max(filter(None, moments), default=None)


def _true(moment: datetime) -> datetime | None:
    """Return a time in UTC; None for the stand-in that git uses for impossible times."""
    return moment.astimezone(UTC) if moment.year >= _EARLIEST else None
