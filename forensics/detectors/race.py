"""# Two agents raced for a file

Two agents shared a work tree at the same time, and one wrote a file that the other wrote, read or tested.

## Why it matters

What the second agent saw depends on which was faster. This is how a test passes in RED, a test count cannot be
explained, or an edit disappears.

## What to do

Do the later step again in its own worktree. Do not trust results of either agent after the first shared access.

```case flags at=agent-a4.jsonl:2 severity=high confidence=certain steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes tests/test_state.py 10:01, reads src/state.py 10:02, tests passed 10:05
agent a4 1.4: 10:00-10:12, writes src/state.py 10:03
launched together: a3, a4
```
Different files, different work trees, or one agent after the other:
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
Tests that ran in another tree did not use the file, and scratch files do not count:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, reads src/state.py 10:01, writes ../tree-3/src/a.py 10:02, tests passed in /tree-3 10:05
agent a4 1.4: 10:00-10:12, writes src/state.py 10:03
launched together: a3, a4
```
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes ../scratch/try.py 10:01
agent a4 1.4: 10:00-10:12, writes ../scratch/try.py 10:03
launched together: a3, a4
```
Of several races for a file, the earlier step's test run over a later step's code explains most:
```case flags at=agent-a4.jsonl:2 severity=high confidence=certain steps=1.3,1.4,1.5 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a3 1.3: 10:00-10:10, writes tests/test_state.py 10:01, reads src/state.py 10:02, tests passed 10:07
agent a4 1.4: 10:00-10:12, writes src/state.py 10:03, tests passed 10:09
agent a5 1.5: 10:00-10:12, writes src/state.py 10:04
launched together: a3, a4, a5
```
Two files are two findings:
```case flags at=agent-a3.jsonl:3 severity=high confidence=certain steps=1.4,1.3 culprit=1.4
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/b.py 10:02, writes src/a.py 10:02
agent a4 1.4: 10:00-10:12, writes src/a.py 10:03, writes src/b.py 10:04
```
The agents were launched one after the other but overlapped:
```case flags at=agent-a4.jsonl:2 severity=high confidence=certain steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:05, reads src/b.py 10:06
agent a4 1.4: 10:02-10:12, writes src/b.py 10:04, writes src/a.py 10:07
```
A test run over a later step's code explains more than a read before it:
```case flags at=agent-a5.jsonl:2 severity=high confidence=certain steps=1.3,1.5,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a3 1.3: 10:00-10:12, writes tests/test_state.py 10:01, reads src/state.py 10:02, tests passed 10:09
agent a4 1.4: 10:00-10:12, writes src/own.py 10:01, reads src/state.py 10:05
agent a5 1.5: 10:00-10:12, writes src/state.py 10:03
launched together: a3, a4, a5
```
A step that read a later step's edit comes before one that read an earlier step's:
```case flags at=agent-a4.jsonl:2 severity=high confidence=certain steps=1.3,1.4,1.5 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a3 1.3: 10:00-10:12, writes src/x.py 10:01, reads src/state.py 10:09
agent a4 1.4: 10:00-10:12, writes src/state.py 10:03
agent a5 1.5: 10:00-10:12, writes src/y.py 10:01, reads src/state.py 10:05
launched together: a3, a4, a5
```
Only its commit shows which step the writing agent worked on:
```case flags at=agent-x4.jsonl:2 severity=high confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/state.py, at 10:11
agent a3 1.3: 10:00-10:10, writes src/x.py 10:01, reads src/state.py 10:05
agent x4 9.9: 10:00-10:12, writes src/state.py 10:03, commits aaa1111 10:11
```
A test run over an earlier step's code comes before a read of a later step's edit:
```case flags at=agent-a4.jsonl:2 severity=high confidence=certain steps=1.5,1.4,1.3 culprit=1.5
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a3 1.3: 10:00-10:12, writes src/x.py 10:01, reads src/state.py 10:04
agent a4 1.4: 10:00-10:12, writes src/state.py 10:03
agent a5 1.5: 10:00-10:12, reads src/state.py 10:02, writes src/y.py 10:02, tests passed 10:05
launched together: a3, a4, a5
```
A subagent reads what its session had written before the launch, and the session reads what it left:
```case clears
session S1: "Add a parser"
S1 10:01 writes src/parser.py
S1 10:02 launches a1: "Review src/parser.py"
a1 10:03 reads src/parser.py
a1 10:04 writes src/rows.py
S1 10:05 hears a1: "Looks fine."
S1 10:06 reads src/rows.py
S1 10:07 writes src/parser.py
```
The session goes on with a file that a subagent still works on in the background:
```case flags at=S1.jsonl:3 severity=high confidence=certain steps=a1,S1 culprit=a1
session S1: "Add a parser"
S1 10:02 launches a1: "Add rows to src/parser.py"
a1 10:03 reads src/other.py
S1 10:04 writes src/parser.py
a1 10:05 writes src/parser.py
S1 10:09 hears a1: "Added."
```
Two sessions are open at once, and a person asks the second after the first one's turn:
```case clears
session S1: "Add a parser"
session S2: "Add rows"
S1 10:01 writes src/parser.py
S2 10:01 reads README.md
S1 10:02 says: "Done."
S2 10:05 asked: "Now the parser's rows"
S2 10:06 writes src/parser.py
S1 10:09 asked: "Thank you"
S1 10:10 reads src/rows.py
```
Both sessions were at work:
```case flags at=S1.jsonl:2 severity=high confidence=certain steps=S2,S1 culprit=S2
session S1: "Add a parser"
session S2: "Add rows"
S2 10:00 reads README.md
S1 10:01 writes src/parser.py
S2 10:06 writes src/parser.py
S1 10:09 says: "Done."
```
Tests of other Go packages did not use the file:
```case clears
session S1: "Add a flag"
session S2: "Add rows"
S2 10:00 reads main.go
S2 10:00 reads cmd/flags.go
S1 10:01 writes main.go
S1 10:01 writes cmd/flags.go
S2 10:05 writes rows/rows.go
S2 10:06 runs: go test ./rows ./cmd/deep/...
    ok  	example.org/app/rows	0.1s
S1 10:09 says: "Done."
```
```case flags at=S1.jsonl:2 severity=medium confidence=certain steps=S2,S1 culprit=S2
session S1: "Add a flag"
session S2: "Add rows"
S2 10:00 reads cmd/flags.go
S1 10:01 writes cmd/flags.go
S2 10:05 writes rows/rows.go
S2 10:06 runs: go test ./rows ./cmd/...
    ok  	example.org/app/rows	0.1s
S1 10:09 says: "Done."
```
A session reads what another one is editing, which its person mostly knows:
```case flags at=S1.jsonl:2 severity=low confidence=certain steps=S2,S1 culprit=S2
session S1: "Add a flag"
session S2: "Add rows"
S2 10:00 writes src/rows.py
S1 10:01 writes src/flags.py
S2 10:06 reads src/flags.py
S1 10:09 says: "Done."
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.agents.concurrency import Race, races
from forensics.casework.agents.ties import Together
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Cause, Effect, Finding, Hit, Rule, Severity, Symptom
from forensics.model.plan import UnitKind
from forensics.model.prose import clock, listing, quote, steps_named, upper_first
from forensics.model.source import Kind
from forensics.model.steps import step_key
from forensics.model.transcript import FileWrite, TestRun


def _racing(*findings: Finding) -> str:
    return steps_named(sorted({step for finding in findings for step in finding.steps}, key=step_key))


def _raced(_: Case, findings: Sequence[Finding]) -> str:
    paths = listing((quote(finding.files[0]) for finding in findings), limit=3)
    return f"{upper_first(_racing(*findings))} raced for {paths}, because nothing kept their agents apart."


RULE = Rule(
    "ISO001",
    "race",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT}),
    effect=Effect.NOTHING,
    symptom=Symptom(
        lambda finding: f"{upper_first(_racing(finding))} raced for {quote(finding.files[0])}",
        "nothing kept their agents apart",
        Confidence.CERTAIN,
    ),
    cause=Cause(_raced),
)
_SHOWN = 100  # thousands of agents in one tree meet in more records than a reader can check


def detect(case: Case, overlaps: tuple[Together, ...], surely_tied: frozenset[str]) -> Iterator[Hit]:
    """Yield one hit for each file that agents raced for, shown by the pair that explains most."""
    files: dict[tuple[str, str], list[Race]] = {}
    for race in races(case, overlaps, surely_tied):
        files.setdefault((race.tree, race.path), []).append(race)
    for (tree, path), found in sorted(files.items()):
        first = min(found, key=_explains)
        steps = sorted({step for race in found for step in (race.reader_step, race.writer_step)}, key=step_key)
        others = [step for step in steps if step not in {first.reader_step, first.writer_step}]
        more = f"; {steps_named(others)} raced for it too" if others else ""
        yield Hit(
            at=first.write.ref,
            severity=_severity(case, first),
            culprit=first.reader_step,
            steps=(first.writer_step, *others),
            files=(path,),
            confidence=Confidence.CERTAIN if first.sure else Confidence.LIKELY,
            related=tuple(ref for race in found[:_SHOWN] for ref in (race.write.ref, race.access.ref)),
            message=f"Step {first.writer_step}'s agent wrote {quote(path)} at {clock(first.write.moment)}, and "
            f"step {first.reader_step}'s agent {first.how} at {clock(first.access.moment, first.write.moment)}. They shared "
            f"{quote(tree)}, and nothing ordered the two{more}.",
        )


def _severity(case: Case, race: Race) -> Severity:
    """Return how bad a race is: a person who has two sessions work in one folder mostly knows what each of them sees."""
    kinds = {spec.kind for spec in case.plan.steps if spec.id in {race.reader_step, race.writer_step}}
    if kinds != {UnitKind.SESSION} or isinstance(race.access, FileWrite):
        return Severity.HIGH
    return Severity.MEDIUM if isinstance(race.access, TestRun) else Severity.LOW


def _explains(race: Race) -> tuple[bool, bool, float]:
    """Return the sort key of a race: first a later step's code under an earlier step's test run, which explains RED; then the earliest."""
    later = step_key(race.writer_step) > step_key(race.reader_step)
    return not isinstance(race.access, TestRun), not later, race.access.moment.timestamp()
