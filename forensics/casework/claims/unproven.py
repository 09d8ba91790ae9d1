"""Claimed commits that nothing shows: they may be honest, and nobody can tell, so they count as not verified."""

from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.report import Role

# What explains a hash's absence, and what is only possible, an agent can bring about at little cost: a submodule that is
# not in the clone, a file of another repository, an empty commit, a tree's id, a commit that is only the likeliest.
_NOT_SHOWN = frozenset({Verdict.UNSUPPORTED, Verdict.UNTESTABLE, Verdict.NOT_A_COMMIT})
_BY_ANOTHER = frozenset({Verdict.REWRITTEN, Verdict.SELF_CITING})


def is_unproven(judged: JudgedClaim) -> bool:
    """Return whether a commit is claimed as a step's own and no evidence shows it, here or under another hash."""
    claim = judged.claim
    if claim.kind is not ClaimKind.COMMIT or claim.role is not Role.OWN or claim.superseded:
        return False
    return judged.verdict in _NOT_SHOWN or (judged.verdict in _BY_ANOTHER and judged.confidence is Confidence.POSSIBLE)
