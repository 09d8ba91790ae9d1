"""# An agent started from an old commit

A launched agent worked in a worktree of its own that began at a commit its launcher had already left behind.

## Why it matters

The agent did not see what its launcher had just committed: the tests it was to meet, the interface it was to use. Its work
fits code that is not there any more, and merging it conflicts or brings the old state back.

## What to do

Rebase the agent's commits on its launcher's, and run the tests. Name the commit when you make a worktree:
`git worktree add PATH -b BRANCH SHA`.

```case flags at=a1.jsonl:3 severity=medium confidence=likely steps=S1,a1 culprit=S1 victim=a1 commits=ccc1111,aaa1111,bbb1111 related=S1.jsonl:3
commit aaa1111: "Start" src/a.py, at 09:00
commit bbb1111: "Define the interface" src/a.py, at 10:01
commit ccc1111: "Add rows" src/rows.py, at 10:05, after aaa1111, on refs/heads/rows
session S1: "Add rows"
S1 10:01 commits bbb1111
S1 10:02 launches a1 in /trees/.worktrees/rows on rows: "Implement the rows"
a1 10:04 writes src/rows.py
a1 10:05 commits ccc1111
```
It began from its launcher's commit, or in the launcher's own tree:
```case clears
commit aaa1111: "Start" src/a.py, at 09:00
commit bbb1111: "Define the interface" src/a.py, at 10:01
commit ccc1111: "Add rows" src/rows.py, at 10:05, on refs/heads/rows
session S1: "Add rows"
S1 10:01 commits bbb1111
S1 10:02 launches a1 in /trees/.worktrees/rows on rows: "Implement the rows"
a1 10:04 writes src/rows.py
a1 10:05 commits ccc1111
```
The prompt names the base, or the agent chose it, or the launcher went back before the launch:
```case clears
commit aaa1111: "Start" src/a.py, at 09:00
commit bbb1111: "Define the interface" src/a.py, at 10:01
commit ccc1111: "Add rows" src/rows.py, at 10:05, after aaa1111, on refs/heads/rows
commit ccc2222: "Add columns" src/columns.py, at 10:06, after aaa1111, on refs/heads/columns
commit ccc3333: "Add cells" src/cells.py, at 10:07, after aaa1111, on refs/heads/cells
session S1: "Add rows"
S1 10:01 commits bbb1111
S1 10:02 launches a1 in /trees/.worktrees/rows on rows: "Implement the rows on a branch off main"
S1 10:02 launches b1 in /trees/.worktrees/columns on columns: "Implement the columns"
S1 10:03 runs: git checkout release
    Switched to branch 'release'
S1 10:04 launches c1 in /trees/.worktrees/cells on cells: "Implement the cells"
a1 10:05 commits ccc1111
b1 10:05 runs: git reset --hard aaa1111
    HEAD is now at aaa1111 Start
b1 10:06 commits ccc2222
c1 10:07 commits ccc3333
```
"""

from collections.abc import Iterator

from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.casework.isolation.wrong_bases import WrongBase
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import count, quote, short, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "ISO013",
    "wrong-base",
    Severity.MEDIUM,
    needs=frozenset({Kind.TRANSCRIPT}),
    effect=Effect.NOTHING,
    remedy="Make each agent's worktree from its launcher's commit: `git worktree add PATH -b BRANCH SHA`.",
)


def detect(case: Case, wrong_bases: tuple[WrongBase, ...]) -> Iterator[Hit]:
    """Yield one hit for each launched agent, at the record of its first commit."""
    step_of = steps_of_agents(case)
    for found in wrong_bases:
        yield Hit(
            at=found.made.ref,
            culprit=step_of.get(found.launcher.id),
            victim=step_of.get(found.agent.id),
            commits=(found.first.sha, found.base.sha, found.head.sha),
            confidence=Confidence.LIKELY,
            related=(found.launch.ref,),
            message=f"{upper_first(agent_named(found.agent.id, step_of))} began from {short(found.base.sha)}, although "
            f"{agent_named(found.launcher.id, step_of)} had launched it at {short(found.head.sha)}, {quote(found.head.subject, 60)}. "
            f"Its first commit, {short(found.first.sha)}, lacks {count(found.behind, 'commit')}.",
        )
