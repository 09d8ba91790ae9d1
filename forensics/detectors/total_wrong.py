"""# The plan's declared step count is wrong

The plan states a number of steps that differs from the number of steps it describes.

## Why it matters

"36 of 45 done" and "36 of 37 done" lead to different decisions, and an orchestrator may look for steps that do not exist.

## What to do

Correct the number, and measure progress by the steps that the plan describes.

```case flags at=plans/run/runbook.md:3 severity=low confidence=certain
plan total 45: 1.1 "Set up", 1.2 "First"
```
```case clears
plan total 2: 1.1 "Set up", 1.2 "First"
```
A plan without a stated number has nothing to correct:
```case clears
plan: 1.1 "Set up", 1.2 "First"
```
A plan with inline phases, stated beside the number or not, or with two steps of one number is not counted:
```case clears
plan total 45: 1.1 "Set up", 1.2 "First"
file plans/run/runbook-phase-2.md:
    INLINE: quality gate
```
```case clears
plan: 1.1 "Set up", 1.2 "First"
file plans/run/execution-plan.md:
    **Total Steps**: 45 (43 inline)
```
```case clears
plan total 45: 1.1 "Set up", 1.2 "First"
file plans/run/runbook-phase-2.md:
    ## Cycle 1.2: Second
```
The number is for the steps of its own file, or for the whole plan if that file has none:
```case clears
plan total 2: 1.1 "Set up", 1.2 "First"
file plans/run/runbook-phase-2.md:
    ## Cycle 2.1: Second
```
```case clears
plan: 1.1 "Set up", 1.2 "First"
file plans/run/execution-plan.md:
    **Total Steps**: 2
```
"""

from collections.abc import Iterator

from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity

RULE = Rule("REP004", "total-wrong", Severity.LOW, remedy="Correct the declared number of steps.")


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit where the declared total is wrong; plans with inline phases or reused numbers are not counted."""
    plan = case.plan
    if plan.declared is None or plan.inline_phases or plan.reused_ids or "inline" in plan.declared.text:
        return
    described = plan.declared.found or len(plan.steps)
    if plan.declared.number == described:
        return
    yield Hit(
        at=plan.declared.ref,
        confidence=Confidence.CERTAIN,
        related=(plan.steps[0].ref, plan.steps[-1].ref),
        message=f"The plan declares {plan.declared.number} steps but describes {described}.",
    )
