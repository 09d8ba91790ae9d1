"""# Uncommitted edits were thrown away

A command put back, removed or dropped files with an agent's edits that no commit has, and nobody made them again.

## Why it matters

The agent's last message still says that the edits are done. Nothing in git shows that they ever were.

## What to do

Bring them back: a dropped stash by the id that git printed, as long as git keeps it, other edits from the transcript that
made them. Give each agent its own worktree, and let it commit before it resets anything.

```case flags at=S2.jsonl:2 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/a.py related=S1.jsonl:2
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: git reset --hard
    HEAD is now at aaa1111 Start
```
An agent discards what another one of the same session had just written:
```case flags at=b1.jsonl:2 severity=high confidence=certain steps=b1,a1 culprit=b1 victim=a1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser and rows"
S1 10:00 launches a1: "Add a parser"
S1 10:00 launches b1: "Add rows"
a1 10:01 writes src/a.py
b1 10:05 runs: git checkout -- src/a.py
```
A stash of another session's edits is dropped:
```case flags at=S2.jsonl:3 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: git stash
    Saved working directory and index state WIP on main: aaa1111 Start
S2 10:06 runs: git stash drop
    Dropped refs/stash@{0} (bbe9bda94b590f17b0209a23782d5b292f876b0e)
```
A new file is cleaned away:
```case flags at=S2.jsonl:2 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/new.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/new.py
S2 10:05 runs: git clean -fd
    Removing src/new.py
```
A launcher discards what its own agent wrote, which is mostly meant:
```case flags at=S1.jsonl:4 severity=low confidence=certain steps=S1,a1 culprit=S1 victim=a1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:00 launches a1: "Add a parser"
a1 10:01 writes src/a.py
S1 10:02 hears a1: "I could not finish."
S1 10:05 runs: git checkout -- src/a.py
```
An agent throws all of its own edits away, and nobody asked it to:
```case flags at=S1.jsonl:3 severity=low confidence=certain steps=S1 culprit=S1 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:01 writes src/a.py
S1 10:05 runs: git reset --hard
    HEAD is now at aaa1111 Start
```
A stash with another session's edits was never popped:
```case flags at=S2.jsonl:2 severity=medium confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: git stash
    Saved working directory and index state WIP on main: aaa1111 Start
```
A launcher removes the worktree of an agent that had committed nothing:
```case flags at=S1.jsonl:4 severity=medium confidence=certain steps=S1,a1 culprit=S1 victim=a1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:00 launches a1 in /tree-2: "Add a parser"
a1 10:01 writes src/a.py
S1 10:02 hears a1: "Done."
S1 10:05 runs: git worktree remove --force /tree-2
```
Edits of two agents are two findings, in the order of their files:
```case flags at=S3.jsonl:2 severity=high confidence=likely steps=S3,S1 culprit=S3 victim=S1 files=src/a.py,src/b.py at=S3.jsonl:2 severity=high confidence=likely steps=S3,S2 culprit=S3 victim=S2 files=src/c.py
commit aaa1111: "Start" src/a.py[created] src/b.py[created] src/c.py[created], at 09:00
session S1: "Add a parser"
session S2: "Add rows"
session S3: "Fix the build"
S1 10:01 writes src/b.py
S1 10:02 writes src/a.py
S2 10:03 writes src/c.py
S3 10:05 runs: git reset --hard
    HEAD is now at aaa1111 Start
```
A person asked the agent to discard what another one had written:
```case flags at=S2.jsonl:2 severity=info confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Discard all local changes"
S1 10:01 writes src/a.py
S2 10:05 runs: git checkout .
    Updated 1 path from the index
```
An agent's own stash, and its own stash of another's edits within one session, were never popped:
```case flags at=S1.jsonl:3 severity=low confidence=likely steps=S1 culprit=S1 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:01 writes src/a.py
S1 10:05 runs: git stash
    Saved working directory and index state WIP on main: aaa1111 Start
```
```case flags at=b1.jsonl:2 severity=medium confidence=likely steps=b1,a1 culprit=b1 victim=a1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:00 launches a1: "Add a parser"
S1 10:00 launches b1: "Add rows"
a1 10:01 writes src/a.py
b1 10:05 runs: git stash
    Saved working directory and index state WIP on main: aaa1111 Start
```
An agent cleans its own new files away:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:01 writes src/new.py
S1 10:05 runs: git clean -fd
    Removing src/new.py
```
A new file is removed by its name, which is mostly meant:
```case flags at=S2.jsonl:2 severity=low confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/try.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/try.py
S2 10:05 runs: rm src/try.py
```
A file that git tracks is removed with the edits in it:
```case flags at=S2.jsonl:2 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: rm -r src
```
A worktree is removed by force while another agent's edits in it are in no commit:
```case flags at=S2.jsonl:2 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/a.py
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser", in /tree-2
session S2: "Tidy up"
S1 10:01 writes src/a.py
S2 10:05 runs: git worktree remove --force /tree-2
```
The edits were committed before, also by a person, or within the next day:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
commit bbb1111: "Parse" src/a.py, at 10:03
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: git reset --hard
    HEAD is now at bbb1111 Parse
```
An amended commit has them: it keeps the time of its first version:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
commit bbb1111: "Parse" src/a.py, authored 09:58, committed 10:03
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S1 10:03 runs: git commit --amend --no-edit
    [main bbb1111] Parse
S2 10:05 runs: git reset --hard
    HEAD is now at bbb1111 Parse
```
The commit was quiet, or this clone does not have it:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S1 10:02 runs: git commit -qam Parse
S2 10:05 runs: git reset --hard
    HEAD is now at bbb1111 Parse
```
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S1 10:02 commits eee1111
S2 10:05 runs: git reset --hard
    HEAD is now at eee1111 Parse
```
Somebody wrote the file again:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: git checkout .
    Updated 1 path from the index
S2 10:07 writes src/a.py
```
The command was refused, found nothing, or only looked:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:02 runs exit 128: git checkout -- src/a.py
    fatal: Unable to create 'index.lock': File exists.
S2 10:03 runs: git checkout -- src/a.py
    Updated 0 paths from the index
S2 10:04 runs: git clean -nd
    Would remove src/new.py
S2 10:05 runs: git reset --hard || true
S2 10:06 runs: git stash list
S2 10:07 runs: git rm --cached src/a.py
S2 10:08 runs: git restore --staged src/a.py
S2 10:09 runs: git checkout src
    Switched to branch 'src'
S2 10:10 runs: git checkout -b src/a.py
```
The stash was popped, and the tests that ran between do not matter:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
session S2: "Fix the build"
S1 10:01 writes src/a.py
S2 10:05 runs: git stash && pytest -q; git stash pop
    Saved working directory and index state WIP on main: aaa1111 Start
    Dropped refs/stash@{0} (bbe9bda94b590f17b0209a23782d5b292f876b0e)
S2 10:06 runs: git stash
    Saved working directory and index state WIP on main: aaa1111 Start
S2 10:07 runs: git stash pop
    Dropped refs/stash@{0} (ccc9bda94b590f17b0209a23782d5b292f876b0e)
```
A reset leaves alone what git does not track, and other work trees:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser", in /tree-2
session S2: "Fix the build"
session S3: "Add rows"
S1 10:01 writes src/a.py
S3 10:01 writes src/new.py
S2 10:05 runs: git reset --hard
    HEAD is now at aaa1111 Start
S2 10:06 runs: rm -rf src/other /tmp/scratch
```
An agent takes back its own try, file by file, or as a person asked:
```case clears
commit aaa1111: "Start" src/a.py[created], at 09:00
session S1: "Add a parser"
S1 10:01 writes src/a.py
S1 10:02 writes src/new.py
S1 10:05 runs: git checkout -- src/a.py
S1 10:06 runs: rm src/new.py
S1 10:07 writes README.md
S1 10:08 asked: "Discard all of that"
S1 10:09 runs: git checkout .
    Updated 1 path from the index
```
"""

from collections.abc import Iterator, Mapping

from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.casework.agents.requests import asked_for_discard
from forensics.casework.isolation.lost_edits import Edit, LostEdits
from forensics.formats.transcripts.discarding_calls import Deed
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import clock, listing, quote, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "ISO011",
    "edits-discarded",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT}),
    summary="uncommitted edits of {} were thrown away",
    remedy="Give each agent its own worktree, and let it commit before anything is reset, stashed or cleaned.",
    remedy_from=Severity.MEDIUM,
)
_SHOWN = 20  # a reset can throw away hundreds of files, and a reader checks the first few
_RANKS = {severity.rank: severity for severity in Severity}


def detect(case: Case, lost_edits: tuple[LostEdits, ...], launchers: Mapping[str, tuple[str, ...]]) -> Iterator[Hit]:
    """Yield one hit for each command and each agent whose edits it threw away."""
    step_of = steps_of_agents(case)
    for lost in lost_edits:
        owners = {edit.agent.id: edit.agent for edit in lost.edits}
        for name in owners:
            edits = [edit for edit in lost.edits if edit.agent.id == name]
            severity = _severity(lost, owners[name].id, launchers)
            if severity:
                yield _hit(lost, edits, step_of, severity, launchers)


def _severity(lost: LostEdits, owner: str, launchers: Mapping[str, tuple[str, ...]]) -> Severity | None:
    """Return how bad a loss is: what agents do to their own and their subagents' edits is mostly meant."""
    own = owner == lost.by.id
    if own and (lost.discard.named or lost.discard.deed is Deed.CLEANS):
        return None
    worst = Severity.LOW if own or lost.by.id in launchers[owner] else Severity.HIGH
    if asked_for_discard(lost.by, lost.ran.moment):
        return None if own else Severity.INFO
    if lost.discard.deed is Deed.REMOVES and lost.new.issuperset(
        edit.path for edit in lost.edits if edit.agent.id == owner
    ):
        return Severity.LOW  # `rm debug.py`: a new file that is removed by its name was mostly a try
    # Launchers remove their agents' worktrees when these have ended, and may not know that nothing was committed.
    if lost.discard.deed is Deed.REMOVES_TREE:
        return max(worst, Severity.MEDIUM, key=lambda severity: severity.rank)
    return Severity.MEDIUM if lost.kept and worst is Severity.HIGH else worst


def _hit(
    lost: LostEdits,
    edits: list[Edit],
    step_of: Mapping[str, str],
    severity: Severity,
    launchers: Mapping[str, tuple[str, ...]],
) -> Hit:
    owner, by = edits[0].agent.id, lost.by.id
    files = tuple(sorted({edit.path for edit in edits}))
    one_session = launchers[owner][-1] == launchers[by][-1]
    first, last = edits[0].write.moment, lost.ran.moment
    whose = "its own edits" if owner == by else f"edits of {agent_named(owner, step_of)}"
    verb = "put away" if lost.kept else "threw away"
    return Hit(
        at=lost.ran.ref,
        severity=severity,
        culprit=step_of.get(by),
        victim=step_of.get(owner),
        files=files,
        confidence=Confidence.CERTAIN if one_session and not lost.kept else Confidence.LIKELY,
        related=tuple(edit.write.ref for edit in edits[:_SHOWN]),
        message=f"{upper_first(agent_named(by, step_of))} {verb} {whose} to {listing(map(quote, files))}, made from {clock(first)} on: "
        f"{quote(lost.discard.words, 80)} at {clock(last, first)}. No commit has them, and nobody made them again. {_way_back(lost, edits)}",
    )  # fmt: skip


def _way_back(lost: LostEdits, edits: list[Edit]) -> str:
    if lost.kept:
        return "The stash was never popped: `git stash list` names it."
    if lost.discard.sha:
        return f"`git stash apply {lost.discard.sha}` brings them back as long as git keeps it."
    return f"Their agent's transcript still has them, from {edits[0].write.ref} on."
