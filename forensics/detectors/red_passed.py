"""# Test passed in RED

The step's test passed before its code was written, although it had to fail first.

## Why it matters

A test that passes without the code proves nothing about the code. Or the code was already there: another agent or an
earlier step had written it.

## What to do

If the agent stopped, find out where the code came from before you continue. If it went on, the step's test is unproven:
remove the implementation and check that the test fails.

```case flags at=reports/step-1-3-execution.md:6 severity=critical confidence=certain steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED passed
```
```case flags at=reports/step-1-3-execution.md:2 severity=critical confidence=certain steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** PASS unexpected ([REGRESSION] behaviour, already there)
```
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: RED failed AttributeError
```
The step file exempts the step:
```case clears
plan: 1.3 "Empty issues" expects AttributeError exempt
report 1.3: RED passed
```
Check marks, gate names and denials are not violations:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** GREEN_VERIFIED
    ### RED Phase
    - Result: PASS (failed as expected)
    ## Checks
    - RED PASSED ✓
    - RED violation: No
    - No [REGRESSION] marker, no RED violations
```
The step does not ask for a failing test:
```case clears
plan: 1.3 "Empty issues"
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** PASS unexpected
```
The agent stopped for a line limit, not because of RED:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
    - RED result: FAIL as expected (AttributeError)
    - Stop condition: line limit exceeded (438 > 400); if the test passes, STOP
```
The agent stopped, as it should:
```case flags at=reports/step-1-3-execution.md:6 severity=high confidence=certain steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: STOP_CONDITION, RED passed
```
The report says that the test passed, but not that this was unexpected:
```case flags at=reports/step-1-3-execution.md:4 severity=high confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
    ### RED Phase
    - Result: The new test passed without any implementation
```
The step file itself was unsure how the test would fail:
```case flags at=reports/step-1-3-execution.md:6 severity=medium confidence=certain steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects "AttributeError, possibly ImportError"
report 1.3: STOP_CONDITION, RED passed
```
Without a plan, the report's own words are the demand, and a pass that it excuses is none:
```case flags at=reports/step-1-3-execution.md:4 severity=medium confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    ### RED Phase
    - Expected failure: KeyError
    - Result: PASS (existing behavior)
```
```case flags at=reports/step-1-3-execution.md:2 severity=medium confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** PASS unexpected
```
```case flags at=reports/step-1-3-execution.md:2 severity=low confidence=possible steps=1.3 culprit=1.3
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** PASS (implementation already there)
```
```case clears
report 1.3:
    # Cycle 1.3: Empty issues
    **RED result:** PASS (regression: implementation already there)
report 1.4:
    # Cycle 1.4: Plan mode
    ### RED Phase
    - Expected behavior: the test should pass, this is a regression guard
    - Actual: PASS
```
Two runbooks use one number, and the title says which of the two is meant:
```case clears
plan: 1.3 "Empty issues of the parser" expects AttributeError
file plans/run/runbook-rework.md:
    ## Cycle 1.3: Drop the unused quota table [REGRESSION]
    **RED Phase:** see it pass
report 1.3:
    # Cycle 1.3: Drop the unused quota table
    **RED result:** PASS unexpected
```
```case flags at=reports/step-1-3-execution.md:2 severity=critical confidence=certain steps=1.3 culprit=1.3
plan: 1.3 "Empty issues of the parser" expects AttributeError exempt
file plans/run/runbook-rework.md:
    ## Cycle 1.3: Drop the unused quota table
    **RED Phase:** see it fail
report 1.3:
    # Cycle 1.3: Drop the unused quota table
    **RED result:** PASS unexpected
```
A title that fits neither may be the step that allows a pass:
```case clears
plan: 1.3 "Empty issues of the parser" expects AttributeError exempt
file plans/run/runbook-rework.md:
    ## Cycle 1.3: Drop the unused quota table
    **RED Phase:** see it fail
report 1.3:
    # Cycle 1.3 Execution Report
    **RED result:** PASS unexpected
```
"""

import re
from collections.abc import Iterator

from forensics.casework.agents.concurrency import written_under
from forensics.casework.readings import red_accounts, stopped_for_red
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Finding, Hit, Rule, Severity, Symptom
from forensics.model.plan import RedDemand
from forensics.model.prose import listing, quote, steps_named
from forensics.model.report import RedOutcome, RedResult
from forensics.model.source import Kind, Ref


def _already_written(case: Case, finding: Finding) -> tuple[str, tuple[Ref, ...]] | None:
    """Return who had written what into the step's work tree before its test first ran, as transcripts show it."""
    under = written_under(case, finding.culprit or "")
    if not under:
        return None
    paths = listing(dict.fromkeys(quote(race.path) for race in under), limit=3)
    writers = steps_named(tuple(race.writer_step for race in under))
    refs = tuple(ref for race in under for ref in (race.write.ref, race.access.ref))
    return f"before it ran, {writers} had written {paths} into its work tree", refs


RULE = Rule(
    "RED001",
    "red-passed",
    Severity.CRITICAL,
    needs=frozenset({Kind.REPORT}),
    summary="the new test of {} passed before its code was written",
    symptom=Symptom(
        lambda finding: f"Step {finding.culprit}'s test passed in RED",
        "the code whose absence it was to show was already in the work tree",
        Confidence.LIKELY,
        shown=_already_written,
    ),
    remedy="Stop a step whose test passes in RED; where a pass is expected, mark the step `[REGRESSION]` in the plan.",
)
# A step file that is not sure whether its test fails did not demand a failure: the plan shares the blame.
_HEDGED = re.compile(r"\b(?:may|might|could|if|possibly|probably|perhaps)\b", re.IGNORECASE)
# Reports that call the pass itself wrong leave no doubt: `PASS unexpected`, `test passed immediately`.
_PLAIN = re.compile(r"unexpected|violation|immediately", re.IGNORECASE)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account in which RED passed and no step file allows it."""
    for dossier, report, demand, superseded in red_accounts(case):
        if report.red is None or report.red.outcome is not RedOutcome.PASSED:
            continue
        halted = stopped_for_red(report)
        again = " A later attempt replaced this one." if superseded else ""
        yield Hit(
            at=report.red.ref,
            culprit=dossier.id,
            confidence=_confidence(demand, report.red),
            severity=_severity(demand, report.red, halted=halted, superseded=superseded),
            related=(demand.ref, *([report.status.ref] if report.status else [])),
            message=f"Step {dossier.id}'s test passed in RED, {_wanted(demand)}. The "
            f"report says {quote(report.red.text)}. The agent {'stopped' if halted else 'continued'}.{again}",
        )


def _wanted(demand: RedDemand) -> str:
    wanted = quote(demand.text) if demand.text else "a failing test"
    if not demand.by_report:
        return f"where the step requires {wanted}"
    return f"where its report expects {wanted}" if demand.text else "and no plan is known that allows it"


def _confidence(demand: RedDemand, red: RedResult) -> Confidence:
    if demand.by_report:
        return Confidence.POSSIBLE
    return Confidence.CERTAIN if _PLAIN.search(red.text) else Confidence.LIKELY


def _severity(demand: RedDemand, red: RedResult, *, halted: bool, superseded: bool) -> Severity:
    """Return how bad it is: an agent that stopped did right, and a step that hedged its demand shares the blame.

    Without a plan, nobody knows whether the step might pass: it counts for more if its report was surprised.
    """
    if superseded:
        return Severity.LOW
    if demand.by_report:
        return Severity.MEDIUM if demand.text or _PLAIN.search(red.text) else Severity.LOW
    if _HEDGED.search(demand.text):
        return Severity.MEDIUM
    return Severity.HIGH if halted else Severity.CRITICAL
