"""Questions about a case that more than one detector asks."""

import re
from collections.abc import Iterator

from forensics.casework.attribution import own_work, similar
from forensics.model.case import Attribution, Case, StepDossier
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.plan import RedDemand
from forensics.model.report import Status, StepReport
from forensics.model.source import Ref

_PLAIN = re.compile(
    r"\b(?:execution|reports?|notes?|cycles?|steps?|tasks?|phases?|summary|results?)\b|[\W\d_]+",
    re.IGNORECASE,
)
STOPPED = frozenset({Status.STOPPED, Status.BLOCKED, Status.FAILED})


def commit_claims(case: Case, *verdicts: Verdict) -> dict[str, tuple[JudgedClaim, ...]]:
    """Return the commit claims with one of `verdicts`, grouped by claimed hash, in order of first mention."""
    groups: dict[str, list[JudgedClaim]] = {}
    for judged in case.claims:
        if judged.claim.kind is ClaimKind.COMMIT and judged.verdict in verdicts:
            groups.setdefault(judged.claim.value, []).append(judged)
    return {value: tuple(ones) for value, ones in groups.items()}


def steps_about(claims: tuple[JudgedClaim, ...]) -> tuple[str, ...]:
    """Return the steps whose work a group of claims is said to be."""
    return tuple(dict.fromkeys(step for one in claims if (step := one.claim.about or one.claim.step)))


def red_accounts(case: Case) -> Iterator[tuple[StepDossier, StepReport, RedDemand, bool]]:
    """Yield every account with a RED result whose step demands a failing test; the flag says superseded.

    A report whose title is plainly another step's is left out: plans reuse numbers.
    """
    for dossier in case.dossiers:
        spec = dossier.spec
        if spec is None or spec.red is None or spec.red.exempt is not None:
            continue
        for report in dossier.reports:
            if report.red is not None and len(report.steps) == 1 and fits(report, spec.title, case, dossier.id):
                yield dossier, report, spec.red, is_superseded(dossier, report)


def fits(report: StepReport, title: str, case: Case, step: str) -> bool:
    """Tell whether a report is about the step the plan means by that number: plans reuse numbers.

    A title that tells nothing (`Cycle 1.3 Execution Report`) fits every step whose number is used once.
    """
    told = _PLAIN.sub(" ", report.title).strip()
    if not told or not title:
        return step not in case.plan.reused_ids
    return similar(told, title, share=0.7 if step in case.plan.reused_ids else 0.4)


def is_superseded(dossier: StepDossier, report: StepReport) -> bool:
    """Tell whether a later attempt at the step replaced this account."""
    return any(
        one.claim.superseded
        for one in dossier.claims
        if one.claim.ref.path == report.ref.path
        and report.ref.line is not None
        and one.claim.ref.line is not None
        and report.ref.line <= one.claim.ref.line <= report.last_line
    )


def stopped(report: StepReport) -> bool:
    """Tell whether the report says that its agent stopped."""
    return report.status is not None and report.status.value in STOPPED


def sure_work(case: Case, dossier: StepDossier) -> tuple[Attribution, ...]:
    """Return the step's commits that hold work, not just paperwork, and are surely or likely its own."""
    return tuple(one for one in own_work(dossier.commits, case.run.path) if one.confidence is not Confidence.POSSIBLE)


def refs_of(claims: tuple[JudgedClaim, ...]) -> tuple[Ref, ...]:
    """Return where a group of claims stands, then what was found for them."""
    return (*(one.claim.ref for one in claims), *(ref for one in claims for ref in one.evidence))
