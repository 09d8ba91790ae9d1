"""# A report's date cannot be right

The time that a report states for itself is later than the commit that contains it, or days before a commit that it cites.

## Why it matters

The time was made up or misread, so events cannot be ordered by it. Often it is local time labelled "UTC".

## What to do

Order events by git's times, not by the report's.

```case flags at=reports/step-1-4-execution.md:3 severity=low confidence=certain steps=1.4
plan: 1.4 "Plan mode"
report 1.4:
    # Cycle 1.4: Plan mode

    **Timestamp**: 2026-03-04 12:00:01 UTC
    **Status**: GREEN_VERIFIED
commit bbb2222: "Document the run" reports, at 10:00
```
A date alone, a placeholder midnight, and a time before the commit:
```case clears
plan: 1.4 "Plan mode", 1.5 "Quota", 1.6 "Proxy"
report 1.4:
    # Cycle 1.4: Plan mode
    **Date:** 2026-03-05
report 1.5:
    # Cycle 1.5: Quota
    **Timestamp:** 2026-03-05T00:00:00Z
report 1.6:
    # Cycle 1.6: Proxy
    **Timestamp:** 2026-03-04 09:20 UTC
commit bbb2222: "Document the run" reports, at 10:00
```
It cites a commit that was made days after its date:
```case flags at=reports/step-1-4-execution.md:2 severity=low confidence=likely steps=1.4 commits=aaa1111
plan: 1.4 "Plan mode"
report 1.4:
    # Cycle 1.4: Plan mode
    **Timestamp**: 2026-02-27 12:00:01 UTC
    - Commit: `aaa1111`
commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py, at 10:00
```
The work took two days, or only a commit that was rebased later is cited:
```case clears
plan: 1.4 "Plan mode", 1.5 "Quota"
report 1.4:
    # Cycle 1.4: Plan mode
    **Timestamp**: 2026-03-02 12:00:01 UTC
    - Commit: `aaa1111`
report 1.5:
    # Cycle 1.5: Quota
    **Date:** 2026-03-01
    - Commit: `bbb2222`
commit aaa1111: "Cycle 1.4: Plan mode" src/mode.py, at 10:00
commit bbb2222: "Cycle 1.5: Quota" src/quota.py, at 10:00
```
An amended commit brought the report, so the report may be right:
```case flags at=reports/step-1-4-execution.md:2 severity=low confidence=likely steps=1.4
plan: 1.4 "Plan mode", 1.5 "Quota"
report 1.4:
    # Cycle 1.4: Plan mode
    **Timestamp**: 2026-03-04 12:00:01 UTC
report 1.5: GREEN_VERIFIED
commit bbb2222: "Document the run" reports, authored 10:00, committed 13:00
```
"""

from collections.abc import Iterator

from forensics.casework.clock import as_local, container_of, stated_after_commit, stated_before_cited
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence, JudgedClaim, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import clock, listing, quote, short, steps_named
from forensics.model.report import Role, StatedTime, StepReport
from forensics.model.source import CommitRef, Kind

RULE = Rule(
    "REP003",
    "report-clock",
    Severity.LOW,
    needs=frozenset({Kind.REPORT}),
    remedy="Take report times from the commit, not from the agent.",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the reports dated later than their own commit, and one for each that cites a later one."""
    yield from _late(case)
    yield from _early(case)


def _early(case: Case) -> Iterator[Hit]:
    for dossier in case.dossiers:
        for report in dossier.reports:
            cited = _cited(case, dossier, report)
            # Later fixes are noted in a report that is long done: the first commit counts.
            made = min(cited, key=lambda commit: commit.commit_time, default=None)
            if report.time and made and stated_before_cited(report.time, made):
                yield Hit(
                    at=report.time.ref,
                    steps=(dossier.id,),
                    commits=(made.sha,),
                    related=(CommitRef(made.sha),),
                    message=f"The report on step {dossier.id} is dated {quote(report.time.text)}, and cites {short(made.sha)}, "
                    f"which was made on {made.commit_time:%Y-%m-%d}.",
                )


def _cited(case: Case, dossier: StepDossier, report: StepReport) -> list[Commit]:
    """Return the commits that a report cites as its own by hashes that exist."""
    claims = (judged for judged in dossier.commit_claims() if judged.claim.ref.path == report.ref.path)
    found = (case.history.get(judged.commit) for judged in claims if _is_own(judged))
    return [commit for commit in found if commit]


def _is_own(judged: JudgedClaim) -> bool:
    return judged.claim.role is Role.OWN and judged.verdict is Verdict.CONFIRMED


def _late(case: Case) -> Iterator[Hit]:
    late = [
        (dossier, report.time, container)
        for dossier in case.dossiers
        for report in dossier.reports
        if report.time
        and (container := container_of(report, case.history))
        and stated_after_commit(report.time, container)
    ]
    if not late:
        return
    steps = tuple(dict.fromkeys(dossier.id for dossier, _, _ in late))
    beyond = all(stated.moment > container.commit_time for _, stated, container in late)
    amended = "" if beyond else " Amending a commit can also add its report later."
    dates = listing((_dates(*report) for report in late), limit=4)  # more dates hide the sentence they are in
    reports, are, them = ("The report", "is", "it") if len(late) == 1 else ("Reports", "are", "them")
    yield Hit(
        at=late[0][1].ref,
        steps=steps,
        commits=tuple(dict.fromkeys(container.sha for _, _, container in late)),
        confidence=Confidence.CERTAIN if beyond else Confidence.LIKELY,
        related=tuple(ref for _, stated, container in late for ref in (stated.ref, CommitRef(container.sha))),
        message=f"{reports} on {steps_named(steps)} {are} dated after the commit that contains {them}: {dates}.{amended}",
    )


def _dates(dossier: StepDossier, stated: StatedTime, container: Commit) -> str:
    fits = not stated.day_only and as_local(stated, container) <= container.author_time
    about = f"step {dossier.id}{', plausible as local time' if fits else ''}"
    return f"{quote(stated.text)} ({about}) in {short(container.sha)}, authored {clock(container.author_time)} UTC"
