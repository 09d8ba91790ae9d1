"""One commit that the reports on two steps both claim as their own step's work: whose it is, and what shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from forensics.casework.clock import container_of
from forensics.casework.files import holds_work, is_shared_file
from forensics.casework.paths import locate
from forensics.formats.dialects import steps_of_commit
from forensics.formats.pattern_rows import Row, compiled
from forensics.model.case import Case, StepDossier
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.steps import same_step

# How a report says that another agent's commit holds its own step's work. "Wired up by plan 03-02" is everyday praise.
ANOTHERS = (
    Row(
        r"\b(?:committed|completed|landed|captured)\b[^.;]{0,20}\bby\b(?:[^.;]|\.\d){0,40}\b(?:executor|agent|session)\b",
        "committed by plan 03-02's concurrent executor",
        "GSD summaries of waves that ran in one checkout",
    ),
    Row(
        r"\battributed to\b(?:[^.;]|\.\d){0,60}\b(?:race|concurrent|parallel)",
        "attributed to plan 03-02 because of a race",
        "GSD summaries of waves that ran in one checkout",
    ),
    Row(
        r"\b(?:absorbed|swept (?:up|in)|picked up|took|carries) (?:my|this (?:plan|step|cycle|task)'s)\b",
        "plan 03-02's commit absorbed my work",
        "GSD summaries of waves that ran in one checkout",
    ),
)
# How a report says that two pieces of work were committed as one on purpose.
TOGETHER = (
    Row(r"\b(?:same|single|one|shared|joint|combined) commit\b", "same commit as Task 1", "GSD summaries"),
    Row(
        r"\b(?:combined|bundled|consolidated|squashed|together) (?:with|in|into)\b",
        "bundled with step 2",
        "GSD summaries",
    ),
)
# Anywhere in a hash's line and its headings: the owner is named before the hash or behind it.
_ANOTHERS, _TOGETHER = compiled(ANOTHERS), compiled(TOGETHER)


class Sharing(Enum):
    """What shows whose the commit is."""

    SAID = auto()
    NO_FILE = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class SharedClaim:
    """A commit that two steps claim: `owner` made it, as far as its subject or the earlier report shows."""

    commit: Commit
    owner: str
    other: str
    claims: tuple[JudgedClaim, JudgedClaim]
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class _Claimant:
    """One step's claim of a commit, with the report that makes it."""

    dossier: StepDossier
    report: StepReport
    judged: JudgedClaim
    mention: HashMention

    def files(self) -> frozenset[str]:
        """Return the files that the step's report and plan name, without those that every step changes."""
        planned = self.dossier.spec.files if self.dossier.spec else ()
        names = {*(mention.path for mention in self.report.files), *planned}
        return frozenset(name for name in names if not is_shared_file(name))


def shared_claims(case: Case) -> tuple[SharedClaim, ...]:
    """Return the commits that two steps claim and that cannot rightly be both steps' work."""
    claimed = grouped(found for dossier in case.dossiers for found in _claimed(dossier))
    return tuple(
        shared
        for sha, claimants in claimed.items()
        if (commit := case.history.get(sha)) and holds_work(commit, _named_by(claimants), case.run.path)
        for shared in _shared(commit, claimants, case)
    )


def _named_by(claimants: Sequence[_Claimant]) -> frozenset[str]:
    return frozenset(name for claimant in claimants for name in claimant.files())


def _claimed(dossier: StepDossier) -> Iterator[tuple[str, _Claimant]]:
    """Yield the commits that a step's own reports surely claim, each with the first claim of it."""
    seen: set[str] = set()
    placed = grouped(((judged.claim.ref, judged.claim.value), judged) for judged in dossier.claims)
    for report in dossier.reports:
        mentions = {(mention.ref, mention.value): mention for mention in report.hashes if not mention.since}
        own = ((place, mention) for place, mention in mentions.items() if _is_about_own_work(mention))
        for judged, mention in ((judged, mention) for place, mention in own for judged in placed.get(place, ())):
            sha = _meant(judged)
            if sha and sha not in seen and len(report.steps) == 1:
                seen.add(sha)
                yield sha, _Claimant(dossier, report, judged, mention)


def _is_about_own_work(mention: HashMention) -> bool:
    return mention.role is Role.OWN or bool(mention.role is Role.OTHER and _ANOTHERS.search(mention.context))


def _meant(judged: JudgedClaim) -> str | None:
    claim = judged.claim
    if claim.kind is not ClaimKind.COMMIT or claim.superseded:
        return None
    if judged.verdict is Verdict.CONFIRMED:
        return judged.commit
    return judged.twin if judged.verdict is Verdict.REWRITTEN and judged.confidence is not Confidence.POSSIBLE else None


def _shared(commit: Commit, claimants: Sequence[_Claimant], case: Case) -> Iterator[SharedClaim]:
    named = steps_of_commit(commit.subject)
    own = [one for one in claimants if one.mention.role is Role.OWN]
    owners = [one for one in own if any(same_step(step, one.dossier.id) for step in named)]
    # A subject with both steps says so; a commit that brings a report with its work is a squash of all that it reports.
    if len(claimants) < 2 or len(owners) > 1 or any(_brings(commit, one.report, case) for one in claimants):
        return
    owner = owners[0] if owners else _first_with_a_file(commit, own)
    for other in claimants if owner else ():
        if owner and other is not owner and (sharing := _sharing(commit, owner, other, case)):
            yield SharedClaim(commit, owner.dossier.id, other.dossier.id, (owner.judged, other.judged), sharing)


def _first_with_a_file(commit: Commit, claimants: Sequence[_Claimant]) -> _Claimant | None:
    """Return the one claimant whose step names a file of the commit; None if several do, or none."""
    fits = [one for one in claimants if _in(commit, one.files())]
    return fits[0] if len(fits) == 1 else None


def _sharing(commit: Commit, owner: _Claimant, other: _Claimant, case: Case) -> Sharing | None:
    """Return what shows that a commit is not the other step's, or not its alone; None if it may well be."""
    words, files = other.mention.context, other.files()
    theirs = _in(commit, files)
    if _ANOTHERS.search(words) and (theirs or not files):
        return Sharing.SAID
    # One writer who ticks two tasks by one commit says by that that they were done together.
    one_document = owner.report.ref.path == other.report.ref.path
    only_cited = other.mention.role is not Role.OWN or _has_other_work(commit, other)
    if theirs or only_cited or _TOGETHER.search(words) or (one_document and not files):
        return None
    return Sharing.NO_FILE if files else Sharing.UNKNOWN


def _in(commit: Commit, names: frozenset[str]) -> frozenset[str]:
    return frozenset(path for name in names if (path := locate(name, commit.paths())))


def _brings(commit: Commit, report: StepReport, case: Case) -> bool:
    container = container_of(report, case.history)
    return container is not None and container.sha == commit.sha


def _has_other_work(commit: Commit, claimant: _Claimant) -> bool:
    """Return whether the step has a commit of its own beside this one, which it then most likely only cites."""
    return any(found.work and found.commit.sha != commit.sha for found in claimant.dossier.commits)
