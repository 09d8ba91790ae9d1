"""# Reported files are not in the step's commits

A report lists files as changed, but none of the step's commits changes them.

## Why it matters

Either the change was never committed, or the report lists what the agent meant to change.

## What to do

Run `git log --oneline -- FILE`: if no commit near the report touches it, look for the change in the work tree or a stash.

```case flags at=reports/step-1-4-execution.md:6 severity=low confidence=possible steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files src/mode.py src/other.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/third.py, at 10:00
commit ccc3333: "Add the other file" src/other.py src/mode.py, at 08:00
```
A path from another machine is matched by its end:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files /home/x/code/app/src/mode.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00
```
One of the listed files is in the step's commit:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files src/mode.py src/other.py
commit ccc3333: "Add the other file" src/other.py, at 08:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00
```
A later commit changes the file, which is another rule's finding:
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files src/mode.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/third.py, at 10:00
commit ccc3333: "Add the other file" src/mode.py, at 10:10
```
The file exists nowhere, the step has no commit, or the report lists only its own plan's or another plan's files:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key", 1.5 "Quota is shown", 1.6 "Proxy is used"
report 1.3: GREEN_VERIFIED, files src/nowhere.py
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files plans/run/runbook.md
report 1.6: GREEN_VERIFIED, files plans/other/runbook.md
commit ccc3333: "Start" src/mode.py plans/run/runbook.md plans/other/runbook.md, at 08:00
commit aaa1111: "Cycle 1.3: Empty issues" src/third.py, at 10:00
commit bbb1111: "Cycle 1.5: Quota is shown" src/quota.py, at 10:10
commit bbc1111: "Cycle 1.6: Proxy is used" src/proxy.py, at 10:20
```
Files changed by a later, unrelated commit do not matter:
```case flags at=reports/step-1-4-execution.md:6 severity=low confidence=possible steps=1.4 culprit=1.4 files=src/mode.py commits=aaa1111
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, files src/mode.py
commit ccc3333: "Add the other file" src/mode.py, at 10:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/third.py, at 10:00
commit ddd3333: "Add another file" src/fourth.py, at 10:10
```
A report without files, with a commit that changes another step's file:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, 12/11 passed
report 1.5: STOP_CONDITION, files src/mode.py
commit ccc3333: "Start" src/mode.py, at 08:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/third.py, at 10:00
```
"""

from collections.abc import Iterator

from forensics.casework.files import is_bookkeeping
from forensics.casework.paths import belongs_to_other_plan, locate
from forensics.casework.readings import sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import listing, quote, short
from forensics.model.source import CommitRef, Kind

RULE = Rule("CLM009", "files-not-committed", Severity.LOW, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step none of whose reported files is in its commits, and whose files do exist."""
    known = frozenset(path for commit in case.history.commits.values() for path in commit.paths())
    for dossier in case.dossiers:
        files = [
            judged
            for judged in dossier.claims
            if judged.claim.kind is ClaimKind.FILE
            and not judged.claim.superseded
            and not is_bookkeeping(judged.claim.value, case.run.path)
            and not belongs_to_other_plan((judged.claim.value,), case.run.path)
        ]
        if (
            any(attributed.commit.rewritten_later for attributed in dossier.commits)
            or not sure_work(dossier)
            or any(judged.verdict not in {Verdict.CONTRADICTED, Verdict.UNSUPPORTED} for judged in files)
        ):
            continue
        false = [judged for judged in files if judged.verdict is Verdict.CONTRADICTED]
        real = [(judged, path) for judged in false if (path := locate(judged.claim.value, known))]
        if real and not _landed_later(case, dossier, [path for _, path in real]):
            yield _hit(dossier, real)


def _landed_later(case: Case, dossier: StepDossier, paths: list[str]) -> bool:
    """Return whether a later commit includes the files: that is another rule's finding."""
    after = dossier.commits[-1].commit.commit_time
    commits = (case.history.commits[sha] for sha in case.history.on_branch)
    return any(commit.commit_time > after and commit.paths() & set(paths) for commit in commits)


def _hit(dossier: StepDossier, real: list[tuple[JudgedClaim, str]]) -> Hit:
    commits = tuple(attributed.commit.sha for attributed in dossier.commits)
    return Hit(
        at=real[0][0].claim.ref,
        culprit=dossier.id,
        commits=commits,
        files=tuple(path for _, path in real),
        confidence=Confidence.POSSIBLE,
        related=tuple(CommitRef(sha) for sha in commits),
        message=f"Step {dossier.id} reports {listing(quote(path) for _, path in real)} as changed, but none "
        f"of its commits ({listing(short(sha) for sha in commits)}) changes them.",
    )
