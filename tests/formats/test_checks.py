"""Commands that check code, how they ended, and what part of a project they cover."""

import pytest

from forensics.formats.transcripts.checks import (
    FAILED,
    NOT_RUN,
    PASSED,
    PROGRAMS,
    SPEAKING,
    Check,
    check_runs,
    checks_in,
)
from forensics.formats.transcripts.run_scope import scope_of
from forensics.formats.transcripts.test_commands import runs_tests


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("ruff check . && ruff format --check .", {Check.LINT, Check.FORMAT}),
        ("npx --prefix web tsc --noEmit", {Check.TYPES}),
        ("pnpm --filter @shop/web exec tsc -b", {Check.TYPES}),
        ("pnpm --filter web lint", {Check.LINT}),
        ("cd src-tauri && cargo build --features x", {Check.BUILD}),
        ("go vet ./...", {Check.LINT}),
        ("make -C lib lint", {Check.LINT}),
        ("npm install eslint", set()),
        ("npm test -- lint", set()),
        ("echo tsc", set()),
    ],
)
def test_what_a_command_checks(command: str, kinds: set[Check]) -> None:
    assert checks_in(command) == kinds


TYPES = "src/a.ts(1,2): error TS2322: Type"


@pytest.mark.parametrize(
    ("command", "code", "output", "ended"),
    [
        ("tsc", 0, "", [True]),
        ("tsc", 2, TYPES, [False]),
        ("tsc", None, "", [None]),
        ("tsc | head -5", 0, "", [True]),
        ("tsc | head -5", 0, TYPES, [False]),
        ("tsc | grep tax", 0, "", [None]),
        ("tsc 2>/dev/null | head", 0, "", [None]),
        ("ls 2>/dev/null; tsc | head", 0, "a\n", [True]),
        ("tsc -p x.json", 1, "error TS5058: The specified path does not exist", [None]),
        ("npm run build | tail -3", 0, "✓ built in 3s", [True]),
        ("npm run build | tail -3", 0, "chunk.js 3 kB", [None]),
        ("npm run build", 1, " ELIFECYCLE  Command failed", [False]),
        ("npm run lint", 127, "sh: eslint: command not found", [None]),
        ("eslint . | tail", 0, "✖ 3 problems (0 errors, 3 warnings)", [True]),
        ("go build ./... && go test ./...", 1, "--- FAIL: TestTax", [True]),
        ("go build -o x . | head && echo ok\ngo test ./... | grep -v ok; golangci-lint run | tail -3", 0, "ok\n0 issues.", [True, True]),
        ("ruff check . || true", 0, "Found 3 errors.", [False]),
        ("git add . && npm run lint && git commit -m x", 1, "nothing to commit", [None]),
    ],
)  # fmt: skip
def test_how_a_check_ended(command: str, code: int | None, output: str, ended: list[bool | None]) -> None:
    assert [run.passed for run in check_runs(command, code, output)] == ended


def test_each_row_has_an_example() -> None:
    import re

    rows = [row for _, known in PROGRAMS for row in known] + [*FAILED, *PASSED, *NOT_RUN] + [row for _, row in SPEAKING]
    for row in rows:
        assert re.search(row.pattern, row.example, re.MULTILINE), row.example


@pytest.mark.parametrize(
    ("command", "packages", "targets", "chosen"),
    [
        ("pytest -q -n 0", set(), set(), False),
        ("pytest tests/test_tax.py::test_a -x", set(), {"tests/test_tax.py::test_a"}, False),
        ("pytest -k tax", set(), set(), True),
        ("pnpm --filter @shop/api test", {"@shop/api"}, set(), False),
        ("pnpm --filter api test -- --testPathPattern=tax", {"api"}, set(), True),
        ("go test ./...", set(), set(), False),
        ("go test ./tax -run TestTax", set(), {"./tax"}, True),
        ("cargo test --features fuse", set(), set(), False),
        ("cargo test -p tax", {"tax"}, set(), False),
        ("cargo test rounding", set(), set(), True),
        ("npx vitest run src/a.test.ts", set(), {"src/a.test.ts"}, False),
    ],
)
def test_what_a_run_covers(command: str, packages: set[str], targets: set[str], *, chosen: bool) -> None:
    scope = scope_of(command)
    assert (set(scope.packages), set(scope.targets), scope.chosen) == (packages, targets, chosen)


@pytest.mark.parametrize(
    "command",
    ["pnpm --filter api test", "npm --prefix web run test:unit", "yarn workspace web test", "npx playwright test", "pnpm -r exec jest"],
)  # fmt: skip
def test_tests_of_one_package_of_several(command: str) -> None:
    assert runs_tests(command)
