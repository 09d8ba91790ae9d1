"""# Report claims another step's commit

The claimed commit exists, but it belongs to another step and changes none of the files that the report names.

## Why it matters

Two steps claim one commit, so one of them has no commit of its own.

## What to do

Read the commit. If it does not contain the step's work, the step is not done.

```case flags at=reports/step-1-5-execution.md:6 severity=high confidence=likely steps=1.5 culprit=1.5
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
Every step adds a line to the changelog, so sharing that file proves nothing:
```case flags at=reports/step-1-5-execution.md:6 severity=high confidence=likely steps=1.5 culprit=1.5
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py CHANGELOG.md
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py CHANGELOG.md
```
A commit that names two steps belongs to both:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Cycle 1.4 + 1.5: Plan mode needs a key, quota is shown" src/mode.py src/quota.py
```
A sentence or a table's row can name another step's commit:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    The limit was raised in Cycle 1.3 (commit aaa1111).

    | Cycle | Commit |
    |---|---|
    | 1.3 | aaa1111 |
    | 1.4 | f3050e2 |
commit aaa1111: "Cycle 1.3: Empty issues" src/other.py
commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
"""

from collections.abc import Iterator

from forensics.detect.hits import on_commits
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.source import Kind

RULE = Rule(
    "CLM005",
    "commit-misattributed",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT}),
    effect=Effect.CONTRADICTS,
    if_landed=Effect.VIOLATES,
    summary="the commits claimed for {} belong to another step",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each commit claimed for the wrong step."""
    return on_commits(case, Verdict.MISATTRIBUTED, "Commit {value} is claimed for {steps}, but {reason}.")
