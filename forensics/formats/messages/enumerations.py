"""Several checks that are said to have passed in one breath: `typecheck, lint, and 72/72 tests pass`, `hooks (a, b) passed`."""

import re
from collections.abc import Iterator

from forensics.formats.messages.unclaimed import is_claimed
from forensics.formats.pattern_rows import Row
from forensics.model.claim_kind import ClaimKind

# The word before *tests* has a bound: a line of hyphens would be read to its end from each word in it.
# What can be listed, by the name that the claim of it gets.
NAMES: tuple[tuple[str, Row], ...] = (
    ("tests", Row(r"(?:\d{1,6}(?:/\d{1,6})?\W{1,3})?(?:all |the |full )?(?:[\w-]{1,40} )?tests?(?: suites?)?|suite|test:\w+|vitest|jest|pytest", "unit tests", "final messages")),
    ("lint", Row(r"lint(?:er|ing)?|eslint|ruff|clippy|golangci-lint|oxlint|biome", "lint", "final messages")),
    ("typecheck", Row(r"type[- ]?check(?:s|er|ing)?|types|typescript|tsc|mypy|pyright", "typecheck", "final messages")),
    ("format", Row(r"format(?:ting|ter)?|fmt|gofmt|prettier", "fmt", "final messages")),
    ("build", Row(r"(?:production )?builds?|compilation", "build", "final messages")),
)  # fmt: skip
_NAMES = tuple((name, re.compile(rf"\W*(?:{row.pattern})(?: checks?)?\W*", re.IGNORECASE)) for name, row in NAMES)
# One listed thing with the marks and the bracket around it: `**lint** (0 issues)`.
_ITEM = rf"\W{{0,3}}(?:{'|'.join(row.pattern for _, row in NAMES)})(?: checks?)?[`*]{{0,3}}(?: \([^()]{{0,60}}\))?"
_BETWEEN = r"(?:, and |, & |, | and | & | \+ | / |/)"
_ENDS = r"(?: (?:all|both|are|is|now|still|also|have|has|again|each))* ?\W{0,3}(?:pass(?:ed|es|ing)?|clean|green|succeed(?:ed|s)?|✅|✓|✔)(?!\w)(?! (?:an?|the|it|on|through|to)\b)"
LISTS = (
    Row(rf"(?<![\w-])(?P<list>{_ITEM}(?:{_BETWEEN}{_ITEM}){{1,7}}){_ENDS}", "Typecheck, lint, and 72/72 tests pass", "final messages"),
    Row(rf"\b(?:hooks?|checks?|gates?|verification|pipeline)\W{{1,4}}(?P<inner>{_ITEM}(?:{_BETWEEN}{_ITEM}){{1,7}})\W{{1,3}}{_ENDS}", "hooks (tests, lint, typecheck) all passed", "final messages"),
)  # fmt: skip
_LISTS = tuple(re.compile(row.pattern, re.IGNORECASE) for row in LISTS)
_PARTS = re.compile(rf"{_BETWEEN}(?![^()]{{0,60}}\))", re.IGNORECASE)
Found = tuple[ClaimKind, str, bool]


def listed_in(said: str) -> Iterator[tuple[tuple[int, int], Found]]:
    """Yield the checks and tests that a sentence lists as passed: the list's place, the kind, the value, and *not weak*."""
    for pattern in _LISTS:
        for match in pattern.finditer(said):
            words = next(filter(None, match.groups()))
            if is_claimed(said[: match.start()], match[0][len(words) :]):
                yield from ((match.span(), found) for part in _PARTS.split(words) if (found := _named(part)))


def _named(part: str) -> Found | None:
    bare = re.sub(r" \([^()]*\)", "", part)
    name = next((name for name, pattern in _NAMES if pattern.fullmatch(bare)), None)
    if name is None:
        return None
    if name != "tests":
        return ClaimKind.CLEAN, name, False
    count = re.search(r"\d{1,6}", bare)
    return ClaimKind.TESTS, count[0] if count else "all" if "all " in bare.lower() else "pass", False
