"""# Test count includes other steps' tests

A run in the transcript printed the reported count, but the steps up to then cannot have that many tests.

## Why it matters

The count is true, but it is not the step's: other agents' tests and code were in the same work tree. GREEN there does not
show that the step's own commit passes.

## What to do

Run the test suite on the step's commit alone.

```case flags at=reports/step-1-4-execution.md:6 severity=medium confidence=likely steps=1.4 culprit=1.4 related=reports/step-1-2-execution.md:8,agent-a4.jsonl:2
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
agent a4 1.4: 10:00-10:10, tests passed 283 10:05
```
No run printed the count, which is CLM011:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
agent a4 1.4: 10:00-10:10, tests passed 281 10:05
```
The steps between can have added the tests:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 282/282 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
agent a4 1.4: 10:00-10:10, tests passed 282 10:05
```
"""

from collections.abc import Iterator

from forensics.casework.claims.excess_counts import excess_counts
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity, Symptom
from forensics.model.prose import steps_named, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "CLM015",
    "count-shared",
    Severity.MEDIUM,
    needs=frozenset({Kind.TRANSCRIPT, Kind.REPORT}),
    symptom=Symptom(
        lambda finding: f"Step {finding.culprit} counted other steps' tests",
        "their tests were in the same work tree",
        Confidence.LIKELY,
    ),
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each count that a run printed and that no sum of steps explains."""
    for found in excess_counts(case):
        if found.printed:
            yield Hit(
                at=found.count.ref,
                culprit=found.step,
                confidence=Confidence.LIKELY,
                related=(found.base.ref, *found.printed),
                message=f"Step {found.step} reports {found.count.passed}/{found.count.total} tests, and a run printed that number, but "
                f"{found.excess} of them must be other steps'. {found.arithmetic()} "
                f"{upper_first(steps_named(found.others))} wrote into the same work tree.",
            )
