"""Tables for a terminal, laid out by rich as plain text: the same bytes whatever the terminal or its environment."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDEST = 48  # columns of a cell: a model's name can be any string out of a transcript


def table(head: Sequence[str], body: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return a table's lines, none wider than `width`; columns of figures are aligned to the right.

    Cells are never read as rich's markup, and what does not fit ends in an ellipsis.
    """
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="", show_header=any(head))
    for place, title in enumerate(head):
        figures = place > 0 and all(_is_figure(row[place]) for row in body)
        justify = "right" if figures else "left"
        grid.add_column(Text(title), justify=justify, no_wrap=True, overflow="ellipsis", max_width=_WIDEST)
    for row in body:
        grid.add_row(*(Text(cell) for cell in row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, force_terminal=False, _environ={}).print(grid)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def _is_figure(cell: str) -> bool:
    return cell[:1] in {"", "–", "?", "≥"} or cell[0].isdigit()
