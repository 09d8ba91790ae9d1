"""# A commit was made on another step's branch

A commit was made on top of another step's unfinished branch, minutes after its last commit, without touching its files:
two agents were sharing one checkout.

## Why it matters

A branch switch affects everyone in a folder. A commit goes to whatever branch is checked out at that moment, one agent
commits another's unfinished edits, and both branches contain work that their names do not mention.

## What to do

Give each agent its own worktree (`git worktree add`). Move the commit to its own branch before either is merged.

```case flags at=b1b0000000000000000000000000000000000000 severity=high confidence=certain steps=R11,R50 culprit=R11 commits=b1b0000,a1a0000 files=src/intents.py
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
```
Both write to the changelog, which does not make the branch a stacked one:
```case flags at=b1b0000000000000000000000000000000000000 severity=high confidence=certain steps=R11,R50 culprit=R11
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] CHANGELOG.md[n1-1], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9] CHANGELOG.md[n2-2], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9] CHANGELOG.md[n1-2], at 09:41
```
A branch stacked on one that is finished:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41
commit c2c: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:50
```
A stack that builds on the same file:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Queue's intents" src/queue.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
```
A branch from the tip of the main branch:
```case clears
tickets: R\\d+
commit a1a: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:12
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
```
A sub-ticket (R50.2) on its ticket's branch:
```case clears
tickets: R\\d+(?:\\.\\d+)?
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R50.2: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
```
Two merges on a main branch that was rewritten later:
```case clears
tickets: R\\d+
commit a1a: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:12, after 000, on refs/pull/9/head
commit b1b: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/9/head
commit b2b: "Intents (R11) (#5)" src/intents.py[i1-9], authored 09:13, committed 09:41
commit a2a: "Queue (R50) (#4)" src/queue.py[q1-9], authored 09:12, committed 09:51
```
A part of an epic (R50-B) on the epic's branch:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R50-B: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
```
A stacked branch that was rebased after its base had been amended:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a
commit a2a: "R50: Queue" src/queue.py[q1-12], authored 09:12, committed 09:40, after 000, on refs/pull/4/head
commit b2b: "R11: Intents" src/intents.py[i1-9], authored 09:13, committed 09:41, after a2a, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-12], at 09:50, after 000
```
A branch of the whole run, whose name reads like one step's (`Phase 1.1`), is not that step's:
```case clears
plan: 1.1 "Queue", 1.2 "Intents", 1.3 "Export"
commit a1a: "Cycle 1.1: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "Cycle 1.2: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit c1c: "Cycle 1.3: Export" src/export.py[e1-9], at 09:29, after b1b, on refs/pull/4/head
commit d1d: "Phase 1.1: Reader (#4)" src/queue.py[q1-9] src/intents.py[i1-9] src/export.py[e1-9], at 09:41, after 000
```
Only one sign besides the parent, the branch's own step continuing on top, makes it likely:
```case flags at=b1b0000000000000000000000000000000000000 severity=high confidence=likely steps=R11,R50 culprit=R11
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9] src/also.py[k1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.shared_checkouts import SharedCheckout
from forensics.detect.remedies import OWN_WORKTREE_AND_BRANCH
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Cause, Effect, Finding, Hit, MisplacedWork, Rule, Severity
from forensics.model.prose import duration, short, steps_named, upper_first
from forensics.model.source import CommitRef
from forensics.model.steps import step_key


def _one_checkout(_: Case, findings: Sequence[Finding]) -> str:
    steps = sorted({step for finding in findings for step in finding.steps}, key=step_key)
    return (
        f"{upper_first(steps_named(steps))} were worked on in one checkout, so commits landed on each other's branches."
    )


RULE = Rule(
    "ISO002",
    "shared-checkout",
    Severity.HIGH,
    effect=Effect.NOTHING,
    summary="commits of {} were made on another step's branch",
    cause=Cause(_one_checkout, explains=("ISO003", "ISO004", "ISO005", "ISO006"), nearby=True),
    remedy=OWN_WORKTREE_AND_BRANCH,
)


def detect(lineage: Lineage, shared_checkouts: tuple[SharedCheckout, ...]) -> Iterator[Hit]:
    """Yield one hit for each commit that was made on another step's branch; certain if two more signs agree."""
    for shared in shared_checkouts:
        signs = "; ".join(text for text, _ in shared.witnesses)
        yield Hit(
            at=CommitRef(shared.commit.sha),
            culprit=shared.step,
            steps=(shared.owner,),
            commits=(shared.commit.sha, shared.below.sha),
            files=tuple(sorted(shared.commit.paths())),
            foreign=(
                MisplacedWork(
                    shared.commit.sha, shared.step, shared.commit.sha, lineage.line_counts(shared.commit.sha)
                ),
            ),
            confidence=Confidence.CERTAIN if len(shared.witnesses) > 1 else Confidence.LIKELY,
            related=(CommitRef(shared.below.sha), *(ref for _, ref in shared.witnesses)),
            message=f"Step {shared.step}'s {short(shared.commit.sha)} was committed on top of step {shared.owner}'s branch, {duration(shared.seconds)} after "
            f"{short(shared.below.sha)}, without touching any of its files: two agents were sharing one checkout. {upper_first(signs)}.",
        )
