"""Whether a message tells of a failure: of tests, a check or a command, in any sentence."""

import re

from forensics.formats.pattern_rows import Row, compiled

# What is said of a failure that stands. Not *fixed*: that tells of one that is gone.
FAILURE = (
    Row(r"fail(?:s|ed|ing|ure|ures)?|broken|breaks?|red", "3 tests fail", "final messages"),
    Row(r"errors?|warnings?|diagnostics|crash(?:es|ed)?|timed? ?out|flaky|hangs?|issues?", "with 2 type errors", "final messages"),
    Row(r"pre-?existing|unrelated|known issue|already (?:there|present|failing)|not (?:related|caused)", "pre-existing", "final messages"),
    Row(r"(?:could|can|did|do|does|was|were|is|are)(?:n't| not|not)|unable|blocked|skipp(?:ed|ing)|unverified|untested", "could not run", "final messages"),
)  # fmt: skip
# What it is said of. A table about fixed bugs has *failure* too, and speaks of no run.
SUBJECT = (
    Row(r"tests?|specs?|suites?|cases?|runs?|running|ci|checks?|hooks?|pipeline|coverage", "tests", "final messages"),
    Row(r"lint\w*|eslint|ruff|type-?check\w*|typescript|tsc|mypy|types?|builds?|compil\w+|diagnostics?", "the build", "final messages"),
    Row(r"pre-?existing|verif\w+|validat\w+|commands?|signing|environment|server|docker|network", "verification", "final messages"),
)  # fmt: skip
_FAILURE, _SUBJECT = (compiled(rows, r"(?<![\w-])", r"(?![\w])") for rows in (FAILURE, SUBJECT))
# `a failure in \`bill\``: it names what failed, whatever that is. One that was fixed is gone.
_FAILURE_IN = re.compile(r"^(?!.*\b(?:fix(?:es|ed)?|resolv(?:es|ed))\b).*\bfail(?:s|ures?|ing)? in\b", re.IGNORECASE)
# `12 pass, 1 expected failure`: a number of failures is of tests or checks, whatever they are called.
_COUNTED = re.compile(
    r"^(?!.*\b(?:fix(?:es|ed)?|resolv(?:es|ed))\b).*(?<![\w.-])(?:[1-9]\d{0,6}|one|two|three) (?:[\w-]{1,30} )?(?:fail(?:ed|ing|s|ures?)?|errors?)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
# `0 failed`, `no errors`, `without failures`: the opposite.
_NONE = re.compile(
    r"\b(?:0|no|zero|without(?: any)?) (?:\w+ )?(?:fail\w*|errors?|warnings?|issues?|diagnostics)\b", re.IGNORECASE
)


def tells_failure(text: str) -> bool:
    """Return whether any sentence of a text speaks of a failure of tests, a check or a command."""
    for sentence in _SENTENCE.split(text):
        rest = _NONE.sub("", sentence)
        if _FAILURE_IN.search(rest) or _COUNTED.search(rest) or (_FAILURE.search(rest) and _SUBJECT.search(rest)):
            return True
    return False
