"""Many hashes gone at once are one event, a rewritten history, and not many accusations."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate

from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.grouping import grouped
from forensics.model.history import History
from forensics.model.report import Role, StepReport

# A rewrite takes nearly all commits before it and spares nearly all after it. Both shares leave room for exceptions: a
# rebase keeps the commits below its base, and a hash may be invented later. Up to four gone hashes are judged singly.
MIN_GONE = 5
GONE_BEFORE = 0.8
THERE_AFTER = 0.9


def whereabouts(claims: Iterable[JudgedClaim]) -> tuple[tuple[str, bool], ...]:
    """Return each hash that judged claims give as their own, and whether it is gone without a trace."""
    return tuple(
        (judged.claim.value, judged.verdict is Verdict.MISSING)
        for judged in claims
        if judged.claim.kind is ClaimKind.COMMIT and judged.claim.role is Role.OWN
    )


def looked_up(report: StepReport, history: History) -> tuple[tuple[str, bool], ...]:
    """Return each hash that an unjudged report gives as its own, and whether git does not know it."""
    known = history.lookups
    return tuple(
        (mention.value, (found := known.get(mention.value)) is None or (found.type is None and not found.ambiguous))
        for mention in report.hashes
        if mention.role is Role.OWN
    )


def absorb(dated: Iterable[tuple[datetime | None, Sequence[tuple[str, bool]]]]) -> frozenset[str]:
    """Return the missing hashes that one rewrite of history explains.

    Claims are put in order of the commit that brought their report. There is a rewrite if at least 5 hashes, and
    80 % of all claimed up to some moment, are gone, while 90 % of those claimed later are there.
    """
    by_time = sorted(dated, key=lambda entry: entry[0].timestamp() if entry[0] else float("inf"))
    claimed = grouped(claim for _, claims in by_time for claim in claims)
    ordered = {value: gone[0] for value, gone in claimed.items()}
    values = list(ordered)
    gone_by = list(accumulate(ordered[value] for value in values))
    for cut in range(len(values), MIN_GONE - 1, -1):
        lost, late = gone_by[cut - 1], len(values) - cut
        there = late - (gone_by[-1] - lost)
        if ordered[values[cut - 1]] and lost >= max(MIN_GONE, GONE_BEFORE * cut) and there >= THERE_AFTER * late:
            return frozenset(value for value in values[:cut] if ordered[value])
    return frozenset()


def explained(claims: Iterable[JudgedClaim], lost: frozenset[str]) -> tuple[JudgedClaim, ...]:
    """Give the missing claims that a rewrite explains the verdict *rewritten*, possible and without a twin."""
    reasons = (f"it is gone together with {len(lost) - 1} others, so history was probably rewritten",)
    return tuple(
        replace(judged, verdict=Verdict.REWRITTEN, confidence=Confidence.POSSIBLE, reasons=reasons)
        if judged.verdict is Verdict.MISSING and judged.claim.value in lost
        else judged
        for judged in claims
    )


def lost_to_rewrite(claims: Iterable[JudgedClaim]) -> tuple[JudgedClaim, ...]:
    """Return the claims that a rewrite of history explains, one for each hash."""
    lost = [judged for judged in claims if judged.verdict is Verdict.REWRITTEN and not (judged.twin or judged.commit)]
    return tuple(same[0] for same in grouped((judged.claim.value, judged) for judged in lost).values())
