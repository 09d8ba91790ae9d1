"""The forms of statements that evidence can decide: words and numbers, not their sense. Paths are in `paths.py`."""

import re

from forensics.formats.messages.form import NUMBER, Form
from forensics.formats.messages.git_forms import GIT_FORMS
from forensics.formats.pattern_rows import Row
from forensics.model.claim_kind import ClaimKind

# A test that passes something on is another thing: *all tests pass an explicit root*.
_SUCCESS = r"(?:(?:are|is|now|all|still|again|locally|cleanly|both|currently)\s+)*(?:pass(?:ed|ing|es)?|green|succeed(?:ed|s)?)\b(?! (?:an?|the|it|nil|null|this|that|along|down)\b)"
# Without a word for tests beside it, only a figure counts: *both pass* says nothing of tests.
_FIGURE = r"\b(?P<value>\d{1,3}(?:,\d{3}){1,3}|\d{1,7})"
_OF = r"(?:\s*(?:/|of|out of)\s*(?P<total>\d{1,7}))?"
# Only the last word may end in a hyphen (`unit-tests`): a line of hyphens can be divided into words in too many ways.
_WORDS = r"(?:(?:[\w@/.-]+ ){0,3}?|(?:[\w@/.-]+ ){0,2}?[\w@/.-]+-)"
_NUMERALS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)  # noqa: SIM905
}


FORMS = (
    Form(
        ClaimKind.TESTS,
        Row(
            rf"\b(?:all )?{NUMBER}{_OF} (?!(?:[\w-]+ ){{0,2}}(?:issues?|errors?|warnings?|failures?|and)\b){_WORDS}(?:tests?|specs?|test cases|doctests?)\b[,:]?\W{{0,4}}{_SUCCESS}",
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
        ClaimKind.TESTS,
        Row(r"\btests?\b\W{0,6}[✅✓✔](?!\w)|\A\W*[✅✓✔]\W{1,4}(?:all |unit )?tests?\W*\Z", "**Tests** ✓", "lists of results in final messages"),
        "pass",
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(
            rf"\b{NUMBER} (?:new|additional|more) (?:[\w-]+ ){{0,2}}?tests?\b(?! (?:calls?|files?|suites?|helpers?|names?|data))",
            "12 new unit tests",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(
            rf"\b(?:added|adds) {NUMBER} (?:[\w-]+ ){{0,2}}?tests?\b(?! (?:calls?|files?|suites?|helpers?|names?|data))",
            "added 12 regression tests",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(rf"\b{NUMBER} (?:[\w-]+ ){{0,2}}?tests? added\b", "12 tests added", "final messages"),
    ),
    Form(
        ClaimKind.NEW_TESTS,
        Row(rf"\b(?:with|covering|has) {NUMBER} (?:new |test |table |sub-?)?(?:cases|subtests|tests)\b", "new test with 4 cases", "final messages"),
        weak=True,
    ),
    Form(
        ClaimKind.FILES,
        Row(
            rf"\b{NUMBER} (?:[\w-]+ ){{0,2}}?files? (?:\w+ )?(?:changed|modified|updated|created|touched|edited|deleted|renamed|added)\b",
            "3 files changed",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.FILES,
        Row(
            rf"\b(?:across|changed|modified|updated|created|touched|edited|deleted|renamed) (?:all )?{NUMBER} (?:`[^`]+` |[\w.-]+ ){{0,2}}?files?\b",
            "fixes across 7 files",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\b(?P<value>lint(?:er|ing)?|eslint|ruff|clippy|golangci-lint|oxlint|biome|builds?|type[- ]?check(?:s|er|ing)?|typescript|types|tsc|mypy|pyright|format(?:ting|ter)?|prettier|(?<!:)ci|compilation)\b(?: (?:is|are|now|all|still|reports?|shows?|run|check|checks|code|also|both|result|and lint|and tests?|and build|and types|comes? back|completes?|compiles?)\b|:|\*\*|`|\W→|\W->|,)*\W{0,4}(?:(?:clean(?:ly)?|OK|pass(?:es|ed|ing)?|succeed(?:s|ed)|successful(?:ly)?(?! (?:re(?:sponse|quest|sult)|call|operation|login|payment)s\b)|green|without errors|(?:0|no|zero) (?:\w+ )?(?:issues|errors|warnings|problems))\b(?! (?:the|an?|it|them|through|along|down)\b)|[✅✓✔])",
            "lint is clean",
            "final messages",
        ),
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\A\W*[✅✓✔]\W{1,4}(?P<value>lint(?:er|ing)?|builds?|type[- ]?check(?:s|ing)?|types|format(?:ting)?)\W*\Z",
            "✅ Lint",
            "lists of results in final messages",
        ),
        weak=True,
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
    Form(ClaimKind.CLEAN, Row(r"\A\W*(?:all |everything(?:'s| is) )?(?:clean|green)\b(?=\W*(?:\Z| [—–-]))", "All green.", "a final message's first words"), "everything", True),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\b(?P<value>CI|GitHub|remote|PR|status) checks? (?:are |is |have |has |now |all |still )*(?:pass(?:ed|es|ing)?|green|succeeded)\b|\b(?:checks?|workflows?) (?:\w+ ){0,2}?(?:pass(?:ed|es|ing)?|green|succeeded) (?:\w+ (?:and|&) )?(?:on|in) (?P<other>GitHub|CI)\b",
            "checks passed on GitHub",
            "final messages on pull requests",
        ),
        "ci",
        True,
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\b(?:all |every |\d{1,3} )(?:\w+ )?checks? (?:are |is |have |now |all |still )*(?:pass(?:ed|es|ing)?|green|clean|succeeded)\b",
            "all checks pass",
            "final messages",
        ),
        "checks",
        True,
    ),
    Form(
        ClaimKind.CLEAN,
        Row(
            r"\b(?P<value>lint|type|typescript|build|compile|tsc|mypy|eslint|ruff|clippy)\w*(?: \w+)? (?:errors?|issues?|warnings?|failures?|violations?) (?:are |is |have been |were |now |all )*(?:fixed|resolved|gone|cleared|cleaned up)\b",
            "lint errors fixed",
            "final messages",
        ),
        weak=True,
    ),
    *GIT_FORMS,
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
    if form.value in {"ahead", "behind", "merged"}:
        return f"{form.value} {number}".strip()
    return number or form.value
