"""Words that make a sentence something else than a claim: a plan, a condition, a question, a negation, history."""

import re

from forensics.formats.pattern_rows import Row, compiled

# Anywhere before the statement in its sentence: what depends on a condition, or is still to come, is not claimed.
NOT_YET = (
    Row(
        r"will|would|should|could|can|may|might|must|shall|needs? to|needed to|going to|(?:want|like)(?: me)? to|let me|to be",
        "will push",
        "final messages: plans and offers",
    ),
    Row(r"(?:I|we|you|it|they)(?:'|’)(?:ll|d)", "I'll push", "final messages: plans and offers"),
    Row(
        r"if|once|when|until|unless|after (?:you|that|this|merging)|whether|as soon as",
        "once all tests pass",
        "final messages: conditions",
    ),
    Row(
        r"next (?:steps?|up|time)|stage (?:only|the|all)|please|remember to|ready to|run this|make sure|verify that|check that",
        "ready to be pushed",
        "final messages: what the person is to do",
    ),
    Row(
        r"\A\W*(?:run|re-?run|try|execute|use|open|invoke)\b.*|to (?:see|check|confirm|verify|ensure|make sure)",
        "Run `npm test` to see 5 tests pass",
        "final messages: suggestions to the person",
    ),
    Row(
        r"(?:task|plan|wave) [\d.-]+\b[^.]{0,200}[,:*] (?:and )?(?:add|write|create)(?= )",
        "Task 1: install the client, add 3 new tests",
        "planners' answers: what others are to do",
    ),
    Row(
        r"expect(?:s|ed|ing)?|supposed|assum(?:e|es|ed|ing)|hopefully|probably|goal|target",
        "expected: 12 tests pass",
        "plans that a message repeats",
    ),
)
# In the statement's own clause: a negation or a time gone by says nothing of the clause behind it.
NOT_SO = (
    Row(
        r"not|never|no longer|without|cannot|neither|nor|none|nothing|\w+n(?:'|’)t",
        "not pushed yet",
        "final messages: what was left undone",
    ),
    Row(
        r"previously|previous|was|were|had|used to|originally|earlier|formerly|before|prior|yesterday",
        "the build was clean before",
        "final messages: what there was before",
    ),
    Row(r"you|they|he|she|someone|the user|upstream|the reviewer", "as you pushed", "final messages: others' work"),
)
_NOT_YET = compiled(NOT_YET, r"(?<![\w-])", r"(?![\w-])")
_OTHERS = compiled(NOT_SO[-1:], r"(?<![\w-])", r"(?![\w-])")
_NOT_SO = compiled(NOT_SO, r"(?<![\w-])", r"(?![\w-])")
# A clause ends at a comma, a colon, a bracket, a dash, or before *and*, *but*, *so*.
_CLAUSE = re.compile(r"[,:;()\[|]|\s[-–—]{1,2}\s|\b(?:and|but|so|while|which|because)\b", re.IGNORECASE)
# A full stop inside a code span, a version or a path ends no sentence.
_SENTENCE = re.compile(r"(?<=[.!?;])[*_)]*\s+(?=[^a-z])")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a line, questions left out."""
    return tuple(part for part in _SENTENCE.split(text) if part and not part.rstrip("*_ )`").endswith("?"))


def is_possible(before: str) -> bool:
    """Return whether what follows in a sentence is neither still to come nor conditional, nor about another's work."""
    return not (_is_quoted(before) or _NOT_YET.search(before) or _OTHERS.search(_CLAUSE.split(before)[-1]))


def is_claimed(before: str, statement: str) -> bool:
    """Return whether a statement is claimed as done, by the words of its sentence before it and its own."""
    clause = _CLAUSE.split(before)[-1]
    return not (_is_quoted(before) or _NOT_YET.search(before) or _NOT_SO.search(clause) or _NOT_SO.search(statement))


def _is_quoted(before: str) -> bool:
    """Return whether a quotation has begun and not ended: a commit's subject, a button, somebody's words."""
    return before.count('"') % 2 == 1 or before.rfind("“") > before.rfind("”")
