"""What a message says was not done: nothing committed, pushed or changed. Any other negation is not read."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.formats.messages.unclaimed import is_possible
from forensics.formats.pattern_rows import Row
from forensics.model.claim_kind import ClaimKind

# `did **not** commit`, `haven't`, `was not`
# Not a bare *not*: `not full commit details` denies nothing that was done.
_NOT = r"(?:did|do|have|has|was|were|is|are)(?: \W{0,2}not\W{0,2}|n['’]t)"


class Negation(NamedTuple):
    """A form of what was not done; `whole` where it speaks of all the agent did, and so could be contradicted."""

    kind: ClaimKind
    value: str
    row: Row
    whole: bool = False


NEGATIONS = (
    Negation(
        ClaimKind.TREE,
        "uncommitted",
        Row(
            r"\b(?:not|nothing|haven't|hasn't|isn't|aren't)(?:[ -]\w+){0,3}?[ -]committed\b|\bawaiting (?:a )?commit\b|\b(?:left|leaving|still|remains?|are|is) (?:all )?uncommitted\b",
            "nothing is committed yet",
            "final messages",
        ),
    ),
    Negation(
        ClaimKind.TREE,
        "uncommitted",
        Row(
            rf"\b{_NOT} (?:yet |been |been yet )?commit(?:ted)?\b(?! to\b)|\b(?:no commits?|nothing) (?:was |were |has been |have been |is )?(?:made|created|committed)\b",
            "it did **not** commit",
            "final messages about a worker's or the agent's own work",
        ),
    ),
    Negation(
        ClaimKind.COMMITTED,
        "nothing committed",
        Row(
            r"\b(?:I (?:did not|didn['’]t|have not|haven['’]t) (?:commit(?:ted)?|committed? or pushed?)(?: anything| yet)?\W*$|nothing (?:was|has been|is) committed\b|no commits? (?:was|were|has been|have been) (?:made|created)\b)",
            "Nothing was committed.",
            "final messages",
        ),
        True,
    ),
    Negation(
        ClaimKind.PUSHED,
        "not pushed",
        Row(
            rf"\b{_NOT} (?:(?:yet|been|commit(?:ted)? (?:or|and)|force) ){{0,2}}push(?:ed)?\b(?! (?:to|onto|into) (?:the |an? )?(?:array|stack|queue|list)\b)|\b(?:is|are|still|remains?|left|leaving) (?:\w+ )?unpushed\b|\bpush (?:was |is |has been )?(?:failed|rejected|refused|blocked|declined|did not go through)\b|\bpush(?:es)? to \S{{1,80}} (?:failed|was rejected|is blocked)\b|\bcommitted locally\b",
            "it is not pushed yet",
            "final messages",
        ),
    ),
    Negation(
        ClaimKind.PUSHED,
        "nothing pushed",
        Row(
            r"\b(?:nothing (?:was|has been|is) pushed\b|I (?:did not|didn['’]t|have not|haven['’]t) (?:commit or )?push(?:ed)?(?: anything| yet)?\W*$)",
            "Nothing was pushed.",
            "final messages",
        ),
        True,
    ),
    Negation(
        ClaimKind.TREE,
        "unmodified",
        Row(
            r"\bno (?:(?:source|code|other|further|additional|tracked|local|production|repo(?:sitory)?|project|application|test) ){0,2}(?:files?|code|changes|edits|modifications) (?:were |was |have been |has been |are |is )?(?:changed|modified|edited|touched|made|written)\b|\b(?:nothing|no code) (?:was|has been|is) (?:changed|modified|edited|touched)\b|\b(?:I |I have |I['’]ve )?made no (?:\w+ )?(?:changes|edits)\b|\b(?:did not|didn['’]t|have not|haven['’]t) (?:modif(?:y|ied)|change[d]?|edit(?:ed)?|touch(?:ed)?) any(?:thing| (?:\w+ )?(?:files?|code))\b",
            "No source files were changed.",
            "final messages of sessions that looked something up",
        ),
    ),
)
_PATTERNS = tuple((form, re.compile(form.row.pattern, re.IGNORECASE)) for form in NEGATIONS)


def negations_in(said: str) -> Iterator[tuple[ClaimKind, str, bool]]:
    """Yield what a sentence says was not done, as kind, value and whether the claim is weak; each kind and value once."""
    done: set[tuple[ClaimKind, str]] = set()
    for form, pattern in _PATTERNS:
        match = pattern.search(said)
        if match and (form.kind, form.value) not in done and is_possible(said[: match.start()]):
            done.add((form.kind, form.value))
            yield form.kind, form.value, not form.whole
