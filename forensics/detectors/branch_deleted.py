"""# A branch with unmerged commits was deleted

An agent deleted a branch by force, and no other branch, pull request or later commit has its work.

## Why it matters

Nothing points to the commits any more, so git deletes them after some weeks. Whoever made them believes that they are safe.

## What to do

Bring the branch back in the clone where it was deleted: `git branch NAME SHA` with the id that git printed.

```case flags at=S2.jsonl:2 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/parser.py related=S1.jsonl:3
session S1: "Add a parser", on parser
session S2: "Tidy up the branches"
S1 10:01 writes src/parser.py
S1 10:02 runs: git commit -m "Add a parser"
    [parser eee1111] Add a parser
S2 10:05 runs: git branch -D parser
    Deleted branch parser (was eee1111).
```
An agent deletes a branch of its own:
```case flags at=S1.jsonl:4 severity=low confidence=likely steps=S1 culprit=S1 victim=S1 files=src/parser.py
session S1: "Add a parser", on parser
S1 10:01 writes src/parser.py
S1 10:02 runs: git commit -m "Add a parser"
    [parser eee1111] Add a parser
S1 10:05 runs: git switch main && git branch -D parser
    Deleted branch parser (was eee1111).
```
A launcher deletes its agent's branch; an agent deletes its launcher's:
```case flags at=S1.jsonl:3 severity=low confidence=likely steps=S1,a1 culprit=S1 victim=a1 files=src/parser.py
session S1: "Add a parser"
S1 10:00 launches a1 on parser: "Add a parser"
a1 10:01 writes src/parser.py
a1 10:02 runs: git commit -m "Add a parser"
    [parser eee1111] Add a parser
S1 10:05 runs: git branch -D parser
    Deleted branch parser (was eee1111).
```
```case flags at=a1.jsonl:2 severity=high confidence=likely steps=a1,S1 culprit=a1 victim=S1 files=src/parser.py
session S1: "Add a parser", on parser
S1 10:01 writes src/parser.py
S1 10:02 runs: git commit -m "Add a parser"
    [parser eee1111] Add a parser
S1 10:03 launches a1: "Review it"
a1 10:05 runs: git branch --delete --force parser
    Deleted branch parser (was eee1111).
```
A person asked for it:
```case flags at=S2.jsonl:2 severity=low confidence=likely steps=S2,S1 culprit=S2 victim=S1 files=src/parser.py
session S1: "Add a parser", on parser
session S2: "Scrap the parser's branch"
S1 10:01 writes src/parser.py
S1 10:02 runs: git commit -m "Add a parser"
    [parser eee1111] Add a parser
S2 10:05 runs: git branch -D parser
    Deleted branch parser (was eee1111).
```
Another ref has the commit, or it was amended, or a squash has its files, or git deleted nothing:
```case clears
commit aaa1111: "Add rows" src/rows.py, at 10:02, on refs/pull/7/head
commit aaa2222: "Add cells" src/cells.py, authored 10:02, committed 10:04
commit aaa3333: "Parser (#9)" src/parser.py src/more.py, at 10:04
session S1: "Add a parser", on parser
session S2: "Tidy up the branches"
S1 10:01 writes src/rows.py
S1 10:01 writes src/cells.py
S1 10:01 writes src/parser.py
S1 10:02 runs: git commit -m "Add rows"
    [rows aaa1111] Add rows
S1 10:02 runs: git commit -m "Add cells"
    [cells eee2222] Add cells
S1 10:03 runs: git commit -m "Add a parser"
    [parser eee1111] Add a parser
S2 10:05 runs: git branch -D rows cells parser
    Deleted branch rows (was aaa1111).
    Deleted branch cells (was eee2222).
    Deleted branch parser (was eee1111).
S2 10:06 runs: git branch -D other
    error: branch 'other' not found.
```
It was amended, and the branch examined has that commit under another subject, with its first author time:
```case clears
commit aaa4444: "Read files of rows" src/parser.py, authored 10:02, committed 10:05
session S1: "Add a parser", on parser
session S2: "Tidy up the branches"
S1 10:01 writes src/parser.py
S1 10:02 runs: git commit -m "Add a parser"
    [parser eee1110] Add a parser
S1 10:03 runs: git commit --amend --no-edit
    [parser eee1111] Add a parser
S2 10:06 runs: git branch -D parser
    Deleted branch parser (was eee1111).
```
No transcript shows who made its last commit:
```case clears
session S2: "Tidy up the branches"
S2 10:05 runs: git branch -D parser
    Deleted branch parser (was eee1111).
```
"""

from collections.abc import Iterator, Mapping

from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.casework.agents.requests import asked_for_discard
from forensics.casework.isolation.deleted_branches import DeletedBranch
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import clock, listing, quote, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "ISO014",
    "branch-deleted",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT}),
    summary="a branch with commits of {} was deleted",
    remedy="Let agents delete branches with `git branch -d`, which refuses where commits would be lost.",
    remedy_from=Severity.MEDIUM,
)


def detect(
    case: Case, deleted_branches: tuple[DeletedBranch, ...], launchers: Mapping[str, tuple[str, ...]]
) -> Iterator[Hit]:
    """Yield one hit for each deleted branch; an agent's own, or its subagent's, may well have been meant."""
    step_of = steps_of_agents(case)
    for found in deleted_branches:
        maker, by = found.maker.id, found.by.id
        meant = by in launchers[maker] or asked_for_discard(found.by, found.ran.moment)
        whose = "which it had made itself" if maker == by else f"made by {agent_named(maker, step_of)}"
        yield Hit(
            at=found.ran.ref,
            severity=Severity.LOW if meant else None,
            culprit=step_of.get(by),
            victim=step_of.get(maker),
            files=found.files,
            confidence=Confidence.LIKELY,
            related=(found.made.ref,),
            message=f"{upper_first(agent_named(by, step_of))} deleted the branch {quote(found.branch)} at {clock(found.ran.moment)}. "
            f"Its last commit, {quote(found.made.sha, 12)}, {whose}, is in nothing that this clone has, and neither are its files: "
            f"{listing(map(quote, found.files))}. `git branch rescued {found.made.sha}` keeps it where it was made.",
        )
