"""# The reported RED failure never happened

The report says that the test failed before the implementation. The transcript shows that it passed before any code was
written, or that no run failed before the code was finished.

## Why it matters

The step counts as test-first but is not. Nobody has seen the test fail.

## What to do

Remove the implementation and check that the test fails.

```case flags at=reports/step-1-3-execution.md:6 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, writes src/a.py 10:02, tests passed 10:05
```
```case flags at=reports/step-1-3-execution.md:6 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests passed 10:02, writes src/a.py 10:03, tests passed 10:05
```
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed AttributeError 10:02, writes src/a.py 10:03, tests passed 10:05
```
Writing an empty function first, so that the test reaches its assertion, is good practice:
```case clears
plan: 1.3 "Empty issues" expects AssertionError
report 1.3: RED failed AssertionError
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, writes tests/test_a.py 10:02, tests failed AssertionError 10:03, writes src/a.py 10:04, tests passed 10:05
```
A shell command may have written the rest of the code:
```case clears
plan: 1.3 "Empty issues" expects AssertionError
report 1.3: RED failed AssertionError
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, writes tests/test_a.py 10:02, tests failed AssertionError 10:03, tests passed 10:05
```
A recipe, or a run whose output was cut, may have been the RED run:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, tests passed 10:00, writes tests/test_a.py 10:01, runs just red 1 10:02, writes src/a.py 10:03, tests passed 10:05
```
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, tests passed 10:00, writes tests/test_a.py 10:01, tests unclear 10:02, writes src/a.py 10:03, tests passed 10:05
```
The test failed before it was first edited, because a shell command had written it:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, tests failed AttributeError 10:02, writes src/a.py 10:03, tests passed 10:05, writes tests/test_a.py 10:06, tests passed 10:07
```
The transcript shows no test run at all:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, writes src/a.py 10:02
```
A step without a plan, or without RED, promised no failure:
```case clears
plan: 1.4 "Plan mode" expects AttributeError exempt, 1.5 "Quota"
report 1.4: RED failed AttributeError
report 1.5: RED failed AttributeError
agent a4 1.4: 10:00-10:10, writes tests/test_a.py 10:01, writes src/a.py 10:02, tests passed 10:05
agent a5 1.5: 10:00-10:10, writes tests/test_a.py 10:01, writes src/a.py 10:02, tests passed 10:05
```
Other claims that the transcript contradicts are not RED:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED, RED failed AttributeError, 283/283 passed
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed AttributeError 10:02, writes src/a.py 10:03, tests passed 280 10:05
```
"""

from collections.abc import Iterator

from forensics.model.case import Case
from forensics.model.claim import ClaimKind, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.source import Kind

RULE = Rule(
    "RED006",
    "red-untrue",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT, Kind.REPORT}),
    summary="the RED failure reported for {} never happened",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each contradicted claim of a failure in RED, where the step demands one."""
    for dossier in case.dossiers:
        exempt = dossier.spec is not None and (dossier.spec.red is None or dossier.spec.red.exempt is not None)
        for judged in () if exempt else dossier.claims:
            if judged.claim.kind is ClaimKind.RED and judged.verdict is Verdict.CONTRADICTED:
                red = next((one.red for one in dossier.reports if one.red and one.red.ref == judged.claim.ref), None)
                yield Hit(
                    at=judged.claim.ref,
                    culprit=dossier.id,
                    confidence=judged.confidence,
                    related=judged.evidence,
                    message=f"The report on step {dossier.id} reports {quote(red.text) if red else 'a failure'} for RED, but "
                    f"{judged.reason}.",
                )
