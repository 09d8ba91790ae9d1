"""Commits that a session's last message claims to have made, while another session's transcript shows it making them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.model.case import Case, RunKind, StepDossier
from forensics.model.claim import Confidence, JudgedClaim
from forensics.model.grouping import grouped
from forensics.model.report import Role

# Messages cite commits all the time. Only this says that the agent itself made one: "Committed as `a1b2c3d`".
_SAYS_MADE = re.compile(
    r"\b(?:I(?:'ve| have)? )?committed (?:it |this |that |everything |all )?(?:as|in|to|:)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SharedUnitClaim:
    """A claim of a commit, the unit that makes the claim, and the one whose transcript shows it made."""

    judged: JudgedClaim
    sha: str
    unit: str
    owner: str


def shared_unit_claims(case: Case, launchers: Mapping[str, tuple[str, ...]]) -> tuple[SharedUnitClaim, ...]:
    """Return the claims of commits that agents of no common launch made; a session may report what its subagent made."""
    if case.run.kind is not RunKind.SESSIONS:
        return ()
    makers = grouped(
        (found.commit.sha, dossier)
        for dossier in case.dossiers
        if dossier.agents
        for found in (*dossier.commits, *dossier.elsewhere)
        if found.confidence is Confidence.CERTAIN
    )
    return tuple(
        SharedUnitClaim(judged, sha, dossier.id, owners[0].id)
        for dossier in case.dossiers
        for judged, sha in _claimed(dossier)
        if (owners := makers.get(sha, ())) and not any(_is_kin(dossier, owner, launchers) for owner in owners)
    )


def _claimed(dossier: StepDossier) -> Iterator[tuple[JudgedClaim, str]]:
    made = {
        mention.value for report in dossier.reports for mention in report.hashes if _SAYS_MADE.search(mention.context)
    }
    for judged in dossier.commit_claims():
        sha = judged.twin or judged.commit
        if sha and judged.claim.role is Role.OWN and not judged.claim.superseded and judged.claim.value in made:
            yield judged, sha


def _is_kin(dossier: StepDossier, owner: StepDossier, launchers: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether two units are one, or of one session: its agents report for each other."""
    roots = [{launchers[agent.id][-1] for agent in each.agents if agent.id in launchers} for each in (dossier, owner)]
    return dossier is owner or not roots[0].isdisjoint(roots[1])
