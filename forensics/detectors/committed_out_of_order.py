"""# Steps were committed out of order

A step was committed before an earlier step that it depends on.

## Why it matters

The earlier step was written when the later step's code was already there, so its RED failure proves less than it seems.

## What to do

Read the two commits in the order in which they were made. If the later step needs nothing from the earlier one, remove
the order from the plan.

```case flags at=aaa1111000000000000000000000000000000000 severity=medium confidence=likely steps=1.4,1.3 culprit=1.4 commits=aaa1111,bbb2222
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:00
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:10
```
The plan states no order:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:00
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
The first of a step's commits counts, and later fixes do not:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:10
commit ccc3333: "Cycle 1.3: Empty issues, again" src/a.py, at 10:20
```
The later step was committed on a branch that the earlier one does not build on:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:00, on refs/heads/x
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
One commit for both steps:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb2222: "Cycle 1.3 + 1.4: Empty issues, plan mode" src/b.py, at 10:00
```
A step that has not been committed yet is skipped, and the same minute is not an order:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
commit bbb2222: "Cycle 1.5: Quota" src/b.py, at 10:10
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
The two steps were committed on branches that were merged afterwards:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:00, after 000, on refs/heads/x
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10, after 000
commit ccc1111: "Merge branch x" src/b.py, at 10:20, after aaa and bbb
```
"""

from collections.abc import Iterator
from itertools import pairwise

from forensics.casework.order import must_precede
from forensics.casework.readings import sure_work
from forensics.detect.remedies import KEEP_THE_ORDER
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import quote, short
from forensics.model.source import CommitRef

RULE = Rule("ORD002", "committed-out-of-order", Severity.MEDIUM, remedy=KEEP_THE_ORDER)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each neighbouring pair of committed steps whose order on the branch contradicts the plan."""
    first: list[tuple[str, Commit]] = []
    for dossier in case.dossiers:
        work = [one for one in sure_work(dossier) if one.confidence is Confidence.CERTAIN]
        if work and dossier.spec:
            first.append((dossier.id, min((one.commit for one in work), key=lambda commit: commit.author_time)))
    for (early, commit), (late, other) in pairwise(first):
        rule = must_precede(case.plan, early, late)
        if (
            rule
            and commit.sha != other.sha
            and other.author_time < commit.author_time
            and other.sha in case.history.ancestors([commit.sha])
        ):
            yield Hit(
                at=CommitRef(commit.sha),
                culprit=late,
                steps=(early,),
                commits=(commit.sha, other.sha),
                related=(CommitRef(other.sha), rule.ref),
                message=f"Step {late} was committed ({short(other.sha)}) before step {early} ({short(commit.sha)}). "
                f"The plan requires the opposite order: {quote(rule.text)}.",
            )
