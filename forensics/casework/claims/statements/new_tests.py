"""How many tests are new: by the collected count before and after, or by the tests in the unit's own commits."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from forensics.casework.claims.statements.suites import suite
from forensics.casework.claims.statements.tests import counts
from forensics.casework.claims.statements.witnessed import Witnessed, shown, unknown
from forensics.formats.pattern_rows import Row, compiled
from forensics.formats.transcripts.run_scope import scope_of
from forensics.model.claim import Claim, Confidence, JudgedClaim
from forensics.model.prose import clock, short
from forensics.model.report import Statement
from forensics.model.transcript import TestRun

# How a test begins in a source file, by language.
TESTS = (
    Row(r"(?:async )?def test_", "def test_tax():", "Python"),
    # Not each word behind the dot: with `test.describe(` and `test.beforeAll(` 20 tests were counted as 23.
    Row(
        r"(?:it|test)(?:\.(?:only|skip|fixme|fail|failing|each|for|concurrent|sequential|serial|todo|skipIf|runIf))*\(",
        "it('adds tax', () => {",
        "JavaScript",
    ),
    Row(r"func Test\w*\(", "func TestTax(t *testing.T) {", "Go"),
    Row(r"#\[(?:\w+::)*test\b", "#[tokio::test]", "Rust"),
    Row(r"@Test\b", "@Test", "Java, Kotlin"),
)
# Go's subtests: each prints its parent's name before its own.
_SUBTEST = re.compile(r"^ +--- PASS: (?P<parent>[^\s/]+)/", re.MULTILINE)
_TEST = compiled(TESTS, r"^\s*", flags=re.NOFLAG)


def judge_new_tests(claim: Claim, statement: Statement, seen: Witnessed) -> JudgedClaim:
    """Check a number of new tests against runs before and after, runs of the new files alone, and commits' patches."""
    if not claim.value.isdigit():
        return _named(claim, seen)
    number = int(claim.value)
    for earlier, later in _grown(seen):
        if number == _collected(later) - _collected(earlier):
            reason = f"{_collected(earlier)} tests ran at {clock(earlier.moment)}, {_collected(later)} at {clock(later.moment)}"
            return shown(claim, reason, earlier, later)
    for sha, added in _added(seen):
        if number == added:
            reason = f"{short(sha)} adds {added} tests" if sha else f"its commits add {added} tests"
            return shown(claim, reason, confidence=Confidence.LIKELY)
    for run in reversed(seen.tests):
        if number in counts(run) and not scope_of(run.command).whole:
            return shown(
                claim,
                f"a run of chosen tests at {clock(run.moment)} printed {number}",
                run,
                confidence=Confidence.LIKELY,
            )
    for run in reversed(seen.tests):
        if number in Counter(match["parent"] for match in _SUBTEST.finditer(run.output)).values():
            reason = f"a run at {clock(run.moment)} printed a test with that number of cases"
            return shown(claim, reason, run, confidence=Confidence.LIKELY)
    return unknown(claim, "neither runs nor commits show that number of new tests")


def _named(claim: Claim, seen: Witnessed) -> JudgedClaim:
    """Check a test that is named: a commit adds it, or after the turn began a run printed that it passed."""
    name = re.compile(rf"\b{re.escape(claim.value)}\b")
    for commit in seen.commits:
        patch = seen.history.patches.get(commit.sha)
        lines = (line for added in patch.added.values() for line in added) if patch else ()
        if any(_is_test(line) and name.search(line[1]) for line in lines):
            return shown(claim, f"{short(commit.sha)} adds it", confidence=Confidence.LIKELY)
    passed = re.compile(rf"--- PASS: {re.escape(claim.value)}\b|\b{re.escape(claim.value)}\b.{{0,40}}(?:PASSED|\bok\b)")
    for run in reversed(seen.tests):
        if run.moment >= seen.turn and passed.search(run.output):
            return shown(
                claim, f"a run at {clock(run.moment)} printed that it passed", run, confidence=Confidence.LIKELY
            )
    return unknown(claim, "neither runs nor commits show that test")


def _collected(run: TestRun) -> int:
    return (run.passed or 0) + (run.failed or 0) + run.aside


def _grown(seen: Witnessed) -> Iterator[tuple[TestRun, TestRun]]:
    """Yield pairs of runs of the same tests, of which the later one collected more."""
    runs = [run for run in seen.tests if run.passed is not None]
    for earlier, later in combinations(runs, 2):
        same = suite(earlier) == suite(later) or (scope_of(earlier.command).whole and scope_of(later.command).whole)
        if same and _collected(later) > _collected(earlier):
            yield earlier, later


def _added(seen: Witnessed) -> Iterator[tuple[str, int]]:
    """Yield how many tests each commit, each file of one, and all commits together add."""
    total = 0
    for commit in seen.commits:
        patch = seen.history.patches.get(commit.sha)
        if patch is None:
            continue
        added = {path: sum(map(_is_test, lines)) for path, lines in patch.added.items()}
        gone = sum(_is_test(line) for lines in patch.removed.values() for line in lines)
        yield from (
            (commit.sha, number) for number in (*added.values(), sum(added.values()), sum(added.values()) - gone)
        )
        total += sum(added.values()) - gone
    yield "", total


def _is_test(line: tuple[int, str]) -> bool:
    return _TEST.match(line[1]) is not None
