"""# An agent's commit was lost

A transcript shows an agent making a commit that no report claims and that this clone does not have. The clone has no
other commit with its author time, its subject or the files that the agent had written.

## Why it matters

Work was done, paid for and dropped without a word: by a reset, a force-push, or an amend of someone else's commit.

## What to do

The transcript has its message, and the edits before it have its content. On the agent's machine, `git reflog` or a branch
that was never pushed may still have the commit.

```case flags at=agent-a3.jsonl:3 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 10:05
commit aaa1111: "Start" src/b.py, at 09:00
```
An amend replaces an agent's own commit:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 10:05, commits aaa1111 10:06
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, authored 10:05, committed 10:06
```
A rebase, a pick or a squash gives work another hash:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 10:05
commit aaa1111: "A pull request" src/a.py src/b.py, at 10:30
```
A commit whose files are unknown may live on in any later one:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, commits f3050e2 10:05
commit aaa1111: "Start" src/b.py, at 09:00
```
A commit in a scratch repository is not part of the run:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10 in /tree, writes src/a.py 10:01, scratch f3050e2 10:05
commit aaa1111: "Start" src/b.py, at 09:00
```
The report claims the commit, which is another rule's finding:
```case clears
plan: 1.3 "Empty issues"
report 1.3: GREEN_VERIFIED, commit f3050e2
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 10:05
```
The commit is here:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 10:05
commit f3050e2: "Something" src/b.py, at 09:00
```
A commit with the same author time, or with the same subject, is the same work:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 10:05
commit aaa1111: "Another subject" src/b.py, authored 10:07, committed 10:08
```
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, commits f3050e2 "Mend the parser" 10:05
commit aaa1111: "Mend the parser" src/b.py, at 09:00
```
A commit made before the lost one is not a copy of it, even with one of its files:
```case flags at=agent-a3.jsonl:4 severity=medium confidence=likely steps=1.3 culprit=1.3
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, writes src/c.py 10:02, commits f3050e2 "Mend the parser" 10:05, writes src/b.py 10:06
commit aaa1111: "Start" src/a.py, at 09:00
commit bbb1111: "Go on" src/b.py, at 10:30
```
The later commit has one of the agent's two files:
```case clears
plan: 1.3 "Empty issues"
agent a3 1.3: 10:00-10:10, writes src/a.py 10:01, writes src/c.py 10:05, commits f3050e2 10:05
commit aaa1111: "Go on" src/c.py, authored 10:20, committed 10:30
```
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from forensics.casework.agents.ties import in_its_tree
from forensics.casework.paths import locate
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Fate, Hit, Rule, Severity
from forensics.model.history import Commit
from forensics.model.prose import clock, quote
from forensics.model.source import Kind
from forensics.model.transcript import AgentRun, CommitMade, FileWrite

# The transcript dates the record of the call, git the commit itself. Wide on purpose: a commit counts as lost only if
# nothing in history can hold its work.
_SLACK = timedelta(minutes=2)

RULE = Rule("CLM013", "commit-lost", Severity.MEDIUM, needs=frozenset({Kind.TRANSCRIPT}), fate=Fate.LOST)


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each step's agent whose last commit is not in this clone and that no report claims."""
    claimed = {judged.claim.value for judged in case.claims}
    digits = {
        sha[:7] for sha in case.history.commits
    }  # transcripts shorten a hash to 7 digits or more, as git prints it
    for dossier in case.dossiers:
        for agent in dossier.agents:
            last = _last_commit(agent)
            if last is None or last.sha[:7] in digits or any(value.startswith(last.sha[:7]) for value in claimed):
                continue
            if _lives_on(last, agent, case.history.commits.values()):
                continue
            said = f" ({quote(last.subject)})" if last.subject else ""
            yield Hit(
                at=last.ref,
                culprit=dossier.id,
                commits=(last.sha,),
                confidence=Confidence.POSSIBLE if case.history.searched.cut else Confidence.LIKELY,
                message=f"Step {dossier.id}'s agent made commit {quote(last.sha, 12)}{said} at "
                f"{clock(last.moment)}. This clone has neither the commit nor its work, and no report claims it.",
            )


def _last_commit(agent: AgentRun) -> CommitMade | None:
    made = [event for event in agent.events if isinstance(event, CommitMade) and in_its_tree(event, agent)]
    return made[-1] if made else None


def _lives_on(lost: CommitMade, agent: AgentRun, commits: Iterable[Commit]) -> bool:
    """Return whether another commit may hold the work: same time, same subject, or files that the agent wrote."""
    wrote = {event.path for event in agent.events if isinstance(event, FileWrite) and event.moment <= lost.moment}
    if not wrote:
        return True
    return any(
        abs(commit.author_time - lost.moment) <= _SLACK
        or (lost.subject and lost.subject in f"{commit.subject}\n{commit.body}")
        or (commit.commit_time >= lost.moment - _SLACK and any(locate(path, commit.paths()) for path in wrote))
        for commit in commits
    )
