"""# Later steps continued after an unresolved stop

A step's agent stopped, nothing shows that the step was resolved, and later steps that depend on it were carried out.

## Why it matters

What was built afterwards depends on a step that its own agent declared unfinished.

## What to do

Resolve the stopped step first, then check each later commit against it.

```case flags at=reports/step-1-3-execution.md:3 severity=high confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
commit bbb2222: "Document the stop" reports, at 10:00
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 11:00
```
The stopped step was done later:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
commit bbb2222: "Document the stop" reports, at 10:00
commit ccc3333: "Cycle 1.3: Empty issues" src/a.py, at 10:30
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 11:00
```
The later work came before the stop was written, or its step may run in parallel:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota", 1.6 "Proxy"
parallel: 1.3, 1.5
report 1.3: STOP_CONDITION
report 1.6: STOP_CONDITION
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:00
commit bbb2222: "Document the stop" reports, at 10:00
commit ccc1111: "Cycle 1.5: Quota" src/c.py, at 11:00
```
The step did not stop:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED
report 1.4:
    # Cycle 1.4: Plan mode
commit bbb2222: "Document the step" reports, at 10:00
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 11:00
```
A report that was never committed has no time:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 11:00
```
"""

from collections.abc import Iterator
from datetime import datetime

from forensics.casework.clock import written_by
from forensics.casework.order import must_precede
from forensics.casework.readings import stopped, sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import short, steps_named
from forensics.model.source import CommitRef, Kind

RULE = Rule(
    "ORD003",
    "work-past-stop",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT, Kind.PLAN}),
    effect=Effect.NOTHING,
    summary="work continued after the stop at {}",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each unresolved stop with later work after it."""
    for dossier in case.dossiers:
        report = dossier.report
        if report is None or report.status is None or not stopped(report) or dossier.commits:
            continue
        written = written_by(report, case.history)
        later = [
            (other, commit)
            for other in case.dossiers
            if must_precede(case.plan, dossier.id, other.id) and (commit := _first_after(case, other, written))
        ]
        if written and later:
            steps = [other.id for other, _ in later]
            yield Hit(
                at=report.status.ref,
                culprit=dossier.id,
                steps=tuple(steps),
                commits=tuple(commit.sha for _, commit in later),
                related=tuple(CommitRef(commit.sha) for _, commit in later),
                message=f"Step {dossier.id} stopped, and nothing shows that the stop was resolved. Work continued with {steps_named(steps)}, "
                f"first in {short(later[0][1].sha)}.",
            )


def _first_after(case: Case, dossier: StepDossier, moment: datetime | None) -> Commit | None:
    return next((one.commit for one in sure_work(dossier) if moment and one.commit.author_time > moment), None)
