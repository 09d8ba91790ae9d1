"""# RED never ran a test

The report counts a missing test command, or a test that was skipped, not collected or never written, as the required RED
failure.

## Why it matters

A test runner that is not installed fails whatever the code does, so the failure proves nothing. A test that did not run
has shown nothing at all.

## What to do

Run the step's test command on the commit before the implementation.

```case flags at=reports/step-1-3-execution.md:2 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (pytest: command not found)
```
The test was skipped, not collected or never written:
```case flags at=reports/step-1-3-execution.md:2 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (test skipped, the tool is not installed)
```
```case flags at=reports/step-1-3-execution.md:2 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected: test not discovered (the file is missing)
```
```case flags at=reports/step-1-3-execution.md:2 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** Test placeholder (no failing test created)
```
Tests of the suite that were skipped are not the step's:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (1 failed, 16 tests skipped)
```
Without a plan, the report's own words are the demand:
```case flags at=reports/step-1-3-execution.md:4 severity=low confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    ### RED Phase
    - Expected failure: KeyError
    - Result: test not discovered (the file is missing)
```
```case flags at=reports/step-1-3-execution.md:2 severity=low confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (test skipped, the tool is not installed)
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
    needs=frozenset({Kind.REPORT}),
    summary="the RED test of {} never ran",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account whose RED failure is an error of the test runner."""
    return on_red(case, RedOutcome.NOT_RUN, "Step {step}'s RED test never ran; its report says {said}. {asked}")
