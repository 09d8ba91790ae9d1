"""# Impossible test count

A report counts more tests than its base and the steps before it can have added, or more passed tests than tests.

## Why it matters

The extra tests belong to other steps: several agents wrote into one work tree, so no result from it is the result of one
step alone.

## What to do

Do not trust "GREEN" or "no regressions" from any step that ran at that time. Run the test suite on each commit.

```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
No other step is known to have run, so the step may have added more tests than planned:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 282/282 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
A run of its agent printed the count, so it is true, and CLM015:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
agent a4 1.4: 10:00-10:10, tests passed 283 10:05
```
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
agent a4 1.4: 10:00-10:10, tests passed 281 10:05
```
A step whose commit exists may have added any number of tests:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: GREEN_VERIFIED, commit bbb2222, 290/290 passed
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
commit bbb2222: "Cycle 1.3: Second" src/b.py, at 10:10
```
One expected failure does not contradict the count:
```case clears
plan: 1.2 "First" tests test_a
report 1.2: GREEN_VERIFIED, commit aaa1111, 1366/1367 passed
commit aaa1111: "Cycle 1.2: First" src/a.py
```
More tests passed than there were:
```case flags at=reports/step-1-2-execution.md:6 severity=low confidence=certain steps=1.2 culprit=1.2
plan: 1.2 "First" tests test_a
report 1.2: GREEN_VERIFIED, 284/283 passed
```
The excess is exactly what the steps between may have added, or one more:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b test_e, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b test_e, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 284/284 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
No committed step to compare with, or the other step was committed:
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.4: GREEN_VERIFIED, 284/284 passed, commit f3050e2
report 1.5: STOP_CONDITION
```
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 284/284 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
commit bbb1111: "Cycle 1.5: Last" src/b.py
```
A report without a count, a committed step with more tests and uncommitted files are not flagged:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 290/290 passed, commit bbb1111, files src/none.py
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
commit bbb1111: "Cycle 1.4: Third" src/b.py, at 10:10
```
Later steps that never started left no tests in the work tree:
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 290/290 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
```
A step between that landed without a count may have added one test:
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
commit bbb1111: "Cycle 1.3: Second" src/b.py, at 10:10
```
The committed step is not in the plan:
```case clears
plan: 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
The plan names no test; the report names two, or one:
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third", 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4:
    # Cycle 1.4: Third
    - `tests/test_all.py::test_c`
    - `tests/test_all.py::test_e`
    ### Regression Check
    - Result: 282/282 passed
commit aaa1111: "Cycle 1.2: First" src/a.py
```
```case flags at=reports/step-1-4-execution.md:4 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.4 "Third", 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4:
    # Cycle 1.4: Third
    - `tests/test_all.py::test_c`
    ### Regression Check
    - Result: 282/282 passed
commit aaa1111: "Cycle 1.2: First" src/a.py
```
"""

from collections.abc import Iterator

from forensics.casework.claims.excess_counts import excess_counts
from forensics.model.case import Case
from forensics.model.claim import ClaimKind, Confidence, Verdict
from forensics.model.finding import Hit, Rule, Severity, Symptom
from forensics.model.prose import steps_named, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "CLM011",
    "count-impossible",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT}),
    summary="the test count reported for {} is impossible",
    symptom=Symptom(
        lambda finding: f"Step {finding.culprit} reported more tests than can exist",
        "other steps' tests were in the same work tree and were counted too",
        Confidence.LIKELY,
    ),
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield hits for counts over their total, and for counts that no sum of steps explains and no run printed."""
    for dossier in case.dossiers:
        for judged in dossier.claims:
            if judged.claim.kind is ClaimKind.COUNT and judged.verdict is Verdict.CONTRADICTED:
                yield Hit(
                    at=judged.claim.ref,
                    culprit=dossier.id,
                    confidence=Confidence.CERTAIN,
                    severity=Severity.LOW,
                    message=f"Step {dossier.id} reports {judged.claim.value} tests: {judged.reason}.",
                )
    for found in excess_counts(case):
        if not found.printed:
            yield Hit(
                at=found.count.ref,
                culprit=found.step,
                confidence=Confidence.LIKELY,
                related=(found.base.ref,),
                message=f"Step {found.step} reports {found.count.passed}/{found.count.total} tests, {found.excess} more than can exist. "
                f"{found.arithmetic()} {upper_first(steps_named(found.others))} wrote into the same work tree.",
            )
