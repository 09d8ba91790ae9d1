"""The choice of a reader for each transcript file, and the join of their results."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from forensics.formats.transcripts.claude import reader as claude
from forensics.formats.transcripts.claude import usage_totals
from forensics.formats.transcripts.claude.usage_totals import UsageTotals
from forensics.formats.transcripts.codex import reader as codex
from forensics.formats.transcripts.test_runs import as_test_run
from forensics.model.transcript import AgentRun, Command, Event, Transcripts

# Bytes. The first keys of a line identify its format; a header line may be far longer.
_HEAD = 4096
File = tuple[str, Iterable[bytes]]


def read(files: Iterable[File]) -> Transcripts:
    """Read transcript files of any known format; each is its shown path and chunks of bytes that end at line ends.

    The first bytes decide the format. One file is read at a time.
    """
    rollouts = codex.Rollouts()
    ours = claude.read(by_format(files, rollouts.take))
    other = rollouts.joined()
    return _together(ours, replace(other, agents=tuple(map(_with_test_runs, other.agents))))


def read_usage(files: Iterable[File]) -> tuple[UsageTotals, list[str]]:
    """Read Claude Code's files for usage alone, which is faster; return the totals, and the paths that are Codex's."""
    rollouts: list[str] = []
    return usage_totals.read_usage(by_format(files, lambda path, _: rollouts.append(path))), rollouts


def usage_of(totals: UsageTotals, files: Iterable[File]) -> Transcripts:
    """Return the usage and gaps of the totals and of Codex's files; what agents did is left out."""
    rollouts = codex.Rollouts(launches_only=True)
    for path, chunks in files:
        rollouts.take(path, chunks)
    return _together(totals.transcripts(), rollouts.joined())


def _together(first: Transcripts, other: Transcripts) -> Transcripts:
    return Transcripts(
        agents=(*first.agents, *other.agents),
        usage=(*first.usage, *other.usage),
        gaps=(*first.gaps, *other.gaps),
        files=(*first.files, *other.files),
        left_out=(*first.left_out, *other.left_out),
    )


def by_format(files: Iterable[File], take: Callable[[str, Iterable[bytes]], None]) -> Iterator[File]:
    """Yield the files that are not Codex's, and have Codex's taken on the way."""
    for path, chunks in files:
        head, whole = _opened(chunks)
        if codex.sniff(head):
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
