"""# Report claims another step's commit

The claimed commit exists, but it is another step's, and it changes none of the files the report names.

## Why it matters

Two steps lean on one commit, so one of them has no commit of its own.

## What to do

Read the commit. If the step's work is not in it, the step is open.

```case flags at=reports/step-1-5-execution.md:6
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
A commit for two steps is both steps' commit:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Cycle 1.4 + 1.5: Plan mode needs a key, quota is shown" src/mode.py src/quota.py
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims, refs_of, steps_about
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote, steps_named
from forensics.model.source import Kind

RULE = Rule("CLM005", "commit-misattributed", Severity.HIGH, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each commit claimed for the wrong step."""
    for value, claims in commit_claims(case, Verdict.MISATTRIBUTED).items():
        steps = steps_about(claims)
        yield Hit(
            at=claims[0].claim.ref,
            steps=steps,
            commits=tuple(one.commit for one in claims[:1] if one.commit),
            confidence=claims[0].confidence,
            related=refs_of(claims),
            message=f"Commit {quote(value)} is claimed for {steps_named(steps)}, but {claims[0].reason}.",
        )
