"""# Two agents raced for a file

Two agents that nothing kept apart shared a work tree, and one wrote a file that the other wrote, read or tested.

## Why it matters

What the second one saw depends on who was quicker. A test that passes in RED, a count nobody can explain and an edit
that vanished all come from here.

## What to do

Do the later step again from a tree of its own. Results of either agent after the first access are not to be trusted.

```case flags at=agent-a4.jsonl:2
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes tests/test_state.py 10:01, reads src/state.py 10:02, tests passed 10:05
agent a4 1.4: 10:00-10:12, writes src/state.py 10:03
launched together: a3, a4
```
Disjoint files, trees of their own, and agents that follow each other:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, tests passed 10:05
agent a4 1.4: 10:00-10:12, writes src/b.py 10:03
launched together: a3, a4
```
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10 in /tree-3, writes src/a.py 10:01
agent a4 1.4: 10:00-10:12 in /tree-4, writes src/a.py 10:03
launched together: a3, a4
```
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01
agent a4 1.4: 10:11-10:12, writes src/a.py 10:12
```
"""

from collections.abc import Iterator

from forensics.casework.concurrency import races
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.source import Kind

RULE = Rule("ISO001", "race", Severity.HIGH, needs=frozenset({Kind.TRANSCRIPT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each pair of agents, with both accesses."""
    for race in races(case):
        yield Hit(
            at=race.write.ref,
            steps=(race.reader_step, race.writer_step),
            files=(race.path,),
            confidence=Confidence.CERTAIN,
            related=(race.access.ref,),
            message=f"Step {race.writer_step}'s agent wrote {quote(race.path)} at {race.write.moment.isoformat()}, and step "
            f"{race.reader_step}'s agent {race.how} at {race.access.moment.isoformat()}: they shared "
            f"{quote(race.tree)}, and nothing kept them apart.",
        )
