"""Which test files an output names as failing."""

import pytest

from forensics.formats.transcripts.failing_files import failing_files


@pytest.mark.parametrize(
    ("output", "names"),
    [
        ("FAILED tests/test_a.py::test_x - assert 1 == 2\nERROR tests/test_b.py", {"test_a.py", "test_b.py"}),
        ("tests/test_a.py ..F.   [ 50%]\ntests/test_b.py ....   [100%]", {"test_a.py"}),
        ("tests/test_a.py:12: AssertionError", {"test_a.py"}),
        (" FAIL  src/a.test.ts > adds up\n ✓ src/b.test.ts (3)", {"a.test.ts"}),
        ("--- FAIL: TestTotal (0.00s)\n    a_test.go:12: got 4", {"a_test.go"}),
        ("3 passed, 1 failed", set()),
    ],
)
def test_failing_files_are_those_that_the_output_names(output: str, names: set[str]) -> None:
    assert failing_files(output) == names
