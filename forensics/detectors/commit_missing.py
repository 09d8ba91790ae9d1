"""# Claimed commit missing

A report names a commit as work done, and no such commit exists here or lives on under another hash.

## Why it matters

The step counts as done and is not. Whoever builds on it builds on nothing.

## What to do

Look for the commit where the agents ran: `git cat-file -t HASH`, `git reflog`, other clones, pull-request heads.
Absence proves only that it is not in this clone. If it is nowhere, the step has to be done again.

```case flags at=reports/step-1-4-execution.md:6 severity=critical confidence=likely steps=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key"
```
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "Cycle 1.4: Plan mode needs a key"
commit f3050e2: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
An amended commit leaves its old hash behind:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "WIP: Cycle 1.4"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 09:40, committed 09:46
```
A base, a quotation and a number are no claims:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    - Base commit: `abc1234`
    - 1000000 tokens used, cache key 2c2022608febaa99
```
A commit said to lie in a submodule that is not here cannot be judged:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    ## Commits
    - Submodule: `da64a98` Cycle 1.4: the script
submodule absent: tools
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims
from forensics.detect.hits import refs_of, steps_about
from forensics.model.case import Case
from forensics.model.claim import Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote, steps_named
from forensics.model.report import Role
from forensics.model.source import Kind

RULE = Rule("CLM001", "commit-missing", Severity.CRITICAL, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each missing hash, at the step's own claim if there is one."""
    for value, claims in commit_claims(case, Verdict.MISSING).items():
        own = [one for one in claims if one.claim.role is Role.OWN]
        others = [one for one in claims if one.claim.role is Role.OTHER and one.claim.about]
        if not own and not others:
            continue
        first = (own or others)[0]
        steps = steps_about((first,))
        who = "its own report" if own else f"the report on step {first.claim.step}"
        yield Hit(
            at=first.claim.ref,
            steps=steps,
            commits=(value,),
            confidence=first.confidence,
            severity=None if own else Severity.HIGH,
            related=refs_of(claims),
            message=f"Commit {quote(value)}, claimed for {steps_named(steps)} by {who}, does not exist here: {first.reason}.",
        )
