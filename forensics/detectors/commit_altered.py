"""# Claimed hash is real at its head and wrong in its tail

The first seven or more digits are a real commit's; the digits after them are not.

## Why it matters

Nobody types such a hash from git's output: the tail was made up. The commit meant is probably real, but the report
was not copied from what git said, and the rest of it deserves the same doubt.

## What to do

Read the commit that was probably meant, and check the report's other statements against it.

```case flags at=reports/step-1-4-execution.md:6
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111222233334444555566667777888899990 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims, refs_of, steps_about
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote, steps_named
from forensics.model.source import Kind

RULE = Rule("CLM004", "commit-altered", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each hash with an altered tail."""
    for value, claims in commit_claims(case, Verdict.ALTERED).items():
        steps = steps_about(claims)
        yield Hit(
            at=claims[0].claim.ref,
            steps=steps,
            commits=(value, *(one.twin for one in claims[:1] if one.twin)),
            confidence=claims[0].confidence,
            related=refs_of(claims),
            message=f"Hash {quote(value)}, claimed for {steps_named(steps)}, names no commit: {claims[0].reason}.",
        )
