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
Two statements that one run contradicts are one finding:
```case flags at=S1.jsonl:4 severity=medium confidence=likely steps=S1 culprit=S1 related=S1.jsonl:3
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: pytest
    === 2 failed, 40 passed in 1.2s ===
S1 10:03 says: "All tests pass. So `pytest` passes, too."
```
It was true before an edit:
```case flags at=S1.jsonl:4 severity=low confidence=likely steps=S1 culprit=S1
session S1: "Add a parser"
S1 10:01 runs: pytest
    === 42 passed in 1.2s ===
S1 10:02 writes src/parser.py
S1 10:03 says: "All tests pass."
```
The message tells of the failure, and so does not mean it by *all*:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: pytest
    === 2 failed, 40 passed in 1.2s ===
S1 10:03 says: "All parser tests pass. A pre-existing test failure in the writer is unrelated."
```
The check was run again, with a result that nothing shows:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.go
S1 10:02 runs exit 1: go build ./parser
    parser.go:1: undefined: rows
S1 10:03 runs: go build ./parser 2>&1 | head -30
S1 10:04 says: "The build is clean."
```
"""

from collections.abc import Iterator

from forensics.casework.claims.message_claims import is_untrue, last_message_tells_failure, message_claims
from forensics.model.case import Case
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.grouping import grouped
from forensics.model.prose import listing, quote
from forensics.model.source import Kind

RULE = Rule(
    "CLM016",
    "message-untrue",
    Severity.MEDIUM,
    needs=frozenset({Kind.REPORT, Kind.TRANSCRIPT}),
    effect=Effect.CONTRADICTS,
    summary="the last message of {} says something untrue",
)
# People merge and release on these; a wrong number of files, a wrong path or a wrong note on the work tree misleads nobody
# that far, and what they count and when is often a matter of reading.
_GRAVE = frozenset({ClaimKind.TESTS, ClaimKind.CLEAN, ClaimKind.COMMITTED, ClaimKind.PUSHED})


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each record that contradicts statements of a last message, or that later edits made stale."""
    for dossier in case.dossiers:
        told = last_message_tells_failure(dossier)
        found = grouped(
            ((judged.verdict, judged.evidence), judged) for judged in message_claims(dossier) if is_untrue(judged)
        )
        for group in found.values():
            first = max(group, key=lambda judged: _severity(judged, told=told).rank)
            said = listing(dict.fromkeys(quote(judged.claim.said) for judged in group), limit=3)
            yield Hit(
                at=first.claim.ref,
                culprit=dossier.id,
                severity=_severity(first, told=told),
                confidence=first.confidence,
                related=first.evidence,
                message=f"Step {dossier.id} says {said}, but {first.reason}.",
            )


def _severity(judged: JudgedClaim, *, told: bool) -> Severity:
    """Return how bad it is: less where the message itself tells of a failure, or what it says was true before an edit."""
    kind = judged.claim.kind
    checked = kind in {ClaimKind.TESTS, ClaimKind.CLEAN}
    if (
        judged.verdict is Verdict.STALE
        or judged.confidence is Confidence.POSSIBLE
        or kind not in _GRAVE
        or (told and checked)
    ):
        return Severity.LOW
    return Severity.HIGH if judged.confidence is Confidence.CERTAIN else Severity.MEDIUM
