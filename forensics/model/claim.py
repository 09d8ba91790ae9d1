"""Claims out of reports, and what the evidence makes of them."""

from dataclasses import dataclass
from enum import StrEnum

from forensics.model.claim_kind import ClaimKind as ClaimKind
from forensics.model.report import Role
from forensics.model.source import CommitRef, Ref, TextRef


class Confidence(StrEnum):
    """How sure a conclusion is, by which sources agree."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """Return 0 for possible to 2 for certain."""
        return [Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CERTAIN].index(self)


class Verdict(StrEnum):
    """What the evidence makes of a claim; the last six are for claims that are not commits.

    *Stale*: true of the code as it was, which changed afterwards. *Omitted*: a failure that a message leaves out.
    """

    CONFIRMED = "confirmed"
    ELSEWHERE = "elsewhere"
    UNREACHABLE = "unreachable"
    REWRITTEN = "rewritten"
    REDONE = "redone"
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"
    SELF_CITING = "self-citing"
    MISSING = "missing"
    NOT_A_COMMIT = "not-a-commit"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    UNTESTABLE = "untestable"
    STALE = "stale"
    OMITTED = "omitted"


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement. `step` is the reporting step, `about` the step it speaks of, `said` a message's words."""

    step: str | None
    about: str | None
    kind: ClaimKind
    role: Role
    value: str
    ref: TextRef
    subject: str = ""
    superseded: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim and its verdict with the reasons for it; `commit` and `twin` are full ids."""

    claim: Claim
    verdict: Verdict
    confidence: Confidence
    reasons: tuple[str, ...]
    commit: str | None = None
    twin: str | None = None
    evidence: tuple[Ref, ...] = ()

    @property
    def reason(self) -> str:
        """Return the reasons as one sentence."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A rewrite of history, by the hashes claimed before it: how many are gone, how many of these have a commit that
    replaced them, and which have none."""

    gone: int
    replaced: int
    traceless: frozenset[str]


def judged_by(
    claim: Claim,
    verdict: Verdict,
    confidence: Confidence,
    reason: str,
    *,
    commit: str | None = None,
    twin: str | None = None,
) -> JudgedClaim:
    """Judge a claim by a commit of this repository: its twin, else the commit itself, is the evidence, if any is known."""
    known = twin or commit
    evidence = (CommitRef(known),) if known else ()
    return JudgedClaim(claim, verdict, confidence, (reason,), commit, twin, evidence)
