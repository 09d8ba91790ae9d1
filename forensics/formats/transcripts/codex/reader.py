"""Codex rollouts (`rollout-*.jsonl`) to agents and usage.

Lines are put in order of time, and a line that several files of one session hold is read once: archives keep copies.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, pairwise

from forensics.formats.transcripts.codex.actions import actions_of
from forensics.formats.transcripts.codex.records import SessionMeta, moment_of
from forensics.formats.transcripts.codex.rollout_facts import (
    SHELL,
    Called,
    Opened,
    Returned,
    Said,
    Signal,
    Total,
    TurnStarted,
)
from forensics.formats.transcripts.codex.rollouts import Rollout, RolloutRecord, read_rollout
from forensics.formats.transcripts.codex.tokens import last_total, model_in, own_part, usage_of
from forensics.formats.transcripts.codex.turns import turns_of
from forensics.model.source import Gap
from forensics.model.transcript import AgentRun, Launch, Transcripts, Usage

# The types of lines that only rollouts have; Claude Code's lines have a type too, but no payload.
_ENVELOPE = re.compile(rb'"type"\s*:\s*"(?:session_meta|turn_context|response_item|event_msg)"')
# Seconds, as `PAUSE` for Claude Code: a longer break is not work.
_BREAK = 300.0


def sniff(head: bytes) -> bool:
    """Return whether a file with this beginning is a rollout. The first line may be cut."""
    first = head.lstrip()
    return first.startswith(b"{") and b'"payload"' in first and _ENVELOPE.search(first) is not None


@dataclass(slots=True)
class Rollouts:
    """The rollouts read so far, as facts: a copy, or the parent of a fork, may come in any order."""

    launches_only: bool = False
    paths: list[str] = field(default_factory=list)
    read: list[Rollout] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def take(self, path: str, chunks: Iterable[bytes]) -> None:
        """Read one file to its end."""
        rollout, gaps = read_rollout(path, chunks, launches_only=self.launches_only)
        self.paths.append(path)
        self.gaps += gaps
        if rollout:
            self.read.append(rollout)

    def joined(self) -> Transcripts:
        """Return what all files together say. Each session's facts are freed as soon as it is read."""
        agents: list[AgentRun] = []
        usage: list[Usage] = []
        sessions = self._sessions()
        totals = _parents_totals(sessions)
        while sessions:
            agent, used, gaps = _session(*sessions.popitem(), totals)
            agents.append(agent)
            usage += used
            self.gaps += gaps
        return Transcripts(
            agents=tuple(sorted(_answered(agents), key=lambda agent: (agent.start, agent.id))),
            usage=tuple(sorted(usage, key=lambda row: (row.moment, row.agent))),
            gaps=tuple(sorted(self.gaps, key=lambda gap: (gap.ref is not None, str(gap.ref), gap.what))),
            files=tuple(sorted(self.paths)),
        )

    def _sessions(self) -> dict[str, list[Rollout]]:
        """Hand out the rollouts by session, in the order of their paths."""
        sessions: dict[str, list[Rollout]] = {}
        for rollout in sorted(self.read, key=lambda rollout: rollout.path):
            sessions.setdefault(rollout.thread, []).append(rollout)
        self.read.clear()
        return sessions


def read(files: Iterable[tuple[str, Iterable[bytes]]], *, launches_only: bool = False) -> Transcripts:
    """Read rollouts, given as shown path and chunks that end at line ends, one after the other in any order.

    With `launches_only`, agents have no other events: usage needs no more.
    """
    rollouts = Rollouts(launches_only)
    for path, chunks in files:
        rollouts.take(path, chunks)
    return rollouts.joined()


def _answered(agents: Sequence[AgentRun]) -> list[AgentRun]:
    """Return the agents with their last words, taken from their launchers' transcripts where their own have none."""
    launches = [event for agent in agents for event in agent.of(Launch)]
    answers = {launch.agent: launch.answer for launch in launches if launch.answer}
    return [
        replace(agent, said=(answer,)) if not agent.said and (answer := answers.get(agent.id)) else agent
        for agent in agents
    ]


def _in_order(rollouts: Sequence[Rollout]) -> list[RolloutRecord]:
    """Return the records of all files of a session by time, a repeated line once."""
    records: dict[int, RolloutRecord] = {}
    for record in chain(*(rollout.records for rollout in rollouts)):
        records.setdefault(record.key, record)
    return sorted(records.values(), key=lambda record: record.moment)


def _parent(thread: str, meta: SessionMeta) -> str | None:
    return meta.id if meta.id != thread else meta.parent


def _parents_totals(sessions: dict[str, list[Rollout]]) -> dict[str, list[RolloutRecord]]:
    """Return the token counts, in order of time, of the sessions that others come from."""
    parents = {_parent(thread, rollouts[0].meta) for thread, rollouts in sessions.items()}
    return {
        thread: [record for record in _in_order(rollouts) if isinstance(record.fact, Total)]
        for thread, rollouts in sessions.items()
        if thread in parents
    }


def _session(
    thread: str, rollouts: Sequence[Rollout], totals: dict[str, list[RolloutRecord]]
) -> tuple[AgentRun, tuple[Usage, ...], list[Gap]]:
    """Return what one session did and used, without what it replays of its parent."""
    meta, records = rollouts[0].meta, _in_order(rollouts)
    copied, own = own_part(meta, records)
    parent = _parent(thread, meta)
    began = moment_of(meta.timestamp) or records[0].moment
    start = own[0].moment if own else began
    usage = usage_of(thread, copied, own, last_total(totals.get(parent or "", ()), began), forked=parent is not None)
    events, gaps = actions_of(meta, thread, own)
    active, waited, retried = _spans(own)
    turns = turns_of(own, launched=meta.launcher is not None)
    models = [model for record in [*own, *reversed(copied)] if (model := model_in(record))]
    run = AgentRun(
        id=thread,
        parent=parent,
        tool="codex",
        path=rollouts[0].path,
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
        versions=tuple(sorted({rollout.meta.cli_version for rollout in rollouts if rollout.meta.cli_version})),
        asked=tuple(turns.asked),
        said=tuple(turns.said),
        todos=turns.todos,
        paths=tuple(dict.fromkeys(rollout.path for rollout in rollouts)),
    )
    return run, usage, gaps


def _prompt(records: Sequence[RolloutRecord]) -> str:
    """Return the first thing asked: by the user, or by the agent that launched this one."""
    facts = (record.fact for record in records)
    said = [fact for fact in facts if isinstance(fact, Said) and not fact.text.startswith(SHELL)]
    first = next((words for words in said if words.noted), None) or next((words for words in said if words.text), None)
    return first.text if first else ""


def _spans(records: Sequence[RolloutRecord]) -> tuple[float, float, float]:
    """Return seconds at work (breaks of over 5 min left out), waiting for a person, and waiting after API errors."""
    active = waited = retried = 0.0
    open_calls: set[str] = set()
    for before, record in pairwise(records):
        _count_calls(before, open_calls)
        seconds = _seconds(before.moment, record.moment)
        if before.fact is Signal.FAILURE:
            retried += seconds
        elif _asks(record) and not open_calls:
            waited += seconds
        elif seconds <= _BREAK:
            active += seconds
    return active, waited, retried


def _seconds(earlier: datetime, later: datetime) -> float:
    return (later - earlier) / timedelta(seconds=1)


def _count_calls(record: RolloutRecord, open_calls: set[str]) -> None:
    match record.fact:
        case Called(call=call) | Opened(call=call) if call:
            open_calls.add(call)
        case Returned(call=call):
            open_calls.discard(call)


def _asks(record: RolloutRecord) -> bool:
    """Return whether a person, or the launching agent, begins a turn here."""
    match record.fact:
        case Said(by_agent=False) | TurnStarted():
            return True
    return False
