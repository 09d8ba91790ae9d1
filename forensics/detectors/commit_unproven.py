"""# Claimed commit is shown by nothing

A report claims a commit as its step's own, and no evidence shows it: it would be in a submodule or another repository
that was not read, it is older than this history, it changes no file, the hash names something else, or the commit that
may have replaced it is only the likeliest.

## Why it matters

Most such claims are honest. An invented hash looks the same, so they count as not verified, however many there are.

## What to do

Read the missing repository, too (`--also-repo DIR`, or check the submodule out), or look at the commits that are only the
likeliest. In CI, `--fail-on low` accepts no commit that nothing shows; `--fail-on high` accepts these.

```case flags at=reports/step-1-4-execution.md:4 severity=low confidence=possible steps=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4:
    # Cycle 1.4: Plan mode needs a key
    **Status:** GREEN_VERIFIED
    ## Commits
    - Submodule: `da64a98` Cycle 1.4: the script
submodule absent: tools
```
The commit exists and changes nothing:
```case flags at=reports/step-1-4-execution.md:6 severity=low confidence=possible steps=1.4
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111
commit aaa1111: "Cycle 1.4: Plan mode needs a key"
```
```case clears
plan: 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit aaa1111
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py
```
An amended commit, and one that is only cited:
```case clears
plan: 1.3 "Empty issues", 1.4 "Plan mode needs a key"
report 1.4: GREEN_VERIFIED, commit f3050e2 "WIP: Cycle 1.4", cites aaa3333 "Cycle 1.3: Empty issues"
commit aaa3333: "Cycle 1.3: Empty issues"
commit aaa1111: "Cycle 1.4: Plan mode needs a key" src/mode.py, authored 09:40, committed 09:46
```
"""

from collections.abc import Iterator

from forensics.casework.claims.unproven import is_unproven
from forensics.detect.hits import refs_of, steps_about
from forensics.model.case import Case
from forensics.model.claim import Confidence, JudgedClaim
from forensics.model.finding import Hit, Rule, Severity
from forensics.model.grouping import grouped
from forensics.model.prose import listing, quote
from forensics.model.source import Kind

RULE = Rule("CLM019", "commit-unproven", Severity.LOW, needs=frozenset({Kind.REPORT}))
# Hashes named in one message: more hide the sentence they are in.
_NAMED = 5


def detect(case: Case) -> Iterator[Hit]:
    """Yield one hit for each report with such claims."""
    for claims in grouped((judged.claim.ref.path, judged) for judged in case.claims if is_unproven(judged)).values():
        first = claims[0]
        yield Hit(
            at=first.claim.ref,
            steps=steps_about(claims),
            commits=tuple(dict.fromkeys(judged.claim.value for judged in claims)),
            confidence=Confidence.POSSIBLE,
            related=refs_of(claims[1:]),
            message=_message(claims),
        )


def _message(claims: tuple[JudgedClaim, ...]) -> str:
    hashes = tuple(dict.fromkeys(judged.claim.value for judged in claims))
    commits, are = ("Commit", "is") if len(hashes) == 1 else ("Commits", "are")
    return f"{commits} {listing(map(quote, hashes), limit=_NAMED)}, claimed as the step's own, {are} shown by nothing: {claims[0].reason}."
