"""Shell commands that run tests, and what the runners print."""

import pytest

from forensics.formats.transcripts.shell import folder_of
from forensics.formats.transcripts.test_commands import runs_tests, runs_tests_or_recipe
from forensics.formats.transcripts.test_output import RunnerOutput, result_of
from forensics.model.transcript import TestOutcome


@pytest.mark.parametrize(
    "command",
    [
        "pytest",
        "cd x && .venv/bin/pytest tests/a.py -v 2>&1 | tail -5",
        "source venv/bin/activate && python -m pytest -q",
        "PYTHONPATH=. FOO=1 timeout 60 uv run --with x pytest",
        "UV_CACHE_DIR=.c uv run -q python3.12 -W error -m unittest discover",
        "just test",
        "make -C lib test-unit",
        "npm run test:unit -- --run",
        "bun test",
        "npx vitest run",
        "go test ./...",
        "cargo nextest run",
        "mix test --seed 0",
        "(cd sub; ./gradlew check)",
    ],
)
def test_commands_that_run_tests(command: str) -> None:
    assert runs_tests(command)


@pytest.mark.parametrize(
    "command",
    [
        "ls tests",
        "git commit -m 'run; pytest passes'",
        'git commit -m "$(cat <<EOF\npytest\nEOF\n)"',
        "cat > x.sh <<'END'\npytest -q\nEND",
        "pip install pytest",
        "grep -rn pytest .",
        "pytest --collect-only -q",
        "pytest --version",
        "npm install jest",
        "which pytest",
        "make",
    ],
)
def test_commands_that_do_not(command: str) -> None:
    assert not runs_tests(command)


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ("ls", "/w"),
        ("cd sub && ls", "/w/sub"),
        ('cd "/other place" && ls', "/other place"),
        ("cd ..; ls", "/"),
        ("git -C ../x log", "/x"),
        ("cd sub && git -C deep log", "/w/sub/deep"),
        ("cd $DIR && ls", "$DIR"),
        ("echo cd sub", "/w"),
    ],
)
def test_where_a_command_acts(command: str, where: str) -> None:
    assert folder_of(command, "/w") == where


P, A, E, M, C = (
    TestOutcome.PASSED, TestOutcome.ASSERTION, TestOutcome.EXCEPTION, TestOutcome.IMPORT, TestOutcome.COLLECTION,
)  # fmt: skip


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [
        ("===== 3 passed, 1 skipped in 0.10s =====", 0, RunnerOutput(P, 3, 0, aside=1)),
        ("\x1b[32m3 passed\x1b[0m\x1b[32m in 0.10s\x1b[0m", None, RunnerOutput(P, 3, 0)),
        ("3 passed, 2 warnings in 61.00s (0:01:01)", 0, RunnerOutput(P, 3, 0)),
        ("E       assert 1 == 2\nFAILED t.py::a - assert 1 == 2\n1 failed in 0.1s", 1, RunnerOutput(A, 0, 1, ("AssertionError",))),
        ("E   app.errors.TaxError: no\n1 failed, 2 passed in 0.1s", 1, RunnerOutput(E, 2, 1, ("TaxError",))),
        ("E   ImportError: cannot import name 'x'\n1 failed in 0.1s", 1, RunnerOutput(M, 0, 1, ("ImportError",))),
        ("E       Failed: DID NOT RAISE <class 'ValueError'>\n1 failed in 0.1s", 1, RunnerOutput(A, 0, 1, ("AssertionError",))),
        (
            "ERROR collecting t.py\nE   ModuleNotFoundError: No module named 'x'\n1 error in 0.1s\n! Interrupted: 1 error during collection !",
            2,
            RunnerOutput(M, 0, 1, ("ModuleNotFoundError",)),
        ),
        ("ERROR collecting t.py\nE   SyntaxError: bad\n1 error in 0.1s\nerrors during collection", 2, RunnerOutput(C, 0, 1, ("SyntaxError",))),
        ("1 failed, 4 passed in 0.3s", 1, RunnerOutput(TestOutcome.UNKNOWN, 4, 1)),
        ("no tests ran in 0.01s", 5, RunnerOutput(TestOutcome.NONE_COLLECTED)),
        ("/usr/bin/python: No module named pytest", 1, RunnerOutput(TestOutcome.NOT_FOUND)),
        ("bash: pytest: command not found", 127, RunnerOutput(TestOutcome.NOT_FOUND)),
        ("Command timed out after 2m 0.0s", None, RunnerOutput(TestOutcome.TIMEOUT)),
        ("..E\nValueError: x\n\nRan 3 tests in 0.001s\n\nFAILED (failures=1, errors=1)", 1, RunnerOutput(E, 1, 2, ("ValueError",))),
        ("Ran 3 tests in 0.001s\n\nOK", 0, RunnerOutput(P, 3, 0)),
        ("Tests:       1 failed, 2 passed, 3 total", 1, RunnerOutput(A, 2, 1)),
        (" Test Files  1 passed (1)\n      Tests  4 passed (4)", 0, RunnerOutput(P, 4, 0)),
        ("test result: ok. 5 passed; 0 failed; 0 ignored\ntest result: ok. 2 passed; 0 failed;", 0, RunnerOutput(P, 7, 0, each=(5, 2))),
        ("--- FAIL: TestTax (0.00s)\nFAIL", 1, RunnerOutput(A, 0, 1)),
        ("ok  \texample.com/x\t0.01s", 0, RunnerOutput(P)),
        ("ok  \texample.com/x\t0.01s\nFAIL", None, RunnerOutput(A)),  # the end of a red run of many packages
        ("65 tests, 0 failures", None, RunnerOutput(P, 65, 0)),
        (" 12 pass\n 1 fail\n", 1, RunnerOutput(A, 12, 1)),
        ("nothing that tells", None, RunnerOutput(TestOutcome.UNKNOWN)),
    ],
)  # fmt: skip
def test_what_a_test_run_printed(output: str, code: int | None, expected: RunnerOutput) -> None:
    assert result_of(output, code) == expected


@pytest.mark.parametrize(
    "text",
    [
        "uv run " + "--with=a " * 5_000,
        "<<A\n" * 5_000,
        "'" * 20_001,
        "cd " * 9_000,
        "make " + "-a b " * 5_000,
        "<<A\n" + "\n" * 19_000,
    ],
)
def test_a_hostile_command_takes_no_time(text: str) -> None:
    assert not runs_tests(text)
    folder_of(text, "/w")


@pytest.mark.parametrize(
    "text",
    [
        "1 passed, " * 50_000,
        "FAILED " * 50_000,
        "1 pass\n" * 50_000,
        " " * 300_000,
        "# pass 1\n" * 40_000,
        "\n" * 300_000,
    ],
)
def test_a_hostile_output_takes_no_time(text: str) -> None:
    result_of(text, 1)


def test_one_command_may_run_tests_twice() -> None:
    output = "==== 12 passed in 0.10s ====\n==== 40 passed in 0.90s ====\n"
    assert (result_of(output, 0).passed, result_of(output, 0).each) == (52, (12, 40))


def test_skipped_tests_are_set_aside() -> None:
    found = result_of("=== 280 passed, 3 skipped, 1 xfailed in 2.1s ===", 0)
    assert (found.passed, found.aside, found.outcome) == (280, 4, TestOutcome.PASSED)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("just precommit", True),
        ("pre-commit run --all-files", True),
        ("./run-all 2>&1 | tail", True),
        ("pytest -q", True),
        ("git add tests/test_a.py && git commit -m 'make it go'", False),
        ("ls tests; grep -rn check src", False),
    ],
)
def test_commands_that_may_run_tests(command: str, *, expected: bool) -> None:
    assert runs_tests_or_recipe(command) is expected


def test_an_assertion_of_nodes_own_is_a_failure() -> None:
    text = (
        "PASS rows\nFAIL totals\nAssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n500 !== 503\n"
    )
    assert result_of(text, 1).outcome is TestOutcome.ASSERTION
    assert result_of(text, 0).outcome is TestOutcome.PASSED


def test_a_filter_that_hides_failures_shows_no_pass() -> None:
    """`grep -v ok` leaves the failures; `grep -v FAIL` takes them away."""
    from datetime import UTC, datetime

    from forensics.formats.transcripts.test_runs import as_test_run
    from forensics.model.source import TranscriptRef
    from forensics.model.transcript import Command

    def outcome(command: str) -> str | None:
        ran = Command(datetime(2026, 3, 4, tzinfo=UTC), TranscriptRef("s.jsonl", 1), command, "/w", 1, "done")
        run = as_test_run(ran)
        return run.outcome if run else None

    assert outcome("go test ./... | grep -v ok") == "passed"
    assert outcome("go test ./... | grep -v FAIL") != "passed"
    assert outcome("go test ./... | grep -vE '^---|FAIL'") != "passed"
