"""The verdict on each step, from the findings about it and the commits it has."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from forensics.casework.clock import written_by
from forensics.casework.readings import landed, stopped, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.finding import Effect, Finding, Rule, Severity


class Standing(StrEnum):
    """The verdict on a step."""

    SOUND = "sound"
    VIOLATED = "violated"
    MISPLACED = "misplaced"
    CONTRADICTED = "contradicted"
    STOPPED = "stopped"
    UNPROVEN = "unproven"
    NO_TRACE = "no-trace"
    NOT_STARTED = "not-started"


COMPLETED = frozenset({Standing.SOUND})
BLOCKED = frozenset({Standing.CONTRADICTED, Standing.STOPPED})
# No evidence speaks of the step. It was not started only where nothing was committed that could be its work.
TRACELESS = frozenset({Standing.NO_TRACE, Standing.NOT_STARTED})


def standings(case: Case, findings: Sequence[Finding]) -> dict[str, Standing]:
    """Return the verdict on each step, in the dossiers' order."""
    return {dossier.id: _standing(case, dossier, findings) for dossier in case.dossiers}


def _standing(case: Case, dossier: StepDossier, findings: Sequence[Finding]) -> Standing:
    if not dossier.started:
        possible = dossier.id in case.coverage.candidates or not case.coverage.complete
        return Standing.NO_TRACE if possible else Standing.NOT_STARTED
    has_landed = landed(case, dossier)
    effects = {
        _effect(finding.rule, has_landed) for finding in findings if finding.affects(dossier.id) and finding.serious
    }
    if Effect.CONTRADICTS in effects:
        return Standing.CONTRADICTED
    if Effect.MISPLACES in effects:
        return Standing.MISPLACED
    if has_landed and Effect.VIOLATES in effects:
        return Standing.VIOLATED
    if _still_stopped(case, dossier):
        return Standing.STOPPED
    if has_landed and any(_has_alone(finding, dossier.id) for finding in findings):
        return Standing.MISPLACED
    return Standing.SOUND if has_landed else Standing.UNPROVEN


def _has_alone(finding: Finding, step: str) -> bool:
    """Return whether a finding shows work of a step that only another step's commit has.

    Medium is enough: an `add -A` took the files, and calling the step sound would hide that reverting the other undoes it.
    """
    took = any(work.owner == step and work.home is None for work in finding.foreign)
    return took and finding.severity.rank >= Severity.MEDIUM.rank


def _still_stopped(case: Case, dossier: StepDossier) -> bool:
    """Return whether the account that counts says that its agent stopped, and no work came after it.

    An agent that stops for a file that is too long commits what it has, and leaves the decision to others. Where the run
    went on with other steps after that, they decided that the work will do: nobody has to resume there.
    """
    report = dossier.report
    if report is None or not stopped(report):
        return False
    written = written_by(report, case.history)
    others = case.dossiers if landed(case, dossier) else (dossier,)
    return not any(written and found.commit.author_time > written for other in others for found in sure_work(other))


def _effect(rule: Rule, has_landed: bool) -> Effect:
    return rule.if_landed if has_landed and rule.if_landed else rule.effect


def first_violation(case: Case, findings: Iterable[Finding]) -> datetime | None:
    """Return when the first agent ended that worked on a step with a serious finding."""
    steps = {finding.affected for finding in findings if finding.serious}
    ends = [agent.end for dossier in case.dossiers if dossier.id in steps for agent in dossier.agents]
    return min(ends, default=None)
