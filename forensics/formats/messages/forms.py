"""The forms of statements that evidence can decide: words and numbers, not their sense. Paths are in `paths.py`."""

import re
from typing import NamedTuple

from forensics.formats.pattern_rows import Row
from forensics.model.claim_kind import ClaimKind

# A test that passes something on is another thing: *all tests pass an explicit root*.
_SUCCESS = r"(?:(?:are|is|now|all|still|again|locally|cleanly|both|currently)\s+)*(?:pass(?:ed|ing|es)?|green|succeed(?:ed|s)?)\b(?! (?:an?|the|it|nil|null|this|that|along|down)\b)"
# Numbers of tests have seven digits at most; a longer one is an id. Small ones are written as words.
_NUMBER = r"(?P<value>\d{1,3}(?:,\d{3}){1,3}|\d{1,7}|one|two|both|three|four|five|six|seven|eight|nine|ten)"
# Without a word for tests beside it, only a figure counts: *both pass* says nothing of tests.
_FIGURE = r"\b(?P<value>\d{1,3}(?:,\d{3}){1,3}|\d{1,7})"
_OF = r"(?:\s*(?:/|of|out of)\s*(?P<total>\d{1,7}))?"
_WORDS = r"(?:[\w@/.-]+[ -]){0,3}?"
_NUMERALS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)  # noqa: SIM905
}


class Form(NamedTuple):
    """A form of a statement: the kind of the claim, its row, and the claim's value where the text does not give it.

    A `weak` one is also the form of what is not a claim; it is one only where evidence shows it.
    """

    kind: ClaimKind
    row: Row
    value: str = ""
    weak: bool = False


FORMS = (
    Form(
        ClaimKind.TESTS,
        Row(
            rf"\b(?:all )?{_NUMBER}{_OF} (?!(?:[\w-]+ ){{0,2}}(?:issues?|errors?|warnings?|failures?|and)\b){_WORDS}(?:tests?|specs?|test cases|doctests?)\b[,:]?\W{{0,4}}{_SUCCESS}",
            "all 42 unit tests pass",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.TESTS,
        Row(rf"(?<!\(){_FIGURE}{_OF} (?:tests? )?(?:pass(?:ed|ing)?|green)\b", "42/42 passing", "final messages"),
    ),
    Form(
        ClaimKind.TESTS,
        Row(
            r"\btests?\b(?:\*\*)?\W{1,6}(?P<value>\d{1,7})\s*/\s*(?P<total>\d{1,7})\b",
            "Tests: 42/42",
            "tables of results in final messages",
        ),
    ),
    Form(
        ClaimKind.TESTS,
        Row(
            rf"\b(?:all|every|each|the (?:full|whole|entire)|full|whole|entire)\b (?:the |of the |of them )?(?:[\w@/.-]+ ){{0,3}}?(?:tests?|specs?|suites?|packages)\b(?: suite)? ?(?:\w+ )?{_SUCCESS}",
            "the full test suite is green",
            "final messages",
        ),
        "all",
    ),
    Form(ClaimKind.TESTS, Row(rf"\beverything {_SUCCESS}", "everything passes", "final messages"), "all"),
    Form(
        ClaimKind.TESTS,
        Row(rf"(?<!all )(?<!every )\btests? (?:suite )?{_SUCCESS}", "build and tests pass", "final messages"),
        "pass",
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(
            rf"\b{_NUMBER} (?:new|additional|more) (?:[\w-]+ ){{0,2}}?tests?\b(?! (?:calls?|files?|suites?|helpers?|names?|data))",
            "12 new unit tests",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(
            rf"\b(?:added|adds) {_NUMBER} (?:[\w-]+ ){{0,2}}?tests?\b(?! (?:calls?|files?|suites?|helpers?|names?|data))",
            "added 12 regression tests",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(rf"\b{_NUMBER} (?:[\w-]+ ){{0,2}}?tests? added\b", "12 tests added", "final messages"),
    ),
    Form(
        ClaimKind.FILES,
        Row(
            rf"\b{_NUMBER} (?:[\w-]+ ){{0,2}}?files? (?:\w+ )?(?:changed|modified|updated|created|touched|edited|deleted|renamed|added)\b",
            "3 files changed",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.FILES,
        Row(
            rf"\b(?:across|changed|modified|updated|created|touched|edited|deleted|renamed) (?:all )?{_NUMBER} (?:`[^`]+` |[\w.-]+ ){{0,2}}?files?\b",
            "fixes across 7 files",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\b(?P<value>lint(?:er|ing)?|eslint|ruff|clippy|golangci-lint|oxlint|biome|builds?|type[- ]?check(?:s|er|ing)?|typescript|types|tsc|mypy|pyright|format(?:ting|ter)?|prettier|ci|compilation)\b(?: (?:is|are|now|all|still|reports?|shows?|run|check|checks|code|also|both|result|and lint|and tests?|and build|and types|comes? back|completes?|compiles?)\b|:|\*\*|`|\W→|\W->|,)*\W{0,4}(?:clean(?:ly)?|pass(?:es|ed|ing)?|succeed(?:s|ed)|successful(?:ly)?(?! (?:re(?:sponse|quest|sult)|call|operation|login|payment)s\b)|green|without errors|(?:0|no|zero) (?:\w+ )?(?:issues|errors|warnings|problems))\b",
            "lint is clean",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\b(?:0|no|zero) (?P<value>lint(?:er|ing)?|type|typescript|build|tsc|mypy|eslint|ruff|clippy)(?:check)? (?:errors|issues|warnings|problems)\b",
            "0 lint errors",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"(?<!what )(?<!how )\b(?:(?:code|project|app|binary|crate|package|everything) (?:still |now |also )?(?P<value>builds|compiles|type-?checks|lints)|(?:all (?:\w+ )?files|both packages|all packages) (?:still |now |also )?(?P<other>build|compile|type-?check|lint))\b(?! on| to| for| a| the| up| when| with| \w+s\b)",
            "the binary builds",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\bclean (?P<value>build|lint|type-?check|compile|compilation)\b|\b(?P<other>builds|compiles|type-?checks|lints) (?:clean(?:ly)?|successfully|fine|without (?:errors|warnings))\b",
            "a clean build",
            "final messages",
        ),
    ),
    Form(ClaimKind.CLEAN, Row(rf"\beverything {_SUCCESS}", "everything passes", "final messages"), "everything", True),
    Form(ClaimKind.CLEAN, Row(r"\A\W*(?:all )?clean\W*\Z", "Clean.", "a final message's first word"), "everything", True),
    Form(
        ClaimKind.TREE,
        Row(
            r"\b(?:working |work ?)(?:tree|directory) (?:is )?(?:now )?clean\b|\bclean working (?:tree|directory)\b",
            "working tree is clean",
            "final messages",
        ),
        "clean",
    ),
    Form(
        ClaimKind.TREE,
        Row(rf"\b{_NUMBER} commits? ahead\b|\bahead (?:of [`\w/.-]+ )?by (?P<other>\d{{1,4}}) commits?\b", "1 commit ahead of origin", "final messages"),
        "ahead",
    ),
    Form(
        ClaimKind.TREE,
        Row(r"\bup[ -]to[ -]date\b(?! with (?:the )?(?:docs|documentation|spec|plan))", "on `main`, up to date", "final messages"),
        "up-to-date",
        True,
    ),
    Form(
        ClaimKind.TREE,
        Row(r"\b(?:everything|changes?|files?|all|work|fix|kept|are|is) (?:\w+ )?(?:are |is |remain |kept |left )?(?:\w+ )?staged\b", "the changes are staged", "final messages"),
        "staged",
        True,
    ),
    Form(
        ClaimKind.PUSHED,
        Row(
            r"(?:\A\W*|\b(?:I|I've|have|has|been|is|are|all|it|them|changes|commits?|branch|work|everything|fix|fixes|code|tags?|and|now|both)\s+(?:now |also |all )?)(?:force-)?pushed\b(?! (?:down|up|onto|into|back|out|through|aside)\b| to (?:the |an? )?(?:array|stack|queue|list|end|edge)\b)",
            "and pushed to origin",
            "final messages",
        ),
        "pushed",
    ),
    Form(
        ClaimKind.PUSHED,
        Row(
            r"[,&+] (?:force-)?pushed(?=\W*(?:$|[,.;:()]|and\b|to (?:origin|the remote|`)))",
            "Committed & pushed",
            "lists of deeds in final messages",
        ),
        "pushed",
    ),
    Form(ClaimKind.PUSHED, Row(r"\bis (?:now )?(?:live )?on `?origin/", "is on `origin/topic`", "final messages"), "pushed"),
    Form(
        ClaimKind.COMMITTED,
        Row(
            r"(?:\A\W*|\b(?:I|I've|have|has|been|is|are|all|it|them|changes|work|everything|fix|fixes|files?|code|docs?|todo [^.]{0,30}|and|now|both)\s+(?:now |also |all )?)committed\b(?! to (?:the )?(?:transaction|database|ledger))",
            "Committed as `a1b2c3d`",
            "final messages",
        ),
        "committed",
    ),
    Form(
        ClaimKind.COMMITTED,
        Row(r"\bcommitted (?:as|in) `[0-9a-f]{7,40}`", "(committed in `a1b2c3d`)", "final messages"),
        "committed",
        True,
    ),
    Form(
        ClaimKind.COMMITTED,
        Row(rf"(?<!last )(?<!previous )(?<!these )\b{_NUMBER} commits\b(?! (?:ahead|behind|ago|were|later|on|from|since))", "Fixed in 2 commits", "final messages"),
        weak=True,
    ),
    Form(
        ClaimKind.PULL,
        Row(r"(?:\bPR ?|\bpull request ?|/pull/)#?(?P<value>\d{1,6})\b", "PR #12", "final messages"),
    ),
    Form(ClaimKind.BRANCH, Row(r"\bbranch:? `(?P<value>[\w./#@+-]{2,120})`", "branch `topic`", "final messages")),
    Form(
        ClaimKind.BRANCH,
        Row(
            r"\b(?:on|to|onto|from|into|off|at)\W{1,2}`(?P<value>(?:origin/)?(?:main|master|develop|dev|staging|trunk|[\w.@+-]+(?:/[\w.@+-]+){1,4}))`",
            "on `feature/tax`",
            "final messages",
        ),
        weak=True,
    ),
    Form(
        ClaimKind.TODO,
        Row(
            r"\ball (?:(?P<value>\d{1,3}) )?(?:of the |the )?(?:\w+ )?(?:tasks|todos|to-?do items|steps|items|phases)\b (?:are |have been |now )*(?:complete(?:d)?|done|finished)\b",
            "all 7 steps are complete",
            "final messages",
        ),
        "all",
        True,
    ),
)  # fmt: skip
# Nothing has been committed or pushed: what it claims is a negation, so it is looked for where the others are not.
NOTHING_DONE = Row(
    r"\b(?:not|nothing|haven't|hasn't|isn't|aren't)(?:[ -]\w+){0,3}?[ -]?committed\b|\bawaiting (?:a )?commit\b|\b(?:left|leaving|still|remains?|are|is) (?:all )?uncommitted\b",
    "nothing is committed yet",
    "final messages",
)
# The parts of a sum behind a count: `(478 API + 225 unit)`, `(230 unit, 121 Rust)`.
ADDENDS = re.compile(r"\W{0,3}\((?P<parts>\d{1,7} [^\d()]{1,40}(?:[,+&] ?(?:and )?\d{1,7} [^\d()]{1,40}){1,7})\)")
_PATTERNS = tuple((form, re.compile(form.row.pattern, re.IGNORECASE)) for form in FORMS)


def patterns() -> tuple[tuple[Form, re.Pattern[str]], ...]:
    """Return each form with its compiled expression."""
    return _PATTERNS


def value_of(form: Form, match: re.Match[str]) -> str:
    """Return the value of a match: digits without their commas, a numeral as digits, or the form's own word."""
    found = match.groupdict()
    text = (found.get("value") or found.get("other") or "").replace(",", "")
    if form.kind is ClaimKind.BRANCH:
        return text.removeprefix("origin/")
    text = text.lower()
    number = str(2 if text == "both" else _NUMERALS.get(text, text)) if text else ""
    if form.value == "ahead":
        return f"ahead {number}"
    return number or form.value
