"""Which of a unit's claims its last message makes: those of a report in a plan, and of earlier messages, are left out."""

from collections.abc import Iterator

from forensics.model.case import StepDossier
from forensics.model.claim import ClaimKind, JudgedClaim, Verdict


def message_claims(dossier: StepDossier) -> Iterator[JudgedClaim]:
    """Yield the judged statements of a unit's last message, in reading order."""
    return (judged for judged in dossier.claims if judged.claim.said and not judged.claim.superseded)


def is_untrue(judged: JudgedClaim) -> bool:
    """Return whether a statement is contradicted, or was true only before a later edit."""
    return judged.verdict in {Verdict.CONTRADICTED, Verdict.STALE} and judged.claim.kind is not ClaimKind.FAILURE


def omissions(dossier: StepDossier) -> Iterator[JudgedClaim]:
    """Yield the failures that a unit's last message leaves out, without those that a false statement of it is about."""
    denied = {ref for judged in message_claims(dossier) if is_untrue(judged) for ref in judged.evidence}
    return (
        judged
        for judged in dossier.claims
        if judged.claim.kind is ClaimKind.FAILURE
        and judged.verdict is Verdict.OMITTED
        and not judged.claim.superseded
        and denied.isdisjoint(judged.evidence)
    )
