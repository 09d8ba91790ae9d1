"""The record's files: one that is not a regular file, or that would fill the memory, is passed over and reported."""

import os
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.model.record import Fact, FactKind, State
from forensics.sources.record_files import SCHEMA, append, parquet, read, states, table
from forensics.sources.stores import LARGEST, FolderStore, RemoteStore

FACT = Fact("r", "x", "i", FactKind.STEP, datetime(2026, 1, 30, tzinfo=UTC), step="1.1")
STATE = State("r", "x", "s", "i", 1)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    made = FolderStore(tmp_path)
    append(made, STATE, [FACT])
    return made


def only(store: FolderStore) -> Path:
    (name,) = store.names()
    return store.place / name


def kept(store: FolderStore) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    return read(states(store, "r").values())


def test_a_file_is_read(store: FolderStore) -> None:
    assert kept(store) == ((FACT,), ())


def test_a_pipe_is_neither_read_nor_taken_for_a_file(store: FolderStore) -> None:
    path = only(store)
    path.unlink()
    os.mkfifo(path)
    assert (store.names(), store.touch(path.name)) == ({}, False)
    with pytest.raises(OSError, match="not a regular file"):
        store.read(path.relative_to(store.place).as_posix())


@pytest.mark.parametrize("count", [1, 1_000])
def test_more_rows_than_a_run_has_are_not_read(store: FolderStore, count: int) -> None:
    import pyarrow as pa

    rows = table([FACT] * 1_000, Fact, SCHEMA)
    many = pa.concat_tables([rows] * count)
    path = only(store)
    path.write_bytes(parquet(many))
    facts, broken = kept(store)
    assert (len(facts), len(broken)) == ((1_000, 0) if count == 1 else (0, 1))


def test_a_long_text_that_is_repeated_does_not_fill_the_memory(store: FolderStore) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = table([FACT] * 100_000, Fact, SCHEMA)
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 1_000_000]))
    place = rows.schema.get_field_index("name")
    made = rows.set_column(place, "name", texts).replace_schema_metadata(rows.schema.metadata)
    assert pc.count(made.column("name")).as_py() == 100_000
    only(store).write_bytes(parquet(made))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert kept(store)[0] == ()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kB


def test_a_large_file_is_not_read(store: FolderStore) -> None:
    with only(store).open("r+b") as file:
        file.truncate(LARGEST + 1)
    assert kept(store)[0] == ()
    remote = RemoteStore(f"file://{store.place}")
    with pytest.raises(OSError, match="larger than"):
        remote.read(next(iter(remote.names())))
