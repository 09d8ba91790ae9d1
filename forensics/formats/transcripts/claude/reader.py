"""Claude Code transcripts: a set of files becomes AgentRuns with their Events, Usage counted once, and Gaps."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from msgspec import Struct

from forensics.formats.transcripts.claude.calls import Calls
from forensics.formats.transcripts.claude.file_tally import FileTally, gap_order, missing_gap, relayed_gap
from forensics.formats.transcripts.claude.messages import Messages
from forensics.formats.transcripts.claude.records import (
    KNOWN,
    RECORDS,
    Block,
    Nested,
    Record,
    agent_of,
    decoded,
    real,
    records,
)
from forensics.formats.transcripts.claude.runs import EPOCH, RunBuilder, text_of, time_of
from forensics.formats.transcripts.claude.turns import shortened
from forensics.model.source import Gap, TranscriptRef
from forensics.model.transcript import AgentRun, Event, Launch, Message, Transcripts, Usage

# An agent in the background ends in a notification to its parent; these two tags say which agent and which launch.
# The bounds keep text that merely quotes a tag from becoming a name of any length.
_TASK = re.compile(r"<task-id>([^<\s]{1,120})</task-id>")
_NOTICE_END = "</task-notification>"
_RESULT = ("<result>", "</result>")
_CALL = re.compile(r"<tool-use-id>([^<\s]{1,120})</tool-use-id>")


class _Attachment(Struct, gc=False):
    prompt: str | None = None


@dataclass(slots=True)
class _AgentRecords:
    """What a set of records says about each agent, each record once."""

    calls: Calls = field(default_factory=Calls)
    runs: dict[str, RunBuilder] = field(default_factory=dict)
    messages: Messages = field(default_factory=Messages)
    seen: set[str] = field(default_factory=set)
    roots: dict[str, str] = field(default_factory=dict)

    def take(self, record: Record, moment: datetime, ref: TranscriptRef, *, timed: bool) -> None:
        """Add one record to its agent."""
        session = real(record.session)
        agent = agent_of(record, session, self.roots) or session or ref.path
        run = self.runs.get(agent)
        if run is None:
            run = self.runs[agent] = RunBuilder(agent, ref)
        run.note(record, session if agent != session else None, ref.path)
        if record.type == "assistant":
            self.messages.add(record, record.message, agent, moment, str(ref))
        identity = real(record.uuid)
        if identity in self.seen:
            return
        if identity:
            self.seen.add(identity)
        if timed:
            run.mark(record, moment, ref)
        self._blocks(record, agent, moment, ref)

    def _blocks(self, record: Record, agent: str, moment: datetime, ref: TranscriptRef) -> None:
        content = record.message.content if record.message else None
        if record.type == "user" and "<task-notification>" in (text := text_of(record)):
            self.notice(text, moment, ref)
        for block in content if isinstance(content, list) else ():
            if isinstance(block, Block) and block.type == "tool_use" and record.type == "assistant":
                self.calls.call(block, record, agent, moment, ref)
            elif isinstance(block, Block) and block.type == "tool_result" and record.type == "user":
                self.calls.result(block, record, moment, ref)

    def notice(self, text: str, moment: datetime, ref: TranscriptRef) -> None:
        """Add the notifications that background tasks ended, each with the agent's answer if it holds one."""
        for part in text.split(_NOTICE_END):
            # Up to the last end: an answer may itself speak of `</result>`.
            result = part.partition(_RESULT[0])[2].rpartition(_RESULT[1])[0].strip()
            answer = Message(moment, ref, shortened(result)) if result else None
            for pattern in (_TASK, _CALL):
                for identity in pattern.findall(part):
                    self.calls.notified(identity, moment, answer)


def read(files: Iterable[tuple[str, Iterable[bytes]]]) -> Transcripts:
    """Read transcripts: (shown path, chunks of bytes that end at line ends) each, in any order.

    Contents never raise. Unreadable lines become a Gap per file; a file without any known record is in `left_out`.
    A message that several files contain belongs to the first file's agent, and to a parent before its sidechain.
    """
    own, relayed = _AgentRecords(), _AgentRecords()
    gaps: list[Gap] = []
    names: tuple[list[str], list[str]] = ([], [])
    for path, chunks in files:
        file = FileTally(path)
        for line, record in records(chunks, file.bad, RECORDS):
            if record.type in KNOWN:
                _take(record, file, TranscriptRef(path, line), (own, relayed))
        gaps += file.gaps()
        names[0 if file.understood else 1].append(path)
    agents, usage, missing = _joined(own, relayed)
    told = tuple(sorted([*gaps, *missing], key=gap_order))
    return Transcripts(agents, usage, told, tuple(names[0]), tuple(names[1]))


def _take(record: Record, file: FileTally, ref: TranscriptRef, both: tuple[_AgentRecords, _AgentRecords]) -> None:
    """Hand one record to the ledger it belongs to: the agent's own, or what a parent tells of a subagent."""
    own, relayed = both
    moment = time_of(record.timestamp)
    file.last = moment or file.last
    at = file.last or EPOCH
    if record.type == "queue-operation":
        own.notice(decoded(record.content, str) or "", at, ref)
        return
    if record.type == "attachment":
        held = decoded(record.attachment, _Attachment)
        own.notice((held.prompt if held else None) or "", at, ref)
    if record.type in {"user", "assistant"}:
        if record.message is None:
            return
        file.untimed += moment is None
        file.understood += 1
    elif real(record.session) is None:
        return
    if record.type == "progress":
        nested = decoded(record.data, Nested)
        if nested and (inner := nested.relayed_by(record)):
            inner.cwd, inner.branch, inner.version = record.cwd, record.branch, record.version
            relayed_at = time_of(inner.timestamp)
            relayed.take(inner, relayed_at or at, ref, timed=relayed_at is not None)
    own.take(record, at, ref, timed=moment is not None)


def _joined(own: _AgentRecords, relayed: _AgentRecords) -> tuple[tuple[AgentRun, ...], tuple[Usage, ...], list[Gap]]:
    """Join agents' own records with those relayed by parents, which count only where the agent's own file is absent."""
    only_relayed = frozenset(relayed.runs) - frozenset(own.runs)
    usage = [*own.messages.usage(), *relayed.messages.usage(only_relayed, but=own.messages)]
    events: dict[str, list[Event]] = {}
    for agent, event in (
        *own.calls.all_events(),
        *(pair for pair in relayed.calls.all_events() if pair[0] in only_relayed),
    ):
        events.setdefault(agent, []).append(event)
    runs = own.runs | {agent: relayed.runs[agent] for agent in only_relayed}
    gaps = [relayed_gap(agent, relayed.runs[agent].ref) for agent in sorted(only_relayed)]
    _link(runs, events)
    gaps += _unseen(runs, events)
    spent: dict[str, Counter[str]] = {}
    for row in usage:
        spent.setdefault(row.agent, Counter())[row.model or ""] += row.tokens.output + 1
    kept = [
        run.finished(_main(spent.get(run.id)), tuple(events.get(run.id, ())))
        for run in runs.values()
        if run.marks or run.id in spent or run.id in events
    ]
    return (
        tuple(sorted(kept, key=lambda run: (run.start, run.id))),
        tuple(sorted(usage, key=lambda row: (row.moment, row.agent))),
        gaps,
    )


def _main(outputs: Counter[str] | None) -> str | None:
    """Return the model with the most output; the first by name among equals."""
    return min(outputs, key=lambda name: (-outputs[name], name)) or None if outputs else None


def _link(runs: dict[str, RunBuilder], events: dict[str, list[Event]]) -> None:
    """Set the parents of launched agents. A launch without an agent id is matched by its prompt."""
    launches = [
        (agent, place, event)
        for agent, own in events.items()
        for place, event in enumerate(own)
        if isinstance(event, Launch)
    ]
    taken = {launch.agent for _, _, launch in launches}
    free = {
        (run.parent, run.prompt.strip()): run.id
        for run in reversed(runs.values())
        if run.parent and run.id not in taken
    }
    for agent, place, launch in launches:
        found = launch.agent or free.pop((agent, launch.prompt.strip()), None)
        if found is None:
            continue
        events[agent][place] = replace(launch, agent=found)
        if found in runs and found != agent:
            runs[found].parent = agent
            runs[found].turns.answered(launch.answer)


def _unseen(runs: dict[str, RunBuilder], events: dict[str, list[Event]]) -> list[Gap]:
    """Return a gap for each launched agent without any record."""
    return [
        missing_gap(event.agent, event.ref)
        for own in events.values()
        for event in own
        if isinstance(event, Launch) and event.agent and event.agent not in runs
    ]
