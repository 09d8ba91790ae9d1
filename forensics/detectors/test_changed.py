"""# The test changed between RED and GREEN

The step's test was changed between its RED run and the run that passed.

## Why it matters

Nobody has seen the changed test fail. Often the change fixes a typo; sometimes it weakens the assertion.

## What to do

Read what changed in the test.

```case flags at=agent-a3.jsonl:5 severity=info confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, writes tests/test_a.py 10:04, tests passed 10:05
```
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, tests passed 10:05
```
The changed test failed too:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes tests/test_a.py 10:03, tests failed 10:04, writes src/a.py 10:05, tests passed 10:06
```
The next cycle adds a test to the same file after GREEN:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, tests passed 10:04, writes tests/test_a.py 10:05, tests failed 10:06, writes src/a.py 10:07, tests passed 10:08
```
The changed file is not the test that failed:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, writes tests/test_b.py 10:04, tests passed 10:05
```
Several agents worked on the step, it has no RED, or the test never failed:
```case clears
plan: 1.3 "Empty issues" expects AttributeError, 1.4 "Plan mode", 1.5 "Quota" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, writes tests/test_a.py 10:04, tests passed 10:05
agent b3 1.3: 10:11-10:20, tests passed 10:12
agent a4 1.4: 11:00-11:10, writes tests/test_a.py 11:01, tests failed 11:02, writes src/a.py 11:03, writes tests/test_a.py 11:04, tests passed 11:05
agent a5 1.5: 12:00-12:10, writes tests/test_a.py 12:01, writes src/a.py 12:03, writes tests/test_a.py 12:04, tests passed 12:05
agent a9 9.9: 13:00-13:10, writes tests/test_a.py 13:01, tests failed 13:02, writes src/a.py 13:03, writes tests/test_a.py 13:04
```
The test never passed after the change:
```case clears
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests failed 10:02, writes src/a.py 10:03, writes tests/test_a.py 10:04
```
No test was found in RED:
```case flags at=agent-a3.jsonl:5 severity=info confidence=likely steps=1.3 culprit=1.3 related=agent-a3.jsonl:3,agent-a3.jsonl:6
plan: 1.3 "Empty issues" expects AttributeError
report 1.3: GREEN_VERIFIED
agent a3 1.3: 10:00-10:10, writes tests/test_a.py 10:01, tests none 10:02, writes src/a.py 10:03, writes tests/test_a.py 10:04, tests passed 10:05
```
"""

from collections.abc import Iterator, Mapping

from forensics.casework.agents.test_first import Cycle, failed
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote
from forensics.model.source import Kind

RULE = Rule("RED008", "test-changed", Severity.INFO, needs=frozenset({Kind.TRANSCRIPT}))


def detect(case: Case, cycles: Mapping[str, Cycle]) -> Iterator[Hit]:
    """Yield one hit for each step whose agent changed the test between RED and GREEN."""
    for dossier in case.dossiers:
        if len(dossier.agents) == 1 and dossier.spec and dossier.spec.red:
            cycle = cycles[dossier.agents[0].id]
            if cycle.changed_test:
                before = "the failing run" if cycle.red and failed(cycle.red) else "a RED run that did not fail"
                yield Hit(
                    at=cycle.changed_test.ref,
                    culprit=dossier.id,
                    files=(cycle.changed_test.path,),
                    confidence=Confidence.LIKELY,
                    related=tuple(run.ref for run in (cycle.red, cycle.green) if run),
                    message=f"Step {dossier.id}'s agent changed {quote(cycle.changed_test.path)} between {before} and the passing run.",
                )
