"""The composition of the postmortem out of a case and what the detectors found in it."""

from collections.abc import Collection, Mapping, Sequence

from forensics.casework.claims.gone import what_was_searched
from forensics.model.case import Case, RunKind, StepDossier
from forensics.model.coverage import Coverage
from forensics.model.finding import Fault, Finding, Rule, Skip
from forensics.model.plan import UnitKind
from forensics.model.postmortem import (
    CoverageFacts,
    Impact,
    Moment,
    Postmortem,
    RanRule,
    RootCause,
    RunFacts,
    StepResult,
    UntiedCommit,
)
from forensics.model.prose import count, listing, quote
from forensics.model.recovery import Recovery
from forensics.narrative.agents import agent_facts
from forensics.narrative.causes import root_cause
from forensics.narrative.happenings import happenings
from forensics.narrative.headline import headline
from forensics.narrative.lanes import lanes
from forensics.narrative.receipts import plans_of, receipts, summary
from forensics.narrative.standing import BLOCKED, COMPLETED, Standing, standings
from forensics.narrative.timeline import timeline
from forensics.narrative.witnesses import witness_row

# Commits of no step that the outputs list, of several thousand in a busy month; the figures count all.
_LISTED = 200


def compose(
    case: Case,
    findings: tuple[Finding, ...],
    skips: tuple[Skip, ...],
    faults: tuple[Fault, ...],
    ran: tuple[Rule, ...],
    dirty: tuple[str, ...] | None,
    recovery: Recovery,
) -> Postmortem:
    """Return the postmortem. `dirty` are the tracked files changed in the work tree, None where it was not examined."""
    standing = standings(case, findings)
    happened = tuple(happenings(case, findings))
    moments = timeline(case, happened)
    cause = root_cause(case, findings)
    slips = receipts(case)
    verdict = (
        summary(slips, findings) if case.run.kind is RunKind.SESSIONS else headline(case, standing, findings, cause)
    )
    return Postmortem(
        run=run_facts(case, moments),
        verdict=verdict,
        impact=_impact(standing, dirty, case),
        steps=tuple(_result(dossier, standing[dossier.id], findings, case.coverage) for dossier in case.dossiers),
        claims=case.claims,
        findings=findings,
        cause=cause or RootCause(False, "", None),
        timeline=moments,
        recovery=recovery,
        follows=_follows(findings),
        sources=case.sources,
        gaps=tuple(dict.fromkeys(case.gaps)),
        skips=skips,
        faults=faults,
        searched=what_was_searched(case.history.searched),
        ran=tuple(RanRule(rule.code, rule.name) for rule in ran),
        agents=agent_facts(case),
        lanes=lanes(case, happened, findings),
        coverage=_coverage(case.coverage),
        receipts=slips,
        plans=plans_of(case),
    )


def run_facts(case: Case, moments: Sequence[Moment]) -> RunFacts:
    """Return which run this is, and when it began and ended: by its timeline, else by the period the user named.

    Without a plan, it is the time of its agents: their commits may be older work that they rebased, or be landed later.
    Without agents, it is that of its units' commits, which after a squash merge are on no branch and not in the timeline.
    """
    run, agents = case.run, case.transcripts.agents
    times = [moment.moment for moment in moments]
    if run.kind is RunKind.SESSIONS and agents:
        times = [min(agent.start for agent in agents), max(agent.end for agent in agents)]
    elif run.kind is RunKind.SESSIONS:
        units = [found.commit for dossier in case.dossiers for found in (*dossier.commits, *dossier.elsewhere)]
        times = sorted([*times, *(moment for commit in units for moment in (commit.author_time, commit.commit_time))])
    return RunFacts(
        run.name,
        run.path,
        case.history.head,
        case.history.branch,
        run.revision,
        times[0] if times else run.since,
        times[-1] if times else run.until,
    )


def _result(dossier: StepDossier, standing: Standing, findings: Sequence[Finding], coverage: Coverage) -> StepResult:
    candidates = coverage.candidates.get(dossier.id, ())
    status = dossier.report.status.value if dossier.report and dossier.report.status else None
    return StepResult(
        id=dossier.id,
        title=dossier.title,
        declared=dossier.spec is not None,
        started=dossier.started,
        status=str(status) if status else None,
        verdict=str(standing),
        reports=tuple(dict.fromkeys(report.ref.path for report in dossier.reports)),
        commits=tuple(attributed.commit.sha for attributed in dossier.commits),
        row=witness_row(dossier, standing, findings, candidates),
        candidates=tuple(candidate.commit.sha for candidate in candidates),
        kind=dossier.spec.kind if dossier.spec else UnitKind.STEP,
    )


def _coverage(coverage: Coverage) -> CoverageFacts:
    untied = coverage.untied[:_LISTED]
    return CoverageFacts(
        commits=coverage.commits,
        tied=coverage.tied,
        pulls=coverage.pulls,
        tied_pulls=coverage.pulls - len(coverage.untied_pulls),
        untied=tuple(UntiedCommit(commit.sha, commit.subject, commit.commit_time) for commit in untied),
        untied_pulls=tuple(pull.number for pull in coverage.untied_pulls[:_LISTED]),
    )


def _impact(standing: Mapping[str, Standing], dirty: tuple[str, ...] | None, case: Case) -> Impact:
    def having(wanted: Collection[Standing]) -> tuple[str, ...]:
        return tuple(step for step, verdict in standing.items() if verdict in wanted)

    if dirty is None and case.run.revision:
        tree = "The work tree was not examined: the plan was read from a revision."
    elif dirty is None:
        tree = "There is no work tree to compare with history."
    elif dirty:
        files = count(len(dirty), "tracked file")
        tree = f"The work tree differs from history in {files}: {listing(map(quote, dirty))}."
    else:
        tree = "Work tree and history agree: no tracked file is changed."
    if len(case.work_trees) > 1:
        tree += f" The repository has {count(len(case.work_trees), 'work tree')} now: {listing(map(quote, case.work_trees))}."
    return Impact(
        sound=having(COMPLETED),
        violated=having({Standing.VIOLATED, Standing.MISPLACED}),
        unproven=having({Standing.UNPROVEN}),
        blocked=having(BLOCKED),
        not_started=having({Standing.NOT_STARTED}),
        no_trace=having({Standing.NO_TRACE}),
        tree=tree,
    )


def _follows(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return what the plan and the next run should change, for the worst findings first, each remedy once."""
    bad = (finding.rule for finding in findings if finding.severity.rank >= finding.rule.remedy_from.rank)
    return tuple(dict.fromkeys(rule.remedy for rule in bad if rule.remedy))
