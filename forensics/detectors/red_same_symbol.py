"""# RED failed differently on the same missing name

The step expects, say, an AttributeError, and the test failed with an ImportError: both mean that the name is missing.

## Why it matters

It hardly does. It is reported once per run, because step files that guess the exception make strict agents stop for
nothing.

## What to do

Name the missing function or class in the step file, not the exception.

```case flags at=reports/step-1-3-execution.md:6 severity=info confidence=likely steps=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed ImportError
```
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
```
The step accepts any exception, the failure names none or names the expected one, the test passed, or RED was not reported:
```case clears
plan: 1.3 "Empty issues" tests test_a, 1.4 "Plan mode" expects AttributeError, 1.5 "Quota" expects AttributeError, 1.6 "Proxy" expects AttributeError, 1.7 "Panel" expects AssertionError
report 1.3: RED failed ImportError
report 1.4:
    # Cycle 1.4: Plan mode
    **RED result:** FAIL as expected
report 1.5:
    # Cycle 1.5: Quota
    **RED result:** PASS unexpected (no ImportError)
report 1.6: GREEN_VERIFIED
report 1.7: RED failed ImportError
```
"""

from collections.abc import Iterator

from forensics.casework.readings import red_accounts, same_missing_name
from forensics.detect.remedies import NAME_WHAT_IS_MISSING
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import steps_named
from forensics.model.report import RedOutcome
from forensics.model.source import Kind

RULE = Rule(
    "RED005", "red-same-symbol", Severity.INFO, needs=frozenset({Kind.REPORT, Kind.PLAN}), remedy=NAME_WHAT_IS_MISSING
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run."""
    found = []
    for dossier, report, demand, _ in red_accounts(case):
        red = report.red
        if red is None or red.outcome is not RedOutcome.FAILED or demand.by_report:
            continue
        if not red.exceptions or not demand.exceptions or set(red.exceptions) & set(demand.exceptions):
            continue
        if same_missing_name(demand, red):
            found.append((dossier.id, red.ref, demand.ref))
    if found:
        steps = tuple(dict.fromkeys(step for step, _, _ in found))
        yield Hit(
            at=found[0][1],
            steps=steps,
            confidence=Confidence.LIKELY,
            related=tuple(ref for _, seen, asked in found for ref in (seen, asked)),
            message=f"The RED tests of {steps_named(steps)} failed on the missing name as planned, but with another exception than the "
            f"step file names.",
        )
