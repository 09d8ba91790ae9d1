"""The composition of the postmortem out of a case and what the detectors found in it."""

from collections.abc import Collection, Mapping, Sequence

from forensics.casework.claims.gone import what_was_searched
from forensics.model.case import Case, StepDossier
from forensics.model.finding import Fault, Finding, Rule, Skip
from forensics.model.postmortem import Impact, Moment, Postmortem, RanRule, RootCause, RunFacts, StepResult
from forensics.model.prose import count, listing, quote, steps_named, upper_first
from forensics.model.recovery import Recovery
from forensics.narrative.agents import agent_facts
from forensics.narrative.causes import root_cause
from forensics.narrative.happenings import happenings
from forensics.narrative.lanes import lanes
from forensics.narrative.standing import BLOCKED, COMPLETED, Standing, standings
from forensics.narrative.timeline import timeline
from forensics.narrative.witnesses import witness_row

_SUMMARIZED = 4  # kinds of symptom in the verdict: it must fit two lines of a terminal


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
    moments = timeline(happened)
    cause = root_cause(case, findings)
    return Postmortem(
        run=run_facts(case, moments),
        verdict=_headline(standing, findings, cause),
        impact=_impact(standing, dirty, case),
        steps=tuple(_result(dossier, standing[dossier.id], findings) for dossier in case.dossiers),
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
    )


def run_facts(case: Case, moments: Sequence[Moment]) -> RunFacts:
    """Return which run this is, and when it began and ended: by its timeline, else by the period the user named."""
    run = case.run
    return RunFacts(
        run.name,
        run.path,
        case.history.head,
        case.history.branch,
        run.revision,
        moments[0].moment if moments else run.since,
        moments[-1].moment if moments else run.until,
    )


def _result(dossier: StepDossier, standing: Standing, findings: Sequence[Finding]) -> StepResult:
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
        row=witness_row(dossier, standing, findings),
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
        tree=tree,
    )


def _headline(standing: Mapping[str, Standing], findings: Sequence[Finding], cause: RootCause | None) -> str:
    sound = [step for step, verdict in standing.items() if verdict is Standing.SOUND]
    begun = [step for step, verdict in standing.items() if verdict is not Standing.NOT_STARTED]
    if not begun:
        return "No step was started, as far as reports and git show."
    share = f"{len(sound)} of {count(len(standing), 'step')} {'is' if len(sound) == 1 else 'are'} sound"
    serious = [finding for finding in findings if finding.serious]
    if not serious:
        rest = [step for step in begun if step not in sound]
        tail = f", {count(len(rest), 'step')} could not be verified ({listing(rest, limit=8)})" if rest else ""
        return f"{share}{tail}; nothing contradicts the reports."
    if cause and cause.known:
        return f"{share}. {cause.statement}{_symptoms([finding for finding in serious if not finding.rule.cause])}"
    return f"{share}.{_symptoms(serious)}"


def _symptoms(findings: Sequence[Finding]) -> str:
    """Return what the evidence contradicts, each rule once, with the steps at fault."""
    steps: dict[Rule, list[str]] = {}
    for finding in findings:
        steps.setdefault(finding.rule, []).extend((finding.culprit,) if finding.culprit else finding.steps)
    clauses = [_clause(rule, tuple(dict.fromkeys(named))) for rule, named in steps.items()]
    return f" {upper_first(listing(clauses, limit=_SUMMARIZED))}." if clauses else ""


def _clause(rule: Rule, steps: tuple[str, ...]) -> str:
    """Return a rule's own clause, else its name; a run-wide finding has no steps to name."""
    name = rule.name.replace("-", " ")
    return (rule.summary or f"{name} at {{}}").format(steps_named(steps)) if steps else name


def _follows(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return what the plan and the next run should change, for the worst findings first, each remedy once."""
    bad = (finding.rule for finding in findings if finding.severity.rank >= finding.rule.remedy_from.rank)
    return tuple(dict.fromkeys(rule.remedy for rule in bad if rule.remedy))
