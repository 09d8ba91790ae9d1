"""# Agents of different steps shared a work tree

Agents of different steps worked in one work tree at the same time.

## Why it matters

`git add -A` and `git commit -a` commit whatever is in the tree, so one step's unfinished work ends up in another step's
commit. The severity depends on the consequences:

- *high*: a commit contains a file that another agent had written and not committed
- *medium*: a commit may contain such edits
- *low*: both agents wrote the same files
- *info*: each agent wrote and committed its own files

## What to do

Give each agent its own worktree (`git worktree add ../step-4 -b step-4`). Split a commit that contains another step's
files, or keep both steps' commits as one unit.

One agent's commit contains a file that the other had written:
```case flags at=agent-a4.jsonl:4 severity=high confidence=certain steps=1.3,1.4 victim=1.3 commits=aaa1111 files=src/a.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/a.py src/b.py, at 10:05
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, runs git commit -am done 1 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
Everything was staged while another agent's edits were in the tree, and the commit is not in this clone:
```case flags at=agent-a4.jsonl:4 severity=medium confidence=certain steps=1.3,1.4 victim=1.3
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, commits ccc1111 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits ddd1111 10:05
```
Different files and clean commits:
```case flags at=agent-a4.jsonl:2 severity=info confidence=certain steps=1.3,1.4 victim=1.3
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:05
commit bbb1111: "Cycle 1.3: Empty issues" src/a.py, at 10:08
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, runs git add src/a.py 10:07, commits bbb1111 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add src/b.py 10:04, commits aaa1111 10:05
```
Each agent has its own worktree, from the start, by `cd`, or inside the first:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10 in /tree-3, writes src/a.py 10:03, commits bbb1111 10:08
agent a4 1.4: 10:00-10:10 in /tree-4, writes src/b.py 10:02, commits aaa1111 10:05
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, runs git worktree add ../tree-3 10:01, writes ../tree-3/src/a.py 10:03, runs cd ../tree-3 && git add -A 10:07, commits bbb1111 in /tree-3 10:08, writes plans/run/reports/step-1-3-execution.md 10:09
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes .worktrees/step-3/src/a.py 10:03, commits bbb1111 in /tree/.worktrees/step-3 10:08
agent a4 1.4: 10:00-10:10, writes .worktrees/step-4/src/b.py 10:02, commits aaa1111 in /tree/.worktrees/step-4 10:05
```
A session that began in a subfolder is in the same work tree:
```case flags at=agent-a4.jsonl:4 severity=high confidence=certain steps=1.3,1.4 victim=1.3 commits=aaa1111 files=packages/app/a.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" packages/app/a.py src/b.py, at 10:05
agent a3 1.3: 10:00-10:10 in /tree/packages/app, writes a.py 10:03, runs git commit -am done 1 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
Both began in subfolders, and only the paths in git show the root above them:
```case flags at=agent-a4.jsonl:4 severity=high confidence=certain steps=1.3,1.4 victim=1.3 commits=aaa1111 files=app/a.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" app/a.py web/b.py, at 10:05
agent a3 1.3: 10:00-10:10 in /other/app, writes a.py 10:03, runs git commit -am done 1 10:08
agent a4 1.4: 10:00-10:10 in /other/web, writes b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
A work tree in a subfolder of another, which its files show:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit bbb1111: "Cycle 1.3: Empty issues" src/a.py, at 10:08
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:05
agent a3 1.3: 10:00-10:10, runs git worktree add second 10:00, writes second/src/a.py 10:03, runs cd second && git add -A 10:07, commits bbb1111 in /tree/second 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
A review only reads, a scratch repository does not count, and agents may follow each other:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent r3 1.3: 10:00-10:10, reads src/a.py 10:03, tests passed 10:04
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, runs git init ../try 10:01, writes ../try/a.py 10:03, scratch bbb1111 10:08
agent a4 1.4: 10:00-10:10, writes ../try/b.py 10:02, writes src/b.py 10:02, commits aaa1111 10:05
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03
agent a4 1.4: 10:11-10:20, writes src/b.py 10:12, runs git add -A 10:14, commits aaa1111 10:15
```
Two attempts at one step:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03
agent b3 1.3: 10:05-10:20, writes src/a.py 10:12, runs git add -A 10:14, commits aaa1111 10:15
```
One of their commits is not in this clone, so that it cannot be checked:
```case flags at=agent-a4.jsonl:2 severity=info confidence=likely steps=1.3,1.4 victim=1.3
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:05
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, runs git add src/a.py 10:07, commits bbb1111 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add src/b.py 10:04, commits aaa1111 10:05
```
Both agents wrote the same file:
```case flags at=agent-a4.jsonl:2 severity=low confidence=certain steps=1.3,1.4 victim=1.3 files=src/b.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:05
commit bbb1111: "Cycle 1.3: Empty issues" src/a.py src/b.py, at 10:08
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, writes src/b.py 10:06, runs git add src/a.py src/b.py 10:07, commits bbb1111 10:08
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add src/b.py 10:04, commits aaa1111 10:05
```
The owner of the swept file never tried to commit it:
```case flags at=agent-a4.jsonl:4 severity=high confidence=likely steps=1.3,1.4 victim=1.3 commits=aaa1111 files=src/a.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/a.py src/b.py, at 10:05
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, reads src/a.py 10:09
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
The agent of the earlier step committed the later step's file:
```case flags at=agent-a3.jsonl:4 severity=high confidence=certain steps=1.4,1.3 victim=1.4 commits=aaa1111 files=src/a.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py src/b.py, at 10:05
agent a4 1.4: 10:00-10:10, writes src/a.py 10:03, commits bbb1111 10:09
agent a3 1.3: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
```
No transcript shows who launched the agents, so that they may have run on two machines:
```case flags at=agent-a4.jsonl:4 severity=high confidence=likely steps=1.3,1.4 victim=1.3 commits=aaa1111 files=src/a.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/a.py src/b.py, at 10:05
agent a3 1.3 unlaunched: 10:00-10:10, writes src/a.py 10:03, runs git commit -am done 1 10:08
agent a4 1.4 unlaunched: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa11110 10:05
```
```case flags at=agent-a4.jsonl:2 severity=info confidence=likely steps=1.3,1.4 victim=1.3
plan: 1.3 "Empty issues", 1.4 "Plan mode"
agent a3 1.3 unlaunched: 10:00-10:10, writes src/a.py 10:03, commits ccc1111 10:08
agent a4 1.4 unlaunched: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits ddd1111 10:05
```
Two commits contain files of two agents, of which one tried to commit:
```case flags at=agent-a4.jsonl:4 severity=high confidence=likely steps=1.3,1.4,1.5 victim=1.3 commits=eee1111,aaa1111 files=src/a.py,src/c.py,src/a2.py
plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
commit eee1111: "Cycle 1.4: Plan mode" src/a.py src/b.py src/c.py, at 10:05
commit aaa1111: "Cycle 1.4: Plan mode" src/a2.py, at 10:07
agent a5 1.5: 10:00-10:10, writes src/c.py 10:03, runs git commit -am done 1 10:08
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, writes src/a2.py 10:06
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits eee1111 10:05, commits aaa1111 10:07
```
A third agent lost nothing:
```case flags at=agent-a4.jsonl:4 severity=high confidence=certain steps=1.5,1.4,1.3 victim=1.5 commits=aaa1111 files=src/c.py
plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py src/c.py, at 10:05
agent a3 1.3: 10:00-10:10, writes src/a.py 10:03
agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits aaa1111 10:05
agent a5 1.5: 10:00-10:10, writes src/c.py 10:03, runs git commit -am done 1 10:08
```
Both wrote a lock file, which every step does; only its commit shows which step one agent worked on:
```case flags at=agent-a3.jsonl:2 severity=low confidence=likely steps=1.3,1.4 victim=1.3 files=src/c.py,src/d.py
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:08
agent a3 1.3: 10:00-10:10, writes src/d.py 10:02, writes src/c.py 10:03, writes uv.lock 10:04
agent x4 9.9: 10:00-10:10, writes src/d.py 10:02, writes src/c.py 10:03, writes uv.lock 10:04, writes src/b.py 10:05, commits aaa1111 10:08
```
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from forensics.casework.agents.work_trees import by_digits, commit_of
from forensics.casework.files import is_shared_file
from forensics.casework.isolation.shared_trees import SharedTree, missing_precautions
from forensics.casework.isolation.taken_files import UncommittedFileTaken, taken_files
from forensics.detect.remedies import OWN_WORKTREE
from forensics.formats.transcripts.git_calls import commits
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, MisplacedWork, Rule, Severity
from forensics.model.prose import clock, count, listing, quote, short, steps_named, upper_first
from forensics.model.source import Kind
from forensics.model.steps import step_key

RULE = Rule(
    "ISO008",
    "shared-folder",
    Severity.MEDIUM,
    needs=frozenset({Kind.TRANSCRIPT}),
    effect=Effect.NOTHING,
    summary="another step's commit includes files of {}",
    remedy=OWN_WORKTREE,
    remedy_from=Severity.MEDIUM,
)
_SHOWN = 100  # thousands of agents in one tree meet in more records than a reader can check


def detect(case: Case, shared_trees: tuple[SharedTree, ...]) -> Iterator[Hit]:
    """Yield one hit for each tree that agents of different steps shared, shown by its worst consequence."""
    for tree in shared_trees:
        found = sorted(
            taken_files(tree, case), key=lambda taken: (taken.made.moment, taken.made.sha, taken.owner.step, taken.path)
        )
        if swept := [taken for taken in found if taken.foreign]:
            yield _swept(tree, swept, case)
        elif found and tree.known:
            yield _mixed(tree, found, case)
        else:
            yield _shared(tree, case)


def _swept(tree: SharedTree, found: Sequence[UncommittedFileTaken], case: Case) -> Hit:
    """Return the hit for the worst consequence: commits that include files other agents had written."""
    first = found[0]
    sure = tree.known and all(_wanted_to_commit(taken) for taken in found)
    return _hit(
        tree, case, found, Severity.HIGH, sure=sure,
        message=f"Commit {short(first.made.sha)} of step {first.maker.step} includes {_paths(first, found)}, which step {first.owner.step}'s "
        f"agent had written at {clock(first.write.moment)} and not committed: {_sharing(tree)}{_missing(tree, case)}.",
        foreign=tuple(_misplaced(list(group)) for _, group in groupby(found, key=lambda taken: (_sha(taken), taken.owner.step))),
    )  # fmt: skip


def _misplaced(group: Sequence[UncommittedFileTaken]) -> MisplacedWork:
    """Return the files of one step that one commit took; `group` are those takings, at least one."""
    home = next((taken.home for taken in group if taken.home), None)
    return MisplacedWork(
        _sha(group[0]), group[0].owner.step, home, tuple(dict.fromkeys((taken.path, None) for taken in group))
    )


def _sha(taken: UncommittedFileTaken) -> str:
    return taken.commit.sha if taken.commit else taken.made.sha


def _mixed(tree: SharedTree, found: Sequence[UncommittedFileTaken], case: Case) -> Hit:
    """Return the hit for commits made while other agents' edits were uncommitted; they may include them."""
    first = found[0]
    return _hit(
        tree, case, found, Severity.MEDIUM, sure=True,
        message=f"Step {first.maker.step}'s agent committed {short(first.made.sha)} while edits of step {first.owner.step}'s agent to "
        f"{_paths(first, found)} were uncommitted there: {_sharing(tree)}, and the commit may hold both "
        f"steps' work{_missing(tree, case)}.",
    )  # fmt: skip


def _shared(tree: SharedTree, case: Case) -> Hit:
    """Return the hit where no commit shows a consequence."""
    written = {path for first, second in tree.pairs for path in first.written.keys() & second.written.keys()}
    both = sorted(path for path in written if not is_shared_file(path))
    known = by_digits(case.history)
    made = [event for share in tree.shares for event in share.committed]
    unseen = [event for event in made if commit_of(event, known) is None]
    if both:
        what = f"wrote the same files ({listing(map(quote, both))})"
    elif unseen:
        what = f"wrote different files, but {len(unseen)} of their {count(len(made), 'commit')} could not be checked for another step's"
    else:
        what = "wrote different files, and no commit contains another step's"
    return _hit(
        tree, case, (), Severity.LOW if both else Severity.INFO, sure=tree.known and (bool(both) or not unseen), files=tuple(both),
        message=f"{upper_first(_sharing(tree))}: they {what}{_missing(tree, case)}.",
    )  # fmt: skip


def _hit(
    tree: SharedTree, case: Case, found: Sequence[UncommittedFileTaken], severity: Severity, *, sure: bool, message: str,
    files: tuple[str, ...] = (), foreign: tuple[MisplacedWork, ...] = (),
) -> Hit:  # fmt: skip
    steps = _steps(tree)
    first = [found[0].owner.step, found[0].maker.step] if found else []
    begun = [share.events[0].ref for share in sorted(tree.shares, key=lambda share: share.events[0].moment)]
    return Hit(
        at=found[0].made.ref if found else begun[0],
        severity=severity,
        victim=(first or steps)[0],
        steps=tuple(dict.fromkeys((*first, *steps))),
        commits=tuple(dict.fromkeys(map(_sha, found))),
        files=files or tuple(dict.fromkeys(taken.path for taken in found)),
        confidence=Confidence.CERTAIN if sure and tree.tied else Confidence.LIKELY,
        related=(
            *(ref for taken in found for ref in (taken.write.ref, taken.staging or taken.made.ref, taken.made.ref)),
            *begun,
        )[:_SHOWN],
        foreign=foreign,
        message=message,
    )


def _paths(first: UncommittedFileTaken, found: Sequence[UncommittedFileTaken]) -> str:
    same = [taken.path for taken in found if (taken.made, taken.owner) == (first.made, first.owner)]
    return listing(map(quote, dict.fromkeys(same)))


def _sharing(tree: SharedTree) -> str:
    return f"the agents of {steps_named(_steps(tree))} shared {quote(tree.root)}"


def _steps(tree: SharedTree) -> list[str]:
    return sorted({share.step for share in tree.shares}, key=step_key)


def _missing(tree: SharedTree, case: Case) -> str:
    return "".join(f"; {what}" for what in missing_precautions(tree, case))


def _wanted_to_commit(taken: UncommittedFileTaken) -> bool:
    """Return whether the owner committed or tried to; if not, the other agent may have been told to commit for all."""
    ran = (getattr(event, "command", "") for event in taken.owner.events)
    return bool(taken.owner.committed) or any(commits(command) for command in ran)
