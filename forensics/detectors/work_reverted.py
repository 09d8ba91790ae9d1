"""# A step's commit was reverted

A later commit on the branch reverts a step's commit, and the step was not done again.

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

import re
from collections.abc import Iterator

from forensics.casework.readings import sure_work
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Fate, Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import quote, short
from forensics.model.source import CommitRef

RULE = Rule(
    "HIS002",
    "work-reverted",
    Severity.HIGH,
    effect=Effect.CONTRADICTS,
    summary="the work of {} was reverted",
    fate=Fate.REVERTED,
)
# The line that `git revert` writes into the message.
_REVERTS = re.compile(r"This reverts commit ([0-9a-f]{7,64})")


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step's commit that was reverted and not redone."""
    reverts = [
        (commit, target)
        for sha in sorted(case.history.on_branch)
        if (commit := case.history.commits[sha])
        for target in _REVERTS.findall(commit.body)
    ]
    undone = {commit.sha for commit, _ in reverts if any(commit.sha.startswith(target) for _, target in reverts)}
    for dossier in case.dossiers:
        work = sure_work(dossier)
        for one in work:
            revert = _revert_of(one.commit, reverts, undone)
            if revert and not any(other.commit.commit_time > revert.commit_time for other in work):
                yield Hit(
                    at=CommitRef(revert.sha),
                    culprit=dossier.id,
                    commits=(one.commit.sha, revert.sha),
                    related=(CommitRef(one.commit.sha),),
                    confidence=Confidence.CERTAIN,
                    message=f"Step {dossier.id}'s commit {short(one.commit.sha)} was reverted by {short(revert.sha)}, "
                    f"{quote(revert.subject)}, and was not redone.",
                )


def _revert_of(commit: Commit, reverts: list[tuple[Commit, str]], undone: set[str]) -> Commit | None:
    return next(
        (revert for revert, target in reverts if commit.sha.startswith(target) and revert.sha not in undone),
        None,
    )
