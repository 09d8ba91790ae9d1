"""# Plan was changed while it was carried out

After the first work was committed, the plan lost a step, a rule of order, an expected failure, a test command or a file.

## Why it matters

Reports are checked against the plan as it is now. Whoever edits the plan decides what the reports are checked against.

## What to do

Read the commits that changed the plan. If a person changed it, nothing is wrong. If the agent that was to follow it did,
check its steps against the plan as it was before.

```case flags at=plans/run/runbook.md:6 severity=low confidence=likely steps=1.3 related=aaa2222
before: 1.3 "Empty issues" expects AttributeError, 1.4 "Plan mode"
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py, at 10:00
commit aaa2222: "Tidy the plan" plans/run/runbook.md, at 10:30
```
The rule that went is one that the step had broken:
```case flags at=plans/run/runbook.md:6 severity=medium confidence=likely steps=1.3
before: 1.3 "Empty issues" expects AttributeError
plan: 1.3 "Empty issues" exempt
report 1.3: RED passed
commit aaa2222: "Tidy the plan" plans/run/runbook.md, at 10:30
```
The order, a step and a file are gone:
```case flags at=plans/run/runbook.md:4 severity=low confidence=likely steps=1.3,1.5
before sequential: 1.3 "Empty issues" files src/a.py src/b.py, 1.4 "Plan mode", 1.5 "Quota"
plan: 1.3 "Empty issues" files src/a.py, 1.4 "Plan mode"
commit aaa2222: "Tidy the plan" plans/run/runbook.md, at 10:30
```
A step was added, a title was extended, and more is demanded:
```case clears
before: 1.3 "Empty issues"
plan sequential: 1.3 "Empty issues, and those without a body" expects AttributeError files src/a.py, 1.4 "Plan mode"
commit aaa2222: "Tidy the plan" plans/run/runbook.md, at 10:30
```
The plan was replaced by another one with the same numbers:
```case clears
before: 1.3 "Empty issues" expects AttributeError files src/a.py
plan: 1.3 "Proxy settings" files src/proxy.py
commit aaa2222: "Replace the plan" plans/run/runbook.md, at 10:30
```
Nothing was changed:
```case clears
before sequential: 1.3 "Empty issues" expects AttributeError
plan sequential: 1.3 "Empty issues" expects AttributeError
commit aaa2222: "Tick the boxes" plans/run/runbook.md, at 10:30
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.plan_changes import PlanChange, plan_changes
from forensics.model.case import Case
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import listing, short
from forensics.model.report import RedOutcome
from forensics.model.source import CommitRef

RULE = Rule(
    "ORD006", "plan-changed", Severity.LOW, remedy="Let a person change the plan, or note each change in the report."
)
# Changes named in one message: more hide the sentence they are in.
_NAMED = 5


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run."""
    edit = case.plan_edit
    found = tuple(plan_changes(edit)) if edit else ()
    if edit and found:
        commits = listing((short(sha) for sha in edit.commits), limit=_NAMED)
        yield Hit(
            at=found[0].ref,
            steps=tuple(dict.fromkeys(change.step for change in found if change.step)),
            commits=edit.commits,
            severity=Severity.MEDIUM if any(_was_broken(change, case) for change in found) else None,
            related=(*map(CommitRef, edit.commits), *(change.ref for change in found[1:])),
            message=f"The plan was changed by {commits}, after its first work was committed: {_said(found)}.",
        )


def _said(changes: Sequence[PlanChange]) -> str:
    said = (
        f"step {change.step} {change.what}" if change.step and " rule " not in change.what else change.what
        for change in changes
    )
    return listing(said, limit=_NAMED)


def _was_broken(change: PlanChange, case: Case) -> bool:
    """Return whether the failing test that a step no longer needs is one that its report says it did not see."""
    dossier = case.dossier(change.step)
    reds = [report.red for report in dossier.reports if report.red] if dossier and change.demand else []
    return any(red.outcome in {RedOutcome.PASSED, RedOutcome.SKIPPED, RedOutcome.NOT_RUN} for red in reds)
