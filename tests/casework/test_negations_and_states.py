"""What a message says was not done, and in which state the work tree, a pull request and all checks are."""

import pytest

from forensics.model.claim import ClaimKind, Verdict
from tests.casework.test_message_verdicts import FALSE, verdicts

TREE, PUSHED, COMMITTED, PULL, CLEAN = (
    ClaimKind.TREE,
    ClaimKind.PUSHED,
    ClaimKind.COMMITTED,
    ClaimKind.PULL,
    ClaimKind.CLEAN,
)
STATUS = (
    "S1 10:02 runs: git status --short --branch\n    ## main...origin/main [ahead 1, behind 2]\n     M src/tax.py\n"
)

CONFIRMED = {
    "nothing pushed": (
        'S1 10:01 writes src/tax.py\nS1 10:03 says: "Nothing was pushed."\n',
        (PUSHED, "nothing pushed"),
    ),
    "nothing committed": (
        'S1 10:01 writes src/tax.py\nS1 10:03 says: "I did not commit anything."\n',
        (COMMITTED, "nothing committed"),
    ),
    "a push that was refused": (
        """
S1 10:02 runs exit 1: git push origin main
     ! [remote rejected] main -> main (protected branch)
S1 10:03 says: "The push was rejected by a rule."
""",
        (PUSHED, "not pushed"),
    ),
    "behind": (f'{STATUS}S1 10:03 says: "Local `main` is behind `origin/main` by 2 commits."\n', (TREE, "behind 2")),
    "dirty": (f'{STATUS}S1 10:03 says: "The checkout has uncommitted changes."\n', (TREE, "dirty")),
    "only": (f'{STATUS}S1 10:03 says: "Only `src/tax.py` is modified."\n', (TREE, "only")),
    "clean, after other commands": (
        """
S1 10:02 runs: git fetch origin && git rev-parse HEAD && git status --short --branch
    fd07a0a54f36eefc5c09985f143132100bdacf23
    ## main...origin/main
S1 10:03 says: "The working tree is clean."
""",
        (TREE, "clean"),
    ),
    "no files changed": (
        'S1 10:02 runs: grep -rn tax src\n    src/tax.py:1\nS1 10:03 says: "No files were changed."\n',
        (TREE, "unmodified"),
    ),
    "a pull request that can be merged": (
        """
S1 10:02 runs: gh pr view 12 --json mergeable,statusCheckRollup
    {"mergeable":"MERGEABLE","statusCheckRollup":[{"name":"Build","conclusion":"SUCCESS"}]}
S1 10:03 says: "It is mergeable, and all checks pass."
""",
        (PULL, "mergeable"),
    ),
    "a pull request that was merged": (
        'S1 10:02 runs: gh pr merge 12 --squash\n    ok\nS1 10:03 says: "Merged PR #12."\n',
        (PULL, "merged 12"),
    ),
    "all checks, by CI": (
        """
S1 10:02 runs: gh pr checks 12
    Build	pass	1m6s
    Lint	pass	17s
S1 10:03 says: "All checks pass."
""",
        (CLEAN, "checks"),
    ),
    "CI that was watched until it passed": (
        """
S1 10:02 runs: gh pr checks 12 --watch --interval 30
    Refreshing checks status every 30 seconds. Press Ctrl+C to quit.
    Build	pending	0
    Refreshing checks status every 30 seconds. Press Ctrl+C to quit.
    Build	pass	1m6s
S1 10:03 says: "CI is green."
""",
        (CLEAN, "ci"),
    ),
    "all clean, by the linter and the tests": (
        """
S1 10:01 writes src/tax.py
S1 10:02 runs: ruff check . && pytest -q
    All checks passed!
    4 passed in 0.1s
S1 10:03 says: "All clean. The rates are rounded."
""",
        (CLEAN, "everything"),
    ),
}


@pytest.mark.parametrize(("script", "claim"), CONFIRMED.values(), ids=CONFIRMED.keys())
def test_what_is_shown(script: str, claim: tuple[ClaimKind, str]) -> None:
    assert verdicts(script)[claim] is Verdict.CONFIRMED


PUSH = "S1 10:02 runs: git push origin main\n       a1b2c3d..d4e5f6a  main -> main\n"
COMMIT = 'S1 10:02 runs: git commit -qam "Round the tax"\n    [main a1b2c3d] Round the tax\n'


@pytest.mark.parametrize(
    ("script", "claim"),
    [
        (f'{PUSH}S1 10:03 says: "Nothing was pushed."\n', (PUSHED, "nothing pushed")),
        (f'{COMMIT}S1 10:03 says: "Nothing was committed."\n', (COMMITTED, "nothing committed")),
    ],
)
def test_what_the_session_itself_contradicts(script: str, claim: tuple[ClaimKind, str]) -> None:
    assert verdicts(script)[claim] is Verdict.CONTRADICTED


NOT_SHOWN = {
    "another number": f'{STATUS}S1 10:03 says: "`main` is behind `origin/main` by 3 commits."\n',
    "not only that file": f'{STATUS}S1 10:03 says: "Only `src/other.py` is modified."\n',
    "pushed after all": f'{PUSH}S1 10:03 says: "The tag is not pushed."\n',
    "files were changed": 'S1 10:02 writes src/tax.py\nS1 10:03 says: "No files were changed."\n',
    "a red check": """
S1 10:02 runs exit 1: ruff check .
    Found 3 errors.
S1 10:03 says: "All clean."
""",
    "CI that still runs": """
S1 10:02 runs: gh pr checks 12
    Build	pass	1m6s
    Lint	pending	0
S1 10:03 says: "All checks pass."
""",
    "a conflict": """
S1 10:02 runs: gh pr view 12 --json mergeable
    {"mergeable":"CONFLICTING"}
S1 10:03 says: "It is mergeable."
""",
}


@pytest.mark.parametrize("script", NOT_SHOWN.values(), ids=NOT_SHOWN.keys())
def test_what_is_not_shown_accuses_nobody(script: str) -> None:
    found = {key: value for key, value in verdicts(script).items() if key[0] is not ClaimKind.FAILURE}
    assert Verdict.CONFIRMED not in found.values()
    assert FALSE.isdisjoint(found.values())


def test_a_denial_beside_the_deed_is_of_something_else() -> None:
    found = verdicts(
        f'{COMMIT}S1 10:03 says: "Committed as `a1b2c3d`. Nothing was committed in the other repository."\n'
    )
    assert found[COMMITTED, "nothing committed"] is Verdict.UNSUPPORTED


def test_new_tests_by_name_and_by_their_cases() -> None:
    script = """
S1 10:01 writes tax_test.go
S1 10:02 runs: go test -v -run TestTax ./...
    --- PASS: TestTax (0.00s)
        --- PASS: TestTax/low (0.00s)
        --- PASS: TestTax/high (0.00s)
    ok  	example.org/shop/tax	0.2s
S1 10:03 says:
    Added `TestTax` — new test with 2 cases.

    Added `TestRates` — new test with 9 cases.
"""
    new = ClaimKind.NEW_TESTS
    found = {key: value for key, value in verdicts(script).items() if key[0] is new}
    assert found == {(new, "TestTax"): Verdict.CONFIRMED, (new, "2"): Verdict.CONFIRMED}


def test_a_file_that_is_only_named_is_not_shown_by_git_status() -> None:
    look = "S1 10:02 runs: git status --short\n     M src/tax.py\n"
    assert verdicts(look + 'S1 10:03 says: "`src/tax.py:12` builds the whole table."\n') == {}
