"""# Another agent switched this agent's branch

An agent's work tree changed to another branch that the agent had not switched to: another agent in the same tree had.

## Why it matters

What the agent wrote before belongs to one branch, but what it commits afterwards goes to another. Its commits mix with
the other agent's work, and its own branch stays empty.

## What to do

Check the branch of each commit made after the switch (`git branch --contains`), and cherry-pick what is on the wrong
one. Give each agent its own worktree: `git worktree add`.

One agent's log shows a new branch right after another agent switched in the same tree:
```case flags at=agent-a3.jsonl:3 severity=high confidence=certain steps=1.3,1.4 culprit=1.3 commits=aaa1111
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10 on step-3, writes src/a.py 10:01, sees step-4 10:04, commits aaa1111 10:06
agent a4 1.4: 10:02-10:12, runs git checkout -b step-4 10:03, writes src/b.py 10:05
```
Git's output for the commit names another branch:
```case flags at=agent-a3.jsonl:4 severity=high confidence=likely steps=1.3,1.4 culprit=1.3
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:20, runs git switch -c step-3 10:01, writes src/a.py 10:02, commits aaa1111 on main 10:09
agent a4 1.4: 10:02-10:12, writes src/b.py 10:05
```
The agent switched itself, although the log shows it late:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, sees step-3 10:04, runs git checkout -b step-3 10:05, commits aaa1111 10:06
agent a4 1.4: 10:02-10:12, runs git checkout step-3 10:04, writes src/b.py 10:05
```
Each agent has its own worktree, beside or inside the first:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, runs cd ../tree-3 && git switch -c step-3 10:01, writes ../tree-3/src/a.py 10:02, sees step-4 10:04, runs cd ../tree-3 && git add -A 10:05, commits aaa1111 in /tree-3 10:06
agent a4 1.4: 10:00-10:12, runs git worktree add ../tree-3 10:01, runs git switch -c step-4 10:03, writes src/b.py 10:05
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:02, sees step-4 10:04, commits aaa1111 10:06
agent a4 1.4: 10:00-10:12, runs cd .worktrees/step-4 && git checkout -b step-4 10:03, writes .worktrees/step-4/src/b.py 10:05
```
The agent only reads, or its work is already committed:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent r3 1.3: 10:00-10:10, reads src/a.py 10:02, sees step-4 10:04, tests passed 10:06
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits aaa1111 10:02, sees step-4 10:04, writes plans/run/reports/step-1-3-execution.md 10:06
agent a4 1.4: 10:00-10:12, runs git checkout -b step-4 10:03, writes src/b.py 10:05
```
No agent is known to have switched; a late log, a person or a recipe may explain it:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, sees step-4 10:04, writes src/c.py 10:06
agent a4 1.4: 10:00-10:12, writes src/b.py 10:03
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits aaa1111 10:02, runs make branch 10:03, sees step-3 10:04, commits bbb2222 10:06
agent a4 1.4: 10:00-10:12, writes src/b.py 10:03
```
Files checked out from a branch, a switch that failed, and agents that ran one after the other:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, sees step-4 10:04, commits aaa1111 10:06
agent a4 1.4: 10:00-10:12, runs git checkout step-4 -- src/b.py 10:03, runs git switch step-4 128 10:03
agent a5 1.5: 09:00-09:58, runs git checkout step-4 09:57
```
The other agent worked on the same step:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, sees step-3 10:04, writes src/a.py 10:06
agent b3 1.3: 10:02-10:12, runs git checkout -b step-3 10:03, writes src/a.py 10:05
```
The agent that switched works on no step of the plan:
```case flags at=agent-a3.jsonl:3 severity=high confidence=certain steps=1.3 culprit=1.3 commits=aaa1111
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10 on step-3, writes src/a.py 10:01, sees step-4 10:04, commits aaa1111 10:06
agent b9 9.9: 10:02-10:12, runs git checkout -b step-4 10:03, writes src/b.py 10:05
```
Two agents were at work when a third one switched:
```case flags at=agent-a5.jsonl:3 severity=high confidence=certain steps=1.3,1.5,1.4 culprit=1.3 commits=ccc1111,aaa1111
plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
agent a5 1.5: 10:00-10:10 on step-3, writes src/c.py 10:01, sees step-4 10:04, commits ccc1111 10:06
agent a3 1.3: 10:00-10:10 on step-3, writes src/a.py 10:01, sees step-4 10:05, commits aaa1111 10:07
agent a4 1.4: 10:02-10:12, runs git checkout -b step-4 10:03, writes src/b.py 10:05
```
Only its commit shows which step the agent that switched worked on:
```case flags at=agent-a3.jsonl:3 severity=high confidence=likely steps=1.3,1.4 culprit=1.3 commits=ccc1111
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:08
agent a3 1.3: 10:00-10:10 on step-3, writes src/a.py 10:01, sees step-4 10:04, commits ccc1111 10:06
agent x4 9.9: 10:02-10:12, runs git checkout -b step-4 10:03, writes src/b.py 10:05, commits aaa1111 on step-4 10:08
```
"""

from collections.abc import Iterator

from forensics.casework.isolation.head_moves import HeadMove
from forensics.detect.remedies import OWN_WORKTREE
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import clock, listing, quote, short, steps_named
from forensics.model.source import Kind
from forensics.model.steps import step_key

RULE = Rule(
    "ISO007",
    "head-moved",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT}),
    effect=Effect.NOTHING,
    summary="the branch was switched under the agents of {}",
    remedy=OWN_WORKTREE,
)
_SHOWN = 100  # thousands of agents in one tree meet in more records than a reader can check


def detect(case: Case, head_moves: tuple[HeadMove, ...], surely_tied: frozenset[str]) -> Iterator[Hit]:
    """Yield one hit for each tree and agent that switched branches there under other agents, or was there when HEAD moved."""
    groups: dict[tuple[str, str, bool], list[HeadMove]] = {}
    for move in head_moves:
        groups.setdefault((move.seen.tree, move.mover.id, move.switch is not None), []).append(move)
    step_of = {tie.agent: tie.step for tie in case.ties}
    for found in groups.values():
        yield _hit(sorted(found, key=lambda move: (move.seen.event.moment, move.seen.agent.id)), step_of, surely_tied)


def _hit(found: list[HeadMove], step_of: dict[str, str], surely_tied: frozenset[str]) -> Hit:
    first = found[0]
    seen, mover = first.seen, first.mover
    under = tuple(sorted({step_of[move.seen.agent.id] for move in found}, key=step_key))
    own = step_of.get(mover.id)
    made = tuple(dict.fromkeys(event.sha for move in found for event in move.commits))
    sure = {seen.agent.id} | ({mover.id} if own else set()) <= surely_tied
    records = (
        *(move.switch.ref for move in found if move.switch),
        *(move.seen.event.ref for move in found),
        *(event.ref for move in found for event in move.commits),
    )
    return Hit(
        at=seen.event.ref,
        culprit=under[0],
        steps=tuple(dict.fromkeys(filter(None, (*under, own)))),
        commits=made,
        confidence=Confidence.CERTAIN if first.switch and sure else Confidence.LIKELY,
        related=tuple(dict.fromkeys(records))[:_SHOWN],
        message=f"The agents of {steps_named(under)} were moved from {quote(seen.before)} to {quote(seen.branch)} in {quote(seen.tree)} "
        f"without switching branches{f', and {listing(map(short, made))} landed there' if made else ''}: {_who(first, own)}.",
    )


def _who(move: HeadMove, step: str | None) -> str:
    agent = f"step {step}'s agent" if step else f"agent {quote(move.mover.id, 20)}"
    if move.switch is None:
        return f"{agent} was working in the same work tree"
    return f"{agent} ran {quote(move.switch.command)} there at {clock(move.switch.moment)}"
