"""The choice of a reader for each transcript file, and the join of their results."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import Enum
from itertools import chain

from forensics.formats.transcripts.claude import reader as claude
from forensics.formats.transcripts.claude import usage_totals
from forensics.formats.transcripts.claude.usage_totals import UsageTotals
from forensics.formats.transcripts.codex import reader as codex
from forensics.formats.transcripts.gemini import reader as gemini
from forensics.formats.transcripts.opencode import documents as opencode
from forensics.formats.transcripts.opencode.reader import joined_documents
from forensics.formats.transcripts.specstory import reader as specstory
from forensics.formats.transcripts.test_runs import as_test_run
from forensics.model.transcript import AgentRun, Command, Event, Transcripts

# Bytes. The first keys of a line identify its format; a header line may be far longer.
_HEAD = 4096
File = tuple[str, Iterable[bytes]]
Take = Callable[[str, Iterable[bytes]], None]


class Agent(Enum):
    """The agents whose transcripts are read."""

    CLAUDE = "Claude Code"
    CODEX = "Codex"
    OPENCODE = "OpenCode"


class _Others:
    """The files of all agents but Claude Code, which are joined once all are read."""

    def __init__(self, *, launches_only: bool = False) -> None:
        self.rollouts = codex.Rollouts(launches_only=launches_only)
        self.documents = opencode.Documents()
        self.chats = gemini.Chats()
        self.histories = specstory.Histories()

    def reader_of(self, path: str, head: bytes) -> Take | None:
        """Return what takes a file with this path and beginning; None for Claude Code's, and for unknown files."""
        if codex.sniff(head):
            return self.rollouts.take
        if opencode.sniff(path, head):
            return self.documents.take
        if gemini.sniff(head):
            return self.chats.take
        return self.histories.take if specstory.sniff(head) else None

    def joined(self, ours: Transcripts) -> Iterator[Transcripts]:
        """Yield what Claude Code's files say, and what each other agent's files together say."""
        yield ours
        found = self.rollouts.joined()
        yield replace(found, agents=tuple(map(_with_test_runs, found.agents)))
        yield joined_documents(self.documents)
        chats = self.chats.joined()
        yield chats
        yield self.histories.joined({agent.id for agent in (*ours.agents, *found.agents, *chats.agents)})


def read(files: Iterable[File]) -> Transcripts:
    """Read transcript files of any known format; each is its shown path and chunks of bytes that end at line ends.

    The first bytes decide the format. One file is read at a time.
    """
    others = _Others()
    ours = claude.read(_left(files, others))
    return _together(*others.joined(ours))


def read_usage(files: Iterable[File]) -> tuple[UsageTotals, list[str]]:
    """Read Claude Code's files for usage alone, which is faster; return the totals, and the paths of other agents' files."""
    others, aside = _Others(), []

    def _claudes() -> Iterator[File]:
        for path, chunks in files:
            head, whole = _opened(chunks)
            if others.reader_of(path, head):
                aside.append(path)
            else:
                yield path, whole

    return usage_totals.read_usage(_claudes()), aside


def usage_of(totals: UsageTotals, files: Iterable[File]) -> Transcripts:
    """Return the usage and gaps of the totals and of further files of any agent; what agents did is left out."""
    others = _Others(launches_only=True)
    totals.absorb(usage_totals.read_usage(_left(files, others)))
    return replace(_together(*others.joined(totals.transcripts())), agents=())


def _together(*parts: Transcripts) -> Transcripts:
    return Transcripts(
        agents=tuple(agent for part in parts for agent in part.agents),
        usage=tuple(row for part in parts for row in part.usage),
        gaps=tuple(gap for part in parts for gap in part.gaps),
        files=tuple(path for part in parts for path in part.files),
        left_out=tuple(path for part in parts for path in part.left_out),
    )


def by_agent(files: Iterable[File]) -> Iterator[tuple[Agent, str, Iterable[bytes]]]:
    """Yield each file with the agent that wrote it; an unknown one is taken for Claude Code's, whose lines have no head."""
    for path, chunks in files:
        head, whole = _opened(chunks)
        if codex.sniff(head):
            yield Agent.CODEX, path, whole
        else:
            yield Agent.OPENCODE if opencode.sniff(path, head) else Agent.CLAUDE, path, whole


def _left(files: Iterable[File], others: _Others) -> Iterator[File]:
    """Yield the files that no other reader takes, and have the others' taken on the way."""
    for path, chunks in files:
        head, whole = _opened(chunks)
        if take := others.reader_of(path, head):
            take(path, whole)
        else:
            yield path, whole


def _opened(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return a file's head, and all of its chunks."""
    rest = iter(chunks)
    first = next(rest, b"")
    return first[:_HEAD], chain([first] if first else [], rest)


def _with_test_runs(agent: AgentRun) -> AgentRun:
    """Read commands that run tests as test runs."""
    return replace(agent, events=tuple(map(_event, agent.events)))


def _event(event: Event) -> Event:
    return (as_test_run(event) or event) if isinstance(event, Command) else event
