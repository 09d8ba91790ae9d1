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
"""

from collections.abc import Iterator

from forensics.casework.clock import container_of
from forensics.casework.readings import STOPPED, fits, is_superseded
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.report import Status
from forensics.model.source import Kind

RULE = Rule("REP002", "report-contradicts", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield hits for reports that contradict themselves or another report on the same attempt."""
    for dossier in case.dossiers:
        for report in dossier.reports:
            done = report.status is not None and report.status.value is Status.DONE
            if done and report.status and report.green and report.green.value is Status.FAILED:
                yield Hit(
                    at=report.status.ref,
                    culprit=dossier.id,
                    related=(report.green.ref,),
                    confidence=Confidence.LIKELY,
                    message=f"The report on step {dossier.id} says {quote(report.status.text)}, but reports "
                    f"{quote(report.green.text)} for GREEN.",
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
        if report.status
        and not is_superseded(dossier, report)
        and (dossier.spec is None or fits(report, dossier.spec.title, case, dossier.id))
    ]
    done = next((report for report in accounts if report.status and report.status.value is Status.DONE), None)
    halted = next((report for report in accounts if report.status and report.status.value in STOPPED), None)
    if not (done and halted and done.status and halted.status):
        return
    brought = container_of(done, case.history)
    if brought is not None and brought is container_of(halted, case.history):
        yield Hit(
            at=done.status.ref,
            culprit=dossier.id,
            related=(halted.status.ref,),
            confidence=Confidence.LIKELY,
            message=f"Two reports on step {dossier.id}, committed together, disagree: {quote(done.status.text)} in "
            f"{quote(done.ref.path)}, {quote(halted.status.text)} in {quote(halted.ref.path)}.",
        )
