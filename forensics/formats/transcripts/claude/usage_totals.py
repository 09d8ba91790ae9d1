"""Claude Code transcripts read for usage only: contents of messages are skipped and no events are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Raw, Struct
from msgspec.json import Decoder

from forensics.formats.transcripts.claude.file_tally import FileTally, gap_order, missing_gap, relayed_gap
from forensics.formats.transcripts.claude.messages import Messages
from forensics.formats.transcripts.claude.records import (
    KNOWN,
    Head,
    Nested,
    RecordHeader,
    agent_of,
    decoded,
    real,
    records,
)
from forensics.formats.transcripts.claude.runs import EPOCH, time_of
from forensics.model.source import Gap, TranscriptRef
from forensics.model.transcript import Transcripts

Place = tuple[str, int]


class _Outcome(Struct, gc=False):
    agentId: str | None = None  # noqa: N815  (the log's own name, beside the other one)
    agent_id: str | None = None


class _UsageLine(RecordHeader, gc=False):
    message: Head | None = None
    data: Raw = Raw()
    result: _Outcome | str | list[Raw] | float | bool | None = None


_LINES = Decoder(_UsageLine)


@dataclass(slots=True)
class AgentUsage:
    """The messages of a set of records, and each agent's first record."""

    messages: Messages = field(default_factory=Messages)
    agents: dict[str, Place] = field(default_factory=dict)

    def absorb(self, other: "AgentUsage") -> None:
        """Add the usage of later records."""
        self.messages.absorb(other.messages)
        self.agents = other.agents | self.agents


@dataclass(slots=True)
class UsageTotals:
    """Usage by source: agents' own transcripts, subagents' records relayed by parents, and launched agents."""

    own: AgentUsage = field(default_factory=AgentUsage)
    relayed: AgentUsage = field(default_factory=AgentUsage)
    launched: dict[str, Place] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def absorb(self, other: "UsageTotals") -> None:
        """Add the totals of files that come after these."""
        self.own.absorb(other.own)
        self.relayed.absorb(other.relayed)
        self.launched = other.launched | self.launched
        self.gaps += other.gaps
        self.files += other.files
        self.left_out += other.left_out

    def transcripts(self) -> Transcripts:
        """Return usage and gaps as `reader.read` does; agents are left out.

        An agent counts as launched where a result names it; a launch without a result shows only in the full reading.
        """
        only_relayed = frozenset(self.relayed.agents) - frozenset(self.own.agents)
        usage = [*self.own.messages.usage(), *self.relayed.messages.usage(only_relayed, but=self.own.messages)]
        absent = self.launched.keys() - self.own.agents.keys() - only_relayed
        gaps = [
            *self.gaps,
            *(relayed_gap(agent, TranscriptRef(*self.relayed.agents[agent])) for agent in only_relayed),
            *(missing_gap(agent, TranscriptRef(*self.launched[agent])) for agent in absent),
        ]
        return Transcripts(
            usage=tuple(sorted(usage, key=lambda row: (row.moment, row.agent))),
            gaps=tuple(sorted(gaps, key=gap_order)),
            files=tuple(self.files),
            left_out=tuple(self.left_out),
        )


def read_usage(files: Iterable[tuple[str, Iterable[bytes]]]) -> UsageTotals:
    """Read transcripts, each as (shown path, chunks of bytes that end at line ends). Contents never raise."""
    totals = UsageTotals()
    own, relayed = _UsageCollector(totals.own), _UsageCollector(totals.relayed)
    for path, chunks in files:
        file = FileTally(path)
        for number, line in records(chunks, file.bad, _LINES):
            if line.type in KNOWN:
                _take(line, file, number, (own, relayed))
            if type(line.result) is _Outcome and (agent := line.result.agentId or line.result.agent_id):
                totals.launched.setdefault(agent, (path, number))
        totals.gaps += file.gaps()
        (totals.files if file.understood else totals.left_out).append(path)
    return totals


@dataclass(slots=True)
class _UsageCollector:
    """Enters records into an usage; `met` and `roots` tell whose a record is."""

    usage: AgentUsage
    roots: dict[str, str] = field(default_factory=dict)
    met: dict[tuple[str | None, str | None], str] = field(default_factory=dict)

    def take(self, line: RecordHeader, message: Head | None, moment: datetime, place: Place) -> None:
        """Take a record of one agent; `place` is its path and line."""
        agent = self._agent(line, place)
        if message is not None and message.usage is not None and line.type == "assistant":
            self.usage.messages.add(line, message, agent, moment, f"{place[0]}:{place[1]}")

    def _agent(self, line: RecordHeader, place: Place) -> str:
        """Return whose record this is; most are of an agent that was met just before."""
        named = line.session, line.agent
        met = self.met.get(named)
        if met is not None and not (line.sidechain and line.agent is None):
            return met
        session = real(line.session)
        agent = agent_of(line, session, self.roots) or session or place[0]
        self.usage.agents.setdefault(agent, place)
        if session and not (line.sidechain and line.agent is None):
            self.met[named] = agent
        return agent


def _take(line: _UsageLine, file: FileTally, number: int, collectors: tuple[_UsageCollector, _UsageCollector]) -> None:
    """Hand one record to the usage it belongs to: the agent's own, or what a parent tells of a subagent."""
    moment = time_of(line.timestamp)
    if moment is not None:
        file.last = moment
    if line.type in {"user", "assistant"}:
        if line.message is None:
            return
        file.untimed += moment is None
        file.understood += 1
    elif line.type == "queue-operation" or real(line.session) is None:
        return
    own, relayed = collectors
    at = file.last or EPOCH
    nested = decoded(line.data, Nested) if line.type == "progress" else None
    if nested and (inner := nested.relayed_by(line)):
        relayed.take(inner, inner.message, time_of(inner.timestamp) or at, (file.path, number))
    own.take(line, line.message, at, (file.path, number))
