"""# A commit swept up another step's edits

A commit carries lines that another step was writing, and that stand in that step's own commit too.

## Why it matters

Edits that were half done are committed under a name that does not tell of them. The step they belong to finds its work
gone from the folder, or lands without it; reverting one takes out the other.

## What to do

Commit by path (`git add FILE…`), never by `git add -A` in a folder that several agents use. Take the foreign lines back out,
and let the commit named here bring them.

```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R10
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-6], authored 09:23, committed 09:23, after 000, on refs/pull/5/head
```
Lines that were there when the second one was written:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12
commit b1b: "R10: Manager" src/manager.py[m1-6], at 09:23
```
Lines that had landed, taken over into a branch cut before:
```case clears
tickets: R\\d+
commit b1b: "Manager (R10) (#5)" src/manager.py[m1-6], at 09:12
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-6], at 09:23, after 000, on refs/pull/4/head
```
A copied stretch, which both tickets land:
```case clears
tickets: R\\d+
commit b1b: "R10: Manager" src/manager.py[m1-3] src/tests.py[t1-6], at 09:12, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9] src/tests.py[t1-6;u1-4], at 09:13, after 000, on refs/pull/4/head
commit c1c: "Manager (R10) (#5)" src/manager.py[m1-3] src/tests.py[t1-6], at 09:31
commit c2c: "Queue (R50) (#4)" src/queue.py[q1-9] src/tests.py[t1-6;u1-4], at 09:41
```
Two tickets that mend the same file, each in its own way:
```case clears
tickets: R\\d+
commit a1a: "R50: Shorten the manager" src/manager.py[m1-6;n1-3], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R10: Split the manager" src/manager.py[m1-6;k1-4], at 15:23, after 000, on refs/pull/5/head
```
The same commit under two branches is a cherry-pick:
```case clears
tickets: R\\d+
commit a1a: "R50: Manager" src/manager.py[m1-6], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-6], at 09:23, after 000, on refs/pull/5/head
```
Lock files, indexes and changelogs are everybody's:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] CHANGELOG.md[m1-6] uv.lock[n1-9] index.toon[k1-9], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" CHANGELOG.md[m1-6] uv.lock[n1-9] index.toon[k1-9], at 09:23, after 000, on refs/pull/5/head
```
The plan gives the file to the other step:
```case flags at=a1a0000000000000000000000000000000000000 severity=high confidence=certain steps=1.1,1.2
plan: 1.1 "Queue downloads" files src/queue.py, 1.2 "Manage downloads" files src/manager.py
commit a1a: "Cycle 1.1: Queue downloads" src/queue.py[q1-9] src/manager.py[m1-5], at 09:12, on refs/heads/step-1-1
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-6], at 09:23, after 000, on refs/heads/step-1-2
```
Two or three lines in a large commit:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-3], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-20], at 09:23, after 000, on refs/pull/5/head
```
The same bug, mended twice in nearly the same words:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/manager.py[m1-3], at 09:12, on refs/pull/4/head
commit b1b: "R10: Manager" src/manager.py[m1-3;n1-1], at 09:23, after 000, on refs/pull/5/head
```
Two steps that move the same old lines to a new file:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9] src/core.py[-m1-8] src/split.py[m1-8], at 09:12, on refs/pull/4/head
commit b1b: "R10: Split" src/core.py[-m1-6] src/split.py[m1-6], at 09:23, after 000, on refs/pull/5/head
```
"""

from collections.abc import Iterator
from itertools import groupby

from forensics.casework.isolation.hollow_merges import HollowMerge
from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.swept_lines import SweptLines
from forensics.casework.paths import locate
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import count, listing, quote, short
from forensics.model.source import CommitRef, Kind

RULE = Rule("ISO003", "swept-edits", Severity.HIGH, needs=frozenset({Kind.PLAN}))


def detect(
    case: Case, lineage: Lineage, swept_lines: tuple[SweptLines, ...], hollow_merges: tuple[HollowMerge, ...]
) -> Iterator[Hit]:
    """Yield one hit for each commit that is no landing and carries others' lines.

    It is certain if a second witness agrees: the owner landed hollow, or the plan gives the files to the owner alone.
    """
    homes = {merge.home.sha for merge in hollow_merges if merge.home}
    found = [one for one in swept_lines if one.carrier.sha not in lineage.landings]
    for _, group in groupby(found, key=lambda one: one.carrier.sha):
        swept = tuple(group)
        sure = all(one.home.sha in homes or _planned(case, lineage, one) for one in swept)
        yield _hit(lineage, swept, Confidence.CERTAIN if sure else Confidence.LIKELY)


def _planned(case: Case, lineage: Lineage, swept: SweptLines) -> bool:
    """Tell whether the plan gives the swept files to their owner, and none of them to the carrier's step."""
    wanted = _files(case, swept.owner)
    others = {path for step in lineage.owners[swept.carrier.sha] for path in _files(case, step)}
    paths = [path for path, _ in swept.files]
    return all(any(locate(name, {path}) for name in wanted) for path in paths) and not any(
        locate(name, {path}) for name in others for path in paths
    )


def _files(case: Case, step: str) -> tuple[str, ...]:
    dossier = case.dossier(step)
    return dossier.spec.files if dossier and dossier.spec else ()


def _hit(lineage: Lineage, group: tuple[SweptLines, ...], confidence: Confidence) -> Hit:
    carrier = group[0].carrier
    told = listing(
        f"{count(sum(number for _, number in one.files), 'line')} of step {one.owner}'s {short(one.home.sha)} "
        f"({listing((quote(path) for path, _ in one.files), limit=3)})"
        for one in group
    )
    return Hit(
        at=CommitRef(carrier.sha),
        steps=(lineage.owner(carrier.sha), *(one.owner for one in group)),
        commits=(carrier.sha, *(one.home.sha for one in group)),
        files=tuple(dict.fromkeys(path for one in group for path, _ in one.files)),
        confidence=confidence,
        related=tuple(CommitRef(one.home.sha) for one in group),
        message=f"Step {lineage.owner(carrier.sha)}'s {short(carrier.sha)} carries {told}; neither was built on the other.",
        foreign=tuple(one.misplaced for one in group),
    )
