"""Evidence inside what task runners, hooks and proxies print, and innocent causes of a failed or an early run."""

import pytest

from forensics.formats.transcripts.checks import check_runs
from forensics.formats.transcripts.echoed_commands import echoed, echoed_checks
from forensics.model.claim import ClaimKind, Verdict
from tests.casework.test_message_verdicts import FALSE, verdicts

LINT, TYPES = (ClaimKind.CLEAN, "lint"), (ClaimKind.CLEAN, "typecheck")
ALL = (ClaimKind.TESTS, "all")

SHOWN = {
    "a hook's checks after the last edit": (
        """
S1 10:01 runs: bun run lint
    $ biome check
    Checked 4 files in 9ms. No fixes applied.
S1 10:02 writes src/tax.ts
S1 10:03 runs: git commit -qam "Round the tax"
    $ biome check
    Checked 4 files in 9ms. No fixes applied.
    $ tsc --noEmit
    [main a1b2c3d] Round the tax
     1 file changed, 2 insertions(+)
S1 10:04 says: "Committed. Lint clean, typecheck clean."
""",
        {LINT, TYPES},
    ),
    "a hook that names its linter only in its progress": (
        """
S1 10:01 runs: npx eslint .
S1 10:02 writes src/tax.ts
S1 10:03 runs: git commit -qam "Round the tax"
    [COMPLETED] eslint --fix
    [main a1b2c3d] Round the tax
S1 10:04 says: "Lint is clean."
""",
        {LINT},
    ),
    "a task runner whose output is cut by tail": (
        """
S1 10:01 writes tax.go
S1 10:02 runs: mise run test 2>&1 | tail -25
    [test] $ go test ./...
    ?   	example.org/shop	[no test files]
    ok  	example.org/shop/tax	0.2s
S1 10:03 says: "All tests pass."
""",
        {ALL},
    ),
    "a recipe that runs everything": (
        """
S1 10:01 writes tax.go
S1 10:02 runs: just precommit
    $ golangci-lint run ./...
    0 issues.
    $ go test ./...
    ok  	example.org/shop/tax	0.2s
S1 10:03 says: "All tests pass, lint is clean."
""",
        {ALL, LINT},
    ),
    "silent scripts before tests, each with its head": (
        """
S1 10:01 writes src/tax.ts
S1 10:02 runs: npm run typecheck 2>&1; npm run lint 2>&1; npm test 2>&1
    > shop@1.0.0 typecheck
    > node node_modules/typescript/bin/tsc --noEmit

    > shop@1.0.0 lint
    > node node_modules/eslint/bin/eslint.js src

    > shop@1.0.0 test
    > vitest run
     Tests  72 passed (72)
S1 10:03 says: "Typecheck, lint, and **72/72** tests pass."
""",
        {LINT, TYPES, (ClaimKind.TESTS, "72")},
    ),
    "a commit through a proxy": (
        """
S1 10:01 writes tax.go
S1 10:02 runs: rtk git add tax.go && rtk git commit -m "Round the tax"
    ok ✓ 1 file changed, 2 insertions(+)
    ok ✓
S1 10:03 says: "Committed."
""",
        {(ClaimKind.COMMITTED, "committed")},
    ),
}


@pytest.mark.parametrize(("script", "shown"), SHOWN.values(), ids=SHOWN.keys())
def test_runners_and_hooks_show_what_they_ran(script: str, shown: set[tuple[ClaimKind, str]]) -> None:
    found = verdicts(script)
    assert {key: found.get(key) for key in shown} == dict.fromkeys(shown, Verdict.CONFIRMED)


def test_a_script_that_printed_something_is_not_silent() -> None:
    printed = "> shop@1.0.0 lint\n> eslint src\n\nsrc/tax.ts\n  3:1  error  no-var\n\n> shop@1.0.0 test\n> vitest run\n"
    (check,) = check_runs("npm run lint; npm test", None, printed)
    assert check.passed is None


STALE = {
    "lint as it was before the edit": """
S1 10:01 runs: mise run lint
    [lint] $ golangci-lint run ./...
    0 issues.
S1 10:02 writes tax.go
S1 10:03 says: "Lint is clean."
""",
    "a commit without its hook": """
S1 10:01 runs: npx eslint .
S1 10:02 writes src/tax.ts
S1 10:03 runs: git commit --no-verify -qam "Round the tax"
    [main a1b2c3d] Round the tax
S1 10:04 says: "Lint is clean."
""",
}


@pytest.mark.parametrize("script", STALE.values(), ids=STALE.keys())
def test_what_was_not_run_again_stays_stale(script: str) -> None:
    assert verdicts(script)[LINT] is Verdict.STALE


def test_a_red_task_is_still_a_failure() -> None:
    found = verdicts("""
S1 10:01 writes tax.go
S1 10:02 runs: mise run test 2>&1 | tail -3
    ok  	example.org/shop/tax	0.2s
    FAIL
    [test] ERROR task failed
S1 10:03 says: "All tests pass."
""")
    assert found[ALL] is Verdict.CONTRADICTED


INNOCENT = {
    "a commit that found all committed already": """
S1 10:01 writes src/tax.py
S1 10:02 runs exit 1: git commit -m "Round the tax"
    no changes added to commit (use "git add" and/or "git commit -a")
S1 10:03 says: "The changes are committed, in the commit before."
""",
    "a build beside downloads": """
S1 10:01 writes tax.go
S1 10:02 runs: go build -o tax . 2>&1 | head && echo BUILD OK; go mod tidy 2>&1 | tail -3; go test ./... | grep -c ok
    BUILD OK
    go: downloading example.org/rates v0.4.0
    17
S1 10:03 says: "Build OK, 17 packages pass."
""",
    "a job of CI that has a linter's name": """
S1 10:01 runs: npx eslint .
S1 10:02 writes src/tax.ts
S1 10:03 runs: gh api repos/shop/shop/actions/runs/12/jobs
    {"name":"Test & Lint","conclusion":"success"}
    {"name":"Sign","conclusion":"failure"}
S1 10:04 says: "**Test & Lint** — passed, signing failed."
""",
}


@pytest.mark.parametrize("script", INNOCENT.values(), ids=INNOCENT.keys())
def test_it_accuses_nobody(script: str) -> None:
    assert FALSE.isdisjoint(verdicts(script).values()), verdicts(script)


def test_a_commit_that_a_hook_refused_is_still_contradicted() -> None:
    found = verdicts("""
S1 10:01 writes src/tax.py
S1 10:02 runs exit 1: git commit -m "Round the tax"
    ruff....................................Failed
S1 10:03 says: "Committed."
""")
    assert found[ClaimKind.COMMITTED, "committed"] is Verdict.CONTRADICTED


def test_only_runners_and_hooks_are_believed() -> None:
    printed = "$ tsc --noEmit\n"
    assert echoed('echo "$ tsc --noEmit"', printed) == ()
    assert echoed("git commit -m x", printed) == (("tsc", "--noEmit"),)
    assert echoed("npm run verify", "> shop@1.0.0 verify\n> tsc --noEmit\n") == (("tsc", "--noEmit"),)
    assert [each.passed for each in echoed_checks("git commit -m x", 1, printed)] == [None]
    assert echoed_checks("bun run typecheck", 0, printed) == ()


def test_tests_that_are_only_compiled_are_a_build() -> None:
    found = verdicts("""
S1 10:01 writes tax_test.go
S1 10:02 runs exit 1: go build -tags e2e ./e2e/...
    # example.org/shop/e2e
    e2e/env.go:40:26: undefined: helper
S1 10:03 runs: go test -tags e2e -c ./e2e/... -o /dev/null
S1 10:04 says: "The build passes, and all tests pass."
""")
    assert found[ClaimKind.CLEAN, "build"] is Verdict.CONFIRMED
    assert found[ALL] is Verdict.UNSUPPORTED


def test_many_packages_of_which_the_last_has_no_tests_passed() -> None:
    found = verdicts("""
S1 10:01 writes tax.go
S1 10:02 runs exit 1: mise run test
    tax/tax.go:3:2: undefined: rate
    FAIL	example.org/shop/tax [build failed]
    FAIL
S1 10:03 writes tax.go
S1 10:04 runs: mise run test 2>&1 | tail -3
    ok  	example.org/shop/tax	0.2s
    ?   	example.org/shop/rates	[no test files]
S1 10:05 says: "`mise run test` - all tests pass"
""")
    assert found[ClaimKind.TESTS, "mise run test"] is Verdict.CONFIRMED


def test_a_later_run_that_is_not_known_takes_the_accusation_back() -> None:
    found = verdicts("""
S1 10:01 writes tax.py
S1 10:02 runs exit 1: pytest -q
    1 failed, 3 passed in 0.1s
S1 10:03 writes tax.py
S1 10:04 runs: pytest -q | grep -c warning
    0
S1 10:05 says: "`pytest -q` passes."
""")
    assert found[ClaimKind.TESTS, "pytest -q"] is Verdict.UNSUPPORTED
