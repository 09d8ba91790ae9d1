"""# A step was launched after a stop

An agent reported a stop, and the orchestrator launched a later step anyway.

## Why it matters

The plan asked the agent to stop in this case. What was built afterwards depends on a step that nobody had resolved.

## What to do

Resolve the stopped step, then check everything that was launched after it.

```case flags at=main.jsonl:2 severity=high confidence=certain steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:12-10:20
```
The stopped step was done again first:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
agent a3 1.3: 10:00-10:10
agent b3 1.3: 10:11-10:15
agent a4 1.4: 10:16-10:20
```
An agent without a step repaired it:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
agent a3 1.3: 10:00-10:10
agent b3 9.9: 10:11-10:15, writes src/a.py 10:12
agent a4 1.4: 10:16-10:20
```
The step did not stop, the later step was launched before the stop, or the plan states no order:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
report 1.3: GREEN_VERIFIED
report 1.4: STOP_CONDITION
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:12-10:20
agent a5 1.5: 10:15-10:30
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:12-10:20
```
An agent without a step wrote only a report, or wrote before the stop:
```case flags at=main.jsonl:3 severity=high confidence=certain steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
report 1.3: STOP_CONDITION
agent a3 1.3: 10:00-10:10
agent b3 9.9: 10:05-10:11, writes src/a.py 10:06, writes plans/run/reports/note.md 10:11
agent a4 1.4: 10:10-10:20
```
"""

from collections.abc import Iterator, Mapping

from forensics.casework.files import is_bookkeeping
from forensics.casework.order import must_precede
from forensics.casework.readings import stopped
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import steps_named
from forensics.model.source import Kind, Ref
from forensics.model.transcript import AgentRun, FileWrite, Launch

RULE = Rule(
    "ORD005",
    "launched-past-stop",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT, Kind.REPORT, Kind.PLAN}),
    effect=Effect.NOTHING,
    summary="later steps were launched after the stop at {}",
)


def detect(case: Case, launches: Mapping[str, Launch], surely_tied: frozenset[str]) -> Iterator[Hit]:
    """Yield one hit for each stopped step with later steps launched after its only agent had ended."""
    for dossier in case.dossiers:
        report = dossier.report
        if report is None or report.status is None or not stopped(report) or len(dossier.agents) != 1:
            continue
        later = [found for other in case.dossiers if (found := _launched_after(case, launches, dossier, other))]
        if later:
            steps = tuple(step for step, _, _ in later)
            sure = {dossier.agents[0].id, *(agent.id for _, _, agent in later)} <= surely_tied
            yield Hit(
                at=later[0][1],
                culprit=dossier.id,
                steps=steps,
                confidence=Confidence.CERTAIN if sure else Confidence.LIKELY,
                related=(report.status.ref, *(ref for _, ref, _ in later)),
                message=f"Step {dossier.id}'s agent had stopped before {steps_named(steps)} {'was' if len(steps) == 1 else 'were'} launched, "
                "and nothing shows that the stop was resolved.",
            )


def _launched_after(
    case: Case, launched: Mapping[str, Launch], dossier: StepDossier, other: StepDossier
) -> tuple[str, Ref, AgentRun] | None:
    if not must_precede(case.plan, dossier.id, other.id):
        return None
    for agent in other.agents:
        launch = launched.get(agent.id)
        if launch and launch.moment >= dossier.agents[0].end and not _resolved(case, dossier.agents[0], launch):
            return other.id, launch.ref, agent
    return None


def _resolved(case: Case, stopped_agent: AgentRun, launch: Launch) -> bool:
    """Return whether an agent without a step, such as the orchestrator, wrote code between a stop and a launch."""
    tied = {one.agent for one in case.ties}
    return any(
        isinstance(event, FileWrite)
        and stopped_agent.end <= event.moment <= launch.moment
        and not is_bookkeeping(event.path, case.run.path)
        for agent in case.transcripts.agents
        if agent.id not in tied
        for event in agent.events
    )
