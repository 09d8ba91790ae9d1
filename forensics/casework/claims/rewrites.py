"""Whether a history was rewritten: shown by commits that live on under other hashes, never by how many hashes are gone."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from forensics.casework.claims.rebases import rebased_commits
from forensics.casework.join import Account
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Rewrite, Verdict
from forensics.model.grouping import grouped
from forensics.model.history import History
from forensics.model.prose import count
from forensics.model.report import Role, StepReport

# Fewer amended commits are everyday work and say nothing about the others.
MIN_TWINS = 5
# A rewrite gives nearly every commit before it another hash. A rebase keeps those below its base, hence the room.
GONE_BEFORE = 0.8
# A hash may be invented after the rewrite; many of them are not part of it.
THERE_AFTER = 0.9
# Commits that become empty are dropped by the rewrite, and some were made on branches that it threw away. If most of the
# gone commits have a twin, this may be said of the rest; if not, invented hashes would pass among a few amended ones.
WITH_TWIN = 0.7
# One plan's reports may have one writer, and so one writer's mistake.
MIN_PLANS = 2
_JUDGED = frozenset({Verdict.REWRITTEN, Verdict.SELF_CITING, Verdict.MISSING, Verdict.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the commits are that one report claims: by hash, the commit it means now (None: nowhere, "": it is here)."""

    plan: str
    moment: datetime | None
    places: tuple[tuple[str, str | None], ...]


def whereabouts(account: Account, claims: Iterable[JudgedClaim]) -> Whereabouts:
    """Return where each commit is that judged claims give as their own.

    Left out is what the commit that brought the report stands for: it was amended to include it, or it is a squash.
    """
    holder = account.container.sha if account.container else None
    places = tuple(
        (judged.claim.value, None if judged.verdict is Verdict.MISSING else judged.twin or "")
        for judged in claims
        if judged.claim.kind is ClaimKind.COMMIT and judged.claim.role is Role.OWN
        if judged.verdict in _JUDGED and (judged.twin is None or judged.twin != holder)
    )
    return Whereabouts(account.report.ref.path.rpartition("/")[0], account.latest, places)


def lacks(report: StepReport, history: History) -> bool:
    """Return whether an unjudged report gives a hash as its own that git does not know."""
    known = history.lookups
    own = (known.get(mention.value) for mention in report.hashes if mention.role is Role.OWN)
    return any(found is None or (found.type is None and not found.ambiguous) for found in own)


def find_rewrite(found: Iterable[Whereabouts], history: History) -> Rewrite | None:
    """Return the rewrite of history that explains gone hashes; None if nothing shows one.

    Claims are put in order of the commit that brought their report. There was a rewrite if, of all hashes claimed up to
    some moment, 80 % are gone and 70 % of these live on, in 5 commits or more of their own, while 90 % of those claimed
    later are here or live on, as a squash or an amend lets them.
    """
    by_time = sorted(found, key=lambda report: report.moment.timestamp() if report.moment else float("inf"))
    places = {value: seen[0] for value, seen in grouped(place for report in by_time for place in report.places).items()}
    values = list(places)
    gone_by = list(accumulate(places[value] != "" for value in values))
    lost_by = list(accumulate(places[value] is None for value in values))
    for cut in range(len(values), MIN_TWINS - 1, -1):
        gone, late = gone_by[cut - 1], len(values) - cut
        there = late - (lost_by[-1] - lost_by[cut - 1])
        if places[values[cut - 1]] != "" and gone >= GONE_BEFORE * cut and there >= THERE_AFTER * late:
            twins = {twin for value in values[:cut] if (twin := places[value])}
            traceless = frozenset(value for value in values[:cut] if places[value] is None)
            if len(twins) >= max(MIN_TWINS, WITH_TWIN * gone) and _shows_rewrite(twins, by_time, history):
                return Rewrite(gone, gone - len(traceless), traceless)
    return None


def _shows_rewrite(twins: Set[str], reports: Sequence[Whereabouts], history: History) -> bool:
    """Return whether the commits that replaced gone ones show a rewrite of several commits at once.

    A rebase commits a row of commits again, so each was authored before the one below it was committed; amended ones
    are not. A filter keeps all times. Then the hashes have to be cited by several plans, because one orchestrator may
    have cited wrong hashes for work that it did.
    """
    rebased = twins & rebased_commits(history)
    filtered = {sha for sha in twins if not history.commits[sha].rewritten_later}
    plans = {report.plan for report in reports for _, twin in report.places if twin in filtered}
    return len(rebased) >= MIN_TWINS or len(plans) >= MIN_PLANS


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
