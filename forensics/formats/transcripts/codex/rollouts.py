"""One Codex rollout, read line by line: whose session it is, and the facts of its records in file order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from forensics.formats.transcripts.codex.records import SessionMeta, lines, moment_of
from forensics.formats.transcripts.codex.rollout_facts import Called, Returned, RolloutFact, fact_of, without_output
from forensics.model.prose import count
from forensics.model.source import Gap, TranscriptRef

# A rollout's file name ends in the UUID of its session.
_NAMED = re.compile(r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$")


@dataclass(frozen=True, slots=True)
class RolloutRecord:
    """One line: its time, address and fact; `key` is equal for the same line in a copied file."""

    moment: datetime
    path: str
    line: int
    fact: RolloutFact | None
    key: int
    ordinal: int | None = None

    @property
    def ref(self) -> TranscriptRef:
        """Return the line's address. It is made on demand because few of the many lines need it."""
        return TranscriptRef(self.path, self.line)


@dataclass(frozen=True, slots=True)
class Rollout:
    """One file's records in file order, and the header that is its own; `thread` is the session's id."""

    path: str
    thread: str
    meta: SessionMeta
    records: tuple[RolloutRecord, ...]


_Row = tuple[datetime | None, int, RolloutFact | None, int, int | None]


def read_rollout(
    path: str, chunks: Iterable[bytes], *, launches_only: bool = False
) -> tuple[Rollout | None, list[Gap]]:
    """Read one file; `chunks` end at line ends, and none outlives its lines. None where no header says whose it is."""
    bad: list[int] = []
    records = tuple(
        RolloutRecord(moment, path, number, fact, key, ordinal)
        for moment, (_, number, fact, key, ordinal) in _timed(_rows(chunks, bad, launches_only=launches_only))
    )
    many = count(len(bad), "line")
    gaps = [Gap(f"{many} could not be read, beginning here", TranscriptRef(path, first)) for first in bad[:1]]
    metas = [record.fact for record in records if isinstance(record.fact, SessionMeta)]
    if not metas:
        return None, [*gaps, Gap("the file has no header that names its session", TranscriptRef(path))]
    named = _NAMED.search(path)
    meta = next((meta for meta in metas if named and meta.id == named["id"]), metas[0])
    # A fork's header may keep the root's id; then the name ends in <root>_<thread>.
    thread = named["id"] if named and f"{meta.id}_{named['id']}" in path else meta.id
    return Rollout(path, thread, meta, records), gaps


def _rows(chunks: Iterable[bytes], bad: list[int], *, launches_only: bool) -> Iterator[_Row]:
    """Yield the lines' own times, numbers, facts, keys and ordinals."""
    silent: dict[str, bool] = {}
    for number, line, body in lines(chunks, bad):
        fact = fact_of(body, launches_only=launches_only)
        key = hash((line.timestamp, line.type, bytes(line.payload)))
        kept = fact if launches_only else _without_unread_output(fact, silent)
        yield moment_of(line.timestamp), number, kept, key, line.ordinal


def _without_unread_output(fact: RolloutFact | None, silent: dict[str, bool]) -> RolloutFact | None:
    """Drop the output of calls that are not read; `silent` maps each call so far to whether it is one of these."""
    match fact:
        case Called(call=call, asked=asked):
            silent.setdefault(call, asked is None)
        case Returned(call=call) if silent.get(call):
            return without_output(fact)
    return fact


def _timed(rows: Iterable[_Row]) -> Iterator[tuple[datetime, _Row]]:
    """Yield lines with times. A line without one gets that of the line before it, else the first time in the file."""
    current: datetime | None = None
    waiting: list[_Row] = []
    for row in rows:
        current = row[0] or current
        waiting.append(row)
        if current:
            yield from ((current, waiter) for waiter in waiting)
            waiting.clear()
