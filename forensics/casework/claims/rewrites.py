"""Whether a history was rewritten: shown by commits that live on under other hashes, never by how many hashes are gone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate

from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Rewrite, Verdict
from forensics.model.grouping import grouped
from forensics.model.history import History
from forensics.model.prose import count
from forensics.model.report import Role, StepReport

# Fewer amended commits are everyday work and say nothing about the others.
MIN_TWINS = 5
# A rewrite gives nearly every commit before it another hash. A rebase keeps those below its base, hence the room.
GONE_BEFORE = 0.8
# A hash may be invented after the rewrite; many of them are no part of it.
THERE_AFTER = 0.9
# Commits that become empty are dropped by the rewrite, and some were made on branches that it threw away. If most of the
# gone commits have a twin, this may be said of the rest; if not, invented hashes would pass among a few amended ones.
WITH_TWIN = 0.7
_LIVES_ON = frozenset({Verdict.REWRITTEN, Verdict.SELF_CITING})
# Each judged hash with the commit it means now: None if its work is nowhere, "" if the hash itself is here.
Whereabouts = tuple[str, str | None]


def whereabouts(claims: Iterable[JudgedClaim]) -> tuple[Whereabouts, ...]:
    """Return where each commit is that judged claims give as their own."""
    return tuple(
        (judged.claim.value, None if judged.verdict is Verdict.MISSING else judged.twin or "")
        for judged in claims
        if judged.claim.kind is ClaimKind.COMMIT and judged.claim.role is Role.OWN
        if judged.verdict in _LIVES_ON | {Verdict.MISSING, Verdict.CONFIRMED}
    )


def lacks(report: StepReport, history: History) -> bool:
    """Return whether an unjudged report gives a hash as its own that git does not know."""
    known = history.lookups
    own = (known.get(mention.value) for mention in report.hashes if mention.role is Role.OWN)
    return any(found is None or (found.type is None and not found.ambiguous) for found in own)


def find_rewrite(dated: Iterable[tuple[datetime | None, Sequence[Whereabouts]]]) -> Rewrite | None:
    """Return the rewrite of history that explains gone hashes; None if nothing shows one.

    Claims are put in order of the commit that brought their report. There was a rewrite if, of all hashes claimed up to
    some moment, 80 % are gone and 70 % of these live on, in 5 commits or more of their own, while 90 % of those claimed
    later are here or live on, as a squash or an amend lets them.
    """
    by_time = sorted(dated, key=lambda entry: entry[0].timestamp() if entry[0] else float("inf"))
    places = {value: found[0] for value, found in grouped(place for _, places in by_time for place in places).items()}
    values = list(places)
    gone_by = list(accumulate(places[value] != "" for value in values))
    lost_by = list(accumulate(places[value] is None for value in values))
    for cut in range(len(values), MIN_TWINS - 1, -1):
        gone, late = gone_by[cut - 1], len(values) - cut
        there = late - (lost_by[-1] - lost_by[cut - 1])
        if places[values[cut - 1]] != "" and gone >= GONE_BEFORE * cut and there >= THERE_AFTER * late:
            twins = {twin for value in values[:cut] if (twin := places[value])}
            traceless = frozenset(value for value in values[:cut] if places[value] is None)
            if len(twins) >= max(MIN_TWINS, WITH_TWIN * gone):
                return Rewrite(gone, gone - len(traceless), traceless)
    return None


def explained(claims: Iterable[JudgedClaim], rewrite: Rewrite) -> tuple[JudgedClaim, ...]:
    """Say of the missing claims of a rewritten time that the rewrite may have dropped their commits."""
    reason = (
        f"history was rewritten: {count(rewrite.gone, 'commit')} claimed until then have other hashes now or are gone, "
        f"so the rewrite may have dropped this one"
    )
    return tuple(
        replace(judged, confidence=Confidence.POSSIBLE, reasons=(*judged.reasons, reason))
        if judged.verdict is Verdict.MISSING and judged.claim.value in rewrite.traceless
        else judged
        for judged in claims
    )
