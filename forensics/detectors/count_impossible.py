"""# Impossible test count

A report counts more tests than its base and the steps before it can have added, or more passed tests than tests.

## Why it matters

The extra tests belong to other steps: several agents wrote into one work tree, so no result from it is the result of one
step alone.

## What to do

Do not trust "GREEN" or "no regressions" from any step that ran at that time. Run the test suite on each commit.

```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
No other step is known to have run, so the step may have added more tests than planned:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 282/282 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
A step whose commit exists may have added any number of tests:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: GREEN_VERIFIED, commit bbb2222, 290/290 passed
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
commit bbb2222: "Cycle 1.3: Second" src/b.py, at 10:10
```
One expected failure does not contradict the count:
```case clears
plan: 1.2 "First" tests test_a
report 1.2: GREEN_VERIFIED, commit aaa1111, 1366/1367 passed
commit aaa1111: "Cycle 1.2: First" src/a.py
```
More tests passed than there were:
```case flags at=reports/step-1-2-execution.md:6 severity=low confidence=certain steps=1.2 culprit=1.2
plan: 1.2 "First" tests test_a
report 1.2: GREEN_VERIFIED, 284/283 passed
```
The excess is exactly what the steps between may have added, or one more:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b test_e, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b test_e, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 284/284 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
No committed step to compare with, or the other step was committed:
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.4: GREEN_VERIFIED, 284/284 passed, commit f3050e2
report 1.5: STOP_CONDITION
```
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 284/284 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
commit bbb1111: "Cycle 1.5: Last" src/b.py
```
A report without a count, a committed step with more tests and uncommitted files are not flagged:
```case clears
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 290/290 passed, commit bbb1111, files src/none.py
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
commit bbb1111: "Cycle 1.4: Third" src/b.py, at 10:10
```
Later steps that never started left no tests in the work tree:
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.4: GREEN_VERIFIED, 290/290 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
```
A step between that landed without a count may have added one test:
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.3 "Second" tests test_b, 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py, at 10:00
commit bbb1111: "Cycle 1.3: Second" src/b.py, at 10:10
```
The committed step is not in the plan:
```case clears
plan: 1.4 "Third" tests test_c, 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4: GREEN_VERIFIED, 283/283 passed, commit f3050e2
commit aaa1111: "Cycle 1.2: First" src/a.py
```
The plan names no test; the report names two, or one:
```case clears
plan: 1.2 "First" tests test_a, 1.4 "Third", 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4:
    # Cycle 1.4: Third
    - `tests/test_all.py::test_c`
    - `tests/test_all.py::test_e`
    ### Regression Check
    - Result: 282/282 passed
commit aaa1111: "Cycle 1.2: First" src/a.py
```
```case flags at=reports/step-1-4-execution.md:4 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.2 "First" tests test_a, 1.4 "Third", 1.5 "Last" tests test_d
report 1.2: GREEN_VERIFIED, commit aaa1111, 280/280 passed
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Last"
report 1.4:
    # Cycle 1.4: Third
    - `tests/test_all.py::test_c`
    ### Regression Check
    - Result: 282/282 passed
commit aaa1111: "Cycle 1.2: First" src/a.py
```
"""

import re
from collections.abc import Iterator

from forensics.casework.readings import is_superseded, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import ClaimKind, Confidence, Verdict
from forensics.model.finding import Hit, Rule, Severity, Symptom
from forensics.model.prose import steps_named, upper_first
from forensics.model.report import StepReport, TestCount
from forensics.model.source import Kind

RULE = Rule(
    "CLM011",
    "count-impossible",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT}),
    summary="the test count reported for {} is impossible",
    symptom=Symptom(
        lambda finding: f"Step {finding.culprit} reported more tests than can exist",
        "other steps' tests were in the same work tree and were counted too",
        Confidence.LIKELY,
    ),
)
# The tests that a step adds, from the command in its RED section: `pytest tests/test_a.py::test_b`.
_TEST = re.compile(r"::(test_\w+)")


def detect(case: Case) -> Iterator[Hit]:
    """Yield hits for counts over their total, and for counts that no sum of steps explains."""
    for dossier in case.dossiers:
        for judged in dossier.claims:
            if judged.claim.kind is ClaimKind.COUNT and judged.verdict is Verdict.CONTRADICTED:
                yield Hit(
                    at=judged.claim.ref,
                    culprit=dossier.id,
                    confidence=Confidence.CERTAIN,
                    severity=Severity.LOW,
                    message=f"Step {dossier.id} reports {judged.claim.value} tests: {judged.reason}.",
                )
    yield from _unexplained(case)


def _unexplained(case: Case) -> Iterator[Hit]:
    """Compare each unlanded step's count with the nearest landed step's and the tests that may lie between."""
    base: tuple[StepDossier, TestCount] | None = None
    between: list[StepDossier] = []
    for dossier in (dossier for dossier in case.dossiers if dossier.spec):
        report = dossier.report
        number = _whole(report) if report and not is_superseded(dossier, report) else None
        if number and sure_work(dossier):
            base, between = (dossier, number), []
            continue
        between.append(dossier)
        if base is None or number is None or report is None:
            continue
        others = _ran_beside(case, dossier)
        room = sum(max(1, len(_tests(added))) for added in between)
        excess = number.total - base[1].total - room
        if excess > 0 and others and len(_tests(dossier) | report.test_names) <= max(1, len(_tests(dossier))):
            yield Hit(
                at=number.ref,
                culprit=dossier.id,
                confidence=Confidence.LIKELY,
                related=(base[1].ref,),
                message=f"Step {dossier.id} reports {number.passed}/{number.total} tests, {excess} more than can exist. Step {base[0].id}, the last that "
                f"landed, has {base[1].total}, and {steps_named([added.id for added in between])} can add {room}. "
                f"{upper_first(steps_named(others))} wrote into the same work tree.",
            )


def _ran_beside(case: Case, dossier: StepDossier) -> list[str]:
    """Return the later steps that ran without landing: only they can have left tests in the work tree."""
    place = case.dossiers.index(dossier)
    return [other.id for other in case.dossiers[place + 1 :] if other.started and not sure_work(other)]


def _whole(report: StepReport) -> TestCount | None:
    return next((count for count in report.counts if count.whole_suite), None)


def _tests(dossier: StepDossier) -> frozenset[str]:
    red = dossier.spec and dossier.spec.red
    return frozenset(_TEST.findall((red and red.command) or ""))
