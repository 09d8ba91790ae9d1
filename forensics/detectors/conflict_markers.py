"""# A commit contains conflict markers

A step's commit adds both markers of a merge conflict to a file.

## Why it matters

A merge was committed without being resolved. The file does not compile, or it contains both versions.

## What to do

Resolve the conflict, and find out whose lines were meant to stay.

```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=certain steps=R50 culprit=R50
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[conflict], at 09:12
```
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12
```
A manual that shows what a conflict looks like:
```case clears
tickets: R\\d+
commit a1a: "R50: Explain conflicts" docs/conflicts.md[shown], at 09:12
```
The pull request that merges a commit with markers is not a second finding, but another file is:
```case flags at=a1a0000000000000000000000000000000000000 severity=medium confidence=certain steps=R50 culprit=R50 files=src/also.py,src/queue.py at=d1d0000000000000000000000000000000000000 severity=medium confidence=certain steps=R51 culprit=R51 files=src/screens.py
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[conflict] src/also.py[conflict], at 09:12, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[conflict] src/also.py[conflict], at 09:41
commit d1d: "Screens (R51) (#5)" src/screens.py[conflict], at 09:51
```
"""

from collections.abc import Iterator

from forensics.casework.isolation.conflict_markers import unresolved
from forensics.casework.isolation.lineage import Lineage
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import listing, quote, short
from forensics.model.source import CommitRef

RULE = Rule("ISO009", "conflict-markers", Severity.MEDIUM)


def detect(lineage: Lineage) -> Iterator[Hit]:
    """Yield one hit for each commit that first adds unresolved conflict markers; merging them again is not another hit."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for commit in lineage.commits:
        found = {path: unresolved(added) for path, added in sorted(lineage.patch(commit.sha).added.items())}
        new = {path for path, conflict in found.items() if conflict and (path, conflict) not in seen}
        seen |= set(found.items())
        if new:
            step = lineage.owner(commit.sha)
            yield Hit(
                at=CommitRef(commit.sha),
                culprit=step,
                commits=(commit.sha,),
                files=tuple(sorted(new)),
                confidence=Confidence.CERTAIN,
                message=f"Step {step}'s {short(commit.sha)} adds unresolved conflict markers to {listing(map(quote, sorted(new)))}.",
            )
