"""# Claimed commit is not on this branch

The claimed commit exists, but only other branches or refs contain it.

## Why it matters

The work was done but is not in what will be released. Usually its branch has not been merged yet.

## What to do

Merge or cherry-pick it, or analyse the branch that contains it.

```case flags at=reports/step-1-4-execution.md:6 severity=low confidence=certain steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, on refs/heads/agent-4
```
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
A hash that the report only cites is not claimed as the step's own work:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, cites aaa1111 "Cycle 1.3: Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/mode.py, on refs/heads/agent-4
```
A session works on a branch, and its message names that branch's commit:
```case clears
commit aaa1111: "Add a parser" src/a.py, at 10:02, on refs/heads/topic
session S1: "Add a parser", on topic
S1 10:01 writes src/a.py
S1 10:02 commits aaa1111
S1 10:03 says: "Committed as `aaa1111`."
```
"""

from collections.abc import Iterator

from forensics.detect.hits import on_commits
from forensics.model.case import Case
from forensics.model.claim import JudgedClaim, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.report import Role
from forensics.model.source import Kind

RULE = Rule("CLM006", "commit-elsewhere", Severity.LOW, needs=frozenset({Kind.REPORT, Kind.STEP}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step's own commit that only other refs reach, except commits of submodules."""

    def is_own_and_here(judged: JudgedClaim) -> bool:
        return judged.claim.role is Role.OWN and case.history.get(judged.commit) is not None

    return on_commits(
        case, Verdict.ELSEWHERE, "Commit {value} of {steps} is not on this branch: {reason}.", keep=is_own_and_here
    )
