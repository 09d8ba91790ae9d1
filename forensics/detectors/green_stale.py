"""# Code changed after the last test run

An agent reported GREEN, but changed code after its last test run.

## Why it matters

What was committed is not what was tested. Mostly the last edit is formatting; sometimes it is one more change.

## What to do

Run the step's test on its commit.

```case flags at=agent-a3.jsonl:5 severity=low confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, tests passed 10:04, writes src/a.py 10:06
```
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, tests passed 10:04, writes plans/run/reports/x.md 10:06
```
A recipe may run the tests without its name saying so:
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests passed 10:04, writes src/a.py 10:06, runs just precommit 10:07
```
Another agent ran the tests afterwards, or the last edit is a scratch file:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests passed 10:04, writes src/a.py 10:06
agent a4 1.4: 10:11-10:20, tests passed 10:12
```
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, tests passed 10:04, writes ../scratch/try.py 10:06
```
The step stopped, several agents worked on it, or it ran no test:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota", 1.6 "Proxy"
report 1.3: STOP_CONDITION
report 1.4: GREEN_VERIFIED
report 1.5: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, tests passed 10:04, writes src/a.py 10:06
agent a4 1.4: 11:00-11:10, writes tests/test_b.py 11:01, tests failed 11:02, tests passed 11:04, writes src/b.py 11:06
agent b4 1.4: 11:11-11:12, reads src/b.py 11:11
agent a5 1.5: 12:00-12:10, writes src/c.py 12:06
agent a6 1.6: 13:00-13:10, writes src/c.py 13:06
```
Another agent's tests ran before the edit, or in another work tree:
```case flags at=agent-a3.jsonl:4 severity=low confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests passed 10:04, writes src/a.py 10:06
agent a4 1.4: 09:00-10:20, tests passed 10:05, reads src/a.py 10:12
agent a5 1.5: 10:11-10:20 in /tree-5, tests passed 10:12
```
"""

from collections.abc import Iterator, Mapping

from forensics.casework.agents.test_first import Cycle, may_run_tests
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.report import Status
from forensics.model.source import Kind
from forensics.model.transcript import AgentRun, FileWrite

RULE = Rule("RED007", "green-stale", Severity.LOW, needs=frozenset({Kind.TRANSCRIPT, Kind.REPORT}))


def detect(case: Case, cycles: Mapping[str, Cycle]) -> Iterator[Hit]:
    """Yield one hit for each step reported as done whose only agent edited code after its last test run."""
    for dossier in case.dossiers:
        status = dossier.report.status if dossier.report else None
        if status is None or status.value is not Status.DONE or len(dossier.agents) != 1:
            continue
        agent = dossier.agents[0]
        edit, green = cycles[agent.id].untested, cycles[agent.id].green
        if edit and green and not _tested_by_another(case, agent, edit):
            yield Hit(
                at=edit.ref,
                culprit=dossier.id,
                files=(edit.path,),
                confidence=Confidence.LIKELY,
                related=(green.ref, status.ref),
                message=f"Step {dossier.id}'s agent edited {quote(edit.path)} after its last test run and reported {quote(status.text)} all the same.",
            )


def _tested_by_another(case: Case, agent: AgentRun, edit: FileWrite) -> bool:
    """Return whether another agent may have run the tests in the same work tree afterwards."""
    return any(
        event.moment >= edit.moment and may_run_tests(event)
        for other in case.transcripts.agents
        if other.cwd == agent.cwd and other.id != agent.id
        for event in other.events
    )
