"""Codex token counts: what a session itself used. Logs hold running totals that repeat and may begin with a parent's.

A fork's file replays its parent's history, with fresh or with the old times, and the counter may go on from the
parent's total or begin at zero; both have been seen.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from forensics.formats.transcripts.codex.records import SessionMeta, TurnContext, born_of, moment_of
from forensics.formats.transcripts.codex.rollout_facts import Called, Figures, Noted, Opened, Signal, Total, TurnStarted
from forensics.formats.transcripts.codex.rollouts import RolloutRecord
from forensics.model.transcript import Tokens, Usage

# A model does not answer within a second of its session's start: records from that second were copied from a parent.
_COPYING = timedelta(seconds=1)
_ZERO: Figures = (0, 0, 0, 0)


def own_part(
    meta: SessionMeta, records: Sequence[RolloutRecord]
) -> tuple[Sequence[RolloutRecord], Sequence[RolloutRecord]]:
    """Part records in order of time into what was replayed from a parent and what is the session's own."""
    if meta.parent is None:
        return (), records
    first = meta.subagent_history_start_ordinal
    if first is not None and any(record.ordinal is not None for record in records):
        copied = [record for record in records if record.ordinal is not None and record.ordinal < first]
        return copied, [record for record in records if record.ordinal is None or record.ordinal >= first]
    start = _own_start(meta, records)
    return records[:start], records[start:]


def _own_start(meta: SessionMeta, records: Sequence[RolloutRecord]) -> int:
    """Return where the first own turn begins: its id is younger than the session's; else by the clock."""
    born = born_of(meta.id)
    turns = [(place, turn) for place, record in enumerate(records) if (turn := _turn_made(record))]
    if born and turns:
        return next((place for place, made in turns if made >= born), len(records))
    began = moment_of(meta.timestamp) or born
    if began is None:
        return 0
    place = next((place for place, record in enumerate(records) if record.moment > began + _COPYING), len(records))
    return place if any(_answers(record) or isinstance(record.fact, Total) for record in records[:place]) else 0


def _turn_made(record: RolloutRecord) -> datetime | None:
    match record.fact:
        case TurnContext(turn_id=turn) | TurnStarted(turn_id=turn):
            return born_of(turn)
    return None


def _answers(record: RolloutRecord) -> bool:
    """Return whether a record shows that the model has answered."""
    return record.fact is Signal.ANSWER or isinstance(record.fact, Called | Opened | Noted)


def last_total(records: Iterable[RolloutRecord], until: datetime | None = None) -> Figures | None:
    """Return the last total at a time, or of all."""
    found = [
        record.fact.figures
        for record in records
        if isinstance(record.fact, Total) and (until is None or record.moment <= until)
    ]
    return found[-1] if found else None


def usage_of(
    thread: str,
    copied: Sequence[RolloutRecord],
    own: Sequence[RolloutRecord],
    parent_total: Figures | None,
    *,
    forked: bool,
) -> tuple[Usage, ...]:
    """Return what the session used: the changes between its totals. `parent_total`: its parent's when it began."""
    model = next((model for record in reversed(copied) if (model := model_in(record))), None)
    before = last_total(copied)
    answered = False
    found: list[Usage] = []
    for record in own:
        model = model_in(record) or model
        answered = answered or _answers(record)
        if not isinstance(record.fact, Total):
            continue
        total, last = record.fact.figures, record.fact.last
        if before is None and forked:
            before = _base(total, last, parent_total) if answered else total
        elif before is not None and any(now < then for now, then in zip(total, before, strict=True)):
            before = _base(total, last, None)  # the counter began anew
        tokens = _tokens(before or _ZERO, total)
        before = total
        if tokens.total:
            found.append(Usage(thread, model, record.moment, tokens))
    return tuple(found)


def _base(total: Figures, last: Figures | None, parent_total: Figures | None) -> Figures:
    """Return the total before a request: by what the request used, else the parent's, else nothing."""
    if last is not None and _covers(total, last):
        return (total[0] - last[0], total[1] - last[1], total[2] - last[2], total[3] - last[3])
    if parent_total is not None and _covers(total, parent_total):
        return parent_total
    return _ZERO


def _covers(total: Figures, part: Figures) -> bool:
    return all(whole >= piece for whole, piece in zip(total, part, strict=True))


def _tokens(before: Figures, total: Figures) -> Tokens:
    read, cached, written, output = (max(0, now - then) for then, now in zip(before, total, strict=True))
    return Tokens(input=max(0, read - cached - written), output=output, cache_read=cached, cache_write_5m=written)


def model_in(record: RolloutRecord) -> str | None:
    """Return the model that a turn's settings name."""
    return record.fact.model if isinstance(record.fact, TurnContext) else None
