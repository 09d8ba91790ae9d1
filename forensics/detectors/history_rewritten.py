"""# History was rewritten

Most commits claimed before a certain time now have other hashes, and nearly all claimed after it exist.

## Why it matters

One event, such as a rebase or `git filter-repo`, changed the hashes that many reports cite. A claimed commit without a
trace may have been dropped by it, because the rewrite drops commits that become empty.

The number of absent hashes alone shows no rewrite. At least five commits must live on under other hashes, and most of
the others with them.

## What to do

Take the new hashes from CLM007. If a commit without a trace matters, look for the old history in a backup, another
clone or the hosting service.

```case flags at=reports/step-1-1-execution.md:6 severity=low confidence=likely steps=1.1,1.2,1.3,1.4,1.5
plan: 1.1 "Count axles", 1.2 "Light the sign", 1.3 "Print receipts", 1.4 "Weigh a lorry", 1.5 "Close the gate"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
report 1.3: GREEN_VERIFIED, commit 3333aaa
report 1.4: GREEN_VERIFIED, commit 4444aaa
report 1.5: GREEN_VERIFIED, commit 5555aaa
commit aaa1111: "Cycle 1.1: Count axles" src/a.py, authored 09:01, committed 11:00
commit aaa2222: "Cycle 1.2: Light the sign" src/b.py, authored 09:02, committed 11:00
commit aaa3333: "Cycle 1.3: Print receipts" src/c.py, authored 09:03, committed 11:00
commit aaa4444: "Cycle 1.4: Weigh a lorry" src/d.py, authored 09:04, committed 11:00
commit aaa5555: "Cycle 1.5: Close the gate" src/e.py, authored 09:05, committed 11:00
```
One commit has no trace; CLM001 reports it, as possible:
```case flags at=reports/step-1-1-execution.md:6 severity=medium confidence=likely steps=1.1,1.2,1.3,1.4,1.5,1.6 commits=6666aaa
plan: 1.1 "Count axles", 1.2 "Light the sign", 1.3 "Print receipts", 1.4 "Weigh a lorry", 1.5 "Close the gate", 1.6 "Mend a lamp"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
report 1.3: GREEN_VERIFIED, commit 3333aaa
report 1.4: GREEN_VERIFIED, commit 4444aaa
report 1.5: GREEN_VERIFIED, commit 5555aaa
report 1.6: GREEN_VERIFIED, commit 6666aaa
commit aaa1111: "Cycle 1.1: Count axles" src/a.py, authored 09:01, committed 11:00
commit aaa2222: "Cycle 1.2: Light the sign" src/b.py, authored 09:02, committed 11:00
commit aaa3333: "Cycle 1.3: Print receipts" src/c.py, authored 09:03, committed 11:00
commit aaa4444: "Cycle 1.4: Weigh a lorry" src/d.py, authored 09:04, committed 11:00
commit aaa5555: "Cycle 1.5: Close the gate" src/e.py, authored 09:05, committed 11:00
```
Hashes that are only absent are missing (CLM001):
```case clears
plan: 1.1 "One", 1.2 "Two", 1.3 "Three", 1.4 "Four", 1.5 "Five", 1.6 "Six"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
report 1.3: GREEN_VERIFIED, commit 3333aaa
report 1.4: GREEN_VERIFIED, commit 4444aaa
report 1.5: GREEN_VERIFIED, commit 5555aaa
report 1.6: GREEN_VERIFIED, commit 6666aaa
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims
from forensics.detect.hits import steps_about
from forensics.model.case import Case
from forensics.model.claim import Confidence, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import count, listing, quote
from forensics.model.report import Role
from forensics.model.source import Kind

RULE = Rule("HIS003", "history-rewritten", Severity.MEDIUM, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run, if its own claims are among those from before a rewrite."""
    rewrite = case.rewrite
    groups = commit_claims(case, Verdict.REWRITTEN, Verdict.SELF_CITING, Verdict.MISSING)
    own = tuple(group[0] for group in groups.values() if group[0].claim.role is Role.OWN)
    if rewrite is None or not own:
        return
    lost = tuple(dict.fromkeys(judged.claim.value for judged in own if judged.claim.value in rewrite.traceless))
    without = f" {listing(map(quote, lost))} {'has' if len(lost) == 1 else 'have'} no trace." if lost else ""
    yield Hit(
        at=own[0].claim.ref,
        steps=steps_about(own),
        commits=lost,
        severity=None if lost else Severity.LOW,
        confidence=Confidence.LIKELY,
        related=tuple(judged.claim.ref for judged in own),
        message=f"History was rewritten: {count(rewrite.gone, 'commit')} claimed by reports no longer "
        f"{'exists' if rewrite.gone == 1 else 'exist'} by that hash, and {rewrite.replaced} of them live on under other hashes.{without}",
    )
