"""Verdicts on final messages that were wrong on real sessions. Each case fails until its cause is mended."""

import pytest

from forensics.formats.markdown import lines_of
from forensics.formats.messages.statements import statements_in
from forensics.model.claim import ClaimKind, Confidence, Verdict
from forensics.model.source import FileRef
from forensics.testing.script import case_of

FALSE = {Verdict.CONTRADICTED, Verdict.STALE, Verdict.OMITTED}
BEGIN = 'session S1: "Tidy the tax code"\n'


def verdicts(script: str) -> dict[tuple[ClaimKind, str], Verdict]:
    """Return the verdicts of a session's last message by kind and value."""
    (dossier,) = case_of(BEGIN + script).dossiers
    judged = (each for each in dossier.claims if not each.claim.superseded)
    return {(each.claim.kind, each.claim.value): each.verdict for each in judged}


def statements(text: str) -> list[tuple[ClaimKind, str]]:
    """Return what a message is read to claim."""
    return [(each.kind, each.value) for each in statements_in(lines_of(text), FileRef("m.md", 1))]


NOT_FALSE = {
    # One call builds, lints and tests: how each part ended is not decided, but the code was checked after the edit.
    "a later call of several checks": """
S1 10:01 writes src/tax.go
S1 10:02 runs: golangci-lint run
    0 issues.
S1 10:03 writes src/tax.go
S1 10:04 runs: go build ./... && echo BUILD_OK; golangci-lint run 2>&1 | tail -3; go test ./... 2>&1 | tail -2
    BUILD_OK
    0 issues.
    ok  example.org/tax 0.2s
S1 10:05 says: "Build, lint (0 issues), tests pass."
""",
    "a red build during the work, and a later call of several checks": """
S1 10:01 writes src/tax.go
S1 10:02 runs exit 1: go build ./...
    src/tax.go:3:2: "os" imported and not used
S1 10:03 writes src/tax.go
S1 10:04 runs: go build -o tax . 2>&1 | head && echo BINARY_OK; golangci-lint run 2>&1 | tail -3
    BINARY_OK
    0 issues.
S1 10:05 says: "Everything is in place, and the binary builds."
""",
    "a formatter before the second run of the linter": """
S1 10:01 writes src/tax.go
S1 10:02 runs exit 1: golangci-lint run ./...
    1 issues:
    * gofmt: 1
S1 10:03 runs: gofmt -w src/tax.go && golangci-lint run ./... 2>&1 | tail -5
    0 issues.
S1 10:04 says: "The package lints clean."
""",
    # The message names the package, its line of the output says ok, and the failure elsewhere is told.
    "a package among others that failed": """
S1 10:01 writes pkg/tax/tax.go
S1 10:02 runs exit 1: go test ./...
    --- FAIL: TestBill (0.00s)
    FAIL
    FAIL	example.org/shop/pkg/bill	0.1s
    ok  	example.org/shop/pkg/tax	0.2s
    FAIL
S1 10:03 says:
    Done.

    - The `tax` package tests pass
    - Note: there is a failure in `bill` that is older than this change.
""",
    # What the person's work tree will be once they have run the commands above.
    "a step of instructions": """
S1 10:01 writes src/tax.py
S1 10:02 runs: git status --short
     M src/tax.py
S1 10:03 says:
    The file is still uncommitted. I run nothing myself; these are the steps for you.

    ## 1. Commit

    ```sh
    git commit -am "Round the tax"
    ```

    ## 2. Merge

    The work tree is now clean, so switching is safe:
""",
    # The fixed tests ran in the background, and another file shows how they ended.
    "a run again whose output is read from another file": """
S1 10:01 writes src/tax_test.go
S1 10:02 runs: cat /tmp/tasks/first.output
    --- FAIL: TestTax (0.10s)
    FAIL	example.org/tax	0.3s
    FAIL
S1 10:03 writes src/tax_test.go
S1 10:04 runs: cat /tmp/tasks/second.output
    ok  	example.org/tax	0.3s
S1 10:05 says: "The measurements are in: rounding is not the bottleneck."
""",
}


@pytest.mark.parametrize("script", NOT_FALSE.values(), ids=NOT_FALSE.keys())
def test_a_message_is_not_accused(script: str) -> None:
    assert FALSE.isdisjoint(verdicts(script).values()), verdicts(script)


@pytest.mark.parametrize(("failed", "verdict"), [("bill", Verdict.UNSUPPORTED), ("tax", Verdict.CONTRADICTED)])
def test_a_failure_of_another_package_does_not_contradict(failed: str, verdict: Verdict) -> None:
    found = verdicts(f"""
S1 10:01 writes {failed}/a_test.py
S1 10:02 runs exit 1: pytest
    FAILED {failed}/a_test.py::test_a - AssertionError
    1 failed, 30 passed in 1.0s
S1 10:03 says: "The `tax` package tests pass."
""")
    assert found[ClaimKind.TESTS, "pass"] is verdict


def test_a_number_of_files_may_leave_the_generated_ones_out() -> None:
    script = """
S1 10:01 writes a.py
S1 10:02 commits aaa1111
commit aaa1111: "Round the tax" a.py b.py src/api.generated.ts, at 10:02
S1 10:03 says: "{} files changed (commit `aaa1111`)."
"""
    assert verdicts(script.format(2))[ClaimKind.FILES, "2"] is not Verdict.CONTRADICTED
    assert verdicts(script.format(5))[ClaimKind.FILES, "5"] is Verdict.CONTRADICTED


def test_a_command_changes_only_the_files_it_names() -> None:
    found = verdicts("""
S1 10:01 writes plans/12-tax-registry/12-PLAN.md
S1 10:02 runs: git add plans/12-tax-registry/12-PLAN.md
S1 10:03 says:
    | Plan | Objective | Files |
    |---|---|---|
    | 12-01 | The registry | `src/registry/` |
""")
    assert (ClaimKind.FILE, "updated src/registry/") not in found


@pytest.mark.parametrize("said", ["Deleted `src/tax.py`.", "Deleted `round_up` from `src/tax.py`."])
def test_an_edit_of_a_file_does_not_show_that_it_was_deleted(said: str) -> None:
    found = verdicts(f'S1 10:01 writes src/tax.py\nS1 10:02 says: "{said}"\n')
    assert found.get((ClaimKind.FILE, "deleted src/tax.py")) is not Verdict.CONFIRMED


def test_one_chosen_test_does_not_show_for_certain_that_tests_pass() -> None:
    script = """
S1 10:01 writes src/tax.go
S1 10:02 runs: go test -run TestRound ./...
    ok  example.org/tax 0.2s
S1 10:03 says: "The build succeeds and tests pass."
"""
    (dossier,) = case_of(BEGIN + script).dossiers
    assert all(
        each.confidence is not Confidence.CERTAIN for each in dossier.claims if each.claim.kind is ClaimKind.TESTS
    )


@pytest.mark.parametrize(
    "text",
    [
        "I reviewed all uncommitted changes and read the files around them.",
        "No bugs found in the current uncommitted changes.",
        "Stage only the two files we touched:",
        "**Task 1:** install the client, update the settings, add 3 new unit tests.",
        "**Response Format:** All successful responses are wrapped in an envelope.",
        "| 2 | check by hand | 5 manual tests of the form | All five tests pass | COMPLETE |",
        "So ignored files still get committed/pushed.",
    ],
)
def test_this_is_no_claim(text: str) -> None:
    assert statements(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I read the full modified/new files:\n\n- `package.json`\n- `src/tax.py`\n",
        "Files created via `create()` (`operations.rs:945`) use the request's id.",
        "Added tests in `a.test.ts` and `b.test.ts` cover the new paths.",
    ],
)
def test_what_is_described_was_not_created_by_the_agent(text: str) -> None:
    found = verdicts(
        "S1 10:01 reads src/tax.py\nS1 10:02 says:\n" + "".join(f"    {line}\n" for line in text.split("\n"))
    )
    assert found == {}


SHOWN = {
    "the count of a package's own runner": (
        """
S1 10:01 runs: pnpm test
    PASS tax
    All tests passed (19)
S1 10:02 says: "`packages/tax`: all 19 tests passed."
""",
        (ClaimKind.TESTS, "19"),
    ),
    # `describe` and `beforeAll` hang on the same word, and are not tests.
    "new tests inside a group with hooks": (
        """
S1 10:05 writes e2e/share.spec.ts
S1 10:06 commits aaa1111
commit aaa1111: "Add tests of sharing" e2e/share.spec.ts, at 10:06
    e2e/share.spec.ts
    +test.describe.serial('Sharing', () => {
    +  test.beforeAll(async () => {
    +  test('one', async () => {
    +  test('two', async () => {
S1 10:07 says: "Added 2 new tests."
""",
        (ClaimKind.NEW_TESTS, "2"),
    ),
    "the count of one file among nine": (
        """
S1 10:01 runs: pnpm --filter tax test -- --run registry
     ✓ src/aes.test.ts (30 tests) 409ms
     ✓ src/registry.test.ts (27 tests) 274ms
     ✓ src/b.test.ts (100 tests) 44ms
     ✓ src/d.test.ts (200 tests) 44ms
     ✓ src/f.test.ts (300 tests) 44ms
     ✓ src/g.test.ts (400 tests) 44ms
     ✓ src/h.test.ts (500 tests) 44ms
     ✓ src/j.test.ts (600 tests) 44ms
     ✓ src/k.test.ts (700 tests) 44ms

     Test Files  9 passed (9)
          Tests  2857 passed (2857)
S1 10:02 says: "27/27 registry tests pass."
""",
        (ClaimKind.TESTS, "27"),
    ),
}


@pytest.mark.parametrize(("script", "claim"), SHOWN.values(), ids=SHOWN.keys())
def test_what_the_session_printed_is_shown(script: str, claim: tuple[ClaimKind, str]) -> None:
    assert verdicts(script)[claim] is Verdict.CONFIRMED
