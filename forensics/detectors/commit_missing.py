"""# Claimed commit does not exist

A report claims a commit that does not exist in this clone, under this hash or another.

## Why it matters

The step counts as done but is not. Later steps build on work that does not exist.

## What to do

Look for the commit where the agents ran: `git cat-file -t HASH`, `git reflog`, other clones, pull-request heads.
Its absence proves only that it is not in this clone. If it is nowhere, do the step again.

```case flags at=reports/step-1-4-execution.md:6 severity=critical confidence=likely steps=1.4 culprit=1.4
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
A base commit, a cache key and a number are not claims:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    - Base commit: `abc1234`
    - 1000000 tokens used, cache key 2c2022608febaa99
```
A digest, a time and a key type are not commits, even in a section about commits:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    ## Commit checks
    - 1778830973182 is when it ran, and `ed25519` the key's type
    - Both copies' hashes match: `70e05c6b4f1d4f7a9c570f3f3a7f9b11d2c3e4f5`
```
A commit in a submodule that is not checked out cannot be checked:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    ## Commits
    - Submodule: `da64a98` Cycle 1.4: the script
submodule absent: tools
```
Each invented hash is judged by itself, however many there are:
```case flags at=reports/step-1-1-execution.md:6 severity=critical confidence=likely steps=1.1 culprit=1.1 at=reports/step-1-2-execution.md:6 severity=critical confidence=likely steps=1.2 culprit=1.2 at=reports/step-1-3-execution.md:6 severity=critical confidence=likely steps=1.3 culprit=1.3 at=reports/step-1-4-execution.md:6 severity=critical confidence=likely steps=1.4 culprit=1.4 at=reports/step-1-5-execution.md:6 severity=critical confidence=likely steps=1.5 culprit=1.5 at=reports/step-1-6-execution.md:6 severity=critical confidence=likely steps=1.6 culprit=1.6
plan: 1.1 "One", 1.2 "Two", 1.3 "Three", 1.4 "Four", 1.5 "Five", 1.6 "Six"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
report 1.3: GREEN_VERIFIED, commit 3333aaa
report 1.4: GREEN_VERIFIED, commit 4444aaa
report 1.5: GREEN_VERIFIED, commit 5555aaa
report 1.6: GREEN_VERIFIED, commit 6666aaa
```
One amended commit explains one gone hash, and not two:
```case flags at=reports/step-1-4-execution.md:5 severity=critical confidence=likely steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    - Commit: `f3050e2`
    - Commit: `f3050e2`
    - Commit: `a4050e2`
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 09:40, committed 09:46
```
A rebase made the report's commit again, together with another that it claims, and may have dropped this one:
```case flags at=reports/step-1-4-execution.md:4 severity=medium confidence=possible steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    - Commit: `f3050e2` Cycle 1.4: Plan mode needs a key
    - Commit: `a4050e2` Cycle 1.4: Put the deleted keys back
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 09:40, committed 11:00
commit bbb2222: "Report" reports, authored 09:50, committed 11:01
```
Its first digits are those of a commit that another step rightly claims, and the others are made up:
```case flags at=reports/step-1-5-execution.md:6 severity=critical confidence=likely steps=1.5 culprit=1.5
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
report 1.5: GREEN_VERIFIED, commit aaa1111222233334444555566667777888899990
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
The report on another step claims the commit for this one:
```case flags at=reports/step-1-5-execution.md:6 severity=high confidence=likely steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key", 1.5 "Quota"
report 1.5: STOP_CONDITION, cites f3050e2 "Cycle 1.4: Plan mode needs a key"
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims
from forensics.detect.hits import refs_of, steps_about
from forensics.detect.remedies import CHECK_THE_COMMIT
from forensics.model.case import Case
from forensics.model.claim import Confidence, JudgedClaim, Verdict
from forensics.model.finding import Effect, Hit, Rule, Severity, Symptom
from forensics.model.prose import quote, steps_named
from forensics.model.report import Role
from forensics.model.source import Kind

RULE = Rule(
    "CLM001",
    "commit-missing",
    Severity.CRITICAL,
    needs=frozenset({Kind.REPORT}),
    effect=Effect.CONTRADICTS,
    summary="the commits claimed for {} do not exist in this clone",
    symptom=Symptom(
        lambda finding: f"Commit {quote(finding.commits[0])} of {steps_named(finding.steps)} was lost",
        "commits made on a branch that others reset, amend or rebase do not survive",
        Confidence.POSSIBLE,
    ),
    remedy=CHECK_THE_COMMIT,
)


def _severity(judged: JudgedClaim, *, own: bool) -> Severity | None:
    """Return how bad it is: a commit that a rewrite may have dropped, or a shallow clone cannot show, is a question."""
    if judged.confidence is Confidence.POSSIBLE:
        return Severity.MEDIUM
    return None if own else Severity.HIGH


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each missing hash, at the step's own claim if there is one."""
    for value, claims in commit_claims(case, Verdict.MISSING).items():
        own = [judged for judged in claims if judged.claim.role is Role.OWN and judged.claim.step]
        others = [judged for judged in claims if judged.claim.role is not Role.BASE and judged.claim.about]
        if not own and not others:
            continue
        first = (own or others)[0]
        steps = steps_about((first,))
        writer = f"the report on step {first.claim.step}" if first.claim.step else quote(first.claim.ref.path)
        who = "its own report" if own else writer
        yield Hit(
            at=first.claim.ref,
            culprit=next(iter(steps), None),
            commits=(value,),
            confidence=first.confidence,
            severity=_severity(first, own=bool(own)),
            related=refs_of(claims),
            message=f"Commit {quote(value)}, claimed for {steps_named(steps)} by {who}, does not exist in this clone: {first.reason}.",
        )
