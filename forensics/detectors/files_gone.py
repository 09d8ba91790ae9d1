"""# Files that a step created are gone

A commit that is not the step's deleted or emptied files of code that the step had created. Nothing says that it should,
and the branch has them nowhere else.

A file may go for good reasons that nobody writes down, so one of two things has to be added:

- the commit looks like a stale tree that was committed: it takes out five or more files without a word, and a later
  commit brought some of them back, or it takes out 20 or more and adds next to nothing
- it was made within the run, and took out at least half of what the step had created

## Why it matters

The step's report and its commit are both correct, and the work is not on the branch. Most often the tests are gone and
the code is there, because only missing code stops the next build.

## What to do

Bring the files back with `git checkout <commit>^ -- <path>`, and run them. If they were meant to go, say so in the plan.

A commit from a stale tree takes out a later phase's files, and only some are brought back:
```case flags at=aaa1111000000000000000000000000000000000 severity=high confidence=likely steps=1.3 victim=1.3 commits=ccc1111,aaa1111,bbb1111 files=src/old5.py,src/old6.py
plan: 1.3 "Empty issues"
commit ccc1111: "Cycle 1.3: Empty issues" src/old{1-6}.py[created], at 09:00
commit aaa1111: "feat(18-01): fixtures" src/new.py[created] src/old{1-6}.py[deleted], at 19:00
commit bbb1111: "Bring files back" src/old{1-4}.py[created], at 20:00
```
Nobody noticed; the commit takes out 20 files and adds one:
```case flags at=aaa1111000000000000000000000000000000000 severity=high confidence=likely steps=1.3 victim=1.3 files=src/old1.py,src/old2.py
plan: 1.3 "Empty issues"
commit bbb1111: "Begin" lib/a{1-18}.py[created], at 08:00
commit ccc1111: "Cycle 1.3: Empty issues" src/old{1-2}.py[created], at 09:00
commit aaa1111: "feat(18-01): fixtures" src/new.py[created] lib/a{1-18}.py[deleted] src/old{1-2}.py[deleted], at 19:00
```
Within the run, another step takes out half of what the step had created:
```case flags at=aaa1111000000000000000000000000000000000 severity=high confidence=likely steps=1.4,1.3 culprit=1.4 victim=1.3 files=tests/test_issues.py
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/issues.py[created] tests/test_issues.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py tests/test_issues.py[deleted], at 10:00
```
A quarter of it, which the next step may have made superfluous:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/issues{1-4}.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/issues1.py[deleted], at 10:00
```
Long after the run, a change of the whole component:
```case clears
plan: 1.3 "Empty issues"
commit ccc1111: "Cycle 1.3: Empty issues" src/old{1-6}.py[created], at 09:00
commit aaa1111: "Issues in another database" src/new{1-6}.py[created] src/old{1-6}.py[deleted], at 19:00
```
The message says so, the later step's plan or title does, or the message names the file:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/issues.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key; remove the list" src/mode.py src/issues.py[deleted], at 10:00
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key" files src/mode.py src/issues.py
commit ccc1111: "Cycle 1.3: Empty issues" src/issues.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/issues.py[deleted], at 10:00
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Replace the list"
commit ccc1111: "Cycle 1.3: Empty issues" src/issues.py[created], at 09:00
commit aaa1111: "Cycle 1.4: the list" src/mode.py src/issues.py[deleted], at 10:00
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/issues.py[created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key, no issues" src/mode.py src/issues.py[deleted], at 10:00
```
The file moved, with its content or under its name, or its words are in another file:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/queue.py[created]=b1, at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/queue.py[deleted] lib/store.py[created]=b1, at 10:00
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/queue.py[created], at 09:00
commit bbb1111: "Cycle 1.4: Plan mode needs a key" src/mode.py lib/queue.py[created], at 09:30
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py src/queue.py[deleted], at 10:00
```
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
commit ccc1111: "Cycle 1.3: Empty issues" src/queue.py[i1-9;created], at 09:00
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py[i1-9] src/queue.py[-i1-9;deleted], at 10:00
```
The step itself deletes it, a later commit brings it back, and documents and generated files do not count:
```case clears
plan: 1.3 "Empty issues"
commit ccc1111: "Cycle 1.3: Empty issues" src/queue.py[created], at 09:00
commit aaa1111: "Cycle 1.3: Empty issues, again" src/issues.py[created] src/queue.py[deleted], at 10:00
```
```case clears
plan: 1.3 "Empty issues"
commit ccc1111: "Cycle 1.3: Empty issues" src/old{1-6}.py[created] notes/a{1-30}.md[created] dist/b{1-30}.js[created], at 09:00
commit aaa1111: "feat(18-01): fixtures" src/old{1-6}.py[deleted] notes/a{1-30}.md[deleted] dist/b{1-30}.js[deleted], at 19:00
commit bbb1111: "Bring files back" src/old{1-6}.py[created], at 20:00
```
"""

from collections.abc import Iterator

from forensics.casework.isolation.gone_files import GoneFiles
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import count, listing, quote, short
from forensics.model.source import CommitRef

RULE = Rule(
    "HIS005",
    "files-gone",
    Severity.HIGH,
    effect=Effect.VIOLATES,
    summary="files that {} created were deleted without a word",
)


def detect(gone_files: tuple[GoneFiles, ...]) -> Iterator[Hit]:
    """Yield one hit for each commit that took out a step's files."""
    for gone in gone_files:
        back = [gone.restored] if gone.restored else []
        yield Hit(
            at=CommitRef(gone.by.sha),
            culprit=gone.culprit,
            victim=gone.step,
            commits=tuple(commit.sha for commit in (*gone.work, gone.by, *back)),
            files=gone.paths,
            confidence=Confidence.LIKELY,
            related=tuple(CommitRef(commit.sha) for commit in (*gone.work, *back)),
            message=_message(gone),
        )


def _message(gone: GoneFiles) -> str:
    whose = f"Step {gone.culprit}'s " if gone.culprit else ""
    part = f"{len(gone.paths)} of the {count(gone.of, 'code file')}"
    work = listing(short(commit.sha) for commit in gone.work)
    more = f" It deletes {count(gone.deleted, 'code file')} without a word." if gone.deleted > len(gone.paths) else ""
    back = f" {short(gone.restored.sha)} brought some of them back, but not these." if gone.restored else ""
    return (
        f"{whose}{short(gone.by.sha)}, {quote(gone.by.subject)}, deletes {part} that step {gone.step} created with {work}, and "
        f"the branch has no copy: {listing(map(quote, gone.paths), limit=4)}.{more}{back}"
    )
