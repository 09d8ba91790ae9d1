"""# A step's commit was reverted

A later commit on the branch reverts a step's commit, and the step was not done again. A revert of less than four fifths of the
commit is of low severity: it says how much was taken back.

## Why it matters

The step's report and its commit are both correct, but the work is no longer on the branch.

## What to do

Find out why it was reverted before you count the step as done.

```case flags at=ccc3333000000000000000000000000000000000 severity=high confidence=certain steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit ccc3333: "Revert the issues" src/a.py, reverts aaa1111, at 10:30
```
The step was done again afterwards:
```case clears
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit ccc3333: "Revert the issues" src/a.py, reverts aaa1111, at 10:30
commit bbb2222: "Cycle 1.3: Empty issues" src/a.py, at 11:00
```
The revert was itself reverted:
```case clears
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit ccc3333: "Revert the issues" src/a.py, reverts aaa1111, at 10:30
commit ddd3333: "Reapply the issues" src/a.py, reverts ccc3333, at 10:40
```
Two of five files were taken back, and the rest is there:
```case flags at=ccc3333000000000000000000000000000000000 severity=low confidence=certain steps=1.3 culprit=1.3 commits=aaa1111,ccc3333
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py src/b.py src/c.py src/d.py src/e.py, at 10:00
commit ccc3333: "Revert a part of the issues" src/a.py src/b.py, reverts aaa1111, at 10:30
```
The lines count where they are known:
```case flags at=ccc3333000000000000000000000000000000000 severity=low confidence=certain steps=1.3 culprit=1.3 commits=aaa1111,ccc3333
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py[a1-9], at 10:00
commit ccc3333: "Revert a part of the issues" src/a.py[-a1-3], reverts aaa1111, at 10:30
```
```case flags at=ccc3333000000000000000000000000000000000 severity=high confidence=certain steps=1.3 culprit=1.3 commits=aaa1111,ccc3333
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py[a1-9;-b1-2], at 10:00
commit ccc3333: "Revert the issues" src/a.py[-a1-9;b1-2], reverts aaa1111, at 10:30
```
The step's own commit reverts its first attempt and does the work again in the same commit:
```case clears
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py[a1-9] src/log.json[k1-9], at 10:00
commit ccc3333: "Cycle 1.3: Empty issues, clean" src/log.json[-k1-9], reverts aaa1111, at 10:30
```
It names a commit that it does not touch:
```case clears
plan: 1.3 "Empty issues"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py[a1-9], at 10:00
commit ccc3333: "Revert the other thing" src/b.py[-b1-9], reverts aaa1111, at 10:30
```
Another commit was reverted, and so was one of two steps:
```case flags at=ccc3333000000000000000000000000000000000 severity=high confidence=certain steps=1.4 culprit=1.4 commits=aab1111,ccc3333
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb2222: "Tidy up" src/z.py, at 09:00
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit aab1111: "Cycle 1.4: Plan mode" src/b.py, at 10:10
commit ddd3333: "Revert the tidying" src/z.py, reverts bbb2222, at 10:20
commit ccc3333: "Revert plan mode" src/b.py, reverts aab1111, at 10:30
```
"""

from collections.abc import Iterator

from forensics.casework.isolation.reverted_work import Revert, Reverts
from forensics.casework.readings import sure_work
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Fate, Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import count, quote, short
from forensics.model.source import CommitRef

RULE = Rule(
    "HIS002",
    "work-reverted",
    Severity.HIGH,
    effect=Effect.CONTRADICTS,
    summary="the work of {} was reverted",
    fate=Fate.REVERTED,
)
# A revert onto a later state loses some lines to conflicts; one that keeps a fifth of the work is a correction of it.
_WHOLE = 0.8


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step's commit that was reverted and not redone, of low severity if only a part was."""
    reverts = Reverts(case.history)
    for dossier in case.dossiers:
        work = sure_work(dossier)
        own = {attribution.commit.sha for attribution in work}
        for attribution in work:
            revert = reverts.of(attribution.commit)
            if revert is None or not revert.taken or any(_redoes(other.commit, revert) for other in work):
                continue
            if revert.taken >= _WHOLE * revert.of:
                yield _hit(dossier.id, revert, None)
            elif revert.by.sha not in own:  # a step that corrects itself is not news
                yield _hit(dossier.id, revert, Severity.LOW)


def _redoes(commit: Commit, revert: Revert) -> bool:
    return commit.sha != revert.by.sha and commit.commit_time > revert.by.commit_time


def _hit(step: str, revert: Revert, severity: Severity | None) -> Hit:
    part = f"{revert.taken} of the {count(revert.of, revert.unit)} of step" if severity else "Step"
    how = f"{part} {step}'s commit {short(revert.work.sha)} {'were' if severity else 'was'} reverted by {short(revert.by.sha)}, "
    return Hit(
        at=CommitRef(revert.by.sha),
        culprit=step,
        commits=(revert.work.sha, revert.by.sha),
        related=(CommitRef(revert.work.sha),),
        severity=severity,
        confidence=Confidence.CERTAIN,
        message=f"{how}{quote(revert.by.subject)}, and {'were' if severity else 'was'} not redone.",
    )
