"""# A pull request brought another step's work

What a pull request landed holds lines of another step, or its branch carries another step's commit amid its own.

## Why it matters

The work is on the main branch under a name that does not tell of it, unreviewed as what it is. The other step's own pull
request then lands hollow, conflicts, or reverts it.

## What to do

If it is not merged yet, rebuild the branch from its own commits. If it is, note in the other ticket where its work landed, and
look at what that ticket's own pull request still brings.

```case flags at=c1c0000000000000000000000000000000000000
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit a2a: "R50: Queue again" src/queue.py[q10-19], at 09:29, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-19] src/intents.py[i1-9], at 09:41
```
A stack, landed with its base:
```case clears
tickets: R\\d+
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after b1b, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:41
```
A fix picked on purpose:
```case clears
tickets: R\\d+
commit b1b: "R11: Mend CI" src/ci.py[i1-9], at 09:13, on refs/pull/5/head
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:22, after 000, on refs/pull/4/head
commit b2b: "R11: Mend CI" src/ci.py[i1-9], authored 09:13, committed 09:23, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/ci.py[i1-9], at 09:41
```
Another name of the same ticket:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R236: Queue's tests" src/tests.py[i1-9], at 09:30, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/tests.py[i1-9], at 09:41
```
A pull request that was landed into the one below it, by its number:
```case clears
tickets: R\\d+
commit a1a: "R50: Queue" src/queue.py[q1-9], at 09:12, on refs/pull/4/head
commit b1b: "R11: Intents" src/intents.py[i1-9], at 09:13, after a1a, on refs/pull/5/head
commit b2b: "Intents (R11) (#5)" src/intents.py[i1-9], at 09:40, after a1a, on refs/pull/4/head
commit c1c: "Queue (R50) (#4)" src/queue.py[q1-9] src/intents.py[i1-9], at 09:50, after 000
```
"""

from collections.abc import Iterator

from forensics.casework.lineage import Lineage, lineage
from forensics.casework.strays import Stray, strays
from forensics.casework.sweeps import Sweep, sweeps
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Foreign, Hit, Rule, Severity
from forensics.model.prose import count, listing, quote, short
from forensics.model.pull import Pull
from forensics.model.source import Kind, Ref

RULE = Rule("ISO004", "foreign-in-pull", Severity.HIGH, needs=frozenset({Kind.PLAN}))


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each pull request that brought others' work; certain if both its lines and its commits show it."""
    lines = lineage(case)
    found: dict[int, tuple[Pull, list[Sweep], list[Stray]]] = {}
    for sweep in sweeps(lines):
        if pull := lines.landings.get(sweep.carrier.sha):
            found.setdefault(pull.number, (pull, [], []))[1].append(sweep)
    for stray in strays(lines):
        found.setdefault(stray.pull.number, (stray.pull, [], []))[2].append(stray)
    for number in sorted(found):
        yield _hit(lines, *found[number])


def _hit(lines: Lineage, pull: Pull, swept: list[Sweep], stray: list[Stray]) -> Hit:
    owners = tuple(dict.fromkeys((*(one.owner for one in swept), *(one.owner for one in stray))))
    carrier = pull.landing or pull.head or ""
    step = pull.step or lines.owner(carrier)
    told = [
        f"{count(sum(number for _, number in one.files), 'line')} of {one.owner}'s {short(one.home.sha)} "
        f"({listing((quote(path) for path, _ in one.files), limit=3)})"
        for one in swept
    ]
    told += [f"{one.owner}'s commit {short(one.commit.sha)}, amid its own" for one in stray]
    both = {one.owner for one in swept} & {one.owner for one in stray}
    return Hit(
        at=Ref(carrier),
        steps=(step, *owners),
        commits=tuple(dict.fromkeys((carrier, *(one.home.sha for one in swept), *(one.commit.sha for one in stray)))),
        files=tuple(dict.fromkeys(path for one in swept for path, _ in one.files)),
        severity=None if pull.landing else Severity.MEDIUM,
        confidence=Confidence.CERTAIN if both else Confidence.LIKELY,
        related=(*(Ref(one.home.sha) for one in swept), *(Ref(one.commit.sha) for one in stray)),
        message=f"{pull.name} of {step}{f', landed as {short(pull.landing)},' if pull.landing else ''} brings {listing(told)}.",
        foreign=(
            *(one.foreign for one in swept),
            *(
                Foreign(one.commit.sha, one.owner, one.commit.sha, _sizes(lines, one))
                for one in stray
                if one.owner not in both
            ),
        ),
    )


def _sizes(lines: Lineage, stray: Stray) -> tuple[tuple[str, int], ...]:
    return tuple((path, len(added)) for path, added in sorted(lines.patch(stray.commit.sha).added.items()))
