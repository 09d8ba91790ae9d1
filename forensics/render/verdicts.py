"""Verdicts on claims as a reader is told them: which speak against a claim, which leave it open."""

from forensics.model.claim import JudgedClaim, Verdict
from forensics.model.prose import short

# What a reader is told of a claim; the JSON has the verdicts' own names.
_WORDS = {
    Verdict.CONFIRMED: "true",
    Verdict.ELSEWHERE: "true, not on this branch",
    Verdict.REWRITTEN: "true, has another id now",
    Verdict.ALTERED: "altered",
    Verdict.REDONE: "done again",
    Verdict.SELF_CITING: "true",
    Verdict.UNREACHABLE: "on no branch",
    Verdict.MISATTRIBUTED: "somebody else's",
    Verdict.MISSING: "no such commit",
    Verdict.NOT_A_COMMIT: "not a commit",
    Verdict.CONTRADICTED: "not true",
    Verdict.UNSUPPORTED: "not shown",
    Verdict.UNTESTABLE: "not known",
    Verdict.STALE: "stale",
    Verdict.OMITTED: "left out",
}
FALSE = frozenset(
    {Verdict.CONTRADICTED, Verdict.MISSING, Verdict.MISATTRIBUTED, Verdict.STALE, Verdict.OMITTED, Verdict.UNREACHABLE}
)
OPEN = frozenset({Verdict.UNSUPPORTED, Verdict.UNTESTABLE})


def word(judged: JudgedClaim) -> str:
    """Return a verdict as a reader is told it, with the hash that a commit has now."""
    now = f" {short(judged.twin)}" if judged.twin and judged.verdict is Verdict.REWRITTEN else ""
    return f"{_WORDS[judged.verdict]}{':' if now else ''}{now}"
