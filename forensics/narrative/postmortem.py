"""The composition of the postmortem out of a case and what the detectors found in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from forensics.casework.claims.commits import what_was_searched
from forensics.model.case import Case
from forensics.model.finding import Fault, Finding, Rule, Severity, Skip
from forensics.model.postmortem import Impact, Moment, Postmortem, RanRule, RootCause, RunFacts, StepResult
from forensics.model.prose import count, listing, quote, steps_named, upper_first
from forensics.model.recovery import Recovery
from forensics.narrative.agents import agent_facts
from forensics.narrative.causes import root_cause
from forensics.narrative.lanes import lanes
from forensics.narrative.standing import BLOCKED, COMPLETED, IN_DOUBT, Standing, standings
from forensics.narrative.timeline import timeline
from forensics.narrative.witnesses import witness_row

_TOLD = 4
_CAUSES = frozenset({"ORD001", "ORD004", "ISO001", "ISO002", "CLM008"})
_SYMPTOMS = {
    "CLM001": "the commits claimed for {} do not exist here",
    "CLM003": "the commits of {} exist, but nothing reaches them",
    "CLM005": "the commits claimed for {} are another step's",
    "CLM008": "the work of {} lies in another step's commit",
    "CLM011": "the test count reported for {} cannot be",
    "HIS002": "the work of {} was reverted",
    "ISO003": "commits of {} carry edits of other steps",
    "ISO004": "the pull requests of {} brought work of others",
    "ISO005": "those of {} landed hollow",
    "ISO006": "the work of {} was taken out by another step",
    "ISO007": "the branch changed under the agents of {}",
    "ISO008": "files of {} were swept into another step's commit",
    "ORD001": "the reports on {} know of work that comes after them",
    "ORD003": "work went on past the stop at {}",
    "RED001": "the test of {} passed where it had to fail",
    "RED003": "RED of {} was never really run",
    "RED006": "the RED reported for {} did not happen so",
    "ORD005": "later steps were launched past the stop at {}",
}


def compose(
    case: Case,
    findings: tuple[Finding, ...],
    skips: tuple[Skip, ...],
    faults: tuple[Fault, ...],
    ran: tuple[Rule, ...],
    dirty: tuple[str, ...] | None,
    recovery: Recovery,
) -> Postmortem:
    """Write the postmortem. `dirty` are the tracked files changed in the work tree, None where there is none to see."""
    standing = standings(case, findings)
    moments = timeline(case, findings)
    cause = root_cause(case, findings)
    return Postmortem(
        run=run_facts(case, moments),
        verdict=_headline(case, standing, findings, cause),
        impact=_impact(standing, dirty, case),
        steps=tuple(_result(case, dossier_id, standing[dossier_id], findings) for dossier_id in standing),
        claims=case.claims,
        findings=findings,
        cause=cause or RootCause(False, "", None),
        timeline=moments,
        recovery=recovery,
        follows=tuple(_follows(case, findings)),
        sources=case.sources,
        gaps=tuple(dict.fromkeys(case.gaps)),
        skips=skips,
        faults=faults,
        searched=what_was_searched(case.history.searched),
        ran=tuple(RanRule(rule.code, rule.name) for rule in ran),
        agents=agent_facts(case),
        lanes=lanes(case, findings),
    )


def run_facts(case: Case, moments: Sequence[Moment]) -> RunFacts:
    """Return which run this is, and when it began and ended: by its timeline, else as the user said."""
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


def _result(case: Case, step: str, standing: Standing, findings: Sequence[Finding]) -> StepResult:
    dossier = next(one for one in case.dossiers if one.id == step)
    status = dossier.report.status.value if dossier.report and dossier.report.status else None
    return StepResult(
        id=step,
        title=dossier.title,
        declared=dossier.spec is not None,
        started=dossier.started,
        status=str(status) if status else None,
        verdict=str(standing),
        reports=tuple(dict.fromkeys(report.ref.path for report in dossier.reports)),
        commits=tuple(one.commit.sha for one in dossier.commits),
        row=witness_row(dossier, standing, findings),
    )


def _impact(standing: Mapping[str, Standing], dirty: tuple[str, ...] | None, case: Case) -> Impact:
    def having(*wanted: frozenset[Standing]) -> tuple[str, ...]:
        return tuple(step for step, one in standing.items() if any(one in group for group in wanted))

    if dirty is None:
        tree = (
            "The work tree was not looked at: the plan was read out of a revision."
            if case.run.revision
            else "There is no work tree to compare with history."
        )
    elif dirty:
        tree = (
            f"The work tree differs from history in {count(len(dirty), 'tracked file')}: {listing(map(quote, dirty))}."
        )
    else:
        tree = "Work tree and history agree: no tracked file is changed."
    if len(case.work_trees) > 1:
        tree += f" The repository has {count(len(case.work_trees), 'work tree')} now: {listing(map(quote, case.work_trees))}."
    return Impact(
        sound=having(COMPLETED),
        violated=having(frozenset({Standing.VIOLATED, Standing.MISPLACED})),
        unproven=having(IN_DOUBT - {Standing.VIOLATED, Standing.MISPLACED}),
        blocked=having(BLOCKED),
        not_started=having(frozenset({Standing.NOT_STARTED})),
        tree=tree,
    )


def _headline(
    case: Case, standing: Mapping[str, Standing], findings: Sequence[Finding], cause: RootCause | None
) -> str:
    total = len(standing)
    sound = [step for step, one in standing.items() if one is Standing.SOUND]
    serious = [one for one in findings if one.severity.rank >= Severity.HIGH.rank]
    begun = [step for step, one in standing.items() if one is not Standing.NOT_STARTED]
    if not begun:
        return "No step was started, as far as reports and git show."
    share = f"{len(sound)} of {count(total, 'step')} {'is' if len(sound) == 1 else 'are'} sound"
    if not serious:
        rest = [step for step in begun if step not in sound]
        tail = f", {count(len(rest), 'step')} could not be proven ({listing(rest, limit=8)})" if rest else ""
        return f"{share}{tail}; nothing contradicts the reports."
    if cause and cause.known:
        return f"{share}. {cause.statement}{_symptoms([one for one in serious if one.code not in _CAUSES])}"
    return f"{share}.{_symptoms(serious)}"


def _symptoms(findings: Sequence[Finding]) -> str:
    """Say what the evidence contradicts, each kind once, with its steps."""
    steps: dict[str, list[str]] = {}
    names = {one.code: one.name.replace("-", " ") for one in findings}
    for one in findings:
        steps.setdefault(one.code, []).extend(one.steps[:1])
    told = [
        _SYMPTOMS.get(code, f"{names[code]} at {{}}").format(steps_named(tuple(dict.fromkeys(named))))
        for code, named in steps.items()
    ]
    return f" {upper_first(listing(told, limit=_TOLD))}." if told else ""


def _serious(code: str, findings: Sequence[Finding]) -> bool:
    return any(one.code == code and one.severity.rank >= Severity.MEDIUM.rank for one in findings)


def _follows(case: Case, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what the plan and the next run should change, each from a finding."""
    codes = Counter(one.code for one in findings)
    if codes["ORD001"] or codes["ORD002"] or codes["ORD004"]:
        yield "State the order in a field that a tool can enforce (`execution_mode: sequential`, `depends_on`), and launch one step at a time."
    if _serious("ISO007", findings) or _serious("ISO008", findings):
        yield "Give each agent a work tree of its own: `git worktree add ../step-4 -b step-4`."
    if codes["CLM001"] or codes["CLM002"]:
        yield "Before the next step starts, check that the commit a report names is on the branch: `forensics verify REPORT` does."
    if codes["RED001"]:
        yield "Stop a step whose test passes in RED; where a pass is expected, mark the step `[REGRESSION]` in the plan."
    if codes["RED005"] or codes["RED004"]:
        yield "Let step files name what has to be missing, not which exception tells it."
    if codes["CLM007"]:
        yield "Let agents write the report after the last `git commit --amend`: an amend gives the commit another hash than the one cited."
    if codes["ISO002"] or codes["ISO003"]:
        yield "Give each agent a work tree and a branch of its own (`git worktree add`), and let it check both before it commits."
    if codes["ISO004"] or codes["ISO005"]:
        yield "Before a pull request is merged, compare its commits with its ticket: `git log main..HEAD` has to name no other one."
    if codes["REP004"]:
        yield "Correct the declared number of steps."
    if codes["REP003"]:
        yield "Take report times from the commit, not from the agent."
    if codes["CLM008"]:
        yield "Check `git show --stat` after each step's commit: it has to list the files that the report lists."
