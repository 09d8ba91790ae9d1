"""What `forensics verify` found in one report, as one line per finding."""

from dataclasses import dataclass

from forensics.model.claim import JudgedClaim, Verdict
from forensics.model.finding import Fault, Finding
from forensics.model.prose import count

_CONTRADICTED = frozenset({Verdict.MISSING, Verdict.CONTRADICTED, Verdict.MISATTRIBUTED, Verdict.ALTERED})


@dataclass(frozen=True, slots=True)
class Verification:
    """One report's judged claims, the findings at it, and the rules that failed."""

    path: str
    claims: tuple[JudgedClaim, ...]
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]


def render_verification(checked: Verification, _width: int = 0) -> str:
    """Return one line per finding and a summary, not wrapped: hooks and editors read it line by line."""
    lines = [
        f"{finding.code} {finding.severity} ({finding.confidence}) {finding.at}: {finding.message}"
        for finding in checked.findings
    ]
    contradicted = sum(judged.verdict in _CONTRADICTED for judged in checked.claims)
    claims, findings = count(len(checked.claims), "claim"), count(len(checked.findings), "finding")
    return "\n".join([*lines, f"{checked.path}: {claims}, {contradicted} contradicted, {findings}."]) + "\n"
