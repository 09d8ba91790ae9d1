"""# Reported test count appears in no test output

A report states a number of passed tests that none of the agent's test runs printed.

## Why it matters

The number comes from somewhere else: memory, another run, another agent.

## What to do

Run the test suite on the step's commit and compare.

```case flags at=reports/step-1-3-execution.md:6 severity=low confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, 283/283 passed
agent a3 1.3: 10:00-10:10, tests failed 10:02, tests passed 280 10:05
```
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, 283/283 passed
agent a3 1.3: 10:00-10:10, tests failed 10:02, tests passed 283 10:05
```
A smaller run came first, two suites were added up, or a run's output was cut or came from a recipe:
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, 12/12 passed
agent a3 1.3: 10:00-10:10, tests passed 12 10:05, tests passed 40 10:06
```
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, 52/52 passed
agent a3 1.3: 10:00-10:10, tests passed 12 10:05, tests passed 40 10:06
```
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, 283/283 passed
agent a3 1.3: 10:00-10:10, tests passed 12 10:05, tests passed 10:06
```
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, 283/283 passed
agent a3 1.3: 10:00-10:10, tests passed 12 10:05, runs just precommit 10:06
```
Two counts that no run printed are one finding:
```case flags at=reports/step-1-3-execution.md:4 severity=low confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
    ### Regression Check
    - Result: 283/283 passed
    - Result: 284/284 passed
agent a3 1.3: 10:00-10:10, tests failed 10:02, tests passed 280 10:05
```
"""

from collections.abc import Iterator

from forensics.model.case import Case
from forensics.model.claim import ClaimKind, Confidence, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.source import Kind

RULE = Rule("CLM012", "count-unprinted", Severity.LOW, needs=frozenset({Kind.TRANSCRIPT, Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each reported count that no test run in the transcript printed."""
    for dossier in case.dossiers:
        for judged in dossier.claims:
            if judged.claim.kind is ClaimKind.COUNT and judged.verdict is Verdict.UNSUPPORTED:
                yield Hit(
                    at=judged.claim.ref,
                    culprit=dossier.id,
                    confidence=Confidence.LIKELY,
                    related=judged.evidence,
                    message=f"Step {dossier.id} reports {judged.claim.value} tests; {judged.reason}.",
                )
                break
