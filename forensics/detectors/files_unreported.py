"""# Commits change files that no report names

The step's commits change files that neither its reports nor its plan mention.

## Why it matters

Mostly these are lock files and small fixes. Sometimes it is another agent's unfinished work, committed by accident.

## What to do

Skim the listed files. Only those that belong to another step need a closer look.

```case flags at=reports/step-1-4-execution.md:1 severity=info confidence=likely steps=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files src/mode.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/secret.py
```
```case clears
plan: 1.4 "Plan mode needs a key" files src/mode.py tests/test_mode.py
report 1.4: GREEN_VERIFIED, files src/mode.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py tests/test_mode.py plans/run/runbook.md uv.lock
```
Two steps are one finding, and a step whose reports list no files is left out:
```case flags at=reports/step-1-4-execution.md:1 severity=info confidence=likely steps=1.4,1.5 files=src/secret.py,src/hidden.py commits=aaa1111,bbb1111
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.3: GREEN_VERIFIED
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit ccc1111: "Cycle 1.3: Empty issues" src/issues.py, at 09:50
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/secret.py package-lock.json, at 10:00
commit bbb1111: "Cycle 1.5: Quota is shown" src/quota.py src/hidden.py, at 10:10
```
Files that the plan or a report names are left out, over all commits of the step:
```case flags at=reports/step-1-4-execution.md:1 severity=info confidence=likely steps=1.4 files=src/secret.py,src/hidden.py
plan: 1.4 "Plan mode needs a key" files src/mode.py
report 1.4: GREEN_VERIFIED, files src/key.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/key.py src/mode.py src/secret.py, at 10:00
commit bbb1111: "Cycle 1.4: Plan mode needs a key, again" src/hidden.py, at 10:10
```
Only one of two reports lists files:
```case flags at=reports/step-1-4b-execution.md:1 severity=info confidence=likely steps=1.4 files=src/secret.py
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files src/key.py
report 1.4b:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/key.py src/secret.py, at 10:00
```
The step is not in the plan:
```case flags at=reports/step-2-9-execution.md:1 severity=info confidence=likely steps=2.9 files=src/secret.py
plan: 1.4 "Plan mode needs a key"
report 2.9: GREEN_VERIFIED, files src/key.py, commit aaa1111
commit aaa1111: "Cycle 2.9: Plan mode needs a key" src/key.py src/secret.py
```
"""

from collections.abc import Iterator

from forensics.casework.files import is_bookkeeping, is_shared_file
from forensics.casework.paths import locate
from forensics.casework.readings import sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import count, listing, quote
from forensics.model.source import CommitRef, Kind

RULE = Rule("CLM010", "files-unreported", Severity.INFO, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run, naming the steps and files."""
    found = [
        (dossier, sha, path)
        for dossier in case.dossiers
        if any(report.files for report in dossier.reports)
        for sha, path in _unreported(case, dossier)
    ]
    if found:
        steps = tuple(dict.fromkeys(dossier.id for dossier, _, _ in found))
        files = tuple(dict.fromkeys(path for _, _, path in found))
        yield Hit(
            at=found[0][0].reports[-1].ref,
            steps=steps,
            files=files,
            confidence=Confidence.LIKELY,
            commits=tuple(dict.fromkeys(sha for _, sha, _ in found)),
            related=tuple(CommitRef(sha) for _, sha, _ in found),
            message=f"Commits of {count(len(steps), 'step')} change {count(len(files), 'file')} that their "
            f"reports do not mention: {listing(quote(path) for path in files)}.",
        )


def _unreported(case: Case, dossier: StepDossier) -> Iterator[tuple[str, str]]:
    named = [
        *(dossier.spec.files if dossier.spec else ()),
        *(mention.path for report in dossier.reports for mention in report.files),
    ]
    for attributed in sure_work(dossier):
        for change in attributed.commit.changes or ():
            path = change.path
            if change.link or is_bookkeeping(path, case.run.path) or is_shared_file(path):
                continue
            if not any(locate(name, frozenset({path})) for name in named):
                yield attributed.commit.sha, path
