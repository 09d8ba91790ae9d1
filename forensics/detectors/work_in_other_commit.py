"""# A step's work is in another step's commit

Files that a step's report names are missing from its own commits. Another step's commit changes them, although that
step's reports do not name them.

## Why it matters

Reverting or cherry-picking either commit takes the wrong work. It happens when a commit is made before everything is
staged, or when two agents work in one tree.

## What to do

Treat the two commits as one unit. Before you remove one of them, split it.

```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=certain steps=1.4,1.5 culprit=1.4 commits=aaa1111,bbb2222 files=src/mode.py
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" notes.md, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py, at 10:05
```
Both steps change the file and name it:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/mode.py src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py, at 10:05
```
The step's own commit has other work, and the plan names one more file:
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4,1.5 culprit=1.4 commits=aaa1111,bbb2222 files=src/key.py,src/mode.py
plan: 1.4 "Plan mode needs a key" files src/key.py, 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py src/key.py, at 10:05
```
The other commit came first, the file is a note of the plan, or the plan assigns it to the other step:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py, at 09:55
commit aaa1111: "Cycle 1.4: Plan mode needs a key" notes.md, at 10:00
```
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files plans/run/notes.md
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" plans/run/notes.md src/quota.py, at 10:05
```
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown" files src/mode.py
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py, at 10:05
```
The step has no commit of its own:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py, at 10:05
```
Part of the report is true, or its untrue claims are not about files:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/own.py, 12/11 passed
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/own.py src/quota.py, at 10:05
```
A commit that is only likely the other step's proves nothing:
```case clears
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown" files src/quota.py
report 1.4: GREEN_VERIFIED, files src/mode.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: something" src/mode.py src/quota.py, at 10:05
```
The other commit came while the step was at work: the step's claim is untrue, and ISO003 blames the other step:
```case flags at=reports/step-1-4-execution.md:6 severity=medium confidence=likely steps=1.4,1.5 culprit=1.4 commits=ccc2222,bbb2222 files=src/mode.py
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py src/own.py
report 1.5: GREEN_VERIFIED, files src/quota.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py src/quota.py, at 10:05
commit ccc2222: "Cycle 1.4: Plan mode needs a key, too" src/own.py, at 10:10
```
Both steps name the file, but the plan writes the lines out for this step alone:
```case flags at=reports/step-1-4-execution.md:6 severity=medium confidence=likely steps=1.4,1.5 culprit=1.4 files=src/mode.py
plan: 1.4 "Plan mode needs a key" code m1-6, 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, files src/mode.py src/own.py
report 1.5: GREEN_VERIFIED, files src/mode.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/mode.py[m1-6;q1-9], at 10:05
commit ccc2222: "Cycle 1.4: Plan mode needs a key, too" src/own.py, at 10:10
```
The commit of the same minute counts, and the next step's commit is enough:
```case flags at=reports/step-1-4-execution.md:6 severity=high confidence=likely steps=1.4,1.5 culprit=1.4 commits=aaa1111,bbb2222 files=src/mode.py,src/own.py
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown", 1.6 "Proxy is used"
report 1.4: GREEN_VERIFIED, files src/mode.py src/own.py
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/own.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota is shown" src/own.py src/mode.py src/quota.py, at 10:00
commit ccc2222: "Cycle 1.6: Proxy is used" src/mode.py src/proxy.py, at 10:10
```
"""

from collections.abc import Iterator, Sequence, Set

from forensics.casework.attribution.steps import own_work
from forensics.casework.files import is_bookkeeping
from forensics.casework.isolation.between import is_between
from forensics.casework.isolation.taken_plan_lines import TakenPlanLines
from forensics.casework.paths import locate
from forensics.casework.readings import sure_work
from forensics.model.case import Attribution, Case, StepDossier
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.finding import Cause, Effect, Finding, Hit, Rule, Severity
from forensics.model.prose import listing, quote, short, upper_first
from forensics.model.source import CommitRef, Kind


def _committed_too_early(_: Case, findings: Sequence[Finding]) -> str:
    step, other = findings[0].steps[:2]
    return f"Step {step} was committed before its files were added; step {other}'s commit then included every change in the folder."


RULE = Rule(
    "CLM008",
    "work-in-other-commit",
    Severity.HIGH,
    needs=frozenset({Kind.REPORT, Kind.PLAN}),
    effect=Effect.MISPLACES,
    summary="the work of {} is in another step's commit",
    cause=Cause(_committed_too_early, at_most=Confidence.LIKELY),  # how the files got there is inferred
    remedy="Check `git show --stat` after each step's commit: it must list the files that the report lists.",
)


def detect(case: Case, taken_plan_lines: tuple[TakenPlanLines, ...]) -> Iterator[Hit]:
    """Yield one hit for each pair of steps where one step's commit contains the other's work without naming it."""
    for dossier in case.dossiers:
        lost = [
            judged
            for judged in dossier.claims
            if judged.claim.kind is ClaimKind.FILE
            and not judged.claim.superseded
            and judged.verdict is Verdict.CONTRADICTED
        ]
        if not lost or not dossier.commits:
            continue
        for other in case.dossiers:
            if other.id == dossier.id:
                continue
            planned = {
                (taken.carrier.sha, path)
                for taken in taken_plan_lines
                if (taken.owner, taken.step) == (dossier.id, other.id)
                for path, _ in taken.files
            }
            found = _carried(case, dossier, other, lost, planned)
            if found:
                yield _hit(case, dossier, other, *found)
                break


def _carried(
    case: Case, dossier: StepDossier, other: StepDossier, lost: list[JudgedClaim], planned: Set[tuple[str, str]]
) -> tuple[JudgedClaim, Attribution, tuple[str, ...]] | None:
    """Return the claim, the other step's commit, and the files in it that only this step names or has its `planned` lines in.

    The commit came after this step's last one, or while this step was at work: another agent then swept the files up.
    """
    own = [work.commit for work in dossier.commits]
    for attributed in sure_work(other):
        early = attributed.commit.commit_time < own[-1].commit_time and not is_between(attributed.commit, own)
        if early or attributed.confidence is not Confidence.CERTAIN:
            continue
        carried = [
            (claim, path)
            for claim in lost
            if (path := locate(claim.claim.value, attributed.commit.paths()))
            and (not _names(other, path) or (attributed.commit.sha, path) in planned)
            and not is_bookkeeping(path, case.run.path)
        ]
        if carried:
            extra = [path for path in attributed.commit.paths() if not _names(other, path) and _names(dossier, path)]
            return carried[0][0], attributed, tuple(sorted({*(path for _, path in carried), *extra}))
    return None


def _names(dossier: StepDossier, path: str) -> bool:
    """Return whether a step's plan or reports name a file as theirs."""
    named = [
        *(dossier.spec.files if dossier.spec else ()),
        *(one.path for report in dossier.reports for one in report.files),
    ]
    return any(locate(name, frozenset({path})) for name in named)


def _hit(
    case: Case,
    dossier: StepDossier,
    other: StepDossier,
    claim: JudgedClaim,
    one: Attribution,
    files: tuple[str, ...],
) -> Hit:
    last = dossier.commits[-1].commit
    mine, swept = last.sha, one.commit.commit_time < last.commit_time
    empty = not own_work(dossier.commits)
    them = "it" if len(files) == 1 else "them"
    holds = "changes only the run's documents" if empty else f"does not contain {them}"
    unsaid = "" if any(_names(other, path) for path in files) else f", and no report of that step mentions {them}"
    how = f"while step {dossier.id} was at work, " if swept else ""
    return Hit(
        at=claim.claim.ref,
        culprit=dossier.id,
        steps=(other.id,),
        commits=(mine, one.commit.sha),
        files=files,
        severity=Severity.MEDIUM if swept else None,  # ISO003 blames the step that swept them up
        confidence=Confidence.CERTAIN if empty and not swept else Confidence.LIKELY,
        related=(CommitRef(mine), CommitRef(one.commit.sha)),
        message=f"Step {dossier.id} reports {listing(quote(path) for path in files)}, but its commit {short(mine)} {holds}. "
        f"{upper_first(them.replace('them', 'they'))} landed {how}in step {other.id}'s {short(one.commit.sha)}{unsaid}.",
    )
