"""# Two steps claim the same commit

The reports on two steps claim one commit as their own work. It changes none of the files of one of them, or that step's
report says itself that another agent made the commit.

## Why it matters

One of the steps has no commit of its own. Its work is missing, or it is in a commit that cannot be reverted or picked
without the other step's work.

## What to do

Read the commit. If it does not contain the second step's work, the step is not done. If it does, treat both steps as
one when you revert or pick.

```case flags at=reports/step-1-5-execution.md:6 severity=high confidence=likely steps=1.5,1.4 culprit=1.5 commits=aaa1111 related=reports/step-1-4-execution.md:6
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Check the key" src/mode.py
```
```case flags at=reports/step-1-5-execution.md:6 severity=medium confidence=possible steps=1.5,1.4 culprit=1.5
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5: GREEN_VERIFIED, commit aaa1111
commit aaa1111: "Check the key" src/mode.py
```
The report says itself that the other step's agent made the commit, which took this step's files with it:
```case flags at=reports/step-1-5-execution.md:6 severity=high confidence=likely steps=1.4,1.5 culprit=1.4
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5:
    # Cycle 1.5: Quota is shown
    **Status:** GREEN_VERIFIED
    ## Files Modified
    - src/quota.py
    ## Commits
    - `aaa1111` (committed by cycle 1.4's agent, which ran beside this one)
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/quota.py
```
The commit's subject names both steps:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Cycles 1.4 and 1.5: Plan mode needs a key, quota is shown" src/mode.py src/quota.py
```
The commit contains files of both steps:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Keys and quotas" src/mode.py src/quota.py
```
The second report says that both were committed as one on purpose:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5:
    # Cycle 1.5: Quota is shown
    **Status:** GREEN_VERIFIED
    - Commit: `aaa1111` (same commit as cycle 1.4)
commit aaa1111: "Check the key" src/mode.py
```
A squash brings the reports with the work:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5: GREEN_VERIFIED, commit aaa1111, files src/quota.py
commit aaa1111: "Everything of today" src/mode.py reports
```
A step with a commit of its own cites another's beside it:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit aaa1111, files src/mode.py
report 1.5: GREEN_VERIFIED, commit bbb2222, commit aaa1111, files src/quota.py
commit aaa1111: "Check the key" src/mode.py
commit bbb2222: "Cycle 1.5: Quota is shown" src/quota.py
```
A session says that it made another session's commit:
```case flags at=S2.jsonl:3 severity=low confidence=possible steps=S2,S1 culprit=S2 commits=aaa1111
commit aaa1111: "Add a parser" src/parser.py, at 10:02
session S1: "Add a parser"
session S2: "Add rows"
S1 10:02 runs: git commit -m "Add a parser"
    [main aaa1111] Add a parser
S2 10:03 reads src/parser.py
S2 10:05 says: "I committed it as `aaa1111`."
```
A session reports what its subagent made, and another one only cites it:
```case clears
commit aaa1111: "Add a parser" src/parser.py, at 10:02
session S1: "Add a parser"
session S2: "Review it"
S1 10:01 launches a1: "Add a parser"
a1 10:02 runs: git commit -m "Add a parser"
    [main aaa1111] Add a parser
S1 10:03 says: "I committed it as `aaa1111`."
S2 10:05 says: "Commit `aaa1111` looks fine."
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.claims.shared_claims import SharedClaim, Sharing
from forensics.casework.claims.shared_unit_claims import SharedUnitClaim
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import quote, short
from forensics.model.source import Kind

RULE = Rule(
    "CLM014",
    "commit-claimed-twice",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT}),
    effect=Effect.CONTRADICTS,
    if_landed=Effect.VIOLATES,
    summary="the commits claimed for {} are claimed for another step, too",
)


def detect(shared_claims: Sequence[SharedClaim], shared_unit_claims: Sequence[SharedUnitClaim]) -> Iterator[Hit]:
    """Yield one hit for each step that claims a commit of another."""
    yield from map(_of_units, shared_unit_claims)
    for shared in shared_claims:
        first, second = shared.claims
        said = shared.sharing is Sharing.SAID
        unknown = shared.sharing is Sharing.UNKNOWN
        yield Hit(
            at=second.claim.ref,
            culprit=shared.owner if said else shared.other,
            steps=(shared.owner, shared.other),
            commits=(shared.commit.sha,),
            severity=Severity.MEDIUM if unknown else None,
            confidence=Confidence.POSSIBLE if unknown else Confidence.LIKELY,
            related=(first.claim.ref,),
            message=_message(shared),
        )


def _of_units(shared: SharedUnitClaim) -> Hit:
    """Return the hit for a message; a session that goes on with another's work may rightly speak for both."""
    return Hit(
        at=shared.judged.claim.ref,
        culprit=shared.unit,
        steps=(shared.owner,),
        commits=(shared.sha,),
        severity=Severity.LOW,
        confidence=Confidence.POSSIBLE,
        message=f"Step {shared.unit} says that it committed {short(shared.sha)}, but the transcript of step {shared.owner} shows it made "
        "there.",
    )


def _message(shared: SharedClaim) -> str:
    owner, other = shared.owner, shared.other
    commit = f"{short(shared.commit.sha)}, {quote(shared.commit.subject)},"
    if shared.sharing is Sharing.SAID:
        return f"Step {owner}'s commit {commit} holds work of step {other}: its report says that another agent committed it."
    both = f"Steps {owner} and {other} both claim {commit} as their own work, but"
    if shared.sharing is Sharing.NO_FILE:
        return f"{both} it changes none of the files named for step {other}."
    return f"{both} step {other} names no files and has no other commit."
