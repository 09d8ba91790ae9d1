"""The test files that a run's output names as failing."""

import re

from forensics.formats.pattern_rows import Row, compiled

_NAMED = compiled(
    (
        Row(r"(?:FAILED|ERROR) (?P<pytest>[^\s:]{1,300}\.py)\b", "FAILED tests/test_a.py::test_x - assert 1 == 2", "pytest's summary"),
        Row(r"(?P<progress>[^\s:]{1,300}\.py) [.sxXE]{0,300}[FE]", "tests/test_a.py ..F.", "pytest's progress"),
        Row(r"(?P<raised>[^\s:]{1,300}\.py):\d+: \w+(?:Error|Exception|Failed)", "tests/test_a.py:12: AssertionError", "pytest's tracebacks"),
        Row(r"\s{0,9}(?:FAIL|❯|×|✗)\s{1,3}(?:\|[^|\n]{1,40}\|\s)?(?P<js>[^\s:]{1,300}\.(?:test|spec)\.\w{2,3})\b", " FAIL  src/a.test.ts > adds up", "vitest and Jest"),
        Row(r"\s{1,12}(?P<go>\w{1,80}_test\.go):\d+: ", "    a_test.go:12: got 4", "go test"),
    ),
    before="^",
    flags=re.MULTILINE,
)  # fmt: skip


def failing_files(output: str) -> frozenset[str]:
    """Return the names, without folders, of the test files that an output says failed; empty if it names none."""
    found = (path for match in _NAMED.finditer(output) for path in match.groups() if path)
    return frozenset(path.replace("\\", "/").rsplit("/", 1)[-1] for path in found)
