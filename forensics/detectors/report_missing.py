"""# A step ran but left no report

A commit, a transcript or another report shows that the step ran, but there is no report on it. Steps that never started
are not listed.

## Why it matters

Nobody knows how it ended. Its agent may have been killed, leaving unfinished work in the work tree.

## What to do

Look in the work tree and the transcripts for what it left behind.

```case flags at=reports/step-1-3-execution.md:6 severity=medium confidence=likely steps=1.5 culprit=1.5
plan: 1.3 "Empty issues", 1.5 "Quota", 1.6 "Proxy"
report 1.3: STOP_CONDITION, cites dba83b8 "Cycle 1.5: Quota"
```
```case flags at=aaa1111000000000000000000000000000000000 severity=low confidence=likely steps=1.1
plan: 1.1 "Set up", 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 10:00
commit ccc1111: "Cycle 1.3: Empty issues" src/c.py, at 10:10
```
```case clears
plan: 1.3 "Empty issues", 1.5 "Quota"
report 1.3: GREEN_VERIFIED
```
The step's commit contains a report, or the step never started:
```case clears
plan: 1.1 "Set up", 1.2 "First", 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
commit aaa1111: "Cycle 1.1: Set up" src/a.py docs/reports/set-up.md
```
A page elsewhere, or a text in the folder of reports, is not a report:
```case flags at=aaa1111000000000000000000000000000000000 severity=low confidence=likely steps=1.1,1.2 commits=aaa1111,bbb1111
plan: 1.1 "Set up", 1.2 "First", 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
commit aaa1111: "Cycle 1.1: Set up" src/a.py docs/set-up.md
commit bbb1111: "Cycle 1.2: First" src/b.py docs/reports/first.txt
```
A run without any report:
```case clears
plan: 1.1 "Set up"
commit aaa1111: "Cycle 1.1: Set up" src/a.py
```
The other report's claim is an extra witness for a committed step:
```case flags at=aaa1111000000000000000000000000000000000 severity=low confidence=likely steps=1.1 commits=aaa1111
plan: 1.1 "Set up", 1.3 "Empty issues"
report 1.3: STOP_CONDITION, cites aaa1111 "Cycle 1.1: Set up"
commit aaa1111: "Cycle 1.1: Set up" src/a.py
```
A step that was only planned, and one that only another plan has:
```case clears
plan: 1.1 "Set up", 1.3 "Empty issues"
report 1.3: STOP_CONDITION, cites f3050e2 "Cycle 1.3: Empty issues"
```
A run without reports, in which a commit's message cites another:
```case clears
plan: 1.1 "Set up", 1.2 "First"
commit aaa1111: "Cycle 1.1: Set up" src/a.py
commit bbb1111: "Cycle 1.2: First" src/b.py
```
The report has the path that the step file asks for, or is a text file below `reports/` named after the step:
```case clears
plan: 1.1 "Set up", 1.2 "First", 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
file plans/run/steps/step-1-1.md:
    # Cycle 1.1: Set up
    **Report Path**: plans/run/set-up.md
file plans/run/set-up.md:
file plans/run/reports/step-1-2.txt:
commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 10:00
commit bbb1111: "Cycle 1.2: First" src/b.py, at 10:10
```
Other files are not its report:
```case flags at=aaa1111000000000000000000000000000000000 severity=low confidence=likely steps=1.1,1.2 commits=aaa1111,bbb1111
plan: 1.1 "Set up", 1.2 "First", 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED
file plans/run/steps/step-1-1.md:
    # Cycle 1.1: Set up
    **Report Path**: plans/run/set-up.md
file plans/run/step-1-2.txt:
file plans/run/reports/step-1-3.txt:
commit aaa1111: "Cycle 1.1: Set up" src/a.py, at 10:00
commit bbb1111: "Cycle 1.2: First" src/b.py, at 10:10
```
Nobody asked a session for a report, and a checkpoint may end before its last message:
```case clears
commit aaa1111: "Add a parser" src/a.py, at 10:02
session S1: "Add a parser"
session S2: "Add rows"
S1 10:02 commits aaa1111
S2 10:03 says: "Done."
```
"""

from collections.abc import Iterator
from posixpath import basename

from forensics.casework.readings import sure_work
from forensics.formats.step_ids import step_of_file
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity, Symptom
from forensics.model.plan import StepSpec
from forensics.model.prose import listing, quote, short, steps_named, upper_first
from forensics.model.source import CommitRef, Kind

RULE = Rule(
    "REP001",
    "report-missing",
    Severity.MEDIUM,
    needs=frozenset({Kind.REPORT, Kind.PLAN, Kind.STEP}),
    symptom=Symptom(
        lambda finding: f"{upper_first(steps_named(finding.steps))} left no report",
        "the run was halted before its agent could write it",
        Confidence.POSSIBLE,
    ),
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step that only other steps' reports mention, and one for all steps with commits but no report."""
    if not any(dossier.reports for dossier in case.dossiers):
        return  # tickets have no reports
    silent = [
        dossier
        for dossier in case.dossiers
        if not dossier.reports and dossier.spec and not _written_up(case, dossier, dossier.spec)
    ]
    for dossier in silent:
        if not dossier.commits and dossier.cited_by:
            cited = dossier.cited_by[0]
            yield Hit(
                at=cited.claim.ref,
                culprit=dossier.id,
                commits=(cited.claim.value,),
                confidence=Confidence.LIKELY,
                related=tuple(judged.claim.ref for judged in dossier.cited_by),
                message=f"Step {dossier.id} left no report, although it ran: the report on step {cited.claim.step} cites its commit "
                f"{quote(cited.claim.value)}.",
            )
    committed = [dossier for dossier in silent if sure_work(dossier)]
    if committed:
        shas = tuple(sure_work(dossier)[0].commit.sha for dossier in committed)
        steps = tuple(dossier.id for dossier in committed)
        has = "has a commit" if len(steps) == 1 else "have commits"
        yield Hit(
            at=CommitRef(shas[0]),
            steps=steps,
            commits=shas,
            severity=Severity.LOW,
            confidence=Confidence.LIKELY,
            related=tuple(CommitRef(sha) for sha in shas),
            message=f"{upper_first(steps_named(steps))} {has} ({listing(map(short, shas))}) but no report.",
        )


def _written_up(case: Case, dossier: StepDossier, spec: StepSpec) -> bool:
    """Return whether another file is its report: the one its plan asks for, one named after it, or one its commit adds."""
    # An account of later work (`cycle-1-2-refactor.md`) is read for its commits, and is the step's only document.
    here = [source.path for source in case.sources if source.kind in {Kind.OTHER, Kind.REPORT}]
    brought = (path for attributed in dossier.commits for path in attributed.commit.paths())
    return (
        any("/reports/" in path and path.endswith(".md") for path in brought)
        or any("/reports/" in path and step_of_file(basename(path)) == dossier.id for path in here)
        or (spec.report_path is not None and any(path.endswith(basename(spec.report_path)) for path in here))
    )
