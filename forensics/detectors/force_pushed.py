"""# A forced push overwrote commits

A push with force replaced a branch on the remote, and nothing reaches its old commit any more.

## Why it matters

Whoever made the old commit believes that it is on the remote. The next fetch takes it from everyone.

## What to do

The old commit is still in the clone that made it: `git branch rescued SHA` keeps it there. If it was meant to stay, push it
again. Forbid forced pushes to branches on which several agents work.

```case flags at=S2.jsonl:2 severity=high confidence=likely steps=S2,S1 culprit=S2 victim=S1 related=S1.jsonl:2
session S1: "Add a parser", on topic
session S2: "Add rows", on topic
S1 10:01 runs: git commit -m "Add a parser"
    [topic eee1111] Add a parser
S2 10:05 runs: git push --force
    To example.org:app.git
     + eee1111...aaa2222 topic -> topic (forced update)
```
No transcript shows who made the old commit:
```case flags at=S2.jsonl:2 severity=info confidence=possible steps=S2 culprit=S2
session S2: "Add rows", on topic
S2 10:05 runs: git push --force-with-lease
     + eee1111...aaa2222 topic -> topic (forced update)
```
An agent overwrites what it had made itself:
```case flags at=S2.jsonl:3 severity=info confidence=likely steps=S2 culprit=S2 related=S2.jsonl:2
session S2: "Add rows", on topic
S2 10:01 runs: git commit -m "Add rows, first try"
    [topic eee1111] Add rows, first try
S2 10:05 runs: git push --force
     + eee1111...aaa2222 topic -> topic (forced update)
```
A launcher overwrites what its agent had pushed; an agent overwrites its launcher's:
```case flags at=S1.jsonl:3 severity=info confidence=likely steps=S1 culprit=S1
session S1: "Add rows", on topic
S1 10:00 launches a1: "Add rows"
a1 10:01 runs: git commit -m "Add rows"
    [topic eee1111] Add rows
S1 10:05 runs: git push --force
     + eee1111...aaa2222 topic -> topic (forced update)
```
```case flags at=a1.jsonl:2 severity=high confidence=likely steps=a1,S1 culprit=a1 victim=S1
session S1: "Add rows", on topic
S1 10:01 runs: git commit -m "Add rows"
    [topic eee1111] Add rows
S1 10:02 launches a1: "Add cells"
a1 10:05 runs: git push --force
     + eee1111...aaa2222 topic -> topic (forced update)
```
The old commit was amended or rebased:
```case flags at=S2.jsonl:2 severity=info confidence=likely steps=S2 culprit=S2 commits=aaa2222
commit aaa2222: "Add a parser" src/a.py, authored 10:01, committed 10:04, on refs/heads/topic
session S1: "Add a parser", on topic
session S2: "Add rows", on topic
S1 10:01 runs: git commit -m "Add a parser"
    [topic eee1111] Add a parser
S2 10:05 runs: git push --force
     + eee1111...aaa2222 topic -> topic (forced update)
```
Its files were committed again under another subject, as after a squash or a rebase with other words:
```case flags at=S2.jsonl:2 severity=low confidence=possible steps=S2,S1 culprit=S2 victim=S1 related=S1.jsonl:3
commit aaa2222: "Parser, as reviewed" src/a.py, authored 10:04, committed 10:04, on refs/heads/topic
session S1: "Add a parser", on topic
session S2: "Mend the review's points", on topic
S1 10:00 writes src/a.py
S1 10:01 runs: git commit -m "Add a parser"
    [topic eee1111] Add a parser
S2 10:05 runs: git push --force
     + eee1111...aaa2222 topic -> topic (forced update)
```
Another ref still has the old commit, or nothing was forced:
```case clears
commit aaa1111: "Start" src/a.py, at 09:00
commit bbb1111: "Rows" src/b.py, at 09:30, on refs/heads/other
session S2: "Add rows", on topic
S2 10:06 runs: git push --force
     + bbb1111...aaa2222 topic -> topic (forced update)
S2 10:07 runs: git push --force-with-lease
    Everything up-to-date
S2 10:08 runs: git push
       aaa1111..aaa2222  topic -> topic
S2 10:09 runs exit 1: git push --force
     ! [rejected] topic -> topic (stale info)
```
"""

from collections.abc import Iterator, Mapping

from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.casework.isolation.overwritten_pushes import OverwrittenPush
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import clock, quote, short, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "ISO012",
    "force-pushed",
    Severity.HIGH,
    needs=frozenset({Kind.TRANSCRIPT}),
    summary="commits of {} were overwritten by a forced push",
    remedy="Forbid forced pushes to branches that several agents share.",
    remedy_from=Severity.MEDIUM,
)


def detect(
    case: Case, overwritten_pushes: tuple[OverwrittenPush, ...], launchers: Mapping[str, tuple[str, ...]]
) -> Iterator[Hit]:
    """Yield one hit for each forced push; only work of somebody else, whom a transcript shows, makes it serious."""
    step_of = steps_of_agents(case)
    for found in overwritten_pushes:
        maker, by = found.maker, found.by
        others = maker is not None and by.id not in launchers[maker.id] and found.twin is None
        yield Hit(
            at=found.ran.ref,
            severity=Severity.INFO if not others else Severity.LOW if found.remade else Severity.HIGH,
            culprit=step_of.get(by.id),
            victim=step_of.get(maker.id) if maker and others else None,
            confidence=Confidence.LIKELY if maker and not (others and found.remade) else Confidence.POSSIBLE,
            commits=(found.twin.sha,) if found.twin else (),
            related=(found.made.ref,) if found.made else (),
            message=f"{upper_first(agent_named(by.id, step_of))} pushed to {quote(found.push.branch)} by force at "
            f"{clock(found.ran.moment)}. {_what(found, step_of)}.",
        )


def _what(found: OverwrittenPush, step_of: Mapping[str, str]) -> str:
    old = quote(found.push.old, 12)
    if found.maker is None or found.made is None:
        return f"It replaced {old}, which nothing here reaches any more and whose maker is not known"
    whose = (
        "its own commit" if found.maker.id == found.by.id else f"the commit of {agent_named(found.maker.id, step_of)}"
    )
    subject = f", {quote(found.made.subject, 60)}" if found.made.subject else ""
    now = f"which is now {short(found.twin.sha)}" if found.twin else "which nothing here reaches any more"
    again = ", but later commits have its files" if found.remade and not found.twin else ""
    return f"It replaced {old}{subject}, {whose}, {now}{again}"
