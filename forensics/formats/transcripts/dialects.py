"""Which reader a transcript file is for, and the join of what the readers give."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from forensics.formats.transcripts import claude_code, codex
from forensics.formats.transcripts.shell import pipes, runs_tests
from forensics.formats.transcripts.test_output import result_of
from forensics.model.transcript import AgentRun, Command, Event, TestRun, Transcripts

_HEAD = 4096


def read(files: Iterable[tuple[str, Iterable[bytes]]], *, launches_only: bool = False) -> Transcripts:
    """Read transcript files of any known format; each is its shown path and chunks of bytes that end at line ends.

    Only a file's head is looked at to tell its format, and one file is read at a time. `launches_only` spares Claude
    Code's other events.
    """
    rollouts: list[tuple[str, Iterable[bytes]]] = []
    told = claude_code.read(_others(files, rollouts), launches_only=launches_only)
    if not rollouts:
        return told
    other = codex.read(rollouts)
    return Transcripts(
        agents=(*told.agents, *(_with_test_runs(agent) for agent in other.agents)),
        usage=(*told.usage, *other.usage),
        gaps=(*told.gaps, *other.gaps),
        files=(*told.files, *other.files),
        left_out=(*told.left_out, *other.left_out),
    )


def _others(
    files: Iterable[tuple[str, Iterable[bytes]]], rollouts: list[tuple[str, Iterable[bytes]]]
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the files that are not Codex's, and put Codex's aside."""
    for path, chunks in files:
        rest = iter(chunks)
        first = next(rest, b"")
        whole = chain([first] if first else [], rest)
        if codex.sniff(first[:_HEAD]):
            rollouts.append((path, whole))
        else:
            yield path, whole


def _with_test_runs(agent: AgentRun) -> AgentRun:
    """Read commands that run tests as test runs."""
    return replace(agent, events=tuple(_test_run(event) for event in agent.events))


def _test_run(event: Event) -> Event:
    if not isinstance(event, Command) or not runs_tests(event.command):
        return event
    code = None if event.exit_code == 0 and pipes(event.command) else event.exit_code
    told = result_of(event.output, code)
    return TestRun(
        event.moment,
        event.ref,
        event.command,
        event.cwd,
        told.outcome,
        told.passed,
        told.failed,
        told.exceptions,
        told.each,
        told.aside,
    )
