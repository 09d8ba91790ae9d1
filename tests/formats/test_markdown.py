"""Markdown to lines: numbers, sections, labels, tables and the fences agents write."""

import time

from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.markdown import Line, front_matter, lines_of


def _headings(text: str) -> list[str]:
    return [line.text for line in lines_of(text) if line.kind == "heading"]


def _labels(text: str) -> list[tuple[str, str]]:
    return [line.label for line in lines_of(text) if line.label]


def test_lines_keep_their_numbers_and_sections() -> None:
    found = lines_of("# One\n\nfirst\nsecond\n\n## Two\n\n- item\n  more\n")
    assert [(line.number, line.text, line.kind, line.section) for line in found] == [
        (1, "One", "heading", ()),
        (3, "first", "text", ("One",)),
        (4, "second", "text", ("One",)),
        (6, "Two", "heading", ("One",)),
        (8, "item", "item", ("One", "Two")),
        (9, "more", "text", ("One", "Two")),
    ]


def test_every_spelling_of_a_label() -> None:
    text = "**Status:** A\n\n**Status**: B\n\n- Status: C\n- **Status:** D\n- **Status**: E\n\n## Status: F\n\n| Status | G |\n|---|---|\n| x | y |\n"
    assert [value for name, value in _labels(text) if name == "Status"] == ["A", "B", "C", "D", "E", "F", "G"]


def test_a_url_and_a_sentence_are_no_labels() -> None:
    assert _labels("see https://example.org/x for more\n\n`code: here`\n") == []


def test_front_matter_is_left_out_but_counted() -> None:
    text = "---\nname: x\n---\n\n# Title\n"
    assert [(line.number, line.text) for line in lines_of(text)] == [(5, "Title")]
    assert front_matter(text) == "name: x"


def test_a_nested_fence_does_not_end_the_outer_one() -> None:
    text = "# A\n\n```markdown\n## Inside\n```python\nx = 1\n```\n## Still inside\n```\n\n## After\n"
    assert _headings(text) == ["A", "After"]


def test_a_stray_marker_does_not_swallow_the_next_section() -> None:
    text = "# A\n\n```text\none\n```\nmore\n```\n\n---\n\n## B\n\n```\ncode\n```\n\n## C\n"
    assert _headings(text) == ["A", "B", "C"]


def test_an_unclosed_fence_ends_with_the_file() -> None:
    assert [line.kind for line in lines_of("```\nx\ny\n")] == ["code", "code"]


def test_a_rule_below_a_line_makes_no_heading_of_it() -> None:
    assert _headings("**Date:** 2026-03-04\n---\n\ntext\n") == []


def test_a_label_four_spaces_in_is_still_a_label() -> None:
    assert _labels("    Status: done\n") == [("Status", "done")]


def test_a_table_cell_keeps_its_escaped_pipe_apart() -> None:
    row = next(line for line in lines_of("| a | b \\| c |\n|---|---|\n| x | y |\n") if line.kind == "row")
    assert row.label is not None
    assert row.label[0] == "a"


def test_line_ends_of_other_systems_count_the_same() -> None:
    unix = lines_of("# A\n\n- Status: x\n")
    assert lines_of("# A\r\n\r\n- Status: x\r\n") == unix
    assert lines_of("# A\r\rStatus: y\r")[1].number == 3


def test_long_lines_that_almost_open_a_fence_take_no_time() -> None:
    begun = time.perf_counter()
    for line in ("~" * 200_000 + "`", "```" + " " * 200_000 + "`"):
        assert [found.kind for found in lines_of(line)] == ["text"]
    assert time.perf_counter() - begun < 2


@given(st.text(max_size=400))
def test_any_text_gives_lines_in_order(text: str) -> None:
    found = lines_of(text)
    assert all(isinstance(line, Line) and line.number >= 1 for line in found)


@given(
    st.lists(
        st.sampled_from(
            ["```", "```python", "~~~", "# H", "---", "- item", "| a | b |", "|---|---|", "", "    x", "> q", "***"]
        ),
        max_size=40,
    )
)
def test_any_order_of_marks_gives_lines(rows: list[str]) -> None:
    count = len(rows)
    assert all(line.number <= count + 1 for line in lines_of("\n".join(rows)))
