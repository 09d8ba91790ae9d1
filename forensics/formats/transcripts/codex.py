"""Codex rollouts (`rollout-*.jsonl`) to agents and usage; the parts stand in the other codex modules.

Lines are put in order of time, and a line that several files of one session hold is read once: archives keep copies.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from forensics.formats.transcripts.codex_actions import actions_of
from forensics.formats.transcripts.codex_outputs import text_of
from forensics.formats.transcripts.codex_records import Happening, Item, Record, Rollout, moment_of, read_rollout
from forensics.formats.transcripts.codex_tokens import last_total, model_in, own_part, usage_of
from forensics.model.source import Gap
from forensics.model.transcript import AgentRun, Transcripts, Usage

_ENVELOPE = re.compile(rb'"type"\s*:\s*"(?:session_meta|turn_context|response_item|event_msg)"')
_BREAK = 300.0
# Context that Codex itself puts before what the user wrote.
_CONTEXT = re.compile(r"\A\s*(?:<[a-zA-Z_]+[ >]|# AGENTS\.md instructions)")


def sniff(head: bytes) -> bool:
    """Whether a file that begins so is a rollout; its first line may be longer than what is given."""
    first = head.lstrip()
    return first.startswith(b"{") and b'"payload"' in first and _ENVELOPE.search(first) is not None


def read(files: Iterable[tuple[str, Iterable[bytes]]]) -> Transcripts:
    """Read rollouts, given as shown path and chunks that end at line ends."""
    sessions: dict[str, list[Rollout]] = {}
    gaps: list[Gap] = []
    paths: list[str] = []
    for path, chunks in sorted(files, key=lambda file: file[0]):
        paths.append(path)
        rollout, found = read_rollout(path, chunks)
        gaps += found
        if rollout:
            sessions.setdefault(rollout.thread, []).append(rollout)
    ordered = {thread: _in_order(rollouts) for thread, rollouts in sessions.items()}
    agents: list[AgentRun] = []
    usage: list[Usage] = []
    for thread, rollouts in sessions.items():
        agent, used, found = _session(thread, rollouts, ordered)
        agents.append(agent)
        usage += used
        gaps += found
    return Transcripts(
        agents=tuple(sorted(agents, key=lambda agent: (agent.start, agent.id))),
        usage=tuple(sorted(usage, key=lambda one: (one.moment, one.agent))),
        gaps=tuple(sorted(gaps, key=lambda gap: (gap.ref is not None, str(gap.ref), gap.what))),
        files=tuple(paths),
    )


def _in_order(rollouts: Sequence[Rollout]) -> list[Record]:
    """Return the records of all files of a session by time, a repeated line once."""
    seen: set[int] = set()
    records: list[Record] = []
    for rollout in rollouts:
        for key, record in zip(rollout.keys, rollout.records, strict=True):
            if key not in seen:
                seen.add(key)
                records.append(record)
    return sorted(records, key=lambda record: record.moment)


def _session(
    thread: str, rollouts: Sequence[Rollout], ordered: dict[str, list[Record]]
) -> tuple[AgentRun, tuple[Usage, ...], list[Gap]]:
    """Return what one session did and used, without what it replays of its parent."""
    meta, records = rollouts[0].meta, ordered[thread]
    copied, own = own_part(meta, records)
    parent = meta.id if meta.id != thread else meta.parent
    began = moment_of(meta.timestamp) or records[0].moment
    start = own[0].moment if own else began
    usage = usage_of(thread, copied, own, last_total(ordered.get(parent or "", ()), began), forked=parent is not None)
    events, gaps = actions_of(meta, thread, own)
    active, waited, retried = _spans(own)
    models = [model for record in [*own, *reversed(copied)] if (model := model_in(record))]
    run = AgentRun(
        id=thread,
        parent=parent,
        tool="codex",
        path=rollouts[0].records[0].ref.path,
        model=models[0] if models else None,
        cwd=meta.cwd or "",
        branch=meta.git.branch if meta.git else None,
        start=start,
        end=own[-1].moment if own else start,
        prompt=_prompt(own) or _prompt(copied[::-1]),
        events=events,
        active_seconds=active,
        waited_for_person=waited,
        waited_for_api=retried,
        versions=tuple(sorted({one.meta.cli_version for one in rollouts if one.meta.cli_version})),
    )
    return run, usage, gaps


def _prompt(records: Sequence[Record]) -> str:
    """Return the first thing asked: by the user, or by the agent that launched this one."""
    told = ""
    for record in records:
        match record.body:
            case Happening(type="user_message") as said:
                return text_of(said.message)
            case Item(type="message", role="user") | Item(type="agent_message") as item:
                text = text_of(item.content)
                told = told or ("" if _CONTEXT.match(text) else text)
    return told


def _spans(records: Sequence[Record]) -> tuple[float, float, float]:
    """Return seconds at work (breaks of over 300 s left out), waiting for a person, and waiting after API errors."""
    active = waited = retried = 0.0
    open_calls: set[str] = set()
    for before, record in pairwise(records):
        _count_calls(before, open_calls)
        seconds = _seconds(before.moment, record.moment)
        if _failed(before):
            retried += seconds
        elif _asks(record) and not open_calls:
            waited += seconds
        elif seconds <= _BREAK:
            active += seconds
    return active, waited, retried


def _seconds(earlier: datetime, later: datetime) -> float:
    return (later - earlier) / timedelta(seconds=1)


def _count_calls(record: Record, open_calls: set[str]) -> None:
    if isinstance(record.body, Item) and record.body.call_id:
        if record.body.type.endswith("_output"):
            open_calls.discard(record.body.call_id)
        else:
            open_calls.add(record.body.call_id)


def _asks(record: Record) -> bool:
    """Whether a person, or the launching agent, begins a turn here."""
    match record.body:
        case Item(type="message", role="user") | Happening(type="task_started" | "user_message"):
            return True
    return False


def _failed(record: Record) -> bool:
    return isinstance(record.body, Happening) and record.body.type in {"stream_error", "error"}
