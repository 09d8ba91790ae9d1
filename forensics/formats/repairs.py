"""Commit messages that say they repair something, and what else they name."""

import re

from forensics.formats.pattern_rows import Row, compiled

# Words by which a commit repairs what did not work. Not *improve* or *update*: new work on the same lines is not a
# repair.
ROWS = (
    Row(
        r"^(?:\[[^\]]*\] |\S+: |:\w+: )?(?:hot|bug)?fix(?:es|ed|ing)?\b",
        "fix: keep the queue's order",
        "most repositories",
    ),
    Row(
        r"\bfix(?:es|ed)? (?:the )?(?:bug|crash|regression|breakage|race)",
        "Fix regression in the queue",
        "titles without a type",
    ),
    Row(r"\bfollow-?ups?\b(?: fix)?", "Queue (R09 follow-up)", "tickets that were closed too early"),
    Row(r"\bmissed (?:in|by|from)\b", "add the check missed in #149", "pull requests after a review"),
    Row(r"\bforg[oe]t(?:ten)?\b", "add the forgotten import", "second commits minutes later"),
    Row(r"\bregression\b", "R77: regression in the reader", "bug tickets"),
    Row(r"\b(?:broke|broken) (?:by|in|since)\b", "reader broken by the new queue", "bug tickets"),
    Row(r"\brepair(?:s|ed)?\b", "Repair the reader after the move", "agents"),
)
# A linter's or formatter's complaint, a spelling, a test or a build file: the step's lines were not wrong.
ASIDE = (
    Row(r"\blint(?:er|ing)?\b", "fix: lint", "agents after a check"),
    Row(r"\bformat(?:ting|ter)?\b", "fix formatting", "agents after a check"),
    Row(r"\bstyle\b", "fix style", "agents after a check"),
    Row(r"\btypos?\b", "fix typo in the reader", "documents"),
    Row(r"\bspotless\b", "fix spotless", "formatters by name"),
    Row(r"\bwarnings?\b|\bSC\d{4}\b", "fix: SC2034 warnings", "linters by their codes"),
    Row(r"\bcode smells?\b|\bsonar", "fix: 16 code smells", "linters by name"),
    Row(r"\brefactor", "Refactor: fix new()'s complexity", "agents after a check"),
    Row(r"\bcomplexity\b|\bline limits?\b", "fix line limits", "agents after a check"),
    Row(r"\bspelling\b", "fix spelling", "documents"),
    Row(r"\bchangelog\b", "fix changelog", "documents"),
    Row(r"\b(?:unused|sort(?:ed)?) imports?\b", "fix unused import", "agents after a check"),
)
# What a second pull request of the same ticket says of the first.
_SECOND = re.compile(r"\bfollow-?ups?\b|\bmissed (?:in|by|from)\b|\bforg[oe]t(?:ten)?\b", re.IGNORECASE)
# Anywhere in the subject, except for *fix* alone, which must begin it: `Add the fix button` repairs nothing.
_REPAIRS, _ASIDE = compiled(ROWS), compiled(ASIDE)


def is_repair(subject: str) -> bool:
    """Return whether a subject says that a commit repairs something that did not work."""
    return bool(_REPAIRS.search(subject)) and not _ASIDE.search(subject)


def second_part(subject: str) -> str | None:
    """Return the word by which a subject says that it completes earlier work of the same ticket."""
    found = _SECOND.search(subject)
    return found[0] if found else None


def names(message: str, *, number: int | None, sha: str, step: str) -> str | None:
    """Return how a message names other work, as it wrote it: a pull request's number, a hash, or a ticket of letters and digits."""
    # Seven digits are the fewest that git prints.
    patterns = [rf"\b{sha[:7]}[0-9a-f]*\b"]
    if number is not None:
        patterns.append(rf"(?<![\w/])#{number}\b")
    # A plain number (`1.4`, `12`) may be a version or a count; a ticket's id is not another word.
    if re.match(r"[A-Za-z]+[-#]?\d", step):
        patterns.append(rf"(?<![\w-]){re.escape(step)}(?![\w-])")
    found = re.search("|".join(patterns), message, re.IGNORECASE)
    return found[0] if found else None
