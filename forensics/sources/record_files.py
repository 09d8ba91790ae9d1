"""The record on disk: one immutable Parquet file per run, state of inputs and ISO week; docs/record.md has the format."""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from forensics.model.record import UNDATED, Fact, FactKind, State, week_of
from forensics.sources.stores import Store

# Other Parquet files can lie in the same place; ours are in a folder per ISO week.
_WEEK = re.compile(r"/week=(?:(?:19[7-9]|2[01]\d)\d-W(?:0[1-9]|[1-4]\d|5[0-3])|unknown)$", re.ASCII)
SCHEMA = "forensics.record/1"
# Seconds. A run's window ends a day after its plan's last commit; a week leaves room for agents that finish late.
_SETTLED = 7 * 86_400
# Rows and bytes (uncompressed) of one file. The largest seen has 4,000 rows. A file of 1.3 MB can hold 20 million, which
# took 3.9 GB; what it holds stands in its metadata, which is read first.
_MOST_ROWS, _MOST_BYTES = 300_000, 300_000_000
# Whatever reading a file of another program, or half a file, raises; Arrow's errors are kinds of these.
UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    NotImplementedError,
    OverflowError,
    MemoryError,
    RuntimeError,
)
_MAGIC = b"PAR1"
# Tokens, USD, seconds or attempts of one fact: a number that no agent reaches, so that no sum overflows.
_MOST_OF_ANYTHING = 10**15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Timestamps are compared as whole microseconds, Parquet's unit here: floats of seconds would lose the last digits.
_MICROSECOND = timedelta(microseconds=1)
# Facts that come from transcripts, which agents' tools delete after some weeks.
_WITNESSED = frozenset({FactKind.USAGE, FactKind.AGENT})


@dataclass(frozen=True, slots=True)
class RecordedState:
    """One state of a run, read from its files' names: how fresh, how much, and which files (one a week).

    `sources` and `inputs` are digests as in State; `written` is when the store says the first of its files was written.
    """

    run: str
    head: int
    facts: int
    agents: int
    sources: str
    inputs: str
    files: tuple[str, ...]
    written: float
    store: Store = field(repr=False, compare=False)

    @property
    def freshness(self) -> tuple[int, int, str]:
        """The sort key of states of one run: the head's time, then how much is known, then the digest."""
        return self.head, self.facts, self.inputs

    @property
    def witness(self) -> tuple[int, tuple[int, int, str]]:
        """The sort key by transcripts, which agents' tools delete after a while."""
        return self.agents, self.freshness


def append(store: Store, state: State, facts: Sequence[Fact]) -> None:
    """Write one state's facts, one file per week; raises OSError. The same state twice leaves the same files."""
    agents = sum(1 for fact in facts if fact.kind is FactKind.AGENT)
    name = f"{run_digest(state.run)}.{state.head:012d}.{len(facts):06d}.{agents:05d}.{state.sources}.{state.inputs}.parquet"
    weeks: dict[str, list[Fact]] = {}
    for fact in facts:
        weeks.setdefault(week_of(fact.moment.astimezone(UTC) if fact.moment else None), []).append(fact)
    for week, rows in sorted(weeks.items()):
        path = f"{state.repository}/week={week}/{name}"
        if not (_holds(store, path, rows) and store.touch(path)):
            store.write(path, parquet(table(rows, Fact, SCHEMA)))


def _holds(store: Store, path: str, rows: Sequence[Fact]) -> bool:
    """Return whether a file holds these facts already: one that was cut short by a crash is written again."""
    try:
        return _facts(store.read(path)) == list(rows)
    except UNREADABLE:
        return False


def states(store: Store, repository: str) -> Mapping[str, tuple[RecordedState, ...]]:
    """Return the states of each run of a repository, by the run's digest; other files are ignored. Raises OSError."""
    found: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for path, written in store.names().items():
        folder, _, name = path.rpartition("/")
        parts = name.split(".")
        ours = folder.startswith(f"{repository}/") and _WEEK.search(folder)
        if ours and len(parts) == 7 and all(part.isascii() and part.isdecimal() for part in parts[1:4]):
            found.setdefault(tuple(parts[:6]), []).append((path, written))
    runs: dict[str, list[RecordedState]] = {}
    for (run, head, facts, agents, sources, inputs), files in sorted(found.items()):
        paths = tuple(path for path, _ in files)
        kept = RecordedState(
            run, int(head), int(facts), int(agents), sources, inputs, paths, min(time for _, time in files), store
        )
        runs.setdefault(run, []).append(kept)
    return {run: tuple(sorted(recorded, key=lambda state: state.freshness)) for run, recorded in runs.items()}


def read(kept: Iterable[tuple[RecordedState, ...]]) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """Return the facts that count, and the files that could not be read.

    Of each run's states the freshest counts; agents and their usage are taken from the state that saw most of them. One
    that cannot be read whole, because a file is damaged or missing, counts only where no other state is whole.
    """
    facts: list[Fact] = []
    broken: list[str] = []
    for recorded in kept:
        known: dict[RecordedState, list[Fact]] = {}
        freshest = _best(sorted(recorded, key=lambda state: state.freshness, reverse=True), known, broken)
        facts += [row for row in known[freshest] if row.kind not in _WITNESSED]
        witness = _best(sorted(recorded, key=lambda state: state.witness, reverse=True), known, broken)
        facts += [row for row in known[witness] if row.kind in _WITNESSED]
    return tuple(facts), tuple(dict.fromkeys(broken))


def _best(
    recorded: Sequence[RecordedState], known: dict[RecordedState, list[Fact]], broken: list[str]
) -> RecordedState:
    """Return the first state that can be read whole, else the first; what is read on the way is put into `known`."""
    for state in recorded:
        if state not in known:
            known[state] = _read_state(state, broken)
        if len(known[state]) == state.facts:
            return state
    return recorded[0]


def _read_state(state: RecordedState, broken: list[str]) -> list[Fact]:
    facts: list[Fact] = []
    for path in state.files:
        try:
            rows = _facts(state.store.read(path))
            if any((row.repository, run_digest(row.run)) != (path.partition("/")[0], state.run) for row in rows):
                raise ValueError("another run's facts")
        except UNREADABLE:
            broken.append(path)
        else:
            facts += rows
    return facts


def is_whole(kept: RecordedState) -> bool:
    """Return whether a state's files begin and end as Parquet does; what they hold is seen when they are read."""
    try:
        return all(content[:4] == content[-4:] == _MAGIC for content in map(kept.store.read, kept.files))
    except OSError:
        return False


def is_settled(kept: RecordedState) -> bool:
    """Return whether a state was written so long after its last fact that the run cannot have grown since then."""
    weeks = [path.partition("week=")[2].partition("/")[0] for path in kept.files]
    last = max((week for week in weeks if week != UNDATED), default=None)
    if last is None:
        return False
    year, _, week = last.partition("-W")
    begun = datetime.combine(date.fromisocalendar(int(year), 1, 1), time(), UTC) + timedelta(weeks=int(week))
    return kept.written > begun.timestamp() + _SETTLED


def run_digest(run: str) -> str:
    """Return the name under which the record files a run."""
    return hashlib.sha256(run.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def table(rows: Sequence[Any], row: type[Any], schema: str) -> Any:
    """Return frozen rows as an Arrow table: one column per field, times in UTC, `schema` in its metadata.

    They go through JSON: where Arrow takes Python's lists it loads pandas first, which costs more than all the rest.
    """
    import pyarrow as pa  # heavy, and needed only where a table is made
    import pyarrow.json as pj

    wanted = pa.schema([pa.field(column.name, _column(pa, str(column.type))) for column in fields(row)])
    if not rows:
        return wanted.with_metadata({"forensics": schema}).empty_table()
    plain = pa.schema(
        [column if column.type != _moments(pa) else pa.field(column.name, pa.int64()) for column in wanted]
    )
    names = [column.name for column in fields(row)]
    lines = "\n".join(json.dumps({name: _plain(getattr(value, name)) for name in names}) for value in rows)
    read = pj.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    found = pj.read_json(io.BytesIO(lines.encode()), read, pj.ParseOptions(explicit_schema=plain))
    return found.cast(wanted).replace_schema_metadata({"forensics": schema})


def parquet(made: Any) -> bytes:
    """Return an Arrow table as Parquet; the same rows give the same bytes."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(made, out, compression="zstd")
    return out.getvalue()


def _column(pa: Any, annotation: str) -> Any:
    if "datetime" in annotation:
        return _moments(pa)
    for name, kind in (("bool", pa.bool_()), ("int", pa.int64()), ("float", pa.float64())):
        if name in annotation:
            return kind
    return pa.string()


def _moments(pa: Any) -> Any:
    return pa.timestamp("us", tz="UTC")


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; a time is microseconds since 1970."""
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value


def _values(column: Any) -> list[Any]:
    """Return a column's values, equal texts as one object; raises ValueError where they are longer than a file may be."""
    values: list[Any] = []
    for chunk in column.chunks:
        if not hasattr(chunk, "dictionary"):
            values += chunk.to_pylist()
            continue
        known = chunk.dictionary.to_pylist()
        values += [None if place is None else known[place] for place in chunk.indices.to_pylist()]
    # A text of a megabyte is stored once, however often it is repeated: tables made of it would hold it as often.
    if sum(len(value) for value in values if isinstance(value, str)) > _MOST_BYTES:
        raise ValueError("too large")
    return values


def _facts(content: bytes) -> list[Fact]:
    """Read a file; columns of later minor versions are ignored. Raises ValueError for another schema."""
    import pyarrow.parquet as pq

    names = [column.name for column in fields(Fact)]
    texts = [column.name for column in fields(Fact) if "str" in str(column.type) or column.name == "kind"]
    file = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts)
    if (file.schema_arrow.metadata or {}).get(b"forensics") != SCHEMA.encode():
        raise ValueError(f"not {SCHEMA}")
    groups = (file.metadata.row_group(place) for place in range(file.metadata.num_row_groups))
    if file.metadata.num_rows > _MOST_ROWS or sum(group.total_byte_size for group in groups) > _MOST_BYTES:
        raise ValueError("too large")
    found = file.read(names)
    columns = [_values(found.column(name)) for name in names]
    rows = (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
    return [_checked(msgspec.convert(row, Fact)) for row in rows]


def _checked(fact: Fact) -> Fact:
    """Return a fact with values that can be true; raises ValueError: a time of the year 3000 has no week to be counted in."""
    times = [time for time in (fact.moment, fact.ended) if time]
    numbers = [fact.attempts, fact.input, fact.output, fact.cache_read, fact.cache_write_5m, fact.cache_write_1h]
    amounts = [number for number in (*numbers, fact.cost_usd, fact.seconds) if number is not None]
    if any(not 1970 <= time.year < 2200 for time in times) or any(
        not 0 <= amount < _MOST_OF_ANYTHING for amount in amounts
    ):
        raise ValueError("a value that cannot be true")
    return fact
