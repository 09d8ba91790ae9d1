"""What happened when: the one walk over agents' events, commits and reports that the timeline, the lanes and the record use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.casework.agents.ties import in_its_tree, launches
from forensics.casework.attribution.steps import own_work
from forensics.casework.clock import container_of
from forensics.casework.readings import stopped
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Finding
from forensics.model.lane import MarkKind
from forensics.model.prose import clock, count, listing, quote, short, steps_named
from forensics.model.source import CommitRef, Ref, TranscriptRef
from forensics.model.transcript import AgentRun, CommitMade, Event, FileWrite, TestOutcome, TestRun

# Git sets both times of a commit at once; apart by more than this, it was amended, rebased or cherry-picked later.
_AMENDED = timedelta(minutes=1)
# Most commits are a step's by a file or a number alone: the timeline says so and does not state them as facts.
_SURE = {Confidence.CERTAIN: "", Confidence.LIKELY: " probably", Confidence.POSSIBLE: " possibly"}
_FAILURES = (TestOutcome.ASSERTION, TestOutcome.EXCEPTION, TestOutcome.IMPORT, TestOutcome.COLLECTION)
_TESTS = {TestOutcome.PASSED: MarkKind.GREEN} | dict.fromkeys(_FAILURES, MarkKind.RED)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: what an agent did (`text` begins with the verb), or what git or a report shows (`agent` None).

    `kind` is None for what no lane shows; `text` is empty for what no view shows. `step` is None where the agent is tied to
    none. `reports` are the paths of the reports that a commit brought.
    """

    moment: datetime
    kind: MarkKind | None
    ref: Ref
    text: str
    agent: AgentRun | None = None
    step: str | None = None
    reports: frozenset[str] = frozenset()


def happenings(case: Case, findings: Sequence[Finding]) -> Iterator[Happening]:
    """Yield everything that the transcripts, git and the reports date. Commits off the branch: those that a finding names."""
    yield from agents_happenings(case)
    yield from _commits(case, {sha for finding in findings for sha in finding.commits})
    yield from _stated_times(case)
    yield from _containers(case)


def agents_happenings(case: Case) -> Iterator[Happening]:
    """Yield what each agent did, agent by agent; in order of time but for launches."""
    launched = launches(case.transcripts)
    steps = {tie.agent: tie.step for tie in case.ties}
    stops = _stops(case)
    for agent in sorted(case.transcripts.agents, key=lambda agent: (agent.start, agent.id)):
        step, launch = steps.get(agent.id), launched.get(agent.id)
        own = TranscriptRef(agent.path)
        moment, shown, ref = (launch.moment, MarkKind.LAUNCH, launch.ref) if launch else (agent.start, None, own)
        yield Happening(moment, shown, ref, "was launched", agent, step)
        for event in agent.events:
            kind, text = _shown(event, agent)
            yield Happening(event.moment, kind, event.ref, text, agent, step)
        kind, text = (MarkKind.STOP, stops[agent.id]) if agent.id in stops else (MarkKind.END, "ended")
        yield Happening(agent.end, kind, own, text, agent, step)


def _shown(event: Event, agent: AgentRun) -> tuple[MarkKind | None, str]:
    match event:
        case TestRun():
            counts = ((event.passed, "passed"), (event.failed, "failed"))
            counted = listing(count(number, word, word) for number, word in counts if number)
            kind = _TESTS.get(event.outcome, MarkKind.TESTS)
            return kind, f"ran tests: {event.outcome}{f' ({counted})' if counted else ''}"
        case FileWrite():
            return MarkKind.WRITE, f"wrote {quote(event.path.removeprefix(f'{agent.cwd}/'))}"
        case CommitMade() if in_its_tree(event, agent):
            subject = f", {quote(event.subject)}" if event.subject else ""
            return MarkKind.COMMIT, f"committed {quote(event.sha, 12)}{subject}"
    return None, ""


def _stops(case: Case) -> dict[str, str]:
    """Return the agents that stopped: the last one of each step whose report says so, with what it says."""
    found = {}
    for dossier in case.dossiers:
        if dossier.agents and dossier.report and dossier.report.status and stopped(dossier.report):
            last = max(dossier.agents, key=lambda agent: (agent.end, agent.id))
            found[last.id] = f"stopped: {quote(dossier.report.status.text, 40)}"
    return found


def _commits(case: Case, named: set[str]) -> Iterator[Happening]:
    """Yield the steps' commits at their author time: amending and rebasing keep it."""
    for dossier in case.dossiers:
        aside = tuple(attributed for attributed in dossier.elsewhere if attributed.commit.sha in named)
        for attributed in own_work((*dossier.commits, *aside)):
            commit = attributed.commit
            late = commit.commit_time - commit.author_time > _AMENDED
            amended = f"; rewritten at {clock(commit.commit_time, commit.author_time)}" if late else ""
            off = ", which is not on the branch" if attributed in aside else ""
            sure = _SURE[attributed.confidence]
            text = f"Step {dossier.id}{sure} committed as {short(commit.sha)}, {quote(commit.subject)}{amended}{off}"
            yield Happening(commit.author_time, MarkKind.COMMIT, CommitRef(commit.sha), text, step=dossier.id)


def _stated_times(case: Case) -> Iterator[Happening]:
    for dossier in case.dossiers:
        for report in dossier.reports:
            if report.time and not report.time.day_only:
                status = quote(report.status.text, 40) if report.status else "no status"
                text = f"The report on step {dossier.id} was written, by its own clock: {status}"
                yield Happening(report.time.moment, None, report.ref, text, step=dossier.id)


def _containers(case: Case) -> Iterator[Happening]:
    """Yield the commits that brought reports."""
    brought: dict[str, list[tuple[StepDossier, str]]] = {}
    for dossier in case.dossiers:
        for report in dossier.reports:
            if holder := container_of(report, case.history):
                brought.setdefault(holder.sha, []).append((dossier, report.ref.path))
    for sha, reports in brought.items():
        commit = case.history.commits[sha]
        steps = steps_named(tuple(dict.fromkeys(dossier.id for dossier, _ in reports)))
        text = f"{'Reports' if len(reports) > 1 else 'The report'} on {steps} committed in {short(sha)}, {quote(commit.subject)}"
        paths = frozenset(path for _, path in reports)
        yield Happening(commit.commit_time, MarkKind.REPORT, CommitRef(sha), text, reports=paths)
