"""A run's facts: the rows that the record keeps of it. They contain no message, title or quotation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from forensics.model.case import Case, RunKind, StepDossier
from forensics.model.claim import ClaimKind, JudgedClaim, Verdict
from forensics.model.finding import Family, Finding, Severity
from forensics.model.history import History
from forensics.model.record import Fact, FactKind, State
from forensics.model.report import Role, StepReport
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Launch, Usage
from forensics.narrative.standing import first_violation, standings
from forensics.record.moments import authored, first_committed, found_at, landed_at, last_word, planned_at, reported_at
from forensics.record.states import KEPT, digest, runs_of_units, state_of, unit_states

_QUARTER = timedelta(minutes=15)  # in every time zone, weeks begin on a quarter of an hour


def recorded_runs(
    case: Case, findings: Sequence[Finding], transcripts_read: str = KEPT
) -> tuple[tuple[State, tuple[Fact, ...]], ...]:
    """Return the runs that a case adds to the record: itself; without a plan, each session, pull request and branch.

    A window of time is not a run: the next call has another one, and a session in both would be counted twice.
    """
    if case.run.kind is not RunKind.SESSIONS:
        state = state_of(case, transcripts_read)
        return ((state, facts_of(case, findings, state)),)
    every = facts_of(case, findings, State("", "", "", "", 0))
    states, runs = unit_states(case, transcripts_read), runs_of_units(case)
    rows: dict[str, list[Fact]] = {name: [] for name in states}
    for fact in every:
        # A finding that names no unit is about the window, not about anything that the record knows.
        if fact.step is not None:
            rows[runs[fact.step]].append(fact)
    return tuple((state, tuple(_of_run(fact, state) for fact in rows[name])) for name, state in states.items())


def _of_run(fact: Fact, state: State) -> Fact:
    return replace(fact, repository=state.repository, run=state.run, inputs=state.inputs)


def facts_of(case: Case, findings: Sequence[Finding], state: State) -> tuple[Fact, ...]:
    """Return a run's facts, sorted; usage is priced in USD at list prices."""
    blank = Fact(state.repository, state.run, state.inputs, FactKind.STEP, None)
    paths = {spec.ref.place for spec in case.plan.steps} | {finding.at.place for finding in findings}
    first = first_committed(case, paths)
    planned = planned_at(case, first)
    units = case.run.kind is RunKind.SESSIONS
    steps = {str(step.step): step for step in (_units if units else _steps)(case, findings, planned, blank)}
    rows = [
        *steps.values(),
        *(() if units else _plans_and_reports(case, steps, planned)),
        *_claims(case, steps, blank),
        *_findings(findings, found_at(case, findings, first), steps, blank),
        *_commits(case, steps, blank),
        *_agents(case, steps, blank),
        *_usage(case, findings, steps, blank),
    ]
    return tuple(sorted(rows, key=_order))


def _steps(case: Case, findings: Sequence[Finding], planned: Mapping[str, datetime], blank: Fact) -> Iterator[Fact]:
    """Yield one fact per step, at the moment it was verified or last mentioned."""
    standing = standings(case, findings)
    for dossier in case.dossiers:
        begun = min((agent.start for agent in dossier.agents), default=None)
        landed = landed_at(case, dossier)
        last = max(dossier.agents, key=lambda agent: (agent.start, agent.id), default=None)
        yield replace(
            blank,
            moment=last_word(case, dossier) or planned.get(dossier.id),
            step=dossier.id,
            model=last.model if last else None,
            planned_model=dossier.spec.model.lower() if dossier.spec and dossier.spec.model else None,
            work=_work(dossier),
            name=str(dossier.report.status.value) if dossier.report and dossier.report.status else None,
            verdict=str(standing[dossier.id]),
            planned=dossier.spec is not None,
            attempts=_attempts(case, dossier),
            red=_red(dossier, findings),
            seconds=max(0.0, (landed - begun).total_seconds()) if begun and landed else None,
        )


def _units(case: Case, findings: Sequence[Finding], planned: Mapping[str, datetime], blank: Fact) -> Iterator[Fact]:
    """Yield one fact per session, agent, pull request or branch, at its start; one that only git shows, at its last commit."""
    standing = standings(case, findings)
    for dossier in case.dossiers:
        begun = min((agent.start for agent in dossier.agents), default=None)
        yield replace(
            blank,
            kind=FactKind.UNIT,
            moment=begun.astimezone(UTC) if begun else last_word(case, dossier),
            step=dossier.id,
            model=dossier.agents[-1].model if dossier.agents else None,
            work=str(dossier.spec.kind) if dossier.spec else None,
            verdict=str(standing[dossier.id]),
        )


def _attempts(case: Case, dossier: StepDossier) -> int:
    """Return how many agents worked on a step; without transcripts, how many distinct times its reports have."""
    if dossier.agents or not dossier.reports:
        return len(dossier.agents) or int(dossier.started)
    return len({reported_at(report, case.history) for report in dossier.reports})


def _work(dossier: StepDossier) -> str:
    """Return the kind of a step by its plan: a test comes first, an existing test must keep passing, or neither."""
    if dossier.spec is None or dossier.spec.red is None:
        return "step"
    return "regression" if dossier.spec.red.exempt else "test-first"


def _red(dossier: StepDossier, findings: Sequence[Finding]) -> str | None:
    """Return whether a reported step followed RED, None where the plan does not require a failing test."""
    if dossier.report is None or _work(dossier) != "test-first":
        return None
    against = (finding for finding in findings if Family.TEST_FIRST.has(finding.code) and finding.affects(dossier.id))
    # A low finding of this family, such as an edit after the last test run, does not show that the test passed at first.
    if any(finding.severity.rank >= Severity.MEDIUM.rank for finding in against):
        return "violated"
    seen = any(report.red and report.red.outcome for report in dossier.reports)
    return "complied" if seen else "unknown"


def _plans_and_reports(case: Case, steps: Mapping[str, Fact], planned: Mapping[str, datetime]) -> Iterator[Fact]:
    for dossier in case.dossiers:
        step = steps[dossier.id]
        if dossier.spec is not None:
            yield replace(step, kind=FactKind.PLANNED, moment=planned.get(dossier.id), seconds=None)
        if dossier.reports:
            moments = (reported_at(report, case.history) for report in dossier.reports)
            moment = min(filter(None, moments), default=None)
            yield replace(step, kind=FactKind.REPORTED, moment=moment, seconds=None)


def _claims(case: Case, steps: Mapping[str, Fact], blank: Fact) -> Iterator[Fact]:
    """Yield the claims that reports make of their own step, each once; claims of replaced reports are left out."""
    seen: set[str] = set()
    accounts = _accounts(case)
    for judged in case.claims:
        claim = judged.claim
        fingerprint = digest(claim.kind, claim.ref.path, claim.step or "", claim.value)
        if claim.superseded or claim.role is not Role.OWN or fingerprint in seen:
            continue
        seen.add(fingerprint)
        account = accounts.get((claim.ref.path, claim.ref.line, claim.step)) or accounts.get(
            (claim.ref.path, None, claim.step)
        )
        moment = reported_at(account, case.history) if account else None
        about = steps.get(claim.about or claim.step or "")
        yield replace(
            _beside(about, blank),
            kind=FactKind.CLAIM,
            moment=moment or _of_commit(judged, case.history) or (about.moment if about else None),
            name=str(claim.kind),
            verdict=str(judged.verdict),
            confidence=str(judged.confidence),
            fingerprint=fingerprint,
        )


def _accounts(case: Case) -> dict[tuple[str, int | None, str | None], StepReport]:
    """Return each report by its file and step; a message, of which a transcript has many, also by its line."""
    return {
        (report.ref.path, report.ref.line if isinstance(report.ref, TranscriptRef) else None, step): report
        for dossier in case.dossiers
        for report in dossier.reports
        for step in report.steps
    }


def _of_commit(judged: JudgedClaim, history: History) -> datetime | None:
    """Return when a claimed commit, or the commit that replaced it, was made."""
    is_commit = judged.claim.kind is ClaimKind.COMMIT and judged.verdict is not Verdict.MISSING
    commit = history.get(judged.commit) or history.get(judged.twin) if is_commit else None
    return authored(commit) if commit else None


def _findings(
    findings: Sequence[Finding], moments: Mapping[str, datetime | None], steps: Mapping[str, Fact], blank: Fact
) -> Iterator[Fact]:
    for finding in findings:
        yield replace(
            # A run-wide finding has no step at fault; it is counted with the first step that it names.
            _beside(steps.get(next(iter(finding.steps), "")), blank),
            kind=FactKind.FINDING,
            moment=moments[finding.fingerprint],
            name=finding.code,
            verdict=finding.name,
            confidence=str(finding.confidence),
            severity=str(finding.severity),
            fingerprint=finding.fingerprint,
        )


def _beside(step: Fact | None, blank: Fact) -> Fact:
    """Return a row about a step, with its model and kind but without its own figures."""
    if step is None:
        return blank
    return replace(blank, step=step.step, model=step.model, planned_model=step.planned_model, work=step.work)


def _commits(case: Case, steps: Mapping[str, Fact], blank: Fact) -> Iterator[Fact]:
    for dossier in case.dossiers:
        # A squash merge leaves a step's own commits off the branch; a pull request that brought them is not other work.
        for attributed in (*dossier.commits, *dossier.elsewhere):
            if attributed.work:
                yield replace(
                    _beside(steps[dossier.id], blank),
                    kind=FactKind.COMMIT,
                    moment=authored(attributed.commit),
                    name=attributed.commit.sha,
                    confidence=str(attributed.confidence),
                )


def _agents(case: Case, steps: Mapping[str, Fact], blank: Fact) -> Iterator[Fact]:
    """Yield one fact per agent, at its start; `leads` marks those that launched others."""
    ties = {tie.agent: tie for tie in case.ties}
    for agent in case.transcripts.agents:
        tie = ties.get(agent.id)
        yield replace(
            _beside(steps.get(tie.step) if tie else None, blank),
            kind=FactKind.AGENT,
            moment=agent.start.astimezone(UTC),
            ended=agent.end.astimezone(UTC),
            agent=agent.id,
            model=agent.model,
            confidence=str(tie.confidence) if tie else None,
            seconds=agent.active_seconds,
            leads=any(isinstance(event, Launch) for event in agent.events),
        )


def _usage(case: Case, findings: Sequence[Finding], steps: Mapping[str, Fact], blank: Fact) -> Iterator[Fact]:
    """Yield usage by agent, model and quarter of an hour, split at the first violation."""
    if not case.transcripts.usage:
        return
    from forensics.casework.agents.costs import price  # the price list is large

    ties = {tie.agent: tie.step for tie in case.ties}
    # The violation of one session says nothing of what the next one costs.
    violation = None if case.run.kind is RunKind.SESSIONS else first_violation(case, findings)
    groups: dict[tuple[datetime, bool], list[Usage]] = {}
    for row in case.transcripts.usage:
        moment = row.moment.astimezone(UTC)
        quarter = moment - (moment - datetime(1970, 1, 1, tzinfo=UTC)) % _QUARTER
        groups.setdefault((quarter, violation is not None and row.moment > violation), []).append(row)
    for (quarter, after), rows in groups.items():
        for priced in price(rows):
            yield replace(
                _beside(steps.get(ties.get(priced.agent, "")), blank),
                kind=FactKind.USAGE,
                moment=quarter,
                agent=priced.agent,
                model=priced.model,
                input=priced.tokens.input,
                output=priced.tokens.output,
                cache_read=priced.tokens.cache_read,
                cache_write_5m=priced.tokens.cache_write_5m,
                cache_write_1h=priced.tokens.cache_write_1h,
                cost_usd=None if priced.usd is None else float(priced.usd),
                after_violation=after,
            )


def _order(fact: Fact) -> tuple[str, bool, str, str, str, str, str, str]:
    moment = fact.moment.isoformat() if fact.moment else ""
    names = (fact.step or "", fact.agent or "", fact.model or "", fact.name or "", fact.fingerprint or "")
    return str(fact.kind), fact.moment is None, moment, *names
