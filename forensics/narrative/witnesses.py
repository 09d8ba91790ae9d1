"""The table of sources: what the plan, the report, the transcripts and git say about each step, side by side."""

from collections.abc import Sequence

from forensics.casework.agents.test_first import cycle_of
from forensics.casework.agents.ties import in_its_tree
from forensics.casework.readings import is_superseded
from forensics.model.case import StepDossier
from forensics.model.claim import Verdict
from forensics.model.coverage import Candidate
from forensics.model.finding import Finding, Severity
from forensics.model.postmortem import WitnessRow
from forensics.model.prose import count, listing, quote, short
from forensics.model.report import Role, StepReport
from forensics.model.transcript import AgentRun, CommitMade, TestRun
from forensics.narrative.standing import TRACELESS, Standing

_COMMITS = 3  # of a step's commits on the branch; more do not fit a cell of the table
_MARKS = {Verdict.CONFIRMED: "✓", Verdict.MISSING: "✗", Verdict.REWRITTEN: "→", Verdict.SELF_CITING: "→"}


def witness_row(
    dossier: StepDossier, standing: Standing, findings: Sequence[Finding], candidates: Sequence[Candidate]
) -> WitnessRow:
    """Return one row; every cell is prose, "–" where a source has no information."""
    return WitnessRow(
        dossier.id,
        dossier.title,
        _asked(dossier),
        _reported(dossier),
        _shown(dossier),
        _in_git(dossier) if dossier.started else _perhaps(candidates),
        _verdict(dossier, standing, findings),
    )


def _asked(dossier: StepDossier) -> str:
    spec = dossier.spec
    if spec is None:
        return "– (not in the plan)"
    if spec.red is None:
        return "–"
    if spec.red.exempt:
        return "RED may pass (by the step file)"
    return f"RED: {listing(map(quote, spec.red.exceptions))}" if spec.red.exceptions else "RED: a failing test"


def _reported(dossier: StepDossier) -> str:
    if not dossier.reports:
        return "– (no report)" if dossier.started else "–"
    # More than two accounts do not fit a cell: the last one counts, with the number of all.
    accounts = [_account(dossier, report) for report in dossier.reports]
    return "; then ".join(accounts) if len(accounts) <= 2 else f"{accounts[-1]} ({count(len(accounts), 'report')})"


def _account(dossier: StepDossier, report: StepReport) -> str:
    status = quote(report.status.text, 40) if report.status else "no status"
    own = listing(dict.fromkeys(short(mention.value) for mention in report.hashes if mention.role is Role.OWN), limit=3)
    return f"{status}{f', {own}' if own else ''}{' (superseded)' if is_superseded(dossier, report) else ''}"


def _shown(dossier: StepDossier) -> str:
    """Return what the step's agents' transcripts show: the RED run, the last run, and the commits made."""
    if not dossier.agents:
        return "– (no transcript)"
    # The last two tries: what was abandoned before them does not fit a cell, and the timeline has it.
    return "; then ".join(_agent(agent) for agent in dossier.agents[-2:])


def _agent(agent: AgentRun) -> str:
    cycle = cycle_of(agent)
    cells = [f"RED {_run(cycle.red)}"] if cycle.red else []
    cells += [f"last run {_run(cycle.green)}"] if cycle.green and cycle.green is not cycle.red else []
    made = dict.fromkeys(
        quote(event.sha, 12) for event in agent.events if isinstance(event, CommitMade) and in_its_tree(event, agent)
    )
    cells += [f"made {listing(made, limit=3)}"] if made else []
    return ", ".join(cells) or "no test run and no commit"


def _run(run: TestRun) -> str:
    names = f" ({listing(map(quote, run.exceptions[:2]))})" if run.exceptions else ""
    return f"{run.outcome}{names}{f', {run.passed} passed' if run.passed is not None else ''}"


def _in_git(dossier: StepDossier) -> str:
    cells = [f"{short(attributed.commit.sha)} ✓" for attributed in dossier.commits[:_COMMITS]]
    if len(dossier.commits) > _COMMITS:
        cells.append(f"{len(dossier.commits) - _COMMITS} more")
    aside = [attributed.commit for attributed in dossier.elsewhere]
    if aside and not dossier.commits:
        more = f" and {len(aside) - 1} more" if len(aside) > 1 else ""
        cells.append(f"{short(aside[-1].sha)}{more} on another branch")
    cells += [
        f"{quote(judged.claim.value, 12)} {_MARKS.get(judged.verdict, str(judged.verdict))}"
        for judged in (*dossier.commit_claims(), *dossier.cited_by)
        if judged.verdict in {Verdict.MISSING, Verdict.REDONE, Verdict.UNREACHABLE, Verdict.ELSEWHERE, Verdict.ALTERED}
        and (judged.claim.about or dossier.id) == dossier.id
    ]
    return ", ".join(dict.fromkeys(cells)) or "–"


def _perhaps(candidates: Sequence[Candidate]) -> str:
    """Return the commits that may be the work of a step without a trace."""
    return "; ".join(f"perhaps {short(each.commit.sha)}: it {each.reason}" for each in candidates) or "–"


def _verdict(dossier: StepDossier, standing: Standing, findings: Sequence[Finding]) -> str:
    if standing in TRACELESS:
        return "not started" if standing is Standing.NOT_STARTED else "no trace found"
    # At the first step only: the others that a finding concerns are its victims, or are listed under it.
    about = [
        f"{finding.name.replace('-', ' ')} ({finding.code})"
        for finding in findings
        if dossier.id in {finding.affected, *finding.steps[: not finding.affected]}
        and finding.severity.rank >= Severity.MEDIUM.rank
    ]
    names = listing(dict.fromkeys(about), limit=4)  # more names do not fit a cell of the table
    return f"{standing}{f': {names}' if names else ''}"
