"""# A message says something untrue

The message with which an agent ended its work states something that its own tool calls, or git, contradict.

## Why it matters

People act on the last message: they merge, they release, they tell others. Nobody reads the transcript behind it.

## What to do

Look at the record that the finding cites, and run the check again yourself. Ask the agent to correct its message.

```case flags at=S1.jsonl:4 severity=medium confidence=likely steps=S1 culprit=S1 related=S1.jsonl:3
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: pytest
    === 2 failed, 40 passed in 1.2s ===
S1 10:03 says: "All tests pass."
```
What the message says is true:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs: pytest
    === 42 passed in 1.2s ===
S1 10:03 says: "All tests pass: 42 tests pass."
```
Nothing shows it, so nothing contradicts it:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:03 says: "All tests pass."
```
A later message of the session counts, and takes the earlier one back:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: pytest
    === 2 failed, 40 passed in 1.2s ===
S1 10:03 says: "All tests pass."
S1 10:04 asked: "Are you sure?"
S1 10:05 says: "Two tests fail."
```
"""

from collections.abc import Iterator

from forensics.casework.claims.message_claims import message_claims
from forensics.model.case import Case
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.source import Kind

RULE = Rule(
    "CLM016",
    "message-untrue",
    Severity.MEDIUM,
    needs=frozenset({Kind.REPORT, Kind.TRANSCRIPT}),
    effect=Effect.CONTRADICTS,
    summary="the last message of {} says something untrue",
)
# People merge and release on these; a wrong number of files or a wrong path misleads nobody that far.
_GRAVE = frozenset({ClaimKind.TESTS, ClaimKind.COMMITTED, ClaimKind.PUSHED})


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each statement of a last message that is contradicted, or that later edits made stale."""
    for dossier in case.dossiers:
        for judged in message_claims(dossier):
            if judged.verdict in {Verdict.CONTRADICTED, Verdict.STALE} and judged.claim.kind is not ClaimKind.FAILURE:
                yield Hit(
                    at=judged.claim.ref,
                    culprit=dossier.id,
                    severity=_severity(judged),
                    confidence=judged.confidence,
                    related=judged.evidence,
                    message=f"Step {dossier.id} says {quote(judged.claim.said)}, but {judged.reason}.",
                )


def _severity(judged: JudgedClaim) -> Severity:
    if judged.verdict is Verdict.STALE or judged.confidence is Confidence.POSSIBLE:
        return Severity.LOW
    if judged.confidence is Confidence.CERTAIN and judged.claim.kind in _GRAVE:
        return Severity.HIGH
    return Severity.MEDIUM
