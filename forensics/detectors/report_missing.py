"""# A step ran and left no report

Something shows that the step ran, and no report of it is there. A step that was never started is not meant.

## Why it matters

Nobody knows how it ended. Its agent may have been killed halfway, with half its work in the tree.

## What to do

Look into the work tree and the transcripts for what it left behind.

```case flags at=reports/step-1-3-execution.md:6
plan: 1.3 "Empty issues", 1.5 "Quota"
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Quota"
```
```case flags at=aaa1111000000000000000000000000000000000
plan: 1.1 "Set up", 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
commit aaa1111: "Cycle 1.1: Set up" src/a.py
```
```case clears
plan: 1.3 "Empty issues", 1.5 "Quota"
report 1.3: GREEN_VERIFIED
```
"""

from collections.abc import Iterator

from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import listing, quote, short, steps_named
from forensics.model.source import Kind, Ref

RULE = Rule("REP001", "report-missing", Severity.MEDIUM, needs=frozenset({Kind.REPORT, Kind.PLAN}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step only others speak of, and one for all steps with commits but no report."""
    silent = [dossier for dossier in case.dossiers if dossier.started and not dossier.reports and dossier.spec]
    for dossier in silent:
        if not dossier.commits:
            cited = dossier.cited_by[0]
            yield Hit(
                at=cited.claim.ref,
                steps=(dossier.id,),
                commits=(cited.claim.value,),
                confidence=Confidence.LIKELY,
                related=tuple(one.claim.ref for one in dossier.cited_by),
                message=f"Step {dossier.id} ran, as the report on step {cited.claim.step} cites its commit "
                f"{quote(cited.claim.value)}, but it left no report.",
            )
    committed = [dossier for dossier in silent if dossier.commits]
    if committed:
        shas = tuple(dossier.commits[0].commit.sha for dossier in committed)
        steps = tuple(dossier.id for dossier in committed)
        has = "has a commit" if len(steps) == 1 else "have commits"
        yield Hit(
            at=Ref(shas[0]),
            steps=steps,
            commits=shas,
            severity=Severity.LOW,
            confidence=Confidence.LIKELY,
            related=tuple(Ref(sha) for sha in shas),
            message=f"{steps_named(steps).capitalize()} {has} ({listing(map(short, shas))}) and no report.",
        )
