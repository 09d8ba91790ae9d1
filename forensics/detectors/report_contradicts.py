"""# Reports contradict themselves or each other

A report calls the step done although its GREEN failed, or says that RED both failed and passed. Or two reports on the
same attempt disagree about how the step ended.

## Why it matters

At most one of the two statements is true, and the step was counted as done.

## What to do

Run the step's test on its commit.

```case flags at=reports/step-1-3-execution.md:3 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues

    **Status:** COMPLETE
    - GREEN result: FAILED, two assertions left
```
```case flags at=reports/step-1-3-execution.md:4 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
    ### RED Phase
    - **Result:** FAIL as expected
    - **Failure type:** Test passed unexpectedly
```
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues

    **Status:** COMPLETE
    - GREEN result: PASS
```
Two reports on one attempt, brought by one commit, disagree about its end:
```case flags at=reports/step-1-3b-execution.md:2 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
report 1.3b:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
commit bbb2222: "Document the run" reports, at 10:00
```
The reports were never committed:
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
report 1.3b:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
```
Another plan's step has the same number:
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Draw the panel of downloads
    **Status:** STOP_CONDITION
report 1.3b:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
commit bbb2222: "Document the run" reports, at 10:00
```
A report without a status, or with RED in agreement, states nothing to contradict:
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    - GREEN result: FAILED, two assertions left
    - RED result: FAIL as expected
report 1.3b:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
commit bbb2222: "Document the run" reports, at 10:00
```
Two reports agree:
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
report 1.3b:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
commit bbb2222: "Document the run" reports, at 10:00
```
A report that stopped because GREEN failed agrees with itself:
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
    - GREEN result: FAILED, two assertions left
```
The step is not in the plan:
```case flags at=reports/step-2-9b-execution.md:2 severity=medium confidence=likely steps=2.9 culprit=2.9
plan: 1.3 "Empty issues"
report 2.9:
    # Cycle 2.9: Draw the panel of downloads
    **Status:** STOP_CONDITION
report 2.9b:
    # Cycle 2.9: Draw the panel of downloads
    **Status:** GREEN_VERIFIED
commit bbb2222: "Document the run" reports, at 10:00
```
"""

from collections.abc import Container, Iterable, Iterator

from forensics.casework.clock import container_of
from forensics.casework.readings import STOPPED, fits, is_superseded
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.report import Stated, Status, StepReport
from forensics.model.source import Kind

RULE = Rule("REP002", "report-contradicts", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield hits for reports that contradict themselves or another report on the same attempt."""
    for dossier in case.dossiers:
        for report in dossier.reports:
            status, green = report.status, report.green
            if status and green and status.value is Status.DONE and green.value is Status.FAILED:
                yield Hit(
                    at=status.ref,
                    culprit=dossier.id,
                    related=(green.ref,),
                    confidence=Confidence.LIKELY,
                    message=f"The report on step {dossier.id} says {quote(status.text)}, but reports "
                    f"{quote(green.text)} for GREEN.",
                )
            if report.red and report.red.against:
                yield Hit(
                    at=report.red.ref,
                    culprit=dossier.id,
                    related=(report.red.against,),
                    confidence=Confidence.LIKELY,
                    message=f"The report on step {dossier.id} reports {quote(report.red.text)} for RED, but also that the test passed.",
                )
        yield from _between(case, dossier)


def _between(case: Case, dossier: StepDossier) -> Iterator[Hit]:
    """Compare accounts that one commit brought, so that neither can have replaced the other."""
    accounts = [
        report
        for report in dossier.reports
        if not is_superseded(dossier, report)
        and (dossier.spec is None or fits(report, dossier.spec.title, case, dossier.id))
    ]
    done = next(_ending(accounts, {Status.DONE}), None)
    halted = next(_ending(accounts, STOPPED), None)
    brought = container_of(done[0], case.history) if done else None
    if done and halted and brought is not None and brought is container_of(halted[0], case.history):
        (_, good), (_, bad) = done, halted
        yield Hit(
            at=good.ref,
            culprit=dossier.id,
            related=(bad.ref,),
            confidence=Confidence.LIKELY,
            message=f"Two reports on step {dossier.id}, committed together, disagree: {quote(good.text)} in "
            f"{quote(good.ref.path)}, {quote(bad.text)} in {quote(bad.ref.path)}.",
        )


def _ending(accounts: Iterable[StepReport], ends: Container[Status]) -> Iterator[tuple[StepReport, Stated]]:
    """Yield the accounts that say the step ended in one of these ways, each with what it says."""
    yield from ((report, report.status) for report in accounts if report.status and report.status.value in ends)
