"""# History was rewritten

Most hashes claimed before a certain time are gone, and nearly all claimed after it exist.

## Why it matters

The cause is one event, such as a rebase, `git filter-repo` or an import without history. Judging each hash by itself
would accuse every agent that worked before it.

## What to do

If the early claims matter, find the old history in a backup, another clone or the hosting service.

```case flags at=reports/step-1-1-execution.md:6 severity=medium confidence=likely steps=1.1,1.2,1.3,1.4,1.5,1.6
plan: 1.1 "One", 1.2 "Two", 1.3 "Three", 1.4 "Four", 1.5 "Five", 1.6 "Six", 1.7 "Seven"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
report 1.3: GREEN_VERIFIED, commit 3333aaa
report 1.4: GREEN_VERIFIED, commit 4444aaa
report 1.5: GREEN_VERIFIED, commit 5555aaa
report 1.6: GREEN_VERIFIED, commit 6666aaa
```
```case clears
plan: 1.1 "One", 1.2 "Two"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
```
"""

from collections.abc import Iterator

from forensics.casework.claims.rewrites import lost_to_rewrite
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import count, listing, quote
from forensics.model.source import Kind

RULE = Rule("HIS003", "history-rewritten", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run."""
    lost = lost_to_rewrite(case.claims)
    if lost:
        steps = tuple(dict.fromkeys(one.claim.step for one in lost if one.claim.step))
        yield Hit(
            at=lost[0].claim.ref,
            steps=steps,
            commits=tuple(one.claim.value for one in lost),
            confidence=Confidence.LIKELY,
            related=tuple(one.claim.ref for one in lost),
            message=f"{count(len(lost), 'claimed commit')} ({listing(quote(one.claim.value) for one in lost)}) "
            f"{'is' if len(lost) == 1 else 'are'} missing, like most commits of that time. "
            f"History was rewritten, or the commits were made in another repository.",
        )
