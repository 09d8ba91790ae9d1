"""# A commit contains another step's uncommitted edits

A commit contains lines that another step was still writing, and that step's own commit contains them too. The first step to
commit them is at fault. What the plan alone assigns counts too, as medium, where only this commit has it: a file that it
gives to another step, or code that it writes out for one. So does a new file that imports another step's unlanded file,
and is imported by that step alone. Where neither imports nor a plan say whose a file is, git cannot show that it was swept up.

## Why it matters

Unfinished edits are committed under another step's name. The step they belong to finds its work gone from the folder, or
is merged without it; reverting one commit removes the other step's work.

## What to do

Commit by path (`git add FILE…`), never with `git add -A` in a folder that several agents use. Remove the other step's
lines from this commit, and let that step's own commit add them.

```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R10 culprit=R50
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-6], authored 09:23, committed 09:23, after 000, on refs/pull/5/head
```
The owner goes on writing, so that most of its commit is its own; the first to commit the lines is at fault all the same:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R10 culprit=R50
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-3] src/manager.py[m1-8], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-20] src/screen.py[s1-9], authored 09:23, committed 09:23, after 000, on refs/pull/5/head
```
The first commit has these lines alone; the second one copied them:
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/manager.py[m1-6], at 09:12, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-6], authored 09:23, committed 09:23, after 000, on refs/pull/4/head
```
The owner had committed the lines before, and commits more of them later:
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/manager.py[m1-8], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-8], at 09:12, after 000, on refs/pull/4/head
commit b2b: "R10: Manager anew" src/manager.py[m1-8] src/screen.py[s1-20], at 09:23, after 000, on refs/pull/6/head
```
The lines were already there when the second commit was made:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12
commit b1b: "R10: Manager" src/manager.py[m1-6], at 09:23
```
The lines had been merged before, and an older branch took them over:
```case clears
tickets: R\\d+
commit b1b: "Manager (R10) (#5)" src/manager.py[m1-6], at 09:12
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-6], at 09:23, after 000, on refs/pull/4/head
```
Copied lines, which both tickets merge:
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/manager.py[m1-3] src/tests.py[t1-6], at 09:12, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9] src/tests.py[t1-6;u1-4], at 09:13, after 000, on refs/pull/4/head
commit c1c: "Manager (R10) (#5)" src/manager.py[m1-3] src/tests.py[t1-6], at 09:31
commit c2c: "Queue (R50) (#4)" src/queue.py[q1-9] src/tests.py[t1-6;u1-4], at 09:41
```
Two tickets that fix the same file, each in its own way:
```case clears
tickets: R\\d+
commit a1a: "R50: Shorten the manager" src/manager.py[m1-6;n1-3], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R10: Split the manager" src/manager.py[m1-6;k1-4], at 15:23, after 000, on refs/pull/5/head
```
The same commit on two branches is a cherry-pick:
```case clears
tickets: R\\d+
commit a1a: "R50: Manager" src/manager.py[m1-6], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-6], at 09:23, after 000, on refs/pull/5/head
```
Two agents file the next ticket's brief, and one of them its own:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] todo/r51-brief.md[k1-9] notes/R10.md[m1-6], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-6] todo/r51-brief.md[k1-9] notes/R10.md[m1-6], at 09:23, after 000, on refs/pull/5/head
```
Every step writes to lock files, indexes and changelogs:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] CHANGELOG.md[m1-6] uv.lock[n1-9], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" CHANGELOG.md[m1-6] uv.lock[n1-9], at 09:23, after 000, on refs/pull/5/head
```
The plan assigns the file to the other step:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=certain steps=1.1,1.2 culprit=1.1
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6], at 09:23, after 000, on refs/heads/step-1-2
```
The owner has no commit with the file; the plan and the owner's later commit show whose it is:
```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=likely steps=1.1,1.2 culprit=1.1 commits=a1a0000 files=src/manager.py
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py src/screen.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:23
```
The later step has the file too, a report of the first one names it, or the later step was not at work yet:
```case clears
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py, at 09:23
```
```case clears
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py src/screen.py
report 1.1: GREEN_VERIFIED, files src/queue.py src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:23
```
```case clears
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py src/screen.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
```
The file was there before:
```case clears
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py src/screen.py
commit b0b: "Begin" src/manager.py, at 08:12
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:23
```
The owner has a report and no commit at all:
```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=likely steps=1.1,1.2 culprit=1.1 commits=a1a0000 files=src/manager.py
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py
report 1.2: GREEN_VERIFIED, files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
```
The file was there before, but its owner was at work, and reports to have changed it:
```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=likely steps=1.1,1.2 culprit=1.1 commits=a1a0000 files=src/manager.py
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py src/screen.py, 1.3 "Begin" files src/manager.py
report 1.2: GREEN_VERIFIED, files src/manager.py src/screen.py
commit b0b: "Cycle 1.3: Begin" src/manager.py, at 08:12
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:03
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
commit b2b: "Cycle 1.2: Manage downloads, too" src/screen.py, at 09:23
```
Its owner had not begun:
```case clears
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py src/screen.py
report 1.2: GREEN_VERIFIED, files src/manager.py src/screen.py
commit b0b: "Begin" src/manager.py, at 08:12
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py src/manager.py, at 09:12
commit b2b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:23
```
The plan gives the file to both steps, but writes these lines out for one of them, which was at work:
```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=likely steps=1.1,1.2 culprit=1.1 commits=a1a0000 files=src/manager.py
plan: 1.1 "Queue downloads" files src/manager.py code q1-9, 1.2 "Manage downloads" files src/manager.py code m1-6
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:03
commit a1a: "Cycle 1.1: Queue downloads" src/manager.py[q1-9;m1-5], at 09:12
commit b2b: "Cycle 1.2: Manage downloads, too" src/manager.py[n1-6], at 09:23
```
The owner adds them too, had not begun, or is named in the commit's message; or the plan writes them out for both:
```case clears
plan: 1.1 "Queue downloads" files src/manager.py code q1-9, 1.2 "Manage downloads" files src/manager.py code m1-6
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6], at 09:03
commit a1a: "Cycle 1.1: Queue downloads" src/manager.py[q1-9;m1-5], at 09:12
commit b2b: "Cycle 1.2: Manage downloads, too" src/manager.py[n1-6], at 09:23
```
```case clears
plan: 1.1 "Queue downloads" files src/manager.py code q1-9, 1.2 "Manage downloads" files src/manager.py code m1-6
commit a1a: "Cycle 1.1: Queue downloads" src/manager.py[q1-9;m1-5], at 09:12
commit b2b: "Cycle 1.2: Manage downloads" src/manager.py[n1-6], at 09:23
```
```case clears
plan: 1.1 "Queue downloads" files src/manager.py code q1-9, 1.2 "Manage downloads" files src/manager.py code m1-6
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:03
commit a1a: "Cycle 1.1: Queue downloads, with the manager of 1.2" src/manager.py[q1-9;m1-5], at 09:12
commit b2b: "Cycle 1.2: Manage downloads, too" src/manager.py[n1-6], at 09:23
```
```case clears
plan: 1.1 "Queue downloads" files src/manager.py code m1-6, 1.2 "Manage downloads" files src/manager.py code m1-6
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:03
commit a1a: "Cycle 1.1: Queue downloads" src/manager.py[m1-5], at 09:12
commit b2b: "Cycle 1.2: Manage downloads, too" src/manager.py[n1-6], at 09:23
```
Four lines, or a file that the owner has nothing to do with:
```case clears
plan: 1.1 "Queue downloads" files src/manager.py src/queue.py, 1.2 "Manage downloads" files src/manager.py code m1-6
commit b1b: "Cycle 1.2: Manage downloads" src/screen.py, at 09:03
commit a1a: "Cycle 1.1: Queue downloads" src/manager.py[q1-9;m1-4] src/queue.py[m1-6], at 09:12
commit b2b: "Cycle 1.2: Manage downloads, too" src/manager.py[n1-6], at 09:23
```
Its owner never commits the file; it imports the owner's first one, which imports it in turn:
```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=possible steps=R50,R10 culprit=R50 commits=a1a0000,b1b0000,b2b0000 files=src/view/screen.py
tickets: R\\d+
commit b1b: "R10: Manager" src/view/manager.py[created;m1-6], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[created;q1-9] src/view/screen.py[created;imports-view.manager;s1-6], at 09:12, after 000, on refs/pull/4/head
commit b2b: "R10: Show it" src/view/manager.py[imports-view.screen;m7-9], at 09:23, after b1b, on refs/pull/5/head
```
Only one of them imports the other, the first step uses the file itself, or its branch has what the file imports:
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/view/manager.py[created;m1-6], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[created;q1-9] src/view/screen.py[created;s1-6], at 09:12, after 000, on refs/pull/4/head
commit b2b: "R10: Show it" src/view/manager.py[imports-view.screen;m7-9], at 09:23, after b1b, on refs/pull/5/head
```
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/view/manager.py[created;m1-6], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[created;q1-9] src/view/screen.py[created;imports-view.manager;s1-6], at 09:12, after 000, on refs/pull/4/head
commit b2b: "R10: Show it" src/view/manager.py[m7-9], at 09:23, after b1b, on refs/pull/5/head
```
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/view/manager.py[created;m1-6], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[created;imports-view.screen;q1-9] src/view/screen.py[created;imports-view.manager;s1-6], at 09:12, after 000, on refs/pull/4/head
commit b2b: "R10: Show it" src/view/manager.py[imports-view.screen;m7-9], at 09:23, after b1b, on refs/pull/5/head
```
```case clears
tickets: R\\d+
commit b0b: "Begin" src/view/manager.py[created;k1-6], at 08:02
commit b1b: "R10: Manager" src/view/manager.py[created;m1-6], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[created;q1-9] src/view/screen.py[created;imports-view.manager;s1-6], at 09:12, after b0b, on refs/pull/4/head
commit b2b: "R10: Show it" src/view/manager.py[imports-view.screen;m7-9], at 09:23, after b1b, on refs/pull/5/head
```
The owner has its copy:
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/view/manager.py[created;m1-6], at 09:02, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[created;q1-9] src/view/screen.py[created;imports-view.manager;s1-3], at 09:12, after 000, on refs/pull/4/head
commit b2b: "R10: Show it" src/view/manager.py[imports-view.screen;m7-9] src/view/screen.py[created;imports-view.manager;s1-3], at 09:23, after b1b, on refs/pull/5/head
```
Only three lines of a large commit:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-3], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-20], at 09:23, after 000, on refs/pull/5/head
```
The same bug, fixed twice in nearly the same words:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-3], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-3;n1-1], at 09:23, after 000, on refs/pull/5/head
```
Two steps move the same old lines to a new file:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/core.py[-m1-8] src/split.py[m1-8], at 09:12, on refs/pull/4/head
commit b1b: "R10: Split" src/core.py[-m1-6] src/split.py[m1-6], at 09:23, after 000, on refs/pull/5/head
```
They move them in two commits each:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/split.py[m1-8], at 09:12, after 000, on refs/pull/4/head
commit a2a: "R50: Queue, the rest" src/core.py[-m1-8], at 09:13, after a1a, on refs/pull/4/head
commit b1b: "R10: Split" src/split.py[m1-8], authored 09:23, committed 09:23, after 000, on refs/pull/5/head
```
The second pull request was begun an hour later, and takes over a part of the first one, which is never merged:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-6], at 09:12, after 000, on refs/pull/4/head
commit c1c: "R12: Screens (#6)" src/screens.py[s1-6], at 10:05, after 000
commit b1b: "R10: Manager" src/manager.py[m1-6;k1-9], authored 10:23, committed 10:23, after c1c, on refs/pull/5/head
```
One commit with the edits of two other steps:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=certain steps=1.1,1.2,1.3 culprit=1.1 commits=a1a0000,b1b0000,c1c0000 files=src/manager.py,src/screen.py
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py, 1.3 "Show downloads" files src/screen.py src/more.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5] src/screen.py[s1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6], at 09:23, after 000, on refs/heads/step-1-2
commit c1c: "Cycle 1.3: Show downloads" src/screen.py[s1-6], at 09:24, after 000, on refs/heads/step-1-3
```
The plan assigns the file to both steps:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=1.1,1.2 culprit=1.1
plan: 1.1 "Queue downloads" files src/queue.py src/manager.py, 1.2 "Manage downloads" files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6], at 09:23, after 000, on refs/heads/step-1-2
```
The plan assigns one of two swept files to the carrying step itself:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=1.1,1.2 culprit=1.1 files=src/manager.py,src/shared.py
plan: 1.1 "Queue downloads" files src/queue.py src/shared.py, 1.2 "Manage downloads" files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5] src/shared.py[s1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6] src/shared.py[s1-6], at 09:23, after 000, on refs/heads/step-1-2
```
The plan assigns only one of two swept files, or of two swept steps:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=1.1,1.2 culprit=1.1 files=src/manager.py,src/shared.py
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5] src/shared.py[s1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6] src/shared.py[s1-6], at 09:23, after 000, on refs/heads/step-1-2
```
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=1.1,1.2,1.3 culprit=1.1
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py, 1.3 "Show downloads"
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5] src/screen.py[s1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6], at 09:23, after 000, on refs/heads/step-1-2
commit c1c: "Cycle 1.3: Show downloads" src/screen.py[s1-6], at 09:24, after 000, on refs/heads/step-1-3
```
The owner's pull request was merged almost empty:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=certain steps=R50,R11 culprit=R50 commits=a1a0000,b1b0000
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/intents.py[i1-5], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-6], at 09:23, after 000, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-5], at 09:41, after 000
commit b2b: "R11: Tidy" src/intents.py[j1-4], at 10:05, after b1b, on refs/pull/5/head
commit d1d: "Intents (R11) (#5)" src/intents.py[j1-4], at 10:19, after c1c, lists 'R11: Intents' and 'R11: Tidy'
```
A landing has the lines because its pull request brought another step's commit, which is ISO004:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
```
It is not known which commit the work of an empty merge was made in:
```case clears
tickets: R\\d+
commit c1c: "Branding (R36) (#4)" src/brand.py[q1-19], at 09:41, lists 'R36: Brand'
commit d1d: "Baseline (R00) (#5)", at 10:19, lists 'R36: Brand'
```
"""

from collections.abc import Iterator
from itertools import groupby

from forensics.casework.isolation.hollow_merges import HollowMerge
from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.swept_files import SweptFile
from forensics.casework.isolation.swept_lines import SweptLines
from forensics.casework.isolation.taken_plan_files import TakenPlanFiles
from forensics.casework.isolation.taken_plan_lines import TakenPlanLines
from forensics.casework.paths import locate
from forensics.detect.remedies import OWN_WORKTREE_AND_BRANCH
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, MisplacedWork, Rule, Severity, Symptom
from forensics.model.grouping import grouped
from forensics.model.prose import count, listing, quote, short, steps_named, upper_first
from forensics.model.source import CommitRef

RULE = Rule(
    "ISO003",
    "swept-edits",
    Severity.HIGH,
    summary="commits of {} contain edits of other steps",
    symptom=Symptom(
        lambda finding: (
            f"Step {finding.culprit}'s commit {short(finding.commits[0])} swept up edits of {steps_named(finding.steps[1:])}"
        ),
        "the edits of both were in one folder when it was made",
        Confidence.CERTAIN,
    ),
    remedy=OWN_WORKTREE_AND_BRANCH,
)


def detect(
    case: Case,
    lineage: Lineage,
    swept_lines: tuple[SweptLines, ...],
    hollow_merges: tuple[HollowMerge, ...],
    taken_plan_files: tuple[TakenPlanFiles, ...],
    taken_plan_lines: tuple[TakenPlanLines, ...],
    swept_files: tuple[SweptFile, ...],
) -> Iterator[Hit]:
    """Yield one hit for each commit, merges aside, that contains other steps' lines, and for files and lines that only the plan assigns.

    It is certain if a second source agrees: the owner's merge was almost empty, or the plan gives the files to the owner alone.
    """
    yield from map(_hit_by_plan, taken_plan_files)
    yield from map(_hit_by_code, taken_plan_lines)
    for sha, files in grouped((swept.carrier.sha, swept) for swept in swept_files).items():
        yield _hit_by_imports(lineage.owner(sha), files)
    homes = {merge.home.sha for merge in hollow_merges if merge.home}
    found = [sweep for sweep in swept_lines if sweep.carrier.sha not in lineage.landings]
    for _, group in groupby(found, key=lambda one: one.carrier.sha):
        swept = tuple(group)
        sure = all(sweep.home.sha in homes or _planned(case, lineage, sweep) for sweep in swept)
        yield _hit(lineage, swept, Confidence.CERTAIN if sure else Confidence.LIKELY)


def _hit_by_plan(taken: TakenPlanFiles) -> Hit:
    sha = taken.carrier.sha
    files = listing((quote(path) for path in taken.paths), limit=3)
    return Hit(
        at=CommitRef(sha),
        culprit=taken.step,
        steps=(taken.owner,),
        commits=(sha,),
        files=taken.paths,
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"Step {taken.step}'s {short(sha)} holds {files}, which the plan gives to step {taken.owner} alone, and no commit of "
        f"step {taken.owner} contains.",
        foreign=(MisplacedWork(sha, taken.owner, None, tuple((path, None) for path in taken.paths)),),
    )


def _hit_by_code(taken: TakenPlanLines) -> Hit:
    sha = taken.carrier.sha
    files = listing((quote(path) for path, _ in taken.files), limit=3)
    lines = count(sum(number for _, number in taken.files), "line")
    return Hit(
        at=CommitRef(sha),
        culprit=taken.step,
        steps=(taken.owner,),
        commits=(sha,),
        files=tuple(path for path, _ in taken.files),
        severity=Severity.MEDIUM,
        confidence=Confidence.LIKELY,
        message=f"Step {taken.step}'s {short(sha)} adds {lines} to {files} that the plan writes out for step {taken.owner} alone. "
        f"Step {taken.owner} committed before and after it, and no commit of step {taken.owner} adds them.",
        foreign=(MisplacedWork(sha, taken.owner, None, taken.files),),
    )


def _hit_by_imports(step: str, swept: tuple[SweptFile, ...]) -> Hit:
    carrier, paths = swept[0].carrier.sha, tuple(file.path for file in swept)
    owners = tuple(dict.fromkeys(file.owner for file in swept))
    others = tuple(dict.fromkeys(sha for file in swept for sha in (file.base.sha, file.user.sha)))
    return Hit(
        at=CommitRef(carrier),
        culprit=step,
        steps=owners,
        commits=(carrier, *others),
        files=paths,
        severity=Severity.MEDIUM,
        confidence=Confidence.POSSIBLE,
        related=tuple(map(CommitRef, others)),
        message=f"Step {step}'s {short(carrier)} adds {listing((quote(path) for path in paths), limit=3)}, which imports a file of "
        f"{steps_named(owners)} that is not below it. {upper_first(steps_named(owners))} imports it in turn, and never committed it.",
        foreign=tuple(MisplacedWork(carrier, file.owner, None, ((file.path, None),)) for file in swept),
    )


def _planned(case: Case, lineage: Lineage, swept: SweptLines) -> bool:
    """Return whether the plan gives the swept files to their owner, and none of them to the carrier's step."""
    wanted = _files(case, swept.owner)
    others = {path for step in lineage.owners[swept.carrier.sha] for path in _files(case, step)}
    paths = [path for path, _ in swept.files]
    return all(any(locate(name, {path}) for name in wanted) for path in paths) and not any(
        locate(name, {path}) for name in others for path in paths
    )


def _files(case: Case, step: str) -> tuple[str, ...]:
    return next((spec.files for spec in case.plan.steps if spec.id == step), ())


def _hit(lineage: Lineage, group: tuple[SweptLines, ...], confidence: Confidence) -> Hit:
    carrier = group[0].carrier
    swept = listing(
        f"{count(sum(number for _, number in entry.files), 'line')} of step {entry.owner}'s {short(entry.home.sha)} "
        f"({listing((quote(path) for path, _ in entry.files), limit=3)})"
        for entry in group
    )
    return Hit(
        at=CommitRef(carrier.sha),
        culprit=lineage.owner(carrier.sha),
        steps=tuple(entry.owner for entry in group),
        commits=(carrier.sha, *(entry.home.sha for entry in group)),
        files=tuple(dict.fromkeys(path for entry in group for path, _ in entry.files)),
        confidence=confidence,
        related=tuple(CommitRef(entry.home.sha) for entry in group),
        message=f"Step {lineage.owner(carrier.sha)}'s {short(carrier.sha)} contains {swept}; neither commit was built on the other.",
        foreign=tuple(entry.misplaced for entry in group),
    )
