"""Tables in a report, with the columns that hold commits."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from forensics.formats.markdown import Line
from forensics.formats.step_ids import steps_in
from forensics.model.steps import canonical

# A cell's own bars are escaped when the cells of a row are joined: `grep a\|b` is one cell.
_CELL = re.compile(r"(?<!\\)\|")
# The whole head: below `Commit message` or `Commits behind main` hex words are not the row's commit.
_COMMITS = re.compile(
    r"^\W*(?:(?:git |task )?commits?|hash(?:es)?|sha|commit (?:hash(?:es)?|sha|id))\W*$", re.IGNORECASE
)
# Columns that tell what a commit is about; without one, the longest cell does.
_NAMES = re.compile(r"task|name|message|description|subject|what", re.IGNORECASE)

# A bare number is a step only below such a head: below `Tests` or `Line` it is a count.
_STEPS = re.compile(r"^\W*(?:cycle|step|task)s?\W*(?:#|no\.?|id|number)?\W*$", re.IGNORECASE)
# With a point, a number alone in a cell is a step; without one it may be a count, so its column must say so.
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,2}")
# Digits alone of this length can be an abbreviated hash, and step numbers have three at most.
_SHORTEST_HASH = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table below its head: its cells, the indexes of those for commits, and the text that names its subject."""

    line: Line
    cells: tuple[str, ...]
    commits: frozenset[int]
    columns: tuple[str, ...]

    def steps(self) -> tuple[str, ...]:
        """Return the steps a row is about: `Cycle 1.4` in any cell, `1.4` alone, or a number in a column for steps."""
        alone = [
            canonical(cell)
            for at, cell in enumerate(self.cells)
            if _DOTTED.fullmatch(cell)
            or (
                cell.isdigit()
                and len(cell) < _SHORTEST_HASH
                and at < len(self.columns)
                and _STEPS.match(self.columns[at])
            )
        ]
        return (*alone, *steps_in(" | ".join(self.cells)))

    def subject_beside(self, index: int) -> str:
        """Return the longest cell of the columns for names, else of all, beside the cell `index`."""
        named = [
            cell
            for at, cell in enumerate(self.cells)
            if at != index and at not in self.commits and at < len(self.columns) and _NAMES.search(self.columns[at])
        ]
        others = [cell for at, cell in enumerate(self.cells) if at != index]
        return max(named or others, key=len, default="")


def rows_in(lines: Iterable[Line]) -> Iterator[Row]:
    """Yield the rows of all tables among some lines, without their heads."""
    columns: Sequence[str] = ()
    head = previous = 0
    for line in lines:
        if line.kind != "row":
            continue
        cells = tuple(cell.strip(" *`") for cell in _CELL.split(line.text))
        # The ruler below a head is not a line, so the first row follows it at a distance of two; a gap elsewhere ends a table.
        begins = previous == 0 or line.number - previous > (2 if previous == head else 1)
        previous = line.number
        if begins:
            columns, head = cells, line.number
            continue
        yield Row(
            line,
            cells,
            frozenset(index for index, head in enumerate(columns) if _COMMITS.match(head)),
            tuple(columns),
        )
