"""Count agreements: precision and recall with their intervals. What is printed of them is made in `page`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accuracy.agreement import Agreement, Compared, Judged, is_accusation
from forensics.metrics.proportions import wilson

# Findings of these severities are scored together: the targets differ.
SEVERE = "high and critical"
MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion: so many of so many."""

    part: int
    whole: int

    def __str__(self) -> str:
        """Return it as `3 of 4: 0.75 (0.30 to 0.95)`, with the Wilson interval at 95 %."""
        if not self.whole:
            return "none"
        low, high = wilson(self.part, self.whole)
        return f"{self.part} of {self.whole}: {self.part / self.whole:.2f} ({low:.2f} to {high:.2f})"


def share(flags: Iterable[bool]) -> Share:
    """Return how many flags of how many are set."""
    found = list(flags)
    return Share(sum(found), len(found))


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule: precision over its labelled findings of medium or above, recall over the faults labelled as true."""

    code: str
    precision: Share
    recall: Share
    unlabelled: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of one set of repositories; `tables` of claims and steps count (label, what the tool said)."""

    labels: int
    repositories: int
    by_severity: dict[str, Share]
    by_rule: tuple[RuleScore, ...]
    by_confidence: dict[str, Share]
    innocent_cleared: Share
    claims_seen: Share
    claims_own: Share
    claims_right: Share
    claims_accused: Share
    claims_by_confidence: dict[str, Share]
    claims: Counter[tuple[str, str]]
    red_recall: Share
    red_precision: Share
    steps_right: Share
    steps_open: Share
    steps_called_not_started: Share
    steps: Counter[tuple[str, str]]


def score(compared: Compared) -> Scores:
    """Count everything that was compared."""
    agreements, judged = compared.agreements, [found for found in compared.judged if is_accusation(found.finding)]
    claims = _of(agreements, "claim")
    real = [claim for claim in claims if claim.label.label not in ("other", "nothing")]
    red, steps = _of(agreements, "red"), _of(agreements, "step")
    begun = [step for step in steps if step.label.label != "not started"]
    return Scores(
        labels=len(agreements),
        repositories=len({found.label.repository for found in agreements}),
        by_severity={
            SEVERE: _precision(found for found in judged if found.finding.severity in ("high", "critical")),
            MEDIUM: _precision(found for found in judged if found.finding.severity == "medium"),
        },
        by_rule=_by_rule(agreements, judged),
        by_confidence={
            word: _precision(found for found in judged if found.finding.confidence == word) for word in _CONFIDENCES
        },
        innocent_cleared=share(found.right for found in _of(agreements, "finding") if found.label.label == "false"),
        claims_seen=share(claim.seen for claim in real),
        claims_own=share(claim.own for claim in real),
        claims_right=share(claim.right for claim in claims),
        claims_accused=share(claim.accused for claim in claims if claim.label.label != "missing"),
        claims_by_confidence={
            word: share(claim.right for claim in claims if claim.seen and claim.confidence == word)
            for word in _CONFIDENCES
        },
        claims=Counter((claim.label.label, _verdict(claim)) for claim in claims),
        red_recall=share(found.right for found in red if found.label.label == "violated"),
        red_precision=share(found.right for found in red if found.seen),
        steps_right=share(step.right for step in steps),
        steps_open=share(step.open for step in steps),
        steps_called_not_started=share(step.accused for step in begun),
        steps=Counter((step.label.label, _verdict(step)) for step in steps),
    )


_CONFIDENCES = ("certain", "likely", "possible")


def _of(agreements: Sequence[Agreement], sort: str) -> list[Agreement]:
    return [found for found in agreements if found.label.sort == sort]


def _precision(judged: Iterable[Judged]) -> Share:
    return share(found.true for found in judged if found.true is not None)


def _by_rule(agreements: Sequence[Agreement], judged: Sequence[Judged]) -> tuple[RuleScore, ...]:
    real = [found for found in _of(agreements, "finding") if found.label.label == "true"]
    codes = {found.finding.code for found in judged} | {code for found in real for code in found.label.codes}
    return tuple(
        RuleScore(
            code,
            _precision(found for found in judged if found.finding.code == code),
            share(found.right for found in real if code in found.label.codes),
            sum(found.finding.code == code and found.true is None for found in judged),
        )
        for code in sorted(codes)
    )


def _verdict(agreement: Agreement) -> str:
    """Return the first word or two of what the tool said: the verdict."""
    return agreement.said.partition(":")[0].partition(", ")[0]
