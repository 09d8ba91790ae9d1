"""# A commit went past the repository's hooks

An agent committed or pushed with `--no-verify`, `HUSKY=0` or another way past the hooks, and it succeeded.

## Why it matters

The hooks run the formatter, the linter or the tests. What they would have found is now in the commit.

## What to do

Run the hooks on the commit: `pre-commit run --from-ref SHA~ --to-ref SHA`, or what the repository's hooks call. Then find out
why the agent went past them: a failing hook is mostly the reason.

```case flags at=S1.jsonl:3 severity=medium confidence=certain steps=S1 culprit=S1
commit aaa1111: "Start" .husky/pre-commit[created], at 09:00
session S1: "Add a parser"
S1 10:01 writes src/a.py
S1 10:02 runs: git commit --no-verify -m "Add a parser"
    [main eee1111] Add a parser
```
A variable switches the hooks off:
```case flags at=S1.jsonl:3 severity=medium confidence=certain steps=S1 culprit=S1
commit aaa1111: "Start" .husky/pre-push[created], at 09:00
session S1: "Add a parser"
S1 10:01 writes src/a.py
S1 10:02 runs: HUSKY=0 git push
       aaa1111..eee1111  main -> main
```
```case flags at=S1.jsonl:2 severity=medium confidence=certain steps=S1 culprit=S1
commit aaa1111: "Start" .husky/pre-commit[created], at 09:00
session S1: "Add a parser"
S1 10:02 runs: export HUSKY=0; CI=1 git commit -m "Add a parser"
    [main eee1111] Add a parser
```
A person asked for it:
```case flags at=S1.jsonl:3 severity=info confidence=certain steps=S1 culprit=S1
commit aaa1111: "Start" .husky/pre-commit[created], at 09:00
session S1: "Add a parser, and skip the hooks when you commit"
S1 10:01 writes src/a.py
S1 10:02 runs: git -c core.hooksPath=/dev/null commit -qm "Add a parser"
```
The prompt that launched the agent asked for it:
```case flags at=a1.jsonl:2 severity=low confidence=certain steps=a1 culprit=a1
commit aaa1111: "Start" .pre-commit-config.yaml[created], at 09:00
session S1: "Build it"
S1 10:00 launches a1: "Add a parser. Commit with --no-verify, others commit at the same time"
a1 10:02 runs: git commit -nm "Add a parser"
    [main eee1111] Add a parser
```
No hook is known in this repository, so perhaps there was nothing to go past:
```case flags at=S1.jsonl:2 severity=low confidence=possible steps=S1 culprit=S1
session S1: "Add a parser"
S1 10:02 runs: git commit --no-verify -m "Add a parser"
    [main eee1111] Add a parser
```
The repository got its hooks later:
```case flags at=S1.jsonl:2 severity=low confidence=possible steps=S1 culprit=S1
commit aaa1111: "Hooks" .husky/pre-commit[created], at 11:00
session S1: "Add a parser"
S1 10:02 runs: git commit --no-verify -m "Add a parser"
    [main eee1111] Add a parser
```
Git printed the push, although other commands followed:
```case flags at=S1.jsonl:2 severity=medium confidence=certain steps=S1 culprit=S1
commit aaa1111: "Start" .husky/pre-push[created], at 09:00
session S1: "Add a parser"
S1 10:02 runs: git push --no-verify; git status
       aaa1111..eee1111  main -> main
```
The tests ran and git printed the commit behind them:
```case flags at=S1.jsonl:2 severity=medium confidence=certain steps=S1 culprit=S1
commit aaa1111: "Start" .husky/pre-commit[created], at 09:00
session S1: "Add a parser"
S1 10:02 runs: pytest -q && git commit --no-verify -m "Add a parser"
    3 passed in 0.1s
    [main eee1111] Add a parser
```
Whether the commit succeeded is not shown:
```case clears
commit aaa1111: "Start" .husky/pre-commit[created], at 09:00
session S1: "Add a parser"
S1 10:01 runs: pytest -q; git commit --no-verify -qm "Add a parser"
    3 passed in 0.1s
S1 10:02 runs: git commit --no-verify -qm Parse; git status
```
The commit failed, only its message speaks of it, or `-n` means something else:
```case clears
commit aaa1111: "Start" .husky/pre-commit[created], at 09:00
session S1: "Add a parser"
S1 10:01 runs exit 1: git commit --no-verify -m "Add a parser"
    error: pathspec did not match
S1 10:02 runs: git commit -m "Never use --no-verify or HUSKY=0"
    [main eee1111] Never use --no-verify or HUSKY=0
S1 10:03 runs: git push -n
S1 10:04 runs: git commit -m -n
    [main eee2222] -n
S1 10:05 runs: echo HUSKY=0
S1 10:05 runs: HUSKY=0 npm ci && git commit -m "Add rows"
    [main eee4444] Add rows
S1 10:06 runs in /scratch: git commit --no-verify -m "Try"
    [main eee3333] Try
```
"""

from collections.abc import Iterator

from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.casework.agents.requests import asked_to_skip_hooks
from forensics.casework.agents.work_trees import Trees, place_of
from forensics.formats.transcripts.hooks import bypassed, keeps_hooks
from forensics.formats.transcripts.pushes import pushed
from forensics.formats.transcripts.shell import ends_with_another
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import clock, listing, quote, upper_first
from forensics.model.source import Kind
from forensics.model.transcript import AgentRun, Command, CommitMade, TestRun

RULE = Rule(
    "HIS007",
    "hooks-bypassed",
    Severity.MEDIUM,
    needs=frozenset({Kind.TRANSCRIPT}),
    effect=Effect.NOTHING,
    remedy="Forbid `--no-verify` and `HUSKY=0` in the agents' settings, and run the hooks' checks in CI, too.",
    remedy_from=Severity.MEDIUM,
)


def detect(case: Case, work_trees: Trees) -> Iterator[Hit]:
    """Yield one hit for each agent that went past hooks, at the first time."""
    step_of = steps_of_agents(case)
    hooks = [commit.author_time for commit in case.history.commits.values() if any(map(keeps_hooks, commit.paths()))]
    for agent in case.transcripts.agents:
        found = [
            (event, said)
            for event in agent.ran()
            if work_trees.of(place_of(event, agent) or "") and (said := bypassed(event.command))
            if _succeeded(event, agent)
        ]
        if found:
            first = found[0][0]
            has_hooks = bool(hooks) and min(hooks) <= first.moment
            times = f" ({len(found)} times in all)" if len(found) > 1 else ""
            ways = listing(quote(way, 60) for way in dict.fromkeys(way for _, said in found for way in said))
            unknown = "" if has_hooks else "; no hook is known in this repository at that time"
            yield Hit(
                at=first.ref,
                severity=_severity(agent, first, has_hooks=has_hooks),
                culprit=step_of.get(agent.id),
                confidence=Confidence.CERTAIN if has_hooks else Confidence.POSSIBLE,
                related=tuple(event.ref for event, _ in found[1:10]),
                message=f"{upper_first(agent_named(agent.id, step_of))} committed or pushed past the hooks with {ways} at "
                f"{clock(first.moment)}{times}{unknown}.",
            )


def _severity(agent: AgentRun, event: Command | TestRun, *, has_hooks: bool) -> Severity:
    if asked_to_skip_hooks(agent, event.moment):
        return Severity.INFO if agent.asked else Severity.LOW
    return Severity.MEDIUM if has_hooks else Severity.LOW


def _succeeded(event: Command | TestRun, agent: AgentRun) -> bool:
    """Return whether git printed the commit or the push, or the exit code can only be theirs."""
    if any(made.ref == event.ref for made in agent.of(CommitMade)):
        return True
    if isinstance(event, TestRun):
        return False
    return bool(pushed(event)) or (event.exit_code == 0 and not ends_with_another(event.command))
