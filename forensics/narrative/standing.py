"""How each step stands, from the findings about it and the commits it has."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from forensics.casework.readings import landed, stopped
from forensics.model.case import Case, StepDossier
from forensics.model.finding import Finding, Severity

_GONE = frozenset({"CLM001", "CLM005", "HIS002", "ISO006"})
_FOREIGN_CLAIM = "CLM005"  # where the step's own work landed all the same, only its report is wrong
_ASTRAY = frozenset({"CLM008", "ISO005"})
BROKEN = frozenset({"RED001", "RED003", "RED006", "ORD001", "CLM011", "ISO003", "ISO004", _FOREIGN_CLAIM})


class Standing(StrEnum):
    """The verdict on a step."""

    SOUND = "sound"
    VIOLATED = "violated"
    MISPLACED = "misplaced"
    CONTRADICTED = "contradicted"
    STOPPED = "stopped"
    UNPROVEN = "unproven"
    NOT_STARTED = "not-started"


COMPLETED = frozenset({Standing.SOUND})
IN_DOUBT = frozenset({Standing.VIOLATED, Standing.MISPLACED, Standing.UNPROVEN})
BLOCKED = frozenset({Standing.CONTRADICTED, Standing.STOPPED})


def standings(case: Case, findings: Sequence[Finding]) -> dict[str, Standing]:
    """Return each step's standing, in the dossiers' order."""
    return {dossier.id: _standing(case, dossier, findings) for dossier in case.dossiers}


def _standing(case: Case, dossier: StepDossier, findings: Sequence[Finding]) -> Standing:
    if not dossier.started:
        return Standing.NOT_STARTED
    serious = {
        finding.code
        for finding in findings
        if finding.severity.rank >= Severity.HIGH.rank
        and (finding.steps[:1] == (dossier.id,) or (finding.code == "ORD001" and dossier.id in finding.steps))
    }
    if serious & _GONE - ({_FOREIGN_CLAIM} if landed(case, dossier) else set()):
        return Standing.CONTRADICTED
    if serious & _ASTRAY:
        return Standing.MISPLACED
    if not landed(case, dossier):
        return Standing.STOPPED if dossier.report and stopped(dossier.report) else Standing.UNPROVEN
    return Standing.VIOLATED if serious & BROKEN else Standing.SOUND


def first_violation(case: Case, findings: Iterable[Finding]) -> datetime | None:
    """Return when the first agent ended that worked on a step with a serious finding."""
    steps = {one.steps[0] for one in findings if one.steps and one.severity.rank >= Severity.HIGH.rank}
    ends = [agent.end for dossier in case.dossiers if dossier.id in steps for agent in dossier.agents]
    return min(ends, default=None)
