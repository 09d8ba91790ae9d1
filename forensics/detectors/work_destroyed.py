"""# A step's commit removes another step's work

A step's commit is the exact inverse of another step's commit.

## Why it matters

The work was real and is gone, or came back only by accident. Whoever cleans up a branch that contains another step's
commits does not see which other branches share them.

## What to do

If the work is gone, restore it with `git cherry-pick`. Clean up a branch by rebuilding it from its own commits, not by
reverting.

```case flags at=b2b0000000000000000000000000000000000000 severity=high confidence=certain steps=R11,R110 culprit=R11
tickets: R\\d+
commit a1a: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13
commit b2b: "Screens (R110) (#6)" src/intents.py[-i1-9], at 09:42
```
A merge restored it within a minute:
```case flags at=b2b0000000000000000000000000000000000000 severity=medium confidence=certain steps=R11,R110 culprit=R11 commits=a1a0000,b2b0000,b3b0000 files=src/also.py,src/intents.py
tickets: R\\d+
commit a1a: "R11: Intents" src/intents.py[i1-9]=b1 src/also.py[k1-9]=d1, at 09:13, on refs/pull/5/head
commit b1b: "R110: Screens" src/screens.py[s1-9], at 09:24, after a1a, on refs/pull/6/head
commit b2b: "Take the intents out (R110)" src/intents.py[-i1-9]=b0 src/also.py[-k1-9]=d0, at 09:42, after b1b, on refs/pull/6/head
commit b3b: "Merge branch 'queue'" src/intents.py=b1 src/also.py=d1, at 09:43, after b2b and a1a, on refs/pull/6/head
```
A branch removes what it was stacked on:
```case clears
tickets: R\\d+
commit a1a: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit b1b: "R110: Screens" src/screens.py[s1-9], at 09:24, after a1a, on refs/pull/6/head
commit b2b: "Take the intents out (R110)" src/intents.py[-i1-9], at 09:42, after b1b, on refs/pull/6/head
```
A step removes its own work:
```case clears
tickets: R\\d+
commit a1a: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13
commit b2b: "No intents (R11) (#6)" src/intents.py[-i1-9], at 09:42
```
A step removes its own work right after another step's commit, all on the main branch:
```case clears
tickets: R\\d+
commit a1a: "R11: Intents" src/intents.py[i1-9], at 09:13
commit b1b: "R50: Queue" src/queue.py[q1-9], at 09:23
commit a2a: "R11: No intents" src/intents.py[-i1-9], at 09:42
```
Several steps add and remove the same lines in turn:
```case clears
tickets: R\\d+
commit a1a: "On (R11) (#1)" src/flags.py[i1-9], at 09:13
commit a2a: "Off (R12) (#2)" src/flags.py[-i1-9], at 09:23
commit a3a: "On (R13) (#3)" src/flags.py[i1-9], at 09:33
commit a4a: "Off (R14) (#4)" src/flags.py[-i1-9], at 09:43
commit a5a: "On (R15) (#5)" src/flags.py[i1-9], at 09:53
commit a6a: "Off (R16) (#6)" src/flags.py[-i1-9], at 10:03
commit a7a: "On (R17) (#7)" src/flags.py[i1-9], at 10:13
commit a8a: "Off (R18) (#8)" src/flags.py[-i1-9], at 10:23
```
"""

from collections.abc import Iterator

from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.removed_work import RemovedWork, removed_line_counts
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Fate, Hit, MisplacedWork, Rule, Severity, Symptom
from forensics.model.prose import duration, quote, short
from forensics.model.source import CommitRef

RULE = Rule(
    "ISO006",
    "work-destroyed",
    Severity.HIGH,
    effect=Effect.CONTRADICTS,
    summary="the work of {} was removed by another step",
    symptom=Symptom(
        lambda finding: f"Step {finding.steps[1]} removed step {finding.culprit}'s {short(finding.commits[0])}",
        "a branch that carried other steps' commits was cleaned by reverting them",
        Confidence.LIKELY,
    ),
    fate=Fate.DESTROYED,
)


def detect(lineage: Lineage, removed_work: tuple[RemovedWork, ...]) -> Iterator[Hit]:
    """Yield one hit for each commit that removes another step's work; the hit's first commit is the work."""
    for removed in removed_work:
        undone = ""
        if removed.restored is not None:
            later = duration(removed.restored.commit_time - removed.by.commit_time)
            undone = f"; {later} later, the merge {short(removed.restored.sha)} restored every file"
        yield Hit(
            at=CommitRef(removed.by.sha),
            culprit=removed.owner,
            steps=(removed.step,),
            commits=(removed.work.sha, removed.by.sha, *((removed.restored.sha,) if removed.restored else ())),
            files=tuple(sorted(removed.work.paths())),
            confidence=Confidence.CERTAIN,
            severity=Severity.MEDIUM if removed.restored else None,
            foreign=(
                MisplacedWork(removed.by.sha, removed.owner, removed.work.sha, removed_line_counts(lineage, removed)),
            ),
            related=(CommitRef(removed.work.sha), *((CommitRef(removed.restored.sha),) if removed.restored else ())),
            message=f"Step {removed.step}'s {short(removed.by.sha)}, {quote(removed.by.subject)}, removes exactly what step {removed.owner}'s "
            f"{short(removed.work.sha)} added{undone}.",
        )
