"""Every row of every pattern table matches its own example."""

import importlib
import pkgutil
import re

import pytest

import forensics.formats
from forensics.formats.pattern_rows import Row, compiled


def _tables() -> dict[str, tuple[Row, ...]]:
    """Return every module-level table of rows in the readers, by module and name."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(forensics.formats.__path__, "forensics.formats.")
    ]
    return {
        f"{module.__name__}.{name}{key}": table
        for module in modules
        for name, value in vars(module).items()
        for key, table in (value.items() if isinstance(value, dict) else [("", value)])
        if isinstance(table, tuple) and table and all(isinstance(row, Row) for row in table)
    }


TABLES = _tables()


@pytest.mark.parametrize(
    ("table", "row"),
    [pytest.param(rows, row, id=f"{name}-{row.example[:30]}") for name, rows in TABLES.items() for row in rows],
)
def test_a_row_matches_its_example_and_says_where_it_was_seen(table: tuple[Row, ...], row: Row) -> None:
    assert re.search(row.pattern, row.example, re.IGNORECASE)
    assert compiled(table).search(row.example)
    assert row.seen
    assert "/" not in row.seen


@pytest.mark.parametrize(("name", "table"), TABLES.items())
def test_no_row_is_there_twice(name: str, table: tuple[Row, ...]) -> None:
    assert len({row.pattern for row in table}) == len(table), name


def test_the_tables_are_found() -> None:
    assert len(TABLES) >= 15
