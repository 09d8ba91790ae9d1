"""# An agent pushed to the main branch

A session or agent pushed commits to `main` or `master` of the remote.

## Why it matters

What is on the main branch is deployed, or others build on it, without anyone having looked at it.

## What to do

Nothing, if you wanted it: many people let their agents push. Else protect the branch on the remote.

```case flags at=S1.jsonl:2 severity=info confidence=certain steps=S1 culprit=S1
session S1: "Add a parser, commit and push"
S1 10:02 runs: git push
       aaa1111..aaa2222  main -> main
S1 10:03 runs: git push
       aaa2222..aaa3333  main -> main
```
No person's message speaks of it:
```case flags at=S1.jsonl:2 severity=info confidence=possible steps=S1 culprit=S1
session S1: "Add a parser"
S1 10:02 runs: git push origin HEAD:main
       aaa1111..aaa2222  HEAD -> main
```
Another branch, or a push that was refused:
```case clears
session S1: "Add a parser"
S1 10:02 runs: git push -u origin topic
     * [new branch]      topic -> topic
S1 10:03 runs exit 1: git push origin main
     ! [rejected]        main -> main (fetch first)
S1 10:04 runs: git push origin main
    Everything up-to-date
```
"""

from collections.abc import Iterator

from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.casework.agents.requests import asked_to_publish
from forensics.casework.agents.work_trees import Trees, place_of
from forensics.formats.transcripts.pushes import pushed
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import clock, quote, upper_first
from forensics.model.source import Kind
from forensics.model.transcript import Command

RULE = Rule("HIS006", "pushed-to-main", Severity.INFO, needs=frozenset({Kind.TRANSCRIPT}), effect=Effect.NOTHING)
# The usual names; a repository that releases from another branch is not known by its refs.
_MAIN = frozenset({"main", "master"})


def detect(case: Case, work_trees: Trees) -> Iterator[Hit]:
    """Yield one hit for each agent that pushed to the main branch, at its first push."""
    step_of = steps_of_agents(case)
    for agent in case.transcripts.agents:
        found = [(event, push.branch) for event in agent.of(Command) for push in pushed(event)
                 if push.branch in _MAIN and work_trees.of(place_of(event, agent) or "")]  # fmt: skip
        if found:
            first, branch = found[0]
            times = f" ({len(found)} times in all)" if len(found) > 1 else ""
            asked = asked_to_publish(agent, first.moment)
            unasked = "" if asked else ", and no person's message in this transcript speaks of it"
            yield Hit(
                at=first.ref,
                culprit=step_of.get(agent.id),
                confidence=Confidence.CERTAIN if asked else Confidence.POSSIBLE,
                message=f"{upper_first(agent_named(agent.id, step_of))} pushed to {quote(branch)} at {clock(first.moment)}"
                f"{times}{unasked}.",
            )
