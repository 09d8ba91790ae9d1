"""What happened when, by git's clock, with the reports' own times beside it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from forensics.casework.agents.ties import in_its_tree, launches
from forensics.casework.attribution.steps import own_work
from forensics.casework.clock import container_of
from forensics.model.case import Case
from forensics.model.finding import Finding
from forensics.model.postmortem import Moment
from forensics.model.prose import quote, short, steps_named
from forensics.model.transcript import CommitMade, TestRun

_NOTABLE = timedelta(minutes=1)


def timeline(case: Case, findings: Sequence[Finding]) -> tuple[Moment, ...]:
    """Return the run's moments in order: commits at their author time, reports where they say and where they landed.

    Of commits that are not on the branch, those that a finding names.
    """
    named = {sha for one in findings for sha in one.commits}
    return tuple(sorted({*_commits(case, named), *_reports(case), *_agents(case)}))


def _commits(case: Case, named: set[str]) -> Iterator[Moment]:
    for dossier in case.dossiers:
        aside = tuple(one for one in dossier.elsewhere if one.commit.sha in named)
        for one in own_work((*dossier.commits, *aside)):
            commit = one.commit
            late = commit.commit_time - commit.author_time
            amended = f"; rewritten at {commit.commit_time.isoformat()}" if late > _NOTABLE else ""
            yield Moment(
                commit.author_time,
                f"Step {dossier.id} committed as {short(commit.sha)}, {quote(commit.subject)}{amended}"
                f"{', which is not on the branch' if one in aside else ''}.",
                commit.sha,
            )


def _reports(case: Case) -> Iterator[Moment]:
    brought: dict[str, list[str]] = {}
    for dossier in case.dossiers:
        for report in dossier.reports:
            status = quote(report.status.text, 40) if report.status else "no status"
            if report.time and not report.time.day_only:
                yield Moment(
                    report.time.moment,
                    f"The report on step {dossier.id} was written, by its own clock: {status}.",
                    str(report.ref),
                )
            holder = container_of(report, case.history)
            if holder:
                brought.setdefault(holder.sha, []).append(dossier.id)
    for sha, steps in brought.items():
        commit = case.history.commits[sha]
        reports = "The report" if len(steps) == 1 else "Reports"
        yield Moment(
            commit.commit_time,
            f"{reports} on {steps_named(tuple(dict.fromkeys(steps)))} committed in {short(sha)}, "
            f"{quote(commit.subject)}.",
            sha,
        )


def _agents(case: Case) -> Iterator[Moment]:
    """Yield launches, test runs, commits and ends of the agents that are tied to steps."""
    launched = launches(case.transcripts)
    for dossier in case.dossiers:
        for agent in dossier.agents:
            launch = launched.get(agent.id)
            begun = launch.moment if launch else agent.start
            place = str(launch.ref if launch else agent.path)
            yield Moment(begun, f"Step {dossier.id}'s agent {quote(agent.id, 20)} was launched.", place)
            for event in agent.events:
                if isinstance(event, TestRun):
                    yield Moment(event.moment, f"Step {dossier.id}'s agent ran tests: {event.outcome}.", str(event.ref))
                elif isinstance(event, CommitMade) and in_its_tree(event, agent):
                    yield Moment(
                        event.moment, f"Step {dossier.id}'s agent committed {quote(event.sha, 12)}.", str(event.ref)
                    )
            yield Moment(agent.end, f"Step {dossier.id}'s agent {quote(agent.id, 20)} ended.", agent.path)
