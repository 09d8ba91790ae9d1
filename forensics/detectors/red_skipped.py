"""# RED was skipped

The step requires a failing test first, but the report says that RED was skipped or did not apply.

## Why it matters

Without a failing run, nobody knows whether the test can fail at all.

## What to do

Remove the implementation and check that the test fails. If the step needs no RED, say so in the step file.

```case flags at=reports/step-1-3-execution.md:2 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** N/A (the feature is there already)
```
```case clears
plan: 1.3 "Empty issues" expects AttributeError exempt
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** N/A
```
Without a plan, a skipped RED is a finding if the report expected a failure, or says that the code came first:
```case flags at=reports/step-1-3-execution.md:4 severity=low confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    ### RED Phase
    - Expected failure: KeyError
    - Result: N/A
```
```case flags at=reports/step-1-3-execution.md:2 severity=low confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** N/A (already implemented in 1.2)
```
```case clears
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** N/A
```
"""

from collections.abc import Iterator

from forensics.detect.hits import on_red
from forensics.model.case import Case
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.report import RedOutcome
from forensics.model.source import Kind

RULE = Rule("RED002", "red-skipped", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account that leaves RED out."""
    return on_red(case, RedOutcome.SKIPPED, "Step {step} skipped RED; its report says {said}. {asked}")
