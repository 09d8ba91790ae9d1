"""# A step's commit removes another step's work

A step's commit is the exact inverse of another step's commit, or its landing takes out what another step had landed.

## Why it matters

The work was real and is gone, or came back only by accident. Whoever cleans up a branch that contains another step's
commits does not see which other branches share them. A branch that began before the work landed has no commit that
removes a line of it, and yet its tree, put over the main branch, takes the work out. A branch that
began later may delete the other step's new files on purpose; if no message says so, nobody learns that the work is gone.

## What to do

If the work is gone, restore it with `git cherry-pick`. Rebase a branch onto the main branch before it lands. Clean up a branch by rebuilding it from its own commits, not by
reverting.

```case flags at=b2b0000000000000000000000000000000000000 severity=high confidence=certain steps=R110,R11 culprit=R110 victim=R11
tickets: R\\d+
commit a1a: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13
commit b2b: "Screens (R110) (#6)" src/intents.py[-i1-9], at 09:42
```
A merge restored it within a minute:
```case flags at=b2b0000000000000000000000000000000000000 severity=medium confidence=certain steps=R110,R11 culprit=R110 victim=R11 commits=a1a0000,b2b0000,b3b0000 files=src/also.py,src/intents.py
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
A branch that began before the work landed is squashed over it; none of its commits removes a line:
```case flags at=c2c0000000000000000000000000000000000000 severity=high confidence=certain steps=R50,R11 culprit=R50 victim=R11 commits=c1c0000,c2c0000 files=src/core.py
tickets: R\\d+
commit 0aa: "Begin" src/base.py[z1-9], at 09:00
commit a1a: "R50: Queue" src/core.py[q1-9], at 09:10, after 0aa, on refs/pull/6/head
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13, after 0aa
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-9], at 09:42
```
It takes out a file that another step had added:
```case flags at=c2c0000000000000000000000000000000000000 severity=high confidence=certain steps=R50,R11 culprit=R50 victim=R11 commits=c1c0000,c2c0000 files=src/intents.py
tickets: R\\d+
commit 0aa: "Begin" src/base.py[z1-9], at 09:00
commit a1a: "R50: Queue" src/core.py[q1-9], at 09:10, after 0aa, on refs/pull/6/head
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:13, after 0aa
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9] src/intents.py[-i1-9], at 09:42
```
Half of the work is left, which an ordinary conflict may do:
```case flags at=c2c0000000000000000000000000000000000000 severity=medium confidence=likely steps=R50,R11 culprit=R50 victim=R11 commits=c1c0000,c2c0000 files=src/core.py
tickets: R\\d+
commit 0aa: "Begin" src/base.py[z1-9], at 09:00
commit a1a: "R50: Queue" src/core.py[q1-9], at 09:10, after 0aa, on refs/pull/6/head
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13, after 0aa
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-5], at 09:42
```
A later commit restored it:
```case flags at=c2c0000000000000000000000000000000000000 severity=medium confidence=certain steps=R50,R11 culprit=R50 victim=R11 commits=c1c0000,c2c0000,c3c0000 files=src/core.py
tickets: R\\d+
commit 0aa: "Begin" src/base.py[z1-9], at 09:00
commit a1a: "R50: Queue" src/core.py[q1-9], at 09:10, after 0aa, on refs/pull/6/head
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13, after 0aa
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-9], at 09:42
commit c3c: "R50: What was lost" src/core.py[i1-9], at 09:52
```
The branch's own commit removes the work, and no message says so; the branch began before the work landed:
```case flags at=c2c0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R11 culprit=R50 victim=R11 commits=c1c0000,c2c0000 files=src/core.py
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13
commit a1a: "R50: Queue" src/core.py[q1-9;-i1-9], authored 09:10, committed 09:40, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-9], at 09:42, after c1c
```
The branch began after the work had landed, so its agent saw what it replaced:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13
commit a1a: "R50: Queue" src/core.py[q1-9;-i1-9], at 09:20, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-9], at 09:42, after c1c
```
The branch began after the work had landed, and deletes its file among work of its own; no message says so:
```case flags at=c2c0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R11 culprit=R50 victim=R11 commits=c1c0000,c2c0000 files=src/intents.py
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9]=created, at 09:13
commit a1a: "R50: Queue" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:20, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:42, after c1c
```
A message names the ticket whose work it takes out:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9]=created, at 09:13
commit a1a: "R50: Queue, no need of R11" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:20, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:42, after c1c
```
A message names the file:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9]=created, at 09:13
commit a1a: "R50: Queue for intents" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:20, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:42, after c1c
```
The file is rewritten in another language:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9]=created, at 09:13
commit a1a: "R50: Queue" src/core.rs[q1-9] src/intents.rs[k1-9] src/intents.py[-i1-9]=deleted, at 09:20, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.rs[q1-9] src/intents.rs[k1-9] src/intents.py[-i1-9]=deleted, at 09:42, after c1c
```
Another commit of the branch has the lines in another file:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/intents.py[i1-9]=created, at 09:13
commit a1a: "R50: Queue" src/core.py[q1-9] src/intents.py[-i1-9]=deleted, at 09:20, after c1c, on refs/pull/6/head
commit a2a: "R50: All in one" src/core.py[i1-9], at 09:30, after a1a, on refs/pull/6/head
commit c2c: "Merge pull request #6 from o/r50-queue" src/core.py src/intents.py, at 09:42, after c1c and a2a
```
The deleted file is a note:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" notes/intents.md[i1-9]=created, at 09:13
commit a1a: "R50: Queue" src/core.py[q1-9] notes/intents.md[-i1-9]=deleted, at 09:20, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9] notes/intents.md[-i1-9]=deleted, at 09:42, after c1c
```
The steps follow each other on the main branch:
```case clears
plan: 1.1 "Intents", 1.2 "Queue"
commit c1c: "Cycle 1.1: Intents" src/core.py[i1-9], at 09:13
commit c2c: "Cycle 1.2: Queue" src/core.py[q1-9;-i1-9], at 09:42
```
A message says that the lines are taken out:
```case clears
tickets: R\\d+
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13
commit a1a: "R50: Replace the intents" src/core.py[q1-9;-i1-9], authored 09:10, committed 09:40, after c1c, on refs/pull/6/head
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-9], at 09:42, after c1c
```
The lines moved to another file:
```case clears
tickets: R\\d+
commit 0aa: "Begin" src/base.py[z1-9], at 09:00
commit a1a: "R50: Queue" src/core.py[q1-9], at 09:10, after 0aa, on refs/pull/6/head
commit c1c: "Intents (R11) (#5)" src/core.py[i1-9], at 09:13, after 0aa
commit c2c: "Queue (R50) (#6)" src/core.py[q1-9;-i1-9] src/other.py[i1-9], at 09:42
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
from forensics.casework.isolation.overwritten_work import OverwrittenWork
from forensics.casework.isolation.removed_work import RemovedWork, removed_line_counts
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Fate, Hit, MisplacedWork, Rule, Severity, Symptom
from forensics.model.prose import count, duration, quote, short
from forensics.model.source import CommitRef

RULE = Rule(
    "ISO006",
    "work-destroyed",
    Severity.HIGH,
    effect=Effect.CONTRADICTS,
    summary="the work of {} was removed by another step",
    symptom=Symptom(
        lambda finding: f"Step {finding.culprit} removed step {finding.victim}'s {short(finding.commits[0])}",
        "a branch that carried other steps' commits was cleaned by reverting them, or a stale tree was put over the branch",
        Confidence.LIKELY,
    ),
    fate=Fate.DESTROYED,
)


def detect(
    lineage: Lineage, removed_work: tuple[RemovedWork, ...], overwritten_work: tuple[OverwrittenWork, ...]
) -> Iterator[Hit]:
    """Yield one hit for each commit that removes another step's work; the hit's first commit is the work."""
    for removed in removed_work:
        undone = ""
        if removed.restored is not None:
            later = duration(removed.restored.commit_time - removed.by.commit_time)
            undone = f"; {later} later, the merge {short(removed.restored.sha)} restored every file"
        files = removed_line_counts(lineage, removed)
        text = f"removes exactly what step {removed.owner}'s {short(removed.work.sha)} added{undone}"
        yield _hit(removed, text, tuple(sorted(removed.work.paths())), files, Confidence.CERTAIN)
    for taken in overwritten_work:
        how = "; none of the commits it was made of removes them" if taken.unseen else ""
        if taken.seen:
            how = "; it deletes the files, and no message says so"
        if taken.restored is not None:
            how += f"; {short(taken.restored.sha)} restored most of them"
        text = (
            f"takes out {count(len(taken.lines), 'line')} that step {taken.owner} had landed with {short(taken.work.sha)}, "
            f"{duration(taken.by.commit_time - taken.work.commit_time)} before: {taken.share:.0%} of its work{how}"
        )
        sure = Confidence.CERTAIN if taken.unseen and taken.nearly_all else Confidence.LIKELY
        yield _hit(
            taken,
            text,
            tuple(path for path, _ in taken.files),
            taken.files,
            sure,
            partly=not taken.nearly_all,
        )


def _hit(
    found: RemovedWork | OverwrittenWork, text: str, paths: tuple[str, ...], files: tuple[tuple[str, int], ...],
    confidence: Confidence, *, partly: bool = False,
) -> Hit:  # fmt: skip
    restored = (found.restored.sha,) if found.restored else ()
    return Hit(
        at=CommitRef(found.by.sha),
        culprit=found.step,
        victim=found.owner,
        commits=(found.work.sha, found.by.sha, *restored),
        files=paths,
        confidence=confidence,
        severity=Severity.MEDIUM if restored or partly else None,
        foreign=(MisplacedWork(found.by.sha, found.owner, found.work.sha, files),),
        related=(CommitRef(found.work.sha), *map(CommitRef, restored)),
        message=f"Step {found.step}'s {short(found.by.sha)}, {quote(found.by.subject)}, {text}.",
    )
