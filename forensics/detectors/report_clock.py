"""# A report is dated after the commit that contains it

The time a report gives for itself lies after the commit in which it stands was made.

## Why it matters

The clock was made up or read wrongly, so nothing can be ordered by it. Often it is local time with "UTC" written after it.

## What to do

Order events by git's times, not by this report's.

```case flags at=reports/step-1-4-execution.md:3
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
"""

from collections.abc import Iterator

from forensics.casework.clock import as_local, container_of, stated_after_commit
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import quote, short
from forensics.model.source import Kind, Ref

RULE = Rule("REP003", "report-clock", Severity.LOW, needs=frozenset({Kind.REPORT}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each account that is later than its own commit."""
    for dossier in case.dossiers:
        for report in dossier.reports:
            container = container_of(report, case.history)
            late = stated_after_commit(report.time, container) if report.time and container else None
            if late is None or report.time is None or container is None:
                continue
            beyond = report.time.moment > container.commit_time
            local = as_local(report.time, container)
            reading = (f" Read as local time ({container.author_time.strftime('%z')}) it would fit."
                       if not report.time.day_only and local <= container.author_time else "")
            amended = "" if beyond else " The commit was amended later, which may have brought the report in."
            yield Hit(
                at=report.time.ref, steps=(dossier.id,), commits=(container.sha,), related=(Ref(container.sha),),
                confidence=Confidence.CERTAIN if beyond else Confidence.LIKELY,
                message=f"The report on step {dossier.id} is dated {quote(report.time.text)}, after {short(container.sha)}, the "
                        f"commit that brought it, was authored ({container.author_time.isoformat()}).{reading}{amended}",
            )
