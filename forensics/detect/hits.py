"""Hits that several detectors make in the same way: on a claimed commit, and on a report's RED."""

from collections.abc import Callable, Iterator

from forensics.casework.readings import commit_claims, red_accounts
from forensics.model.case import Case
from forensics.model.claim import Confidence, JudgedClaim, Verdict
from forensics.model.finding import Hit, Severity
from forensics.model.plan import RedDemand
from forensics.model.prose import quote, steps_named
from forensics.model.report import RedOutcome
from forensics.model.source import Ref


def refs_of(claims: tuple[JudgedClaim, ...]) -> tuple[Ref, ...]:
    """Return the addresses of a group of claims, then those of their evidence."""
    return (*(judged.claim.ref for judged in claims), *(ref for judged in claims for ref in judged.evidence))


def steps_about(claims: tuple[JudgedClaim, ...]) -> tuple[str, ...]:
    """Return the steps whose work a group of claims is claimed to be."""
    return tuple(dict.fromkeys(step for judged in claims if (step := judged.claim.about or judged.claim.step)))


def on_commits(
    case: Case, verdict: Verdict, sentence: str, keep: Callable[[JudgedClaim], bool] = lambda _: True
) -> Iterator[Hit]:
    """Yield one hit for each claimed hash with a verdict.

    `sentence` has the places {value}, {steps} and {reason}. The hit's commits are the one the hash names, or the hash
    itself where it names none, and its twin.
    """
    for value, group in commit_claims(case, verdict).items():
        claims = tuple(judged for judged in group if keep(judged))
        if claims:
            first = claims[0]
            steps = steps_about(claims)
            yield Hit(
                at=first.claim.ref,
                culprit=next(iter(steps), None),
                steps=steps,
                commits=tuple(filter(None, (first.commit or value, first.twin))),
                confidence=first.confidence,
                related=refs_of(claims),
                message=sentence.format(value=quote(value), steps=steps_named(steps), reason=first.reason),
            )


def on_red(case: Case, outcome: RedOutcome, sentence: str) -> Iterator[Hit]:
    """Yield one hit for each report whose RED has this outcome; `sentence` has the places {step}, {said} and {asked}."""
    for dossier, report, demand, superseded in red_accounts(case):
        if report.red and report.red.outcome is outcome:
            yield Hit(
                at=report.red.ref,
                culprit=dossier.id,
                confidence=Confidence.POSSIBLE if demand.by_report else Confidence.LIKELY,
                related=(demand.ref,),
                severity=Severity.LOW if superseded or demand.by_report else None,
                message=sentence.format(step=dossier.id, said=quote(report.red.text), asked=_asked(demand)),
            )


def _asked(demand: RedDemand) -> str:
    """Return the sentence that says who asks for a failing test."""
    if not demand.by_report:
        return "The step requires a failing test first."
    return (
        "No plan is known; the report itself expects a failing test."
        if demand.text
        else "No plan is known that allows it."
    )
