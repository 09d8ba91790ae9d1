"""# Claimed hash is only partly a real hash

The first seven or more digits are those of a real commit; the digits after them are not.

## Why it matters

The hash was not copied from git's output: its last digits were made up. The commit it refers to is probably real, but
the report's other statements are no more reliable than its hash.

## What to do

Read the commit with the same first digits, and check the report's other statements against it.

```case flags at=reports/step-1-4-execution.md:6 severity=medium confidence=certain steps=1.4 culprit=1.4
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

from forensics.detect.hits import on_commits
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.source import Kind

RULE = Rule("CLM004", "commit-altered", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each hash that matches a commit only in its first digits."""
    return on_commits(case, Verdict.ALTERED, "Hash {value}, claimed for {steps}, is not a commit: {reason}.")
