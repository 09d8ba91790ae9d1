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
The push was refused, and the message tells of another failure, which changes nothing about that:
```case flags at=S1.jsonl:4 severity=medium confidence=likely steps=S1 culprit=S1
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: git push
     ! [rejected]        main -> main (fetch first)
S1 10:03 says: "I pushed it. One test fails, as before."
```
A number of files is wrong, which misleads few:
```case flags at=S1.jsonl:4 severity=low confidence=likely steps=S1 culprit=S1
commit aaa1111: "Add a parser" src/a.py src/b.py src/c.py, at 10:02
session S1: "Add a parser"
S1 10:01 writes src/a.py
S1 10:02 runs: git commit -m "Add a parser"
    [main aaa1111] Add a parser
S1 10:03 says: "2 fixes across 7 files (commit `aaa1111`)."
```
The message tells of the failure elsewhere, or what it says is true:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: pytest
    === 2 failed, 40 passed in 1.2s ===
S1 10:03 says: "All parser tests pass. A pre-existing test failure in the writer is unrelated."
```
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
A shell command edited the code behind the run:
```case flags at=S1.jsonl:5 severity=low confidence=likely steps=S1 culprit=S1
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs: pytest
    === 42 passed in 1.2s ===
S1 10:03 runs: sed -i s/rows/lines/ src/parser.py
S1 10:04 says: "All tests pass."
```
Code was broken to see that a test fails, and put back:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs: pytest
    === 42 passed in 1.2s ===
S1 10:03 runs: sed -i s/rows/lines/ src/parser.py
S1 10:04 runs: git checkout src/parser.py
S1 10:05 says: "All tests pass."
```
Two records contradict it:
```case flags at=S1.jsonl:5 severity=medium confidence=likely steps=S1 culprit=S1 related=S1.jsonl:3 at=S1.jsonl:5 severity=medium confidence=likely steps=S1 culprit=S1 related=S1.jsonl:4
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 runs exit 1: pytest
    === 2 failed, 40 passed in 1.2s ===
S1 10:03 runs exit 1: git push
     ! [rejected]        main -> main (fetch first)
S1 10:04 says: "All tests pass. I pushed it."
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

from forensics.casework.claims.message_claims import is_untrue, message_claims
from forensics.model.case import Case
from forensics.model.claim import ClaimKind, JudgedClaim, Verdict
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
        untrue = filter(is_untrue, message_claims(dossier))
        for group in grouped((judged.reasons, judged) for judged in untrue).values():
            severities = {judged: _severity(judged) for judged in group}
            worst = max(group, key=lambda judged: severities[judged].rank)
            said = listing(dict.fromkeys(quote(judged.claim.said) for judged in group), limit=3)
            yield Hit(
                at=worst.claim.ref,
                culprit=dossier.id,
                severity=severities[worst],
                confidence=worst.confidence,
                related=worst.evidence,
                message=f"Step {dossier.id} says {said}, but {worst.reason}.",
            )


def _severity(judged: JudgedClaim) -> Severity:
    """Return how bad it is: less where what it says was true before an edit, or misleads few."""
    if judged.verdict is Verdict.STALE or judged.claim.kind not in _GRAVE:
        return Severity.LOW
    return Severity.MEDIUM
