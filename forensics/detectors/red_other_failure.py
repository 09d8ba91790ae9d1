"""# RED failed with an unexpected exception

The test failed, but not with the exception that the step specifies, or not for the reason that it should.

## Why it matters

A test that fails on an import never reached its assertion, so nobody has seen the assertion fail.

## What to do

Check that the test fails at its assertion once the missing name exists. If the step file is wrong, correct it.

```case flags at=reports/step-1-3-execution.md:6 severity=low confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AssertionError
report 1.3: RED failed ImportError
```
The report itself says so:
```case flags at=reports/step-1-3-execution.md:3 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AssertionError
report 1.3:
    # Cycle 1.3: Empty issues
    ### RED Phase
    The test failed as expected, but not for the expected reason.
```
Another exception for the same missing name is RED005:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed ImportError
```
An exception that the test waited for in vain is not the one it failed with:
```case clears
plan: 1.3 "Empty issues" expects AssertionError
report 1.3:
    # Cycle 1.3: Empty issues
    - RED result: FAIL as expected (AssertionError: DID NOT RAISE ValueError)
```
```case flags at=reports/step-1-3-execution.md:2 severity=low confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects ValueError
report 1.3:
    # Cycle 1.3: Empty issues
    - RED result: FAIL as expected (AssertionError: DID NOT RAISE ValueError)
```
Without a plan nobody knows which exception the step required; that the failure was another is the report's own word:
```case clears
report 1.3:
    # Cycle 1.3: Empty issues
    ### RED Phase
    - Expected failure: AssertionError
    - Result: FAIL (ImportError)
```
```case flags at=reports/step-1-3-execution.md:4 severity=medium confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    ### RED Phase
    - Expected failure: AssertionError
    - Result: FAIL, but not for the expected reason
```
The step accepts either exception:
```case clears
plan: 1.3 "Empty issues" expects AssertionError or ImportError
report 1.3: RED failed ImportError
```
The step accepts any exception, the failure names none, the test passed, or RED was not reported:
```case clears
plan: 1.3 "Empty issues" tests test_a, 1.4 "Plan mode" expects AssertionError, 1.5 "Quota" expects AssertionError, 1.6 "Proxy" expects AssertionError
report 1.3: RED failed ImportError
report 1.4:
    # Cycle 1.4: Plan mode
    **RED result:** FAIL as expected
report 1.5:
    # Cycle 1.5: Quota
    **RED result:** PASS unexpected (no ImportError)
report 1.6: GREEN_VERIFIED
```
"""

from collections.abc import Iterator

from forensics.casework.readings import red_accounts, same_missing_name
from forensics.detect.remedies import NAME_WHAT_IS_MISSING
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import listing, quote
from forensics.model.report import RedOutcome
from forensics.model.source import Kind

RULE = Rule("RED004", "red-other-failure", Severity.LOW, needs=frozenset({Kind.REPORT}), remedy=NAME_WHAT_IS_MISSING)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account whose failure is of another kind than the step's."""
    for dossier, report, demand, superseded in red_accounts(case):
        red = report.red
        if red is None or red.outcome is not RedOutcome.FAILED:
            continue
        if red.otherwise:
            yield Hit(
                at=red.otherwise.ref,
                culprit=dossier.id,
                severity=Severity.LOW if superseded else Severity.MEDIUM,
                confidence=Confidence.POSSIBLE if demand.by_report else Confidence.LIKELY,
                related=(demand.ref,),
                message=f"Step {dossier.id}'s RED test failed for another reason than it should; its report says "
                f"{quote(red.otherwise.text)}.",
            )
            continue
        if demand.by_report or not demand.exceptions or not red.exceptions:
            continue
        if set(red.exceptions) & set(demand.exceptions) or same_missing_name(demand, red) or superseded:
            continue
        yield Hit(
            at=red.ref,
            culprit=dossier.id,
            confidence=Confidence.LIKELY,
            related=(demand.ref,),
            message=f"Step {dossier.id}'s RED test failed with {listing(map(quote, red.exceptions))}; the step file requires "
            f"{listing(map(quote, demand.exceptions))}.",
        )
