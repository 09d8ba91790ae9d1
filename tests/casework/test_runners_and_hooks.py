"""Evidence inside what task runners, hooks and proxies print, and innocent causes of a failed or an early run."""

import pytest

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
