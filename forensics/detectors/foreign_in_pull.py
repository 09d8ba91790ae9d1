"""# A pull request contains another step's work

A merged pull request contains lines of another step, or its branch has another step's commit among its own, or it started
on another step's unfinished branch and landed first. This last kind is at most *possible*: generated histories show it, but
none was found in the real repositories that were searched for it.

## Why it matters

The work is on the main branch under another ticket's name, and nobody reviewed it as what it is. The other step's own
pull request then merges almost empty, conflicts, or reverts it.

## What to do

If it is not merged yet, rebuild the branch from its own commits. If it is, note in the other ticket which commit contains
its work, and check what that ticket's own pull request still adds.

```case flags at=c1c0000000000000000000000000000000000000 severity=high confidence=certain steps=R50,R11 culprit=R50 commits=c1c0000,b1b0000 files=src/intents.py
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
```
Stacked pull requests, merged together with their base:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41
```
A fix cherry-picked on purpose:
```case clears
tickets: R\\d+
commit b1b: "R11: Mend CI" src/ci.py[i1-9], at 09:13, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after 000, on refs/pull/4/head
commit b2b: "R11: Mend CI" src/ci.py[i1-9], authored 09:13, committed 09:23, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/ci.py[i1-9], at 09:41
```
Pull requests to a branch other than main all contain that branch's commits:
```case clears
tickets: R\\d+
commit a0a: "R50: Site" site/queue.py[k1-9], at 09:02, after 000, on refs/heads/site
commit b1b: "R11: Site of intents" site/intents.py[i1-9], at 09:13, after a0a, on refs/heads/site
commit a1a: "R50: Site again" site/queue.py[q1-9], at 09:32, after b1b, on refs/pull/4/head
commit d1d: "R12: Site of screens" site/screens.py[s1-9], at 09:33, after b1b, on refs/pull/6/head
commit b2b: "Intents (R11) (#5)" src/intents.py[j1-9], at 09:51
```
The next ticket's brief, added on the way:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Brief" tasks/R11-intents/brief.md[i1-9] tasks/all.md[j1-1], at 09:13, after a1a, on refs/pull/4/head
commit c1c: "Merge pull request #4 from o/r50-queue" src/queue.py, at 09:41, after 000 and b1b
commit b2b: "Intents (R11) (#5)" src/intents.py[j1-9], at 09:51
```
The last brackets name the rule that a commit obeys; it mends the pull request's own file:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, after 000, on refs/pull/4/head
commit b1b: "fix: Initialise all variables (R11)" src/queue.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9;i1-9], at 09:41, after 000
commit c2c: "Rules (R11) (#6)" src/rules.py[i1-9] src/all.py[k1-9], at 09:51, after c1c
```
A follow-up line in the task list, with the list's state:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: File the follow-up" TODO.md[i1-2] state.json[k1-3], at 09:13, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] TODO.md[i1-2], at 09:41
commit b2b: "Intents (R11) (#5)" src/intents.py[j1-9], at 09:51
```
A pull request that names both tickets:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue, intents (R50, R11) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
commit b2b: "Intents again (R11) (#5)" src/intents.py[i10-19], at 09:51
```
A pull request whose title names the task and its issue, and a commit that names the issue alone:
```case clears
tickets: [RG]\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "fix: Empty queue (G7)" src/end.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit c1c: "R50: Queue (G7) (#4)" src/queue.py[q1-9] src/end.py[i1-9], at 09:41
commit b2b: "Empty queue, again (G7) (#5)" src/other.py[j1-9], at 09:51
```
The second pull request of the same task takes over what the first one, never merged, had under the issue's name:
```case clears
tickets: [RG]\\d+
commit b1b: "G7: Empty queue" src/end.py[i1-9], at 09:13, after 000, on refs/pull/3/head
commit a1a: "R50: Empty queue" src/end.py[i1-9;k1-9] src/queue.py[q1-9], at 09:32, after 000, on refs/pull/4/head
commit c1c: "R50: Empty queue (G7) (#4)" src/end.py[i1-9;k1-9] src/queue.py[q1-9], at 09:41, after 000
```
A pull request that was begun under another name of its ticket:
```case clears
tickets: R\\d+
commit a1a: "R236: Novels" src/novels.py[q1-9], at 09:12, after 000, on refs/pull/4/head
commit a2a: "R236: Novels' tests" src/tests.py[t1-9], at 09:13, after a1a, on refs/pull/4/head
commit a3a: "R79: Spaces" src/novels.py[q10-12], at 09:15, after a2a, on refs/pull/4/head
commit a4a: "R236: Review" src/novels.py[q20-29], at 09:19, after a3a, on refs/pull/4/head
commit c1c: "Novels (R79) (#4)" src/novels.py[q1-29] src/tests.py[t1-9], at 09:41, after 000
commit d1d: "Readers (R236) (#5)" src/readers.py[r1-9], at 09:51
```
Another name of the same ticket:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R236: Queue's tests" src/tests.py[i1-9], at 09:30, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/tests.py[i1-9], at 09:41
```
A stacked pull request that was squash-merged into the one below it:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit b2b: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:40, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:50, after 000
```
The pull request is not merged yet, and its branch has another step's commit:
```case flags at=a2a0000000000000000000000000000000000000 severity=medium confidence=likely steps=R50,R11 culprit=R50 commits=a2a0000,b1b0000
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
```
It started on another step's unfinished branch, and landed first:
```case flags at=c1c0000000000000000000000000000000000000 severity=medium confidence=possible steps=R50,R11 culprit=R50 commits=c1c0000,b1b0000
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], lists "R11: Intents", at 09:41, after 000
commit c2c: "Intents (R11) (#5)" src/intents.py[i10-19], at 09:51, after c1c
```
The same, merged; the other step's pull request is still open:
```case flags at=c1c0000000000000000000000000000000000000 severity=medium confidence=possible steps=R50,R11 culprit=R50 commits=c1c0000,b1b0000
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Merge pull request #4 from o/r50-queue" src/queue.py src/intents.py, at 09:41, after 000 and a1a
```
The lower part of the stack landed first:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c2c: "Intents (R11) (#5)" src/intents.py[i1-19], at 09:39, after 000
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41, after c2c
```
The lower part landed first, and its branch went on in another pull request:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit c2c: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:31, after 000
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/7/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41, after c2c
commit c3c: "Intents again (R11) (#7)" src/intents.py[i10-19], at 09:51, after c1c
```
The lower part was done when the upper one began, which superseded it:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:15, after b1b, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b2b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-19], at 09:41, after 000
```
The commit below had been cherry-picked onto the main branch:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b3b: "R11: Intents" src/intents.py[i1-9], authored 09:13, committed 09:30, after 000
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9], at 09:41, after b3b
commit c2c: "Intents (R11) (#5)" src/intents.py[i10-19], at 09:51, after c1c
```
The upper one says what it is stacked on:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue, stacked on #5" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41, after 000
commit c2c: "Intents (R11) (#5)" src/intents.py[i10-19], at 09:51, after c1c
```
Its title names both tickets:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Queue, intents (R50, R11) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41, after 000
commit c2c: "Intents (R11) (#5)" src/intents.py[i10-19], at 09:51, after c1c
```
Another pull request names both together, which says nothing of this one:
```case flags at=c1c0000000000000000000000000000000000000 severity=medium confidence=possible steps=R50,R11 culprit=R50 commits=c1c0000,b1b0000
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41, after 000
commit c2c: "Intents (R11) (#5)" src/intents.py[i10-19], at 09:51, after c1c
commit c3c: "Queue, intents: tests (R50, R11) (#8)" tests/all.py[t1-9], at 09:59, after c2c
```
Three tickets share the branch:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after 000, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit d1d: "R12: Screens" src/screens.py[s1-9], at 09:23, after b1b, on refs/pull/6/head
commit b2b: "R11: Intents again" src/intents.py[i10-19], at 09:32, after b1b, on refs/pull/5/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41, after 000
commit c2c: "Intents (R11) (#5)" src/intents.py[i10-19], at 09:51, after c1c
```
Lines of one step and a commit of another, in a pull request for two tickets:
```case flags at=c1c0000000000000000000000000000000000000 severity=high confidence=likely steps=R50,R12,R11 culprit=R50 commits=c1c0000,d0d0000,b1b0000
tickets: R\\d+
commit d0d: "R12: Draw" src/draw.py[d1-9], at 09:00, after 000, on refs/pull/6/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, after 000, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/4/head
commit a2a: "R50: Queue again" src/queue.py[q10-19] src/draw.py[d1-8], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue, table (R50, R13) (#4)" src/queue.py[q1-19] src/draw.py[d1-8], at 09:41, after 000
commit b2b: "Intents again (R11) (#5)" src/intents.py[i10-19], at 09:51
```
A pull request for two steps of a plan:
```case flags at=c1c0000000000000000000000000000000000000 severity=high confidence=likely steps=1.1,1.2 culprit=1.1 commits=c1c0000,b1b0000
plan: 1.1 "Queue downloads", 1.2 "Manage downloads", 1.3 "Show downloads"
commit b1b: "Cycle 1.2: Manage downloads" src/manager.py[m1-7], at 09:23, after 000, on refs/heads/step-1-2
commit c1c: "Cycle 1.1 + 1.3: Downloads (#4)" src/queue.py[q1-9] src/manager.py[m1-6] src/screen.py[s1-9], at 09:41, after 000
```
"""

from collections.abc import Iterator, Sequence

from forensics.casework.isolation.foreign_commits import ForeignCommit
from forensics.casework.isolation.lineage import Lineage
from forensics.casework.isolation.swept_lines import SweptLines
from forensics.casework.isolation.unlanded_bases import UnlandedBase
from forensics.detect.remedies import COMPARE_BEFORE_MERGING
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, MisplacedWork, Rule, Severity, Symptom
from forensics.model.grouping import grouped
from forensics.model.prose import count, listing, quote, short, steps_named
from forensics.model.pull import Pull
from forensics.model.source import CommitRef

RULE = Rule(
    "ISO004",
    "foreign-in-pull",
    Severity.HIGH,
    summary="the pull requests of {} brought in other steps' work",
    symptom=Symptom(
        lambda finding: f"Step {finding.culprit}'s pull request brought in work of {steps_named(finding.steps[1:])}",
        "its branch held commits and edits of other steps when it was merged",
        Confidence.CERTAIN,
    ),
    remedy=COMPARE_BEFORE_MERGING,
)


def detect(
    lineage: Lineage,
    swept_lines: tuple[SweptLines, ...],
    foreign_commits: tuple[ForeignCommit, ...],
    unlanded_bases: tuple[UnlandedBase, ...],
) -> Iterator[Hit]:
    """Yield one hit for each pull request that brought in other steps' work; certain if both its lines and its commits show it."""
    found: dict[int, tuple[Pull, list[SweptLines], list[ForeignCommit]]] = {}
    for swept in swept_lines:
        if pull := lineage.landings.get(swept.carrier.sha):
            found.setdefault(pull.number, (pull, [], []))[1].append(swept)
    for other in foreign_commits:
        found.setdefault(other.pull.number, (other.pull, [], []))[2].append(other)
    for number in sorted(found):
        yield _hit(lineage, *found[number])
    for (number, _), bases in grouped(((base.pull.number, base.later.number), base) for base in unlanded_bases).items():
        if number not in found:
            yield _hit_of_base(lineage, bases)


def _hit(lineage: Lineage, pull: Pull, swept: list[SweptLines], foreign: list[ForeignCommit]) -> Hit:
    owners = tuple(dict.fromkeys((*(sweep.owner for sweep in swept), *(other.owner for other in foreign))))
    carrier = pull.landing or pull.head or ""
    step = pull.step or lineage.owner(carrier)
    shas = [*(sweep.home.sha for sweep in swept), *(other.commit.sha for other in foreign)]
    both = {sweep.owner for sweep in swept} & {other.owner for other in foreign}
    landed = f", landed as {short(pull.landing)}," if pull.landing else ""
    return Hit(
        at=CommitRef(carrier),
        culprit=step,
        steps=owners,
        commits=tuple(dict.fromkeys((carrier, *shas))),
        files=tuple(dict.fromkeys(path for sweep in swept for path, _ in sweep.files)),
        severity=None if pull.landing else Severity.MEDIUM,
        confidence=Confidence.CERTAIN if both else Confidence.LIKELY,
        related=tuple(map(CommitRef, shas)),
        message=f"{pull.name} of step {step}{landed} brings in {listing(_brought(swept, foreign))}.",
        foreign=(
            *(sweep.misplaced for sweep in swept),
            *(_misplaced(lineage, other) for other in foreign if other.owner not in both),
        ),
    )


def _hit_of_base(lineage: Lineage, bases: Sequence[UnlandedBase]) -> Hit:
    """Return the hit for a pull request that landed with the unfinished branch of another step's pull request."""
    base = bases[0]
    pull, shas = base.pull, [base.commit.sha for base in bases]
    carrier = pull.landing or pull.head or ""
    own = f"{base.later.name} has {count(len(base.further), 'more commit')}"
    landed = f"landed as {short(pull.landing)}" if pull.landing else "landed"
    return Hit(
        at=CommitRef(carrier),
        culprit=pull.step,
        steps=(base.owner,),
        commits=(carrier, *shas),
        severity=Severity.MEDIUM,
        confidence=Confidence.POSSIBLE,
        related=tuple(map(CommitRef, shas)),
        message=(
            f"{pull.name} of step {pull.step} started on step {base.owner}'s unfinished branch and {landed} before it, "
            f"with {listing(f'{short(found.commit.sha)}, {quote(found.commit.subject)}' for found in bases)}; {own}."
        ),
        foreign=tuple(MisplacedWork(sha, base.owner, sha, lineage.line_counts(sha)) for sha in shas),
    )


def _brought(swept: list[SweptLines], foreign: list[ForeignCommit]) -> Iterator[str]:
    homes = {sweep.home.sha for sweep in swept}
    for sweep in swept:
        lines = count(sum(number for _, number in sweep.files), "line")
        paths = listing((quote(path) for path, _ in sweep.files), limit=3)
        yield f"{lines} of step {sweep.owner}'s {short(sweep.home.sha)} ({paths})"
    for other in foreign:
        if other.commit.sha not in homes:
            yield f"step {other.owner}'s commit {short(other.commit.sha)} among its own"


def _misplaced(lineage: Lineage, other: ForeignCommit) -> MisplacedWork:
    sha = other.commit.sha
    return MisplacedWork(sha, other.owner, sha, lineage.line_counts(sha))
