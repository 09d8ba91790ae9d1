"""# A pull request was merged almost empty

Its message lists work that its diff does not contain, because another pull request had already brought that work in.
Where it keeps most of its lines, the finding is of low severity.

## Why it matters

The ticket counts as done by this pull request, but its work was reviewed, tested and merged under another name. Reverting
this one leaves the work in; reverting the other removes it.

## What to do

Note in the ticket which commit contains its work. If that commit is ever reverted, this ticket's work goes with it.

```case flags at=d1d0000000000000000000000000000000000000 severity=high confidence=likely steps=R11,R50 culprit=R11 commits=d1d0000,c1c0000,b1b0000 files=src/intents.py
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
commit b2b: "R11: Tidy" src/intents.py[j1-4], at 10:05, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-4], at 10:19, after c1c, lists 'R11: Intents' and 'R11: Tidy'
```
The earlier ticket had swept the edits up: it is at fault, and the one merged empty suffers:
```case flags at=d1d0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R11 culprit=R50 victim=R11 commits=d1d0000,c1c0000,b1b0000 files=src/intents.py
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/intents.py[i1-9], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:23, after 000, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41, after 000
commit b2b: "R11: Tidy" src/intents.py[j1-4], at 10:05, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-4], at 10:19, after c1c, lists 'R11: Intents' and 'R11: Tidy'
```
It changes nothing at all:
```case flags at=d1d0000000000000000000000000000000000000 severity=medium confidence=likely steps=R00,R36 culprit=R00
tickets: R\\d+
commit c1c: "Branding (R36) (#4)" src/brand.py[q1-19], at 09:41, lists 'R36: Brand'
commit d1d: "Baseline (R00) (#5)", at 10:19, lists 'R36: Brand'
```
An empty commit that was made on purpose:
```case clears
tickets: R\\d+
commit a1a: "R50: Close the audit", at 09:12, on refs/pull/4/head
commit c1c: "Close the audit (R50) (#4)", at 09:41
```
A pull request that was merged a second time, with nothing left to add:
```case clears
tickets: R\\d+
commit c1c: "Branding (R36) (#4)" src/brand.py[q1-19], at 09:41, lists 'R36: Brand'
commit d1d: "Branding (R36) (#4)", at 09:44, lists 'R36: Brand'
```
Work that a follow-up replaced within the same pull request:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit b2b: "R11: Intents anew" src/intents.py[j1-9;-i1-9], at 09:23, after b1b, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-9], at 10:19, lists 'R11: Intents' and 'R11: Intents anew'
```
The commit was made on another ticket's branch and moved off it later, so it was not cherry-picked:
```case flags at=d1d0000000000000000000000000000000000000 severity=high confidence=likely steps=R11,R50 culprit=R11
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
commit b2b: "R11: Intents" src/intents.py[i1-9], authored 09:13, committed 09:50, after 000, on refs/pull/5/head
commit b3b: "R11: Tidy" src/intents.py[j1-4], at 10:05, after b2b, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-4], at 10:19, after c1c, lists 'R11: Intents' and 'R11: Tidy'
```
A fix that another ticket cherry-picked on purpose:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit b2b: "R11: Mend CI" src/ci.py[k1-9], at 09:14, after b1b, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after 000, on refs/pull/4/head
commit b3b: "R11: Mend CI" src/ci.py[k1-9], authored 09:14, committed 09:23, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/ci.py[k1-9], at 09:41
commit d1d: "Intents (R11) (#5)" src/intents.py[i1-9], at 10:19, after c1c, lists 'R11: Intents' and 'R11: Mend CI'
```
A stack was rebased for its upper branch, which lists the lower one's commit under the words of its title:
```case clears
tickets: #\\d+
commit a1a: "Queue" src/queue.py[q1-9], at 09:12, after 000, on refs/pull/4/head
commit b1b: "Queue" src/queue.py[q1-9], authored 09:12, committed 09:30, after 000, on refs/pull/5/head
commit b2b: "Intents" src/intents.py[i1-2], at 09:31, after b1b, on refs/pull/5/head
commit c1c: "Queue (#4)" src/queue.py[q1-9], at 09:40, after 000
commit d1d: "Intents (#5)" src/intents.py[i1-2], at 09:41, after c1c, lists 'Queue' and 'Intents'
```
The upper of two stacked pull requests lists the lower one's commits:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:41, lists 'R11: Intents'
commit d1d: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:51, lists 'R11: Intents' and 'R50: Queue'
```
The same, with one commit that is for both tickets:
```case clears
tickets: R\\d+
commit b1b: "R11, R50: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-3], at 09:22, after b1b, on refs/pull/4/head
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:41, lists 'R11, R50: Intents'
commit d1d: "Queue (R50) (#4)" src/queue.py[q1-3], at 09:51, lists 'R11, R50: Intents' and 'R50: Queue'
```
Another pull request cherry-picked its work on purpose and was merged first:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after 000, on refs/pull/4/head
commit b2b: "R11: Intents" src/intents.py[i1-9], authored 09:13, committed 09:23, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41, after 000
commit d1d: "Intents (R11) (#5)" src/other.py[o1-2], at 10:19, after c1c, lists 'R11: Intents' and 'R11: Other'
```
An empty commit that only starts CI:
```case clears
tickets: R\\d+
commit d1d: "Start CI again (R11) (#5)", at 10:19
```
Titles alone prove nothing: its message lists what another one lists too, and it changes other lines:
```case clears
tickets: R\\d+
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41, lists 'Intents (R11)'
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-4], at 10:19, lists 'Intents (R11)'
```
It keeps most of its own work; a part of it had landed with another pull request:
```case flags at=d1d0000000000000000000000000000000000000 severity=low confidence=likely steps=R11,R50 culprit=R11 commits=d1d0000,c1c0000,b1b0000
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-4], at 09:13, after a1a, on refs/pull/4/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-4], at 09:41
commit b2b: "R11: Intents' screens" src/screens.py[j1-9], at 10:05, after b1b, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/screens.py[j1-9], at 10:19, after c1c, lists 'R11: Intents' and "R11: Intents' screens"
```
The other ticket had swept that part up, and its owner should know where it is:
```case flags at=d1d0000000000000000000000000000000000000 severity=medium confidence=likely steps=R50,R11 culprit=R50 victim=R11 commits=d1d0000,c1c0000,b1b0000
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/intents.py[i1-6], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-6], at 09:23, after 000, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-6], at 09:41, after 000
commit b2b: "R11: Intents' screens" src/screens.py[j1-9], at 10:05, after b1b, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/screens.py[j1-9], at 10:19, after c1c, lists 'R11: Intents' and "R11: Intents' screens"
```
Its brief had landed with another ticket's pull request:
```case clears
tickets: R\\d+
commit b1b: "R11: Brief" todo/r11-brief.md[i1-9], at 09:13, after 000, on refs/pull/4/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] todo/r11-brief.md[i1-9], at 09:41, lists 'R11: Brief' and 'R50: Queue'
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-4], at 10:19, after c1c, lists 'R11: Brief' and 'R11: Intents'
```
It changes nothing, and the ticket's own first pull request had its work:
```case clears
tickets: R\\d+
commit c1c: "Queue (R50) (#3)" src/queue.py[q1-9], at 09:31, lists 'Intents (R11)'
commit c2c: "Intents (R11) (#4)" src/intents.py[i1-9], at 09:41, lists 'Intents (R11)'
commit d1d: "Intents (R11) (#5)", at 10:19, lists 'Intents (R11)'
```
It changes nothing, and its message lists what many others list:
```case clears
tickets: R\\d+
commit c1c: "Queue (R50) (#1)" src/queue.py[q1-9], at 09:41, lists 'Update the index'
commit c2c: "Table (R51) (#2)" src/table.py[q1-9], at 09:42, lists 'Update the index'
commit c3c: "Chair (R52) (#3)" src/chair.py[q1-9], at 09:43, lists 'Update the index'
commit d1d: "Index (R11) (#5)", at 10:19, lists 'Update the index'
```
It changes nothing, and its message lists what another one brought:
```case flags at=d1d0000000000000000000000000000000000000 severity=medium confidence=certain steps=R11,R50 culprit=R11 commits=d1d0000,c1c0000
tickets: R\\d+
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41, lists 'Intents (R11)'
commit d1d: "Intents (R11) (#5)", at 10:19, lists 'Intents (R11)'
```
It is for two tickets, or for two steps of a plan:
```case flags at=d1d0000000000000000000000000000000000000 severity=medium confidence=likely steps=R12,R50 culprit=R12
tickets: R\\d+
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41, lists 'Intents (R12)'
commit d1d: "Intents (R12, R11) (#5)", at 10:19, lists 'Intents (R12)'
```
```case flags at=d1d0000000000000000000000000000000000000 severity=medium confidence=likely steps=1.2,1.1 culprit=1.2
plan: 1.1 "Queue downloads", 1.2 "Manage downloads", 1.3 "Show downloads"
commit c1c: "Cycle 1.1: Queue downloads (#4)" src/queue.py[q1-9] src/manager.py[m1-6], at 09:41, lists 'Cycle 1.2: Manage downloads'
commit d1d: "Cycle 1.2 + 1.3: Manage downloads (#5)", at 09:51, lists 'Cycle 1.2: Manage downloads'
```
"""

from collections.abc import Iterator

from forensics.casework.isolation.hollow_merges import HollowMerge
from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.swept_lines import SweptLines
from forensics.detect.remedies import COMPARE_BEFORE_MERGING
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, MisplacedWork, Rule, Severity, Symptom
from forensics.model.prose import short
from forensics.model.source import CommitRef

RULE = Rule(
    "ISO005",
    "hollow-merge",
    Severity.HIGH,
    effect=Effect.MISPLACES,
    summary="the pull requests of {} were merged almost empty",
    symptom=Symptom(
        lambda finding: (
            f"Step {finding.victim or finding.culprit}'s pull request was merged almost empty as {short(finding.commits[0])}"
        ),
        "its work had already landed with another step's commit",
        Confidence.CERTAIN,
    ),
    remedy=COMPARE_BEFORE_MERGING,
)


def detect(
    lineage: Lineage, hollow_merges: tuple[HollowMerge, ...], swept_lines: tuple[SweptLines, ...]
) -> Iterator[Hit]:
    """Yield one hit for each merge that lacks the work its pull request lists; certain if two signs agree.

    Where the step that landed the work had swept it up, that step is at fault, and the one merged empty suffers.
    """
    # a landing that has the lines because its branch held the other step's commit swept nothing up: both are at fault
    taking = (sweep for sweep in swept_lines if sweep.carrier.sha not in lineage.landings)
    swept = {(sweep.home.sha, lineage.owner(sweep.carrier.sha)) for sweep in taking}
    for merge in hollow_merges:
        taker = lineage.owner(merge.carrier.sha)
        yield _hit(lineage, merge, taker if merge.home and (merge.home.sha, taker) in swept else None)


def _hit(lineage: Lineage, merge: HollowMerge, taker: str | None) -> Hit:
    step = merge.pull.step or lineage.owner(merge.landing.sha)
    how = "without a part of its work" if merge.in_part else "almost empty"
    return Hit(
        at=CommitRef(merge.landing.sha),
        culprit=taker or step,
        victim=step if taker else None,
        steps=() if taker else (lineage.owner(merge.carrier.sha),),
        commits=(merge.landing.sha, merge.carrier.sha, *((merge.home.sha,) if merge.home else ())),
        files=tuple(path for path, _ in merge.lines),
        confidence=_confidence(merge),
        severity=_severity(merge, swept=taker is not None),
        related=(CommitRef(merge.carrier.sha), *(sign.ref for sign in merge.signs)),
        message=f"{merge.pull.name} of step {step} was merged {how} as {short(merge.landing.sha)}: "
        f"{'; '.join(sign.text for sign in merge.signs)}.",
        foreign=(MisplacedWork(merge.carrier.sha, step, merge.home.sha, merge.lines),) if merge.home else (),
    )


def _severity(merge: HollowMerge, *, swept: bool) -> Severity | None:
    """Return low where most of the work landed, unless the rest was swept up: its owner should know where that is."""
    if merge.in_part:
        return Severity.MEDIUM if swept else Severity.LOW
    return None if merge.landing.changes else Severity.MEDIUM


def _confidence(merge: HollowMerge) -> Confidence:
    """Return certain if two signs agree: missing lines or an empty diff, and the words of the commit messages."""
    return Confidence.CERTAIN if len(merge.signs) > 1 else Confidence.LIKELY
