"""# Claimed commit is gone and was redone later

The claimed commit does not exist, and a later commit did the step again.

## Why it matters

The work exists, but it is not the work that was reported: the first report was wrong, and the step was paid for twice.

## What to do

Trust the later commit. Mark the first report as superseded, and count the step as two attempts.

```case flags at=reports/step-1-4-execution.md:6 severity=medium confidence=certain steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key"
commit bbb2222: "Document the run" reports, at 10:30
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 21:30
```
A commit with the same author time is the claimed one, rebased:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 10:00, committed 21:30
commit bbb2222: "Document the run" reports, at 22:00
```
Both steps' reports cite the hash; the step that claims it as its own is at fault:
```case flags at=reports/step-1-4-execution.md:6 severity=medium confidence=certain steps=1.4 culprit=1.4 commits=f3050e2,aaa1111
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
report 1.3: GREEN_VERIFIED, cites f3050e2 "Cycle 1.4: Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key"
commit bbb2222: "Document the run" reports, at 10:30
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 21:30
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims
from forensics.detect.hits import refs_of, steps_about
from forensics.detect.remedies import CHECK_THE_COMMIT
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote, steps_named
from forensics.model.report import Role
from forensics.model.source import Kind

RULE = Rule("CLM002", "commit-redone", Severity.MEDIUM, needs=frozenset({Kind.REPORT}), remedy=CHECK_THE_COMMIT)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each claimed hash whose step was carried out again."""
    for value, claims in commit_claims(case, Verdict.REDONE).items():
        first = next((one for one in claims if one.claim.role is Role.OWN), claims[0])
        steps = steps_about((first,))
        yield Hit(
            at=first.claim.ref,
            culprit=next(iter(steps), None),
            commits=(value, *([first.twin] if first.twin else [])),
            confidence=first.confidence,
            related=refs_of(claims),
            message=f"Commit {quote(value)}, claimed for {steps_named(steps)}, is gone: {first.reason}.",
        )
