"""# Claimed commit exists, but nothing reaches it

The object is in the repository, yet no branch, tag or other ref leads to it.

## Why it matters

The work is real and lost: git deletes unreachable objects after some weeks.

## What to do

Give it a branch now (`git branch rescued HASH`), then decide whether to merge or to drop it.

```case flags at=reports/step-1-4-execution.md:6
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, dangling
```
A rebased twin on the branch is the same work:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00, dangling
commit bbb2222: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 10:00, committed 10:20
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims, refs_of, steps_about
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote, steps_named
from forensics.model.source import Kind

RULE = Rule("CLM003", "commit-unreachable", Severity.HIGH, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each claimed commit that no ref reaches."""
    for value, claims in commit_claims(case, Verdict.UNREACHABLE).items():
        steps = steps_about(claims)
        yield Hit(
            at=claims[0].claim.ref,
            steps=steps,
            commits=tuple(one.commit for one in claims[:1] if one.commit),
            confidence=claims[0].confidence,
            related=refs_of(claims),
            message=f"Commit {quote(value)} of {steps_named(steps)} is about to be lost: {claims[0].reason}.",
        )
