"""# A report cites work of later steps

A step's report cites commits of later steps, or says that they are done, although the plan puts this step first.

## Why it matters

The later steps ran before this one had ended, and in the same work tree, because one agent saw the other's work. No
result reported from that tree can be trusted.

## What to do

Keep what was committed before the first of these steps. Do the rest again, one at a time or each in its own worktree.

```case flags at=reports/step-1-3-execution.md:6 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.3: STOP_CONDITION, cites f3050e2 "Cycle 1.4: Plan mode"
```
```case flags at=reports/step-1-3-execution.md:3 severity=critical confidence=likely steps=1.3,1.4,1.5 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.3:
    # Cycle 1.3: Empty issues
    **Status:** STOP_CONDITION
    Cycles 1.4 and 1.5 have already been implemented.
```
The plan allows them to run in parallel:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
parallel: 1.3, 1.4, 1.5
report 1.3: STOP_CONDITION, cites f3050e2 "Cycle 1.4: Plan mode"
```
Earlier steps, and steps that have not started, may be mentioned:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.4:
    # Cycle 1.4: Plan mode
    **Status:** GREEN_VERIFIED
    Cycle 1.3 has already been implemented. Next: Cycle 1.5, not started.
```
The report was written after its step had been committed in order:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.3: GREEN_VERIFIED, cites bbb2222 "Cycle 1.4: Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:10
```
Several later steps are cited:
```case flags at=reports/step-1-3-execution.md:6 severity=critical confidence=likely steps=1.3,1.4,1.5 culprit=1.3 commits=f3050e2,f4050e2
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.3: STOP_CONDITION, cites f3050e2 "Cycle 1.5: Quota", cites f4050e2 "Cycle 1.4: Plan mode"
```
The later step was committed before this one, or this one after the report:
```case flags at=reports/step-1-3-execution.md:6 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED, cites bbb2222 "Cycle 1.4: Plan mode"
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:00
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
```case flags at=reports/step-1-3-execution.md:6 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED, cites f3050e2 "Cycle 1.4: Plan mode"
commit ccc2222: "Document the run" reports, at 09:00
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
This step was committed, and nothing of the later one was:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED, cites f3050e2 "Cycle 1.4: Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:10
```
The plan has no such step, or the report's own step:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.2: STOP_CONDITION, cites f3050e2 "Cycle 1.4: Plan mode"
```
The report and both commits carry the same time:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED, cites bbb2222 "Cycle 1.4: Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:00
commit ccc2222: "Document the run" reports, at 10:00
```
This step was committed only after its report:
```case flags at=reports/step-1-3-execution.md:6 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: GREEN_VERIFIED, cites bbb2222 "Cycle 1.4: Plan mode"
commit ccc2222: "Document the run" reports, at 09:00
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:10
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.clock import written_by
from forensics.casework.order import must_precede
from forensics.casework.readings import is_superseded, sure_work
from forensics.detect.remedies import KEEP_THE_ORDER
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Cause, Finding, Hit, Rule, Severity
from forensics.model.prose import listing, quote, steps_named, upper_first
from forensics.model.report import Role, StepReport
from forensics.model.source import Kind, Ref
from forensics.model.steps import same_step, step_key


def _out_of_order(_: Case, findings: Sequence[Finding]) -> str:
    steps = tuple(dict.fromkeys(step for finding in findings for step in finding.steps))
    return f"{upper_first(steps_named(steps))} shared one work tree and ran in parallel or out of order, although the plan runs them one by one."


RULE = Rule(
    "ORD001",
    "later-work-cited",
    Severity.CRITICAL,
    needs=frozenset({Kind.REPORT, Kind.PLAN}),
    every_step=True,
    summary="the reports on {} cite work of later steps",
    cause=Cause(
        _out_of_order,
        explains=("RED001", "ISO001", "ISO003", "ISO004", "ISO005", "ISO006", "CLM011", "CLM015", "CLM001", "REP001"),
    ),
    remedy=KEEP_THE_ORDER,
)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each report that cites later steps' work as done."""
    for dossier in case.dossiers:
        for report in dossier.reports:
            cited = _cited(case, dossier, report)
            if not cited or not dossier.spec:
                continue
            steps = sorted({step for step, _, _ in cited}, key=step_key)
            rule = next(found for step in steps if (found := must_precede(case.plan, dossier.id, step)))
            hashes = tuple(dict.fromkeys(value for _, value, _ in cited if value))
            by = f" by commit ({listing(map(quote, hashes))})" if hashes else ""
            yield Hit(
                at=cited[0][2],
                culprit=dossier.id,
                steps=tuple(steps),
                commits=hashes,
                confidence=Confidence.LIKELY,
                severity=Severity.LOW if is_superseded(dossier, report) else None,
                related=(*(ref for _, _, ref in cited), rule.ref),
                message=f"The report on step {dossier.id} cites the work of {steps_named(steps)}{by} as done, but the plan "
                f"requires step {dossier.id} first ({quote(rule.text)}). They ran in parallel or out of order in one work tree.",
            )


def _cited(case: Case, dossier: StepDossier, report: StepReport) -> list[tuple[str, str, Ref]]:
    """Return (later step, hash or nothing, where) for each mention of work that the plan orders after this step."""
    mentions = [(mention.about, mention.value, mention.ref) for mention in report.hashes if mention.role is Role.OTHER]
    mentions += [(said.step, "", said.ref) for said in report.done_elsewhere]
    return [
        (spec.id, value, ref)
        for about, value, ref in mentions
        if about
        for spec in case.plan.steps
        if same_step(spec.id, about)
        and must_precede(case.plan, dossier.id, spec.id)
        and not _landed_in_order(case, dossier, report, spec.id)
    ]


def _landed_in_order(case: Case, dossier: StepDossier, report: StepReport, later: str) -> bool:
    """Return whether git shows this step's work before the report, and before the later step's work."""
    written = written_by(report, case.history)
    mine = [
        attributed for attributed in sure_work(dossier) if written is None or attributed.commit.author_time <= written
    ]
    other = case.dossier(later)
    theirs = sure_work(other) if other else ()
    return bool(mine) and (not theirs or mine[0].commit.author_time <= theirs[0].commit.author_time)
