"""Tables for a terminal: cells stay text, columns stay straight, and lines stay within the width."""

import pytest

from forensics.render.tables import table


@pytest.mark.parametrize(
    "cell", ["[bold red]x[/]", "[link=https://e.org]x[/link]", ":skull:", "[/]", "\\[x]", "[@click=x]y[/]"]
)
def test_markup_in_a_cell_is_text(cell: str) -> None:
    assert table(("name", "n"), [(cell, "1")], 100)[1].split() == [*cell.split(), "1"]


def test_figures_are_aligned_to_the_right_and_wide_letters_counted() -> None:
    lines = table(("model", "USD", "note"), [("a", "1.50", "x"), ("漢字", "12.00", "y")], 100, left=(0, 2))
    assert lines == ["model    USD  note", "a       1.50  x", "漢字   12.00  y"]


def test_no_line_is_wider_than_asked_for() -> None:
    lines = table(("a", "b"), [("x" * 500, "y" * 500)], 40, left=(0, 1))
    assert len(lines) == 2
    assert max(map(len, lines)) <= 40
    assert lines[1].count("…") == 2


def test_texts_continue_on_the_next_line_and_numbers_stay_whole() -> None:
    row = ("Median time from start to verified", "31.50 (of 2)", "95–99 %; too few to tell")
    lines = table(("metric", "mean of 4", ""), [row], 44, left=(0, 2))
    assert max(map(len, lines)) <= 44
    assert "31.50 (of 2)" in lines[1]
    assert "…" not in "".join(lines)
