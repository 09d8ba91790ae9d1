"""The root cause: of the findings that can explain others, the one that explains most, and the chain to each symptom."""

from collections.abc import Sequence
from dataclasses import dataclass

from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Cause, Finding, Rule
from forensics.model.postmortem import RootCause
from forensics.narrative.factors import factors


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The serious findings of one rule taken as the cause, and the findings that they explain, in causal order."""

    rule: Rule
    cause: Cause
    findings: tuple[Finding, ...]
    explained: tuple[Finding, ...]

    @property
    def weight(self) -> tuple[int, int, int, int]:
        """Return how much it explains: serious findings, then all; then how bad and how sure it is itself."""
        every = (*self.findings, *self.explained)
        return (
            sum(finding.serious for finding in every),
            len(every),
            self.findings[0].severity.rank,
            self.confidence.rank,
        )

    @property
    def confidence(self) -> Confidence:
        surest = max((finding.confidence for finding in self.findings), key=lambda confidence: confidence.rank)
        return min(surest, self.cause.at_most, key=lambda confidence: confidence.rank)


def root_cause(case: Case, findings: Sequence[Finding]) -> RootCause | None:
    """Return why it happened; None where nothing serious happened, `known` False where nothing singles out a cause."""
    serious = [finding for finding in findings if finding.serious]
    if not serious:
        return None
    # What explains nothing else is a cause only of itself: it counts where nothing else went seriously wrong.
    alone = len(serious)
    candidates = [known for known in _candidates(findings) if known.explained or len(known.findings) == alone]
    if not candidates:
        statement = "The evidence does not point to a single cause: no finding below explains another."
        return RootCause(False, statement, None, factors=tuple(factors(case)))
    best = min(candidates, key=lambda candidate: (*(-number for number in candidate.weight), candidate.rule.code))
    return RootCause(
        True,
        best.findings[0].statement,
        best.confidence,
        tuple(dict.fromkeys(ref for finding in best.findings for ref in (finding.at, *finding.related))),
        tuple(finding.link for finding in best.explained if finding.link),
        tuple(factors(case)),
    )


def _candidates(findings: Sequence[Finding]) -> list[_Candidate]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.serious and finding.rule.cause:
            groups.setdefault(finding.code, []).append(finding)
    return [
        _Candidate(group[0].rule, cause, tuple(group), _explained(group[0].rule, cause, group, findings))
        for group in groups.values()
        if (cause := group[0].rule.cause)
    ]


def _explained(rule: Rule, cause: Cause, group: Sequence[Finding], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that share their steps with the cause's and that one of the two rules connects."""
    order = {code: place for place, code in enumerate(cause.explains)}
    involved = {step for finding in group for step in finding.steps}
    connected = [
        finding
        for finding in findings
        if finding.steps and finding.code != rule.code and _connects(rule, cause, finding.rule)
    ]
    if cause.nearby:
        involved |= {step for finding in connected if involved & set(finding.steps) for step in finding.steps}
    explained = [finding for finding in connected if involved.issuperset(finding.steps)]
    return tuple(
        sorted(explained, key=lambda finding: (order.get(finding.code, len(order)), finding.code, finding.steps))
    )


def _connects(rule: Rule, cause: Cause, other: Rule) -> bool:
    return other.code in cause.explains or (other.symptom is not None and rule.code in other.symptom.caused_by)
