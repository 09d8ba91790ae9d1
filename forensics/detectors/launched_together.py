"""# Sequential steps were launched in parallel

The plan runs these steps one after another, but their agents were launched in one message or worked at the same time.

## Why it matters

The later step starts from a work tree that the earlier one is still changing. No result that either agent reports is the
result of its own step alone.

## What to do

Launch one step at a time, or give each agent its own worktree. Keep what was committed before the first of these steps.

```case flags at=main.jsonl:1 severity=critical confidence=certain steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:00-10:12
launched together: a3, a4
```
```case flags at=main.jsonl:2 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:05-10:12
```
One after the other:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:11-10:20
```
A review of the earlier step only reads, and may run beside the later step:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:05
agent r3 1.3: 10:10-10:20, reads src/a.py 10:15, tests passed 10:16
agent a4 1.4: 10:10-10:20, writes src/b.py 10:14
```
The plan allows them to run in parallel:
```case clears
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
parallel: 1.3, 1.4
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:00-10:12
launched together: a3, a4
```
The steps of three agents, launched in one message, in another order than the plan's:
```case flags at=main.jsonl:1 severity=critical confidence=certain steps=1.3,1.4,1.5 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a5 1.5: 10:00-10:10
agent a4 1.4: 10:00-10:12
agent a3 1.3: 10:00-10:12
launched together: a3, a4, a5
```
An agent's launch was one message, and later steps overlapped it:
```case flags at=main.jsonl:2 severity=critical confidence=likely steps=1.4,1.5 culprit=1.4 at=main.jsonl:3 severity=critical confidence=likely steps=1.3,1.5 culprit=1.3 at=main.jsonl:3 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a5 1.5: 10:00-10:10
agent a4 1.4: 10:02-10:12
agent a3 1.3: 10:04-10:14
```
Each message and each further overlapping pair is one finding:
```case flags at=main.jsonl:1 severity=critical confidence=certain steps=1.3,1.4 culprit=1.3 at=main.jsonl:4 severity=critical confidence=likely steps=1.5,1.6 culprit=1.5
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota", 1.6 "Proxy"
agent a3 1.3: 10:00-10:10
agent a4 1.4: 10:00-10:09
agent a5 1.5: 10:20-10:30
agent a6 1.6: 10:25-10:31
launched together: a4, a3
```
No transcript shows the launch of either agent, or of one:
```case flags at=agent-a4.jsonl:1 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3 related=agent-a3.jsonl:1,plans/run/orchestrator-plan.md:3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3 unlaunched: 10:00-10:10
agent a4 1.4 unlaunched: 10:05-10:12
```
```case flags at=main.jsonl:1 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10
agent a4 1.4 unlaunched: 10:05-10:12
```
Only its commit shows which step an agent worked on:
```case flags at=main.jsonl:1 severity=critical confidence=likely steps=1.3,1.4 culprit=1.3
plan sequential: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:10
agent a3 1.3: 10:00-10:10
agent x4 9.9: 10:00-10:12, commits aaa1111 10:10
launched together: a3, x4
```
"""

from collections.abc import Iterator, Mapping, Sequence

from forensics.casework.agents.concurrency import ordered_but_together
from forensics.casework.agents.ties import Together
from forensics.detect.remedies import KEEP_THE_ORDER
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Cause, Effect, Finding, Hit, Rule, Severity
from forensics.model.plan import Constraint
from forensics.model.prose import quote, steps_named, upper_first
from forensics.model.source import Kind, TranscriptRef, ref_order
from forensics.model.steps import step_key
from forensics.model.transcript import Launch


def _in_parallel(case: Case, findings: Sequence[Finding]) -> str:
    steps = sorted({step for finding in findings for step in finding.steps}, key=step_key)
    trees = {agent.cwd for step in steps if (dossier := case.dossier(step)) for agent in dossier.agents}
    where = " into one work tree" if len(trees) == 1 else ""
    how = "launched together" if findings[0].confidence is Confidence.CERTAIN else "worked on at the same time"
    return f"{upper_first(steps_named(steps))} were {how}{where}, although the plan runs them one by one."


RULE = Rule(
    "ORD004",
    "launched-together",
    Severity.CRITICAL,
    needs=frozenset({Kind.TRANSCRIPT, Kind.PLAN}),
    effect=Effect.NOTHING,
    summary="later steps were launched together with {}",
    cause=Cause(
        _in_parallel,
        explains=(
            "ORD001",
            "RED001",
            "ISO001",
            "ISO003",
            "ISO004",
            "ISO005",
            "ISO006",
            "CLM011",
            "CLM015",
            "CLM001",
            "REP001",
        ),
    ),
    remedy=KEEP_THE_ORDER,
)


def detect(
    case: Case, overlaps: tuple[Together, ...], launches: Mapping[str, Launch], surely_tied: frozenset[str]
) -> Iterator[Hit]:
    """Yield one hit for each message that launched ordered steps, and one for each further pair of steps that overlapped."""
    messages: dict[str, list[tuple[set[str], Together, Constraint]]] = {}
    for early, late, pair, rule in ordered_but_together(case, overlaps):
        key = pair.launched[0].message if pair.launched else f"{early} {late}"
        messages.setdefault(key, []).append(({early, late}, pair, rule))
    for pairs in messages.values():
        steps = tuple(sorted({step for both, _, _ in pairs for step in both}, key=step_key))
        _, first, rule = pairs[0]
        refs = sorted({ref for _, pair, _ in pairs for ref in _refs(launches, pair)}, key=ref_order)
        how = "were launched in one message" if first.launched else "were worked on at the same time"
        yield Hit(
            at=refs[0] if first.launched else _refs(launches, first)[-1],
            culprit=steps[0],
            steps=steps,
            confidence=Confidence.CERTAIN
            if first.launched and {first.one.id, first.other.id} <= surely_tied
            else Confidence.LIKELY,
            related=(*refs, rule.ref),
            message=f"{upper_first(steps_named(steps))} {how}, but the plan runs them one by one ({quote(rule.text)}).",
        )


def _refs(launched: Mapping[str, Launch], pair: Together) -> list[TranscriptRef]:
    shown = pair.launched or [launched[agent.id] for agent in (pair.one, pair.other) if agent.id in launched]
    found = [launch.ref for launch in shown]
    return found or [TranscriptRef(pair.one.path, 1), TranscriptRef(pair.other.path, 1)]
