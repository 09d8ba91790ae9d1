"""Tables for a terminal, laid out by rich as plain text: the same bytes whatever the terminal or its environment."""

import io
from collections.abc import Collection, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WIDEST = 48  # columns of a cell: a model's name can be any string out of a transcript


def table(head: Sequence[str], body: Sequence[Sequence[str]], width: int, left: Collection[int] = (0,)) -> list[str]:
    """Return a table's lines, none wider than `width`; columns but those in `left` are aligned to the right.

    Cells are never read as rich's markup. Where a table is too wide, texts continue on the next line; numbers stay whole
    as long as the texts leave them room.
    """
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="", show_header=any(head))
    for place, title in enumerate(head):
        grid.add_column(
            Text(title),
            justify="left" if place in left else "right",
            no_wrap=place not in left,
            overflow="ellipsis",
            max_width=_WIDEST,
        )
    for row in body:
        grid.add_row(*(Text(cell) for cell in row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, force_terminal=False, _environ={}).print(grid)
    return [line.rstrip() for line in out.getvalue().splitlines()]
