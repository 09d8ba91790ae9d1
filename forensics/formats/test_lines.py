"""What a line of a test file is: an assertion, the beginning of a test, a mark that skips one. Python, JavaScript, Go and others."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from forensics.formats.pattern_rows import Row, compiled

ASSERTIONS = (
    Row(r"^\s*assert\b(?!\w)", "    assert total == 3", "pytest"),
    Row(r"\bself\.(?:assert\w+|fail)\(", "self.assertEqual(total, 3)", "unittest"),
    Row(r"\bpytest\.(?:raises|fail)\(", "with pytest.raises(ValueError):", "pytest"),
    Row(r"\.assert_(?:called|not_called|has_calls|any_call|awaited)\w*\(", "mock.assert_called_once()", "Python mocks"),
    Row(r"\bexpect\(", "expect(total).toBe(3)", "Jest, Vitest, Playwright"),
    Row(r"\bassert(?:\.\w+)?\(", "assert.equal(total, 3)", "Node's assert"),
    Row(r"\bt\.(?:Error|Fatal)f?\(", 't.Errorf("got %d", total)', "Go"),
    Row(r"\brequire\.\w+\(\s*t\b", "require.Equal(t, 3, total)", "Go, testify"),
    Row(r"\bassert(?:_eq|_ne)?!\(", "assert_eq!(total, 3);", "Rust"),
    Row(r"\bassert(?:That|Equals|True|False|Null|NotNull|Throws)\(", "assertEquals(3, total);", "JUnit"),
)
SKIPS = (
    Row(r"@pytest\.mark\.(?:skip|xfail)\b(?!if)", "@pytest.mark.skip(reason='flaky')", "pytest"),
    Row(r"\bpytest\.(?:skip|xfail)\(", 'pytest.skip("later")', "pytest"),
    Row(r"@(?:unittest\.)?(?:skip\(|expectedFailure\b)", '@unittest.skip("later")', "unittest"),
    Row(r"\bself\.skipTest\(", 'self.skipTest("later")', "unittest"),
    Row(
        r"\b(?:it|test|describe|context|suite)\.(?:skip|todo|failing|fixme)\b",
        "it.skip('adds', () => {",
        "Jest, Vitest",
    ),
    Row(r"^\s*x(?:it|test|describe)\(", "xit('adds', () => {", "Jasmine, Jest"),
    Row(r"\bt\.Skip(?:f|Now)?\(", 't.Skip("later")', "Go"),
    Row(r"^\s*#\[ignore\b", "#[ignore]", "Rust"),
    Row(r"^\s*@(?:Disabled|Ignore)\b", "@Disabled", "JUnit"),
)
_ASSERTION, _SKIP = compiled(ASSERTIONS, flags=re.NOFLAG), compiled(SKIPS, flags=re.NOFLAG)
_TEST = re.compile(
    r"^\s*(?:async )?def (?P<python>test(?:_\w*)?)\(|^func (?P<go>Test\w+)\(|"
    r"^\s*(?:it|test)(?:\.(?:each|concurrent|only|skip|todo)\b(?:\([^)]*\))?)?\(\s*(?P<mark>['\"`])(?P<js>.+?)(?P=mark)"
)
# An exact comparison names the value that is expected.
_EXACT = re.compile(
    r"^\s*assert (?P<python>.+?) == .+$|\bself\.assert(?:Equal|Equals|Is|ListEqual|DictEqual)\((?P<unit>[^,]+),|"
    r"\bexpect\((?P<js>.+?)\)\.(?:toBe|toEqual|toStrictEqual|toMatchObject)\(|"
    r"\bassert\.(?:equal|strictEqual|deepEqual|deepStrictEqual)\((?P<node>[^,]+),|\bassert(?:\.ok)?\((?P<ok>.+?) ?===? "
)
# A weak one accepts almost everything: that it is there, that it is true, that it is one of several.
_WEAK = re.compile(
    r"^\s*assert (?P<python>.+?) (?:is not None|in [(\[{].+|>=? ?\d.*|!= None)\s*$|^\s*assert (?P<bare>[\w.()\[\]'\"]+)\s*$|"
    r"^\s*assert (?P<either>.+?) == .+ or .+$|"
    r"\bself\.assert(?:IsNotNone|True|In|Greater\w*)\((?P<unit>[^,)]+)|"
    r"\bexpect\((?P<js>.+?)\)\.(?:toBeDefined|toBeTruthy|not\.toBe(?:Null|Undefined)|toBeGreaterThan\w*)\(|"
    r"\bexpect\(\[.+\]\)\.toContain\((?P<among>[^)]+)\)|\bassert(?:\.\w+)?\((?P<ok>.+?) ?===? .+\|\|"
)
# The heads of the files in a patch as Codex and OpenCode write it.
_PATCHED = re.compile(r"^\*\*\* Update File: ", re.MULTILINE)
# A name that code defines, by the keyword in front of it. Two letters are too few: `fn` and `id` are everywhere.
_DEFINED = re.compile(
    r"\b(?:def|class|function|func|fn|const|let|var|interface|type|struct)\s+(?:\([^)]*\)\s*)?(?P<name>[A-Za-z_]\w{2,})"
)


# Characters of a line: a minified one has thousands, and each `==` in it would be tried with all that follows.
_LIMIT = 500


class Comparison(NamedTuple):
    """What an assertion looks at, and whether it names the value that is expected."""

    subject: str
    exact: bool


def is_assertion(text: str) -> bool:
    """Return whether a line asserts something; a commented one does not."""
    return not _is_comment(text) and bool(_ASSERTION.search(text[:_LIMIT]))


def is_skip(text: str) -> bool:
    """Return whether a line makes a runner leave out a test, or accept its failure. A condition, as `skipif`, does not."""
    return not _is_comment(text) and bool(_SKIP.search(text[:_LIMIT]))


def name_of_test(text: str) -> str | None:
    """Return the name of the test that begins on a line."""
    match = _TEST.match(text[:_LIMIT])
    return next(filter(None, (match["python"], match["go"], match["js"])), None) if match else None


def comparison(text: str) -> Comparison | None:
    """Return what a line compares; a weak form wins, because `a == 1 or a == 2` has both."""
    for pattern, exact in ((_WEAK, False), (_EXACT, True)):
        if (match := pattern.search(text[:_LIMIT])) and not _is_comment(text):
            return Comparison("".join(str(match[match.lastgroup or 0]).split()), exact)
    return None


def weakened(old: Iterable[str], new: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the lines that accept more than before, each with what it was; a mark that skips a test was nothing before."""
    old, new = tuple(old), tuple(new)
    before, after = list(filter(None, map(comparison, old))), list(filter(None, map(comparison, new)))
    weak = {found.subject: line.strip() for line in new if (found := comparison(line)) and not found.exact}
    # A rewritten file compares `result` in many tests: only where one exact comparison less and one weak one more of it
    # stand is it loosened.
    fewer = Counter(found.subject for found in before if found.exact)
    fewer.subtract(found.subject for found in after if found.exact)
    more = Counter(found.subject for found in after if not found.exact)
    more.subtract(found.subject for found in before if not found.exact)
    loosened = (
        (line.strip(), weak[found.subject])
        for line in old
        if (found := comparison(line)) and found.exact and found.subject in weak
        if fewer[found.subject] > 0 and more[found.subject] > 0
    )
    skips = [line.strip() for line in new if is_skip(line)]
    return (*loosened, *(("", line) for line in skips if len(skips) > sum(map(is_skip, old))))


def weakened_in_patch(patch: str, path: str) -> tuple[tuple[str, str], ...]:
    """Return what a patch in the `*** Update File:` form weakens in one file, hunk by hunk."""
    found: list[tuple[str, str]] = []
    for part in _PATCHED.split(patch)[1:]:
        named, _, rest = part.partition("\n")
        if f"/{path}".endswith(f"/{named.strip().lstrip('/')}"):
            for hunk in re.split(r"^@@.*$", rest, flags=re.MULTILINE):
                lines = hunk.splitlines()
                found += weakened(
                    (line[1:] for line in lines if line[:1] == "-"), (line[1:] for line in lines if line[:1] == "+")
                )
    return tuple(found)


def defined_in(text: str) -> str | None:
    """Return the name that a line of code defines."""
    match = _DEFINED.search(text[:_LIMIT])
    return match["name"] if match else None


def _is_comment(text: str) -> bool:
    return text.lstrip().startswith(("#", "//", "*", "/*")) and not text.lstrip().startswith("#[")
