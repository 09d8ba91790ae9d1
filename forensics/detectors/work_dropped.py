"""# A step's commit is unreachable and lost

No branch, tag or pull request contains this step's commit any more, and no other commit has its work.

## Why it matters

A reset, a force-push or a deleted branch dropped it. Git keeps it for some weeks and then deletes it.

## What to do

Save it now: `git branch rescued-SHA SHA`. Then find out whether it was dropped on purpose; `forensics recover` tries to
restore it.

```case flags at=b1b0000000000000000000000000000000000000 severity=low confidence=likely steps=R11 culprit=R11
tickets: R\\d+
commit a1a: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:12
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, dangling
```
It was amended:
```case clears
tickets: R\\d+
commit a1a: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:12
commit b1b: "R11: Intents" src/intents.py[i1-9], authored 09:13, committed 09:13, dangling
commit b2b: "R11: Intents" src/intents.py[i1-9], authored 09:13, committed 09:15, on refs/pull/5/head
```
A later commit of the step changed the same files:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents, a first try" src/intents.py[i1-9], at 09:13, dangling
commit c1c: "Intents (R11) (#5)" src/intents.py[j1-9], at 09:41
```
Another commit has the same content:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9]=b7, at 09:13, dangling
commit c1c: "Screens and intents (R110) (#5)" src/intents.py[i1-9]=b7 src/screens.py[s1-9], at 09:41
```
Two dropped commits of one step are one finding:
```case flags at=b1b0000000000000000000000000000000000000 severity=low confidence=likely steps=R11 culprit=R11 files=src/also.py,src/intents.py commits=b1b0000,b2b0000
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, dangling
commit b2b: "R11: Screens" src/also.py[s1-9], at 09:14, dangling
```
"""

from collections.abc import Iterator, Mapping

from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import listing, quote, short
from forensics.model.source import CommitRef

RULE = Rule("ISO010", "work-dropped", Severity.LOW)


def detect(dropped_work: Mapping[str, tuple[Commit, ...]]) -> Iterator[Hit]:
    """Yield one hit for each step whose commits are unreachable; the message has the command that keeps them."""
    for step, commits in dropped_work.items():
        first = commits[0]
        named = listing(f"{short(commit.sha)} {quote(commit.subject, 60)}" for commit in commits)
        many = len(commits) > 1
        yield Hit(
            at=CommitRef(first.sha),
            culprit=step,
            commits=tuple(commit.sha for commit in commits),
            files=tuple(sorted({path for commit in commits for path in commit.paths()})),
            confidence=Confidence.LIKELY,
            related=tuple(CommitRef(commit.sha) for commit in commits[1:]),
            message=f"Step {step}'s {named} {'are' if many else 'is'} unreachable, and no reachable commit of the step changes "
            f"{'their' if many else 'its'} files. `git branch rescued {commits[-1].sha[:12]}` keeps {'them' if many else 'it'}.",
        )
