"""# RED never ran a test

The report counts a missing test command, or a run without tests, as the required RED failure.

## Why it matters

A test runner that is not installed fails whatever the code does, so the failure proves nothing.

## What to do

Run the step's test command on the commit before the implementation.

```case flags at=reports/step-1-3-execution.md:2 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (pytest: command not found)
```
The missing command is the program under test, so the missing feature made the test fail:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (exit code 2, command not found)
```
"""

from collections.abc import Iterator

from forensics.detect.hits import on_red
from forensics.model.case import Case
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.report import RedOutcome
from forensics.model.source import Kind

RULE = Rule(
    "RED003",
    "red-not-run",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT, Kind.PLAN}),
    summary="the RED test of {} never ran",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account whose RED failure is an error of the test runner."""
    return on_red(case, RedOutcome.NOT_RUN, "Step {step}'s RED test never ran; its report says {said}.")
