"""# Landed work was repaired within a day

Another commit, whose message says that it repairs something, changes lines that the step had just landed.

## Why it matters

The step was reported as done, and was not: it landed with a fault that somebody else found within hours. The time
between shows how long the fault was on the branch. The severity depends on the evidence:

- *medium*: the repair names the step's commit, pull request or ticket, or calls itself its follow-up, and changes its lines
- *low*: the repair changes several lines that identify the step's commit, and names nothing

## What to do

Read the repair, and find out which check would have shown the fault before the step landed. Look at the step's other
lines too.

The repair names the pull request:
```case flags at=c2c0000000000000000000000000000000000000 severity=medium confidence=likely steps=R50 culprit=R50 commits=c1c0000,c2c0000 files=src/queue.py
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9], at 09:13
commit c2c: "fix: order missed in #6 (R77) (#7)" src/queue.py[-q3-3;w3-3], at 11:13
```
It names nothing, and changes several lines:
```case flags at=c2c0000000000000000000000000000000000000 severity=low confidence=possible steps=R50 culprit=R50 commits=c1c0000,c2c0000 files=src/queue.py
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9], at 09:13
commit c2c: "fix: order of the queue (R77) (#7)" src/queue.py[-q3-6;w3-6], at 11:13
```
A second pull request of the same ticket says that it is a follow-up:
```case flags at=c2c0000000000000000000000000000000000000 severity=medium confidence=likely steps=R50 culprit=R50 commits=c1c0000,c2c0000
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9], at 09:13
commit c2c: "Queue, follow-up (R50) (#7)" src/queue.py[-q3-6;w3-6], at 11:13
```
Two repairs of one commit are one finding:
```case flags at=c2c0000000000000000000000000000000000000 severity=medium confidence=likely steps=R50 culprit=R50 commits=c1c0000,c2c0000,c3c0000
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9], at 09:13
commit c2c: "fix: order missed in #6 (R77) (#7)" src/queue.py[-q3-3;w3-3], at 11:13
commit c3c: "fix: length missed in #6 (R78) (#8)" src/queue.py[-q4-4;w4-4], at 11:23
```
In a plan, a commit of no step repairs a step after the next one was done:
```case flags at=c3c0000000000000000000000000000000000000 severity=low confidence=possible steps=1.1 culprit=1.1
plan: 1.1 "Queue", 1.2 "Order"
commit c1c: "Cycle 1.1: Queue" src/queue.py[q1-9], at 09:13
commit c2c: "Cycle 1.2: Order" src/order.py[o1-9], at 09:42
commit c3c: "fix: empty queues" src/queue.py[-q3-6;w3-6], at 10:13
```
The next step builds on the same file:
```case clears
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9], at 09:13
commit c2c: "Priorities (R77) (#7)" src/queue.py[-q3-6;w3-6], at 11:13
```
The step's own later commit, before any other step's:
```case clears
plan: 1.1 "Queue", 1.2 "Order"
commit c1c: "Cycle 1.1: Queue" src/queue.py[q1-9], at 09:13
commit c3c: "fix: empty queues" src/queue.py[-q3-6;w3-6], at 09:33
commit c2c: "Cycle 1.2: Order" src/order.py[o1-9], at 09:42
```
A formatter, a test, or too few lines of a commit that it does not name:
```case clears
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9] tests/test_queue.py[t1-9], at 09:13
commit c2c: "fix: lint (R77) (#7)" src/queue.py[-q3-6;w3-6], at 11:13
commit c3c: "fix: what the queue's test expects (R78) (#8)" tests/test_queue.py[-t3-6;u3-6], at 11:23
commit c4c: "fix: one thing (R79) (#9)" src/queue.py[-q7-8;w7-8], at 11:33
```
A fix that was written before the work landed:
```case clears
tickets: R\\d+
commit c1c: "Queue (R50) (#6)" src/queue.py[q1-9], at 09:13
commit c2c: "fix: order (R77) (#7)" src/queue.py[-q3-6;w3-6], authored 09:03, committed 11:13
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.repairs import Repair
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.grouping import grouped
from forensics.model.prose import count, duration, listing, quote, short
from forensics.model.source import CommitRef

RULE = Rule(
    "HIS004",
    "fixed-again",
    Severity.LOW,
    effect=Effect.NOTHING,
    summary="landed work of {} was repaired within a day",
)


def detect(repairs: tuple[Repair, ...]) -> Iterator[Hit]:
    """Yield one hit for each step's commit that others repaired; the first repair is its address."""
    for found in grouped((repair.work.sha, repair) for repair in repairs).values():
        first = next((repair for repair in found if repair.named), found[0])
        others = [repair for repair in found if repair is not first]
        yield Hit(
            at=CommitRef(first.by.sha),
            culprit=first.step,
            commits=(first.work.sha, first.by.sha, *(repair.by.sha for repair in others)),
            files=tuple(sorted({path for repair in found for path, _ in repair.lines})),
            severity=Severity.MEDIUM if first.named else None,
            confidence=Confidence.LIKELY if first.named else Confidence.POSSIBLE,
            related=(CommitRef(first.work.sha), *(CommitRef(repair.by.sha) for repair in others)),
            message=_message(first, others),
        )


def _message(first: Repair, others: Sequence[Repair]) -> str:
    number = sum(lines for _, lines in first.lines)
    where = listing((quote(path) for path, _ in first.lines), limit=3)
    named = f" and says {quote(first.named)}" if first.named else ""
    more = (
        f" So {'does' if len(others) == 1 else 'do'} {listing(short(repair.by.sha) for repair in others)}."
        if others
        else ""
    )
    return (
        f"Step {first.step}'s {short(first.work.sha)} was repaired {duration(first.after)} after it had landed: {short(first.by.sha)}, "
        f"{quote(first.by.subject)}, changes {count(number, 'line')} of it in {where}{named}.{more}"
    )
