"""One session: the files in which a store keeps it, what it did, and where it holds a string."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from forensics.model.grouping import grouped
from forensics.model.source import Gap, Kind, Source, TranscriptRef
from forensics.model.transcript import AgentRun, Message, Transcripts
from forensics.sources.agent_sessions import File, stored_sessions
from forensics.sources.repository import Repository
from forensics.sources.transcripts import chunks, find

# Records of what an agent itself wrote, in the lines of Claude Code and Codex; quotation marks in what it read are escaped.
_OWN = re.compile(
    rb'"type":\s*"(?:assistant|reasoning|agent_message|agent_reasoning|task_complete|(?:custom_tool|function|local_shell)_call)"'
    rb'|"role":\s*"assistant"'
)


def session_files(
    repository: Repository, named: Sequence[str], cwd: Path, environment: Mapping[str, str], session: str | None
) -> tuple[File, ...]:
    """Return the files, as (shown path, what opens it), of the session whose id begins so, else of the one written last.

    Those that are named, if any, are taken as they are.
    """
    if named:
        return tuple((file.shown, partial(chunks, file)) for file in find(named, cwd, environment))
    known = list(stored_sessions(repository, environment))
    if session:
        # A rollout of Codex is called after the time and the id.
        return tuple(file for each in known if session in each.name for file in each.files())
    last = max(known, key=lambda each: each.written, default=None)
    return last.files() if last else ()


def session_of(places: Sequence[File], session: str | None) -> tuple[Transcripts, tuple[Source, ...]]:
    """Return one session with its subagents; of several in the files, the one that ended last is meant."""
    if not places:
        return Transcripts(), ()
    from forensics.formats.transcripts.readers import read

    gaps: list[Gap] = []
    sources: list[Source] = []
    found = read([(shown, digested(shown, opened(gaps), sources)) for shown, opened in places])
    roots = [agent for agent in found.agents if agent.parent is None and agent.id.startswith(session or "")]
    root = max(roots, key=lambda agent: agent.end, default=None)
    kept = {agent.id for agent in found.agents if root and root.id in {*_ancestors(agent, found)}}
    return (
        replace(
            found,
            agents=tuple(agent for agent in found.agents if agent.id in kept),
            usage=tuple(row for row in found.usage if row.agent in kept),
            gaps=(*found.gaps, *gaps),
        ),
        tuple(replace(source, id=f"T{number}") for number, source in enumerate(sources, start=1)),
    )


def _ancestors(agent: AgentRun, found: Transcripts) -> Iterator[str]:
    parents = {run.id: run.parent for run in found.agents}
    name: str | None = agent.id
    for _ in range(len(parents) + 1):
        if name is None:
            return
        yield name
        name = parents.get(name)


def lines_with(
    files: Iterable[tuple[str, Iterable[bytes]]], values: Iterable[str], read: Transcripts
) -> dict[str, TranscriptRef]:
    """Return where files first hold each string, by its first seven digits; what the agents read from them said does not count.

    Outputs are kept shortened, so a hash that seems to be nowhere is looked up in the whole files before it is called missing.
    A hash that an agent typed first, as in `git show 1badb002`, comes back in any error or echo: then only a longer form counts.
    """
    typed: dict[bytes, int] = {}
    said = frozenset(ref for agent in read.agents for message in agent.said for ref in _lines_of(message))
    wanted = grouped((value[:7].encode(), value) for value in values)
    found: dict[str, TranscriptRef] = {}
    for shown, pieces in files:
        before = 0
        for piece in pieces:
            for digits in [digits for digits, alike in wanted.items() if alike[0] not in found]:
                for number, line in _lines_holding(digits, piece):
                    ref = TranscriptRef(shown, before + number)
                    if ref in said:
                        continue
                    length = _longest(digits, line)
                    if _OWN.search(line):
                        typed[digits] = max(length, typed.get(digits, 0))
                    elif length > typed.get(digits, 0):
                        found |= dict.fromkeys(wanted[digits], ref)
                        break
            before += piece.count(b"\n")
    return found


def _lines_of(message: Message) -> Iterator[TranscriptRef]:
    """Yield the lines of a message: one in JSON, as many as it has in Markdown."""
    if isinstance(message.ref, TranscriptRef):
        more = message.text.count("\n") if message.ref.path.endswith(".md") else 0
        yield from (TranscriptRef(message.ref.path, (message.ref.line or 1) + number) for number in range(more + 1))


def _lines_holding(digits: bytes, piece: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold these bytes, with their numbers from 1. Each once: one may hold them a thousand times."""
    line, end = 1, 0
    while (place := piece.find(digits, end)) >= 0:
        line += piece.count(b"\n", end, place)
        start, end = piece.rfind(b"\n", 0, place) + 1, piece.find(b"\n", place)
        yield line, piece[start:] if end < 0 else piece[start:end]
        if end < 0:
            return


def _longest(digits: bytes, line: bytes) -> int:
    """Return the length of the longest hash in a line that begins with these digits."""
    return max(len(match[0]) for match in re.finditer(re.escape(digits) + rb"[0-9a-f]{0,57}", line))


def digested(shown: str, pieces: Iterable[bytes], sources: list[Source]) -> Iterator[bytes]:
    """Pass a file's chunks on, and note its digest at the end."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        yield piece
    sources.append(Source("", Kind.TRANSCRIPT, shown, digest.hexdigest(), size))
