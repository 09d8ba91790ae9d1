"""Which of a unit's claims its last message makes: those of a report in a plan, and of earlier messages, are left out."""

from collections.abc import Iterator

from forensics.model.case import StepDossier
from forensics.model.claim import JudgedClaim


def message_claims(dossier: StepDossier) -> Iterator[JudgedClaim]:
    """Yield the judged statements of a unit's last message, in reading order."""
    return (judged for judged in dossier.claims if judged.claim.said and not judged.claim.superseded)
