"""Lines of tests: what asserts, what skips, what a comparison accepts."""

import pytest

from forensics.formats.test_lines import (
    Comparison,
    comparison,
    defined_in,
    is_assertion,
    is_skip,
    name_of_test,
    weakened,
    weakened_in_patch,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("    assert total(1) == 3", Comparison("total(1)", True)),
        ("    assert total(1) is not None", Comparison("total(1)", False)),
        ("    assert status in (500, 503)", Comparison("status", False)),
        ("    assert status == 500 or status == 503", Comparison("status", False)),
        ("    assert found", Comparison("found", False)),
        ("        self.assertEqual(total, 3)", Comparison("total", True)),
        ("        self.assertIsNotNone(total)", Comparison("total", False)),
        ("  expect(total).toBe(3);", Comparison("total", True)),
        ("  expect(total).toBeDefined();", Comparison("total", False)),
        ("  expect([500, 503]).toContain(res.status);", Comparison("res.status", False)),
        ("  assert.ok(res.status === 503 || res.status === 500)", Comparison("res.status", False)),
        ("  assert(res.status === 503)", Comparison("res.status", True)),
        ("  # assert total == 3", None),
        ("  total = 3", None),
    ],
)
def test_a_comparison_is_exact_or_weak(text: str, expected: Comparison | None) -> None:
    assert comparison(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def test_adds():", "test_adds"),
        ("    async def test_adds(self):", "test_adds"),
        ("func TestAdds(t *testing.T) {", "TestAdds"),
        ("  it('adds rows', async () => {", "adds rows"),
        ('test.each([1, 2])("adds %d", (n) => {', "adds %d"),
        ("def tested():", None),
        ("describe('rows', () => {", None),
    ],
)
def test_a_test_has_its_name(text: str, name: str | None) -> None:
    assert name_of_test(text) == name


def test_comments_and_conditions_do_not_count() -> None:
    assert not is_assertion("// expect(total).toBe(3)")
    assert not is_skip("@pytest.mark.skipif(sys.platform == 'win32', reason='x')")
    assert not is_skip("# it.skip('adds')")
    assert is_skip("#[ignore]")


def test_code_defines_names() -> None:
    assert defined_in("export function parseRows(text) {") == "parseRows"
    assert defined_in("func (s *Store) Load() error {") == "Load"
    assert defined_in("x = 3") is None


def test_an_edit_loosens_or_skips() -> None:
    assert weakened(["assert total() == 3"], ["assert total() is not None"]) == (
        ("assert total() == 3", "assert total() is not None"),
    )
    assert weakened(["assert total() == 3"], ["assert total() == 4"]) == ()
    assert weakened([], ["@pytest.mark.skip(reason='later')"]) == (("", "@pytest.mark.skip(reason='later')"),)
    assert weakened(["@pytest.mark.skip(reason='a')"], ["@pytest.mark.skip(reason='b')"]) == ()


def test_a_patch_is_read_file_by_file() -> None:
    patch = """*** Begin Patch
*** Update File: src/a.test.ts
@@
-    assert.equal(answer.status, 503);
+    assert.equal(answer.status === 503 || answer.status === 500, true);
*** Update File: src/b.test.ts
@@
-    assert.equal(answer.status, 503);
+    assert.equal(answer.status, 500);
*** End Patch"""
    loosened = (
        "assert.equal(answer.status, 503);",
        "assert.equal(answer.status === 503 || answer.status === 500, true);",
    )
    assert weakened_in_patch(patch, "src/a.test.ts") == (loosened,)
    assert weakened_in_patch(patch, "src/b.test.ts") == ()
