"""# Claimed commit is unreachable

The commit is in the repository, but no branch, tag or other ref contains it.

## Why it matters

The work is real but about to be lost: git deletes unreachable objects after some weeks.

## What to do

Give it a branch now (`git branch rescued HASH`), then decide whether to merge or drop it.

```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=certain steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, dangling
```
The same commit, rebased, is on the branch:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00, dangling
commit bbb2222: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 10:00, committed 10:20
```
"""

from collections.abc import Iterator

from forensics.detect.hits import on_commits
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.source import Kind

RULE = Rule(
    "CLM003",
    "commit-unreachable",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT}),
    effect=Effect.NOTHING,
    summary="the commits of {} are unreachable",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each claimed commit that is unreachable."""
    return on_commits(
        case, Verdict.UNREACHABLE, "Commit {value} of {steps} is unreachable, so git may delete it: {reason}."
    )
