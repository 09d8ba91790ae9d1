"""Questions about a case that more than one detector asks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from forensics.casework.attribution.steps import own_work
from forensics.casework.attribution.titles import is_distinctive, similar
from forensics.formats.outcomes import MISSING_SYMBOL
from forensics.formats.red_demands import excuses_pass
from forensics.model.case import Attribution, Case, StepDossier
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.grouping import grouped
from forensics.model.plan import RedDemand
from forensics.model.report import RedOutcome, RedResult, Role, Status, StepReport

# An identifier of two words or more (`is_main`, `RuleBook`); one word may be plain English, and exceptions do not count.
_NAME = re.compile(r"\b(?:[a-z]+(?:_[a-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+)\b(?<!Error)(?<!Exception)")
# How interpreters and agents say that a name does not exist yet, which is the RED that a new function should show.
_MISSING = re.compile(
    r"\b(?:missing|lacks?|no attribute|not defined|cannot import|doesn't exist|does not exist|unexpected keyword)\b",
    re.IGNORECASE,
)
# Agents also stop for a file that is too long, for lint or for a regression: none of these says that RED passed.
_NOT_RED = re.compile(
    r"\b(?:line|file|size|complexity|function length) limit|exceed|\bprecommit\b|\blint|quality|\d lines|refactor|regression",
    re.IGNORECASE,
)
# A stop that speaks of both a limit and RED is about RED.
_OF_RED = re.compile(r"\bred\b|\bpass(?:es|ed)?\b", re.IGNORECASE)
# `N/A` alone may be a deletion or a document; where the code came first, the step had something to test.
_THERE_ALREADY = re.compile(r"\balready (?:implemented|there|exists?|done)|\bpre-?exist", re.IGNORECASE)
STOPPED = frozenset({Status.STOPPED, Status.BLOCKED, Status.FAILED})


def commit_claims(case: Case, *verdicts: Verdict) -> dict[str, tuple[JudgedClaim, ...]]:
    """Return the commit claims with one of `verdicts`, grouped by claimed hash, in order of first mention."""
    return grouped(
        (judged.claim.value, judged)
        for judged in case.claims
        if judged.claim.kind is ClaimKind.COMMIT and judged.verdict in verdicts
    )


def red_accounts(case: Case) -> Iterator[tuple[StepDossier, StepReport, RedDemand, bool]]:
    """Yield every account with a RED result whose step demands a failing test; the flag says superseded."""
    for dossier in case.dossiers:
        for report in dossier.reports:
            demand = _demand_on(report, dossier, case) if len(report.steps) == 1 else None
            if demand and not demand.exempt:
                yield dossier, report, demand, is_superseded(dossier, report)


def _demand_on(report: StepReport, dossier: StepDossier, case: Case) -> RedDemand | None:
    """Return what the step that a report is about demands of RED, None where nothing does.

    Plans reuse numbers, so the title decides between the steps of one number. If it fits none of them, or no plan is
    there, the report's own words are the demand, unless one of those steps may be meant and allows a pass.
    """
    numbered = [spec for spec in (dossier.spec, *case.plan.alternatives) if spec and spec.id == dossier.id]
    meant = next((spec for spec in numbered if fits(report, spec.title, case, dossier.id)), None)
    if meant is not None:
        return meant.red
    return None if any(spec.red and spec.red.exempt for spec in numbered) else _own_demand(report.red)


def _own_demand(red: RedResult | None) -> RedDemand | None:
    """Return what a report itself says that RED had to show; a pass that it does not excuse was not to be, either."""
    if red is None:
        return None
    if red.outcome in {RedOutcome.PASSED, RedOutcome.SKIPPED} and excuses_pass(red.text):
        return None
    if red.expected is not None:
        return replace(red.expected, by_report=True)
    broken = red.outcome in {RedOutcome.PASSED, RedOutcome.NOT_RUN}
    too_late = red.outcome is RedOutcome.SKIPPED and _THERE_ALREADY.search(red.text)
    return RedDemand(red.ref, by_report=True) if broken or too_late else None


def fits(report: StepReport, title: str, case: Case, step: str) -> bool:
    """Return whether a report is about the step the plan means by that number: plans reuse numbers.

    A title that tells nothing (`Cycle 1.3 Execution Report`) fits every step whose number is used once.
    """
    if not is_distinctive(report.title) or not title:
        return step not in case.plan.reused_ids
    # Reports shorten and reword their step's title; only a reused number needs the stricter share.
    return similar(report.title, title, share=0.7 if step in case.plan.reused_ids else 0.4)


def is_superseded(dossier: StepDossier, report: StepReport) -> bool:
    """Return whether a later attempt at the step replaced this account."""
    return any(
        judged.claim.superseded
        for judged in dossier.claims
        if judged.claim.ref.path == report.ref.path
        and report.ref.line is not None
        and judged.claim.ref.line is not None
        and report.ref.line <= judged.claim.ref.line <= report.last_line
    )


def same_missing_name(demand: RedDemand, red: RedResult) -> bool:
    """Return whether two different exceptions say that the same name is missing.

    Either both are of the kind that missing names raise, or both texts name the same identifier and one says that it
    is missing: `AssertionError: Tree lacks is_main` and `AttributeError: … no attribute 'is_main'`.
    """
    if set(red.exceptions) & MISSING_SYMBOL and set(demand.exceptions) & MISSING_SYMBOL:
        return True
    shared = set(_NAME.findall(demand.text)) & set(_NAME.findall(red.text))
    return bool(shared) and bool(_MISSING.search(f"{demand.text} {red.text}"))


def stopped(report: StepReport) -> bool:
    """Return whether the report says that its agent stopped."""
    return report.status is not None and report.status.value in STOPPED


def stopped_for_red(report: StepReport) -> bool:
    """Return whether the agent stopped because its test passed, and not for a limit or a check that came later."""
    reason = f"{report.stop.text if report.stop else ''} {report.status.text if report.status else ''}"
    return stopped(report) and not (_NOT_RED.search(reason) and not _OF_RED.search(reason))


def landed(case: Case, dossier: StepDossier) -> bool:
    """Return whether the step's work is there: on the branch, squashed, or as a commit of a submodule that its report names."""
    sure = (*sure_work(dossier), *(found for found in dossier.elsewhere if found.work))
    there = any(found.commit.sha in case.history.on_branch for found in sure)
    return (
        there
        or _was_squashed(case, sure)
        or any(
            found.verdict is Verdict.ELSEWHERE
            and found.claim.role is Role.OWN
            and found.commit not in case.history.commits
            for found in dossier.commit_claims()
        )
    )


def _was_squashed(case: Case, work: Iterable[Attribution]) -> bool:
    """Return whether the branch has most of the files that a step's commits change, as they left them.

    One file is not enough: a commit that only triggers CI leaves a file as another step's does.
    """
    paths = [(found.commit.paths(), found.commit.sha in case.squashed) for found in work]
    held = {path for each, is_held in paths if is_held for path in each}
    return 2 * len(held) > len({path for each, _ in paths for path in each})


def sure_work(dossier: StepDossier) -> tuple[Attribution, ...]:
    """Return the step's commits that hold work, not just bookkeeping, and are surely or likely its own."""
    return tuple(found for found in own_work(dossier.commits) if found.confidence is not Confidence.POSSIBLE)
