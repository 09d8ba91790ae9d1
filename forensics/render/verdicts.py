"""Verdicts on claims in a reader's words, and the words of the claims."""

from forensics.model.claim import ClaimKind, JudgedClaim, Verdict
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


def word(judged: JudgedClaim) -> str:
    """Return a verdict as a reader is told it, with the hash that a commit has now."""
    now = f" {short(judged.twin)}" if judged.twin and judged.verdict is Verdict.REWRITTEN else ""
    return f"{_WORDS[judged.verdict]}{':' if now else ''}{now}"


def said_of(judged: JudgedClaim) -> str:
    """Return the words of a claim on one line, without Markdown's marks.

    One sentence may name several files, so a file's claim is what is said of that file.
    """
    claim = judged.claim
    if claim.kind is ClaimKind.COMMIT and not claim.said:
        return f"commit {claim.value}"
    words = claim.value if claim.kind in {ClaimKind.FILE, ClaimKind.FAILURE} else claim.said
    return " ".join((words or f"{claim.kind} {claim.value}").replace("`", "").replace("*", "").split())
