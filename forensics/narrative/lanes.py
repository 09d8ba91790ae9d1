"""What each agent did when, a lane an agent, above git's lane; findings are marked on what they rest on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forensics.casework.agents.ties import in_its_tree, launches
from forensics.casework.attribution.steps import own_work
from forensics.casework.clock import container_of
from forensics.casework.readings import stopped
from forensics.model.case import Case
from forensics.model.finding import Finding
from forensics.model.lane import Lane, Mark, MarkKind
from forensics.model.prose import count, listing, quote, short, steps_named
from forensics.model.source import CommitRef, Ref, TranscriptRef
from forensics.model.transcript import AgentRun, CommitMade, Event, FileWrite, Launch, TestOutcome, TestRun

MOST = 2_000
_TESTS = {
    TestOutcome.PASSED: MarkKind.GREEN,
    TestOutcome.ASSERTION: MarkKind.RED,
    TestOutcome.EXCEPTION: MarkKind.RED,
    TestOutcome.IMPORT: MarkKind.RED,
    TestOutcome.COLLECTION: MarkKind.RED,
}
_RANKS = {MarkKind.WRITE: 3, MarkKind.RED: 2, MarkKind.GREEN: 2, MarkKind.TESTS: 2}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A mark of the lane with this number, and the reports that it brought, on which findings may rest."""

    lane: int
    mark: Mark
    reports: frozenset[str] = frozenset()


def lanes(case: Case, findings: Sequence[Finding], most: int = MOST) -> tuple[Lane, ...]:
    """Return a lane an agent in order of their start, and git's last; at most `most` marks in all.

    Beyond the limit, writes are left out first, then test runs; what a finding rests on is left out last.
    """
    agents = sorted(case.transcripts.agents, key=lambda one: (one.start, one.id))
    steps = {one.agent: one.step for one in case.ties}
    launched = launches(case.transcripts)
    stops = _stops(case)
    heads = [_head(agent, steps.get(agent.id)) for agent in agents]
    heads += [Lane("git", None, None, None, None, ())] if case.dossiers else []
    drafts = [
        draft
        for number, agent in enumerate(agents)
        for draft in _of_agent(number, agent, launched.get(agent.id), stops.get(agent.id))
    ]
    drafts = _marked([*drafts, *_of_git(case, len(agents), findings)], findings)
    every = Counter(draft.lane for draft in drafts)
    kept: dict[int, list[Mark]] = {}
    for draft in sorted(drafts, key=_worth)[:most]:
        kept.setdefault(draft.lane, []).append(draft.mark)
    return tuple(_filled(head, kept.get(number, []), every[number]) for number, head in enumerate(heads))


def _filled(head: Lane, marks: Sequence[Mark], every: int) -> Lane:
    return replace(head, marks=tuple(sorted(marks, key=_order)), left_out=every - len(marks))


def _order(mark: Mark) -> tuple[float, str, str, int, str]:
    return mark.moment.timestamp(), mark.kind, mark.ref.place, mark.ref.line or 0, mark.text


def _worth(draft: _Draft) -> tuple[int, float, int, str, str, int, str]:
    rank = 0 if draft.mark.findings else _RANKS.get(draft.mark.kind, 1)
    moment, *rest = _order(draft.mark)
    return rank, moment, draft.lane, *rest  # type: ignore[return-value]


def _head(agent: AgentRun, step: str | None) -> Lane:
    launching = any(isinstance(event, Launch) for event in agent.events)
    role = f"step {step}, agent" if step else "orchestrator" if launching else "agent"
    return Lane(f"{role} {agent.id[:8]}", agent.id, step, agent.start, agent.end, ())


def _of_agent(lane: int, agent: AgentRun, launch: Launch | None, stop: str | None) -> Iterator[_Draft]:
    if launch:
        yield _Draft(lane, Mark(launch.moment, MarkKind.LAUNCH, "Launched.", launch.ref))
    for event in agent.events:
        mark = _mark(event, agent)
        if mark:
            yield _Draft(lane, mark)
    kind, text = (MarkKind.END, "Ended.") if stop is None else (MarkKind.STOP, stop)
    yield _Draft(lane, Mark(agent.end, kind, text, TranscriptRef(agent.path)))


def _mark(event: Event, agent: AgentRun) -> Mark | None:
    match event:
        case TestRun():
            counts = [count(number, word, word) for number, word in _counts(event)]
            told = f" ({listing(counts)})" if counts else ""
            return Mark(
                event.moment, _TESTS.get(event.outcome, MarkKind.TESTS), f"Tests: {event.outcome}{told}.", event.ref
            )
        case FileWrite():
            path = event.path.removeprefix(f"{agent.cwd}/")
            return Mark(event.moment, MarkKind.WRITE, f"Wrote {quote(path)}.", event.ref)
        case CommitMade() if in_its_tree(event, agent):
            said = f"Committed {quote(event.sha, 12)}, {quote(event.subject)}."
            return Mark(event.moment, MarkKind.COMMIT, said, event.ref)
    return None


def _counts(run: TestRun) -> Iterator[tuple[int, str]]:
    for number, word in ((run.passed, "passed"), (run.failed, "failed")):
        if number:
            yield number, word


def _stops(case: Case) -> dict[str, str]:
    """Return the agents that stopped: the last one of each step whose report says so, with what it says."""
    found = {}
    for dossier in case.dossiers:
        if dossier.agents and dossier.report and dossier.report.status and stopped(dossier.report):
            last = max(dossier.agents, key=lambda one: (one.end, one.id))
            found[last.id] = f"Stopped: {quote(dossier.report.status.text, 40)}."
    return found


def _of_git(case: Case, lane: int, findings: Sequence[Finding]) -> Iterator[_Draft]:
    """Yield the steps' commits at their author time, and the commits that brought reports."""
    named = {sha for one in findings for sha in one.commits}
    for dossier in case.dossiers:
        aside = tuple(one for one in dossier.elsewhere if one.commit.sha in named)
        for one in own_work((*dossier.commits, *aside)):
            off = ", which is not on the branch" if one in aside else ""
            said = f"Step {dossier.id} committed as {short(one.commit.sha)}, {quote(one.commit.subject)}{off}."
            yield _Draft(lane, Mark(one.commit.author_time, MarkKind.COMMIT, said, CommitRef(one.commit.sha)))
    for sha, brought in _containers(case).items():
        commit = case.history.commits[sha]
        who = steps_named(tuple(dict.fromkeys(step for step, _ in brought)))
        said = f"Reports on {who} committed in {short(sha)}, {quote(commit.subject)}."
        paths = frozenset(path for _, path in brought)
        yield _Draft(lane, Mark(commit.commit_time, MarkKind.REPORT, said, CommitRef(sha)), paths)


def _containers(case: Case) -> dict[str, list[tuple[str, str]]]:
    """Return the commits that brought reports, each with the steps and paths that it brought."""
    brought: dict[str, list[tuple[str, str]]] = {}
    for dossier in case.dossiers:
        for report in dossier.reports:
            holder = container_of(report, case.history)
            if holder:
                brought.setdefault(holder.sha, []).append((dossier.id, report.ref.path))
    return brought


def _marked(drafts: Sequence[_Draft], findings: Sequence[Finding]) -> list[_Draft]:
    """Write each finding's fingerprint on the marks it names; one that names none, where its report was committed."""
    exact: dict[Ref, list[str]] = {}
    for one in findings:
        for ref in (one.at, *one.related, *map(CommitRef, one.commits)):
            exact.setdefault(ref, []).append(one.fingerprint)
    there = {fingerprint for draft in drafts for fingerprint in exact.get(draft.mark.ref, ())}
    homeless: dict[str, list[str]] = {}
    for one in findings:
        if one.fingerprint not in there:
            homeless.setdefault(one.at.place, []).append(one.fingerprint)
    return [replace(draft, mark=_with_findings(draft, exact, homeless)) for draft in drafts]


def _with_findings(draft: _Draft, exact: Mapping[Ref, list[str]], homeless: Mapping[str, list[str]]) -> Mark:
    late = (fingerprint for path in sorted(draft.reports) for fingerprint in homeless.get(path, ()))
    found = tuple(dict.fromkeys([*exact.get(draft.mark.ref, ()), *late]))
    return replace(draft.mark, findings=found) if found else draft.mark
