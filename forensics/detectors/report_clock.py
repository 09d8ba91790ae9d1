"""# A report is dated after its own commit

The time that a report states for itself is later than the commit that contains it.

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

from forensics.casework.clock import as_local, container_of, stated_after_commit
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import clock, listing, quote, short, steps_named
from forensics.model.report import StatedTime
from forensics.model.source import CommitRef, Kind

RULE = Rule(
    "REP003",
    "report-clock",
    Severity.LOW,
    needs=frozenset({Kind.REPORT}),
    remedy="Take report times from the commit, not from the agent.",
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run, naming every report that is dated later than its own commit."""
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
