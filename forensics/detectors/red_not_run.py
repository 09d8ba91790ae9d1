"""# RED was never really run

The report counts a missing test command, or a run without tests, as the failure that RED asks for.

## Why it matters

A test runner that is not installed fails for every test: the failure says nothing.

## What to do

Run the step's test command on the commit before the implementation.

```case flags at=reports/step-1-3-execution.md:2
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (pytest: command not found)
```
A command of the program under test that does not exist yet is the feature that is missing:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** FAIL as expected (exit code 2, command not found)
```
"""

from collections.abc import Iterator

from forensics.casework.readings import red_accounts
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.report import RedOutcome
from forensics.model.source import Kind

RULE = Rule("RED003", "red-not-run", Severity.HIGH, needs=frozenset({Kind.REPORT, Kind.PLAN}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account whose RED failure is the test runner's."""
    for dossier, report, demand, superseded in red_accounts(case):
        if report.red and report.red.outcome is RedOutcome.NOT_RUN:
            yield Hit(
                at=report.red.ref,
                steps=(dossier.id,),
                confidence=Confidence.LIKELY,
                related=(demand.ref,),
                severity=Severity.LOW if superseded else None,
                message=f"RED of step {dossier.id} was never really run: {quote(report.red.text)}.",
            )
