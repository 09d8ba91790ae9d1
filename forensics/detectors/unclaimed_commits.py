"""# Commits during the run belong to no step

Between the run's first and last commit, the branch has commits that change the run's files but belong to no step.

## Why it matters

Mostly they are a person's own work. Sometimes they are a fix that no report mentions, or an agent did more than its step.

## What to do

Read the listed commits, and check what they change in the run's files.

```case flags at=ccc3333000000000000000000000000000000000 severity=info confidence=likely files=src/a.py,src/c.py,src/d.py,src/e.py commits=ccc3333
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit ccc3333: "Repair the parser" src/d.py src/a.py src/e.py src/c.py, at 10:05
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:10
```
Notes, other files, another plan's step, and commits before the run:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode"
commit ddd4444: "Before the run" src/parser.py, at 09:50
commit aaa1111: "Cycle 1.3: Empty issues" src/a.py, at 10:00
commit ccc3333: "Update the session notes" notes/session.md, at 10:05
commit eee5555: "Repair the parser" src/parser.py, at 10:06
commit fff6666: "Cycle 7.2: Another plan's step" src/a.py, at 10:07
commit bbb2222: "Cycle 1.4: Plan mode" src/b.py, at 10:10
```
"""

from collections.abc import Iterator

from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import count, listing, quote, short
from forensics.model.source import CommitRef

RULE = Rule("HIS001", "unclaimed-commits", Severity.INFO)
_SHOWN = 50  # one merge can change thousands of files, and readers skim them


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run."""
    commits = case.unclaimed
    if commits:
        named = listing(f"{short(commit.sha)} {quote(commit.subject, 60)}" for commit in commits)
        yield Hit(
            at=CommitRef(commits[0].sha),
            commits=tuple(commit.sha for commit in commits),
            confidence=Confidence.LIKELY,
            related=tuple(CommitRef(commit.sha) for commit in commits),
            files=tuple(sorted({path for commit in commits for path in commit.paths()}))[:_SHOWN],
            message=f"{count(len(commits), 'commit')} in the run's window {'does' if len(commits) == 1 else 'do'} not belong to any step: {named}.",
        )
