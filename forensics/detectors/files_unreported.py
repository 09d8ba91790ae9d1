"""# Commits change or delete files nobody named

The step's commits change files that neither its reports nor its plan mention.

Five or more deleted files are told by themselves, at medium severity, unless the message says that it removes or moves
something. From 20 on, code among them, the severity is high. Moved and generated files, and those of the step's own, do
not count. The two real commits seen deleted 34 and 127 files, and both came from a stale tree. None deleted 5 to 33, so
read a finding of medium severity with care.

## Why it matters

Mostly these are lock files and small fixes. Sometimes it is another agent's unfinished work, committed by accident.
A commit that deletes dozens of files was usually made from a stale tree, and takes out work that had landed before.

## What to do

Skim the listed files. Only those that belong to another step need a closer look.
Bring deleted files back with `git checkout <commit>^ -- <path>`; check that the commit that restored them restored all.

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
A commit from a stale tree deletes another step's files, and a later commit restores only some of them:
```case flags at=aaa1111000000000000000000000000000000000 severity=high confidence=likely steps=1.4 culprit=1.4 commits=aaa1111,bbb1111 files=src/old19.py,src/old20.py
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key" files src/mode.py
commit ccc1111: "Cycle 1.3: Empty issues" src/old{1-20}.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/old{1-20}.py[deleted], at 10:00
commit bbb1111: "Bring files back" src/old{1-18}.py[created], at 10:30
report 1.4: GREEN_VERIFIED, files src/mode.py
```
A few files, or documents alone, are of medium severity:
```case flags at=aaa1111000000000000000000000000000000000 severity=medium confidence=likely steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key" files src/mode.py
commit ccc1111: "Begin" src/old{1-5}.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/old{1-5}.py[deleted], at 10:00
report 1.4: GREEN_VERIFIED, files src/mode.py
```
```case flags at=aaa1111000000000000000000000000000000000 severity=medium confidence=likely steps=1.4 culprit=1.4
plan: 1.4 "Plan mode needs a key" files src/mode.py
commit ccc1111: "Begin" docs/old{1-30}.md[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py docs/old{1-30}.md[deleted], at 10:00
report 1.4: GREEN_VERIFIED, files src/mode.py
```
The message says so:
```case clears
plan: 1.4 "Plan mode needs a key" files src/mode.py
commit ccc1111: "Begin" docs/old{1-30}.md[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key; clean up the old guides" src/mode.py docs/old{1-30}.md[deleted], at 10:00
report 1.4: GREEN_VERIFIED, files src/mode.py
```
The plan names their folder:
```case clears
plan: 1.4 "Plan mode needs a key" files src/mode.py src/old/
commit ccc1111: "Begin" src/old/a{1-30}.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/old/a{1-30}.py[deleted], at 10:00
report 1.4: GREEN_VERIFIED, files src/mode.py
```
The folder moved; in the first case the same commit adds the files, in the second an earlier one has copied them:
```case clears
plan: 1.4 "Plan mode needs a key" files src/mode.py src/new/
report 1.4: GREEN_VERIFIED
commit ccc1111: "Begin" src/old/a{1-30}.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/old/a{1-30}.py[deleted] src/new/a{1-30}.py[created], at 10:00
```
```case clears
plan: 1.4 "Plan mode needs a key" files src/mode.py
report 1.4: GREEN_VERIFIED
commit ccc1111: "Begin" old/a.py=b1 old/b.py=b2 old/c.py=b3 old/d.py=b4 old/e.py=b5, at 09:00
commit ddd1111: "Copies" new/a1.py=b1 new/b1.py=b2 new/c1.py=b3 new/d1.py=b4 new/e1.py=b5, at 09:30
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py old/a.py[deleted] old/b.py[deleted] old/c.py[deleted] old/d.py[deleted] old/e.py[deleted], at 10:00
```
The step deletes its own scratch files, and what tools wrote:
```case clears
plan: 1.4 "Plan mode needs a key" files src/mode.py
report 1.4: GREEN_VERIFIED
commit bbb1111: "Begin" dist/a{1-9}.js[created], at 08:30
commit ccc1111: "Cycle 1.4: Plan mode needs a key" src/mode.py scratch/a{1-9}.json[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key, done" src/mode.py scratch/a{1-9}.json[deleted] dist/a{1-9}.js[deleted], at 10:00
```
"""

from collections.abc import Iterator

from forensics.casework.files import is_bookkeeping, is_shared_file
from forensics.casework.isolation.unnamed_deletions import UnnamedDeletion
from forensics.casework.paths import is_named
from forensics.casework.readings import sure_work
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import count, listing, quote, short
from forensics.model.source import CommitRef, Kind

RULE = Rule(
    "CLM010",
    "files-unreported",
    Severity.INFO,
    needs=frozenset({Kind.REPORT}),
    summary="{} deleted many files that nothing names",
)


def detect(case: Case, unnamed_deletions: tuple[UnnamedDeletion, ...]) -> Iterator[Hit]:
    """Yield one hit for each commit that deletes many files without a word, and one for the whole run's other files."""
    yield from map(_deletion, unnamed_deletions)
    deleted = {(gone.commit.sha, path) for gone in unnamed_deletions for path in gone.paths}
    found = [
        (dossier, sha, path)
        for dossier in case.dossiers
        if any(report.files for report in dossier.reports)
        for sha, path in _unreported(case, dossier)
        if (sha, path) not in deleted
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


def _deletion(gone: UnnamedDeletion) -> Hit:
    whose = ""
    if gone.taken is not None:
        of = f"step {gone.owner}'s " if gone.owner else ""
        whose = f" {gone.share} of them {'was' if gone.share == 1 else 'were'} last changed by {of}{short(gone.taken.sha)}, {quote(gone.taken.subject)}."
    back = [f"{short(sha)} restored {len(paths)}" for sha, paths in gone.restored.items()]
    back[2:] = [f"{count(len(back) - 2, 'more commit')} restored others"] if len(back) > 2 else []
    some = "" if len(gone.missing) == len(gone.paths) else f": {listing(map(quote, gone.missing), limit=4)}"
    end = f"The branch still lacks {len(gone.missing)} of them{some}." if gone.missing else "None is missing now."
    return Hit(
        at=CommitRef(gone.commit.sha),
        culprit=gone.step,
        commits=(gone.commit.sha, *gone.restored),
        files=gone.missing or gone.paths,
        confidence=Confidence.LIKELY,
        severity=Severity.HIGH if gone.grave else Severity.MEDIUM,
        related=(*([CommitRef(gone.taken.sha)] if gone.taken else ()), *map(CommitRef, gone.restored)),
        message=f"Step {gone.step}'s {short(gone.commit.sha)}, {quote(gone.commit.subject)}, deletes {count(len(gone.paths), 'file')} that "
        f"neither its plan nor its reports nor its message name: {listing(map(quote, gone.paths), limit=4)}.{whose}"
        f"{f' {listing(back)}.' if back else ''} {end}",
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
            if not is_named(path, named):
                yield attributed.commit.sha, path
