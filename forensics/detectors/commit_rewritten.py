"""# Claimed commits now have other hashes

The claimed commits were amended, rebased or squashed, so their hashes changed. Nothing is lost where the commit that
replaced one is known; where it is only the likeliest, the message says so.

## Why it matters

It does not, where the commit is known. The finding explains why a hash in a report cannot be found, so that nobody searches for lost work.

## What to do

Nothing, or look at the commits that are only the likeliest. A report that is written before an amend always cites the older hash.

```case flags at=reports/step-1-4-execution.md:6 severity=info confidence=likely steps=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "WIP: Cycle 1.4"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 09:40, committed 09:46
```
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111 "Cycle 1.4: Plan mode needs a key"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
Several hashes are one finding, as sure as the least sure of them:
```case flags at=reports/step-1-4-execution.md:6 severity=info confidence=possible steps=1.4,1.5 commits=aaa1111,bbb1111
plan: 1.4 "Plan mode needs a key", 1.5 "Quota is shown"
report 1.4: GREEN_VERIFIED, commit f3050e2 "WIP: Cycle 1.4"
report 1.5: GREEN_VERIFIED, commit f4050e2 "Cycle 1.5: Quota is shown"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, at 09:40
commit bbb1111: "Cycle 1.5: Quota is shown" src/quota.py reports, authored 10:00, committed 10:05
```
Hashes that are gone without a trace have no commits to name, however many they are:
```case clears
plan: 1.1 "One", 1.2 "Two", 1.3 "Three", 1.4 "Four", 1.5 "Five"
report 1.1: GREEN_VERIFIED, commit 1111aaa
report 1.2: GREEN_VERIFIED, commit 2222aaa
report 1.3: GREEN_VERIFIED, commit 3333aaa
report 1.4: GREEN_VERIFIED, commit 4444aaa
report 1.5: GREEN_VERIFIED, commit 5555aaa
```
"""

from collections.abc import Iterator

from forensics.casework.readings import commit_claims
from forensics.detect.hits import steps_about
from forensics.model.case import Case
from forensics.model.claim import Confidence, Verdict
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.prose import listing, quote, short
from forensics.model.source import Kind

RULE = Rule(
    "CLM007",
    "commit-rewritten",
    Severity.INFO,
    needs=frozenset({Kind.REPORT}),
    remedy="Let agents write the report after the last `git commit --amend`: amending gives the commit another hash than the one cited.",
)


def _unsure(unsure: int, whole: int) -> str:
    """Say how many of the commits named are guesses, so that nobody takes them for found."""
    many = "The commit named" if whole == 1 else f"{unsure} of the {whole} commits named"
    return f"{many} {'is' if unsure == 1 else 'are'} only the likeliest: check that the work is there."


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for the whole run."""
    groups = commit_claims(case, Verdict.REWRITTEN, Verdict.SELF_CITING).values()
    # Of several tasks that cite one squashed commit, the squash may show the work of some.
    least = (min(group, key=lambda judged: judged.confidence.rank) for group in groups)
    found = [(judged, twin) for judged in least if (twin := judged.twin)]
    if found:
        claims = tuple(judged for judged, _ in found)
        pairs = listing(f"{quote(judged.claim.value)} (now {short(twin)})" for judged, twin in found)
        hashes, were = ("Hash", "was") if len(claims) == 1 else ("Hashes", "were")
        unsure = sum(judged.confidence is Confidence.POSSIBLE for judged in claims)
        yield Hit(
            at=claims[0].claim.ref,
            steps=steps_about(claims),
            commits=tuple(dict.fromkeys(twin for _, twin in found)),
            confidence=min((judged.confidence for judged in claims), key=lambda confidence: confidence.rank),
            related=tuple(judged.claim.ref for judged in claims),
            message=f"{hashes} {pairs}, cited in reports, {were} replaced when commits were amended, rebased or squashed. "
            + (_unsure(unsure, len(claims)) if unsure else "Nothing is lost."),
        )
