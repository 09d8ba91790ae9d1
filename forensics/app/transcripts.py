"""The transcripts of a run: named by the user, kept in the agents' own stores, or kept in git; and what they cost."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forensics.casework.run_time import RunTime
from forensics.model.case import Tie
from forensics.model.grouping import grouped
from forensics.model.postmortem import UsageLine
from forensics.model.prose import count, listing, quote
from forensics.model.source import Gap, Kind, Source, TranscriptRef
from forensics.model.transcript import AgentRun, Message, Transcripts, Usage
from forensics.sources.checkpoints import LIMIT, Checkpoints, checkpoint_files
from forensics.sources.gemini import gemini_files
from forensics.sources.opencode import opencode_files
from forensics.sources.opencode_database import database_sessions
from forensics.sources.repository import Repository
from forensics.sources.specstory import histories
from forensics.sources.transcripts import (
    TranscriptFile,
    Window,
    begun_after,
    chunks,
    find,
    older,
    stored,
)

# Agents start before a plan's first commit and end after its last.
_SLACK = timedelta(hours=1)
# A repository may keep thousands of sessions in git; more names than this only hide the figure.
_NAMED = 3
# What Claude Code's and Codex' records of the agent's own words and calls are called.
_OWN = frozenset({"assistant", "function_call", "custom_tool_call", "local_shell_call"})


def transcripts_of(
    repository: Repository,
    named: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    time: RunTime,
    revision: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Transcripts, tuple[Source, ...]]:
    """Return the transcripts that belong to a run, and the files they were read from with their digests.

    Those the user named are taken whole; those found by the repository's place or in it, and those kept in git, only if
    their agents were at work in the run's time. What was left out is a gap. At a revision, documents in the repository are
    read as they are there.
    """
    gaps: list[Gap] = []
    files, kept = files_of(repository, named, cwd, environment, time, gaps, revision)
    if not files:
        return Transcripts(gaps=tuple(gaps)), ()
    from forensics.formats.transcripts.readers import read  # only runs with transcripts pay for their readers

    sources: list[Source] = []
    found = read(_counted([(shown, _digested(shown, pieces, sources)) for shown, pieces in files], progress))
    used = found if named else within(found, time)
    if kept.missing or kept.over_limit:  # the run's figures are then a part of what it used
        used = replace(used, usage=tuple(replace(row, lower_bound=True) for row in used.usage))
    paths = {agent.path for agent in used.agents}
    kept_sources = sorted((source for source in sources if source.path in paths), key=lambda source: source.path)
    return (
        replace(used, gaps=(*used.gaps, *gaps), saved=kept.saved),
        tuple(replace(source, id=f"T{number}") for number, source in enumerate(kept_sources, start=1)),
    )


def _counted(
    files: Sequence[tuple[str, Iterator[bytes]]], progress: Callable[[int, int], None] | None
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the files, and say how many of them have been read."""
    for number, file in enumerate(files):
        if progress:
            progress(number, len(files))
        yield file


def files_of(
    repository: Repository,
    named: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    time: RunTime,
    gaps: list[Gap],
    revision: str | None = None,
) -> tuple[list[tuple[str, Iterator[bytes]]], Checkpoints]:
    """Return a run's files as (shown path, chunks), and what git keeps of them; what is not read is added to the gaps."""
    if named:
        return [(file.shown, chunks(file, gaps)) for file in find(named, cwd, environment)], Checkpoints()
    window = _widened((time.earliest or time.start, time.end))
    places = _stored(repository, environment, window, gaps)
    kept = checkpoint_files(repository, window)
    gaps += unread(kept)
    documents = histories(repository, revision, window, gaps)
    if environment:
        documents += database_sessions(repository.work_trees(), environment, window, gaps)
    return [*((file.shown, chunks(file, gaps)) for file in places), *kept.files, *documents], kept


def lines_with(
    files: Iterable[tuple[str, Iterable[bytes]]], values: Iterable[str], read: Transcripts
) -> dict[str, TranscriptRef]:
    """Return where files first hold each string, by its first seven digits; what the agents read from them said does not count.

    Neither does a file in which a call of the agent names it before any output does: `echo 1badb002` prints it, too.

    Outputs are kept shortened, so a hash that seems to be nowhere is looked up in the whole files before it is called missing.
    """
    said = frozenset(ref for agent in read.agents for message in agent.said for ref in _lines_of(message))
    wanted = grouped((value[:7].encode(), value) for value in values)
    found: dict[str, TranscriptRef] = {}
    for shown, pieces in files:
        before, open_ = 0, {digits for digits, alike in wanted.items() if alike[0] not in found}
        for piece in pieces:
            for digits in sorted(open_):
                held = ((TranscriptRef(shown, before + line), text) for line, text in _lines_holding(digits, piece))
                first, text = next((each for each in held if each[0] not in said), (None, b""))
                open_ -= {digits} if first else set()
                if first and not _is_its_own(text):
                    found |= dict.fromkeys(wanted[digits], first)
            before += piece.count(b"\n")
    return found


def _is_its_own(line: bytes) -> bool:
    """Return whether a line holds what an agent wrote itself: where that names a hash first, no output showed it."""
    try:
        record = json.loads(line)
    except ValueError:
        return False
    payload = record.get("payload") if isinstance(record, dict) else None
    parts = [part for part in (record, payload) if isinstance(part, dict)]
    return any(part.get(name) in _OWN for part in parts for name in ("type", "role") if isinstance(part.get(name), str))


def _lines_of(message: Message) -> Iterator[TranscriptRef]:
    """Yield the lines of a message: one in JSON, as many as it has in Markdown."""
    if isinstance(message.ref, TranscriptRef):
        more = message.text.count("\n") if message.ref.path.endswith(".md") else 0
        yield from (TranscriptRef(message.ref.path, (message.ref.line or 1) + number) for number in range(more + 1))


def _lines_holding(digits: bytes, piece: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold these bytes, each once, with their numbers from 1: one may hold them a thousand times."""
    line, end = 1, 0
    while (place := piece.find(digits, end)) >= 0:
        line += piece.count(b"\n", end, place)
        begin = piece.rfind(b"\n", 0, place) + 1
        end = piece.find(b"\n", place)
        yield line, piece[begin : end if end >= 0 else len(piece)]
        if end < 0:
            return


def session_files(
    repository: Repository, named: Sequence[str], cwd: Path, environment: Mapping[str, str], session: str | None
) -> tuple[TranscriptFile, ...]:
    """Return the files of the session whose id begins so, else of the one that was written last; those named, if any."""
    if named:
        return find(named, cwd, environment)
    places = stored(repository.work_trees(), environment)
    wanted = session or _stem(max(places, key=lambda file: _written(file.path), default=None))
    return tuple(file for file in places if wanted and any(wanted in part for part in file.path.parts[-3:]))


def session_of(places: Sequence[TranscriptFile], session: str | None) -> tuple[Transcripts, tuple[Source, ...]]:
    """Return one session with its subagents; of several in the files, the one that ended last is meant."""
    if not places:
        return Transcripts(), ()
    from forensics.formats.transcripts.readers import read

    gaps: list[Gap] = []
    sources: list[Source] = []
    found = read([(file.shown, _digested(file.shown, chunks(file, gaps), sources)) for file in places])
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


def _stem(file: TranscriptFile | None) -> str:
    """Return what the files of a session have in common: its own name, which its subagents' folder has, too."""
    if file is None:
        return ""
    return file.path.parent.parent.name if file.path.parent.name == "subagents" else file.path.stem


def _ancestors(agent: AgentRun, found: Transcripts) -> Iterator[str]:
    parents = {run.id: run.parent for run in found.agents}
    name: str | None = agent.id
    for _ in range(len(parents) + 1):
        if name is None:
            return
        yield name
        name = parents.get(name)


def _widened(window: Window) -> Window:
    start, end = window
    return start and start - _SLACK, end and end + _SLACK


def unread(kept: Checkpoints) -> Iterator[Gap]:
    """Yield what was not read of the sessions kept in git, and what that makes of the figures."""
    if kept.earlier:
        were = "was" if kept.earlier == 1 else "were"
        yield Gap(f"{count(kept.earlier, 'session')} kept in git, last saved before the run began, {were} not read.")
    of_all = len(kept.files) + len(kept.missing) + len(kept.over_limit)
    partly = "Counts, times and costs from transcripts are lower bounds."
    if kept.missing:
        many = f"{len(kept.missing)} of {count(of_all, 'session')} kept in git"
        named = listing(map(quote, kept.missing), limit=_NAMED)
        yield Gap(f"{many} cannot be read, because this clone lacks their content: {named}. {partly}")
    if kept.over_limit:
        many = f"{len(kept.over_limit)} of {count(of_all, 'session')} kept in git"
        named = listing(map(quote, kept.over_limit), limit=_NAMED)
        limit = f"the limit of {LIMIT // 1_000_000} MB"
        yield Gap(f"{many}, those saved longest after the run, went over {limit} and were not read: {named}. {partly}")


def _digested(shown: str, pieces: Iterable[bytes], sources: list[Source]) -> Iterator[bytes]:
    """Pass a file's chunks on, and note its digest at the end."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        yield piece
    sources.append(Source("", Kind.TRANSCRIPT, shown, digest.hexdigest(), size))


def within(transcripts: Transcripts, time: RunTime) -> Transcripts:
    """Keep the agents that were at work in a run's time, with an hour's slack, and their usage."""
    start = time.began(transcripts.agents)
    kept = {
        agent.id
        for agent in transcripts.agents
        if (start is None or agent.end >= start - _SLACK) and (time.end is None or agent.start <= time.end + _SLACK)
    }
    others = len(transcripts.agents) - len(kept)
    if not others:
        return transcripts
    note = Gap(
        f"{count(others, 'agent')} at work outside the run's window {'was' if others == 1 else 'were'} left out."
    )
    return replace(
        transcripts,
        agents=tuple(agent for agent in transcripts.agents if agent.id in kept),
        usage=tuple(row for row in transcripts.usage if row.agent in kept),
        gaps=(*transcripts.gaps, note) if kept else (note,),
    )


def usage_lines(usage: Iterable[Usage], ties: Iterable[Tie] = ()) -> tuple[UsageLine, ...]:
    """Return usage by agent and model with its price; the step of an agent without one is None."""
    from forensics.casework.agents.costs import price  # the price list is large

    steps = {tie.agent: tie.step for tie in ties}
    return tuple(
        UsageLine(
            steps.get(row.agent),
            row.agent,
            row.model,
            row.tokens,
            float(row.usd) if row.usd is not None else None,
            row.lower_bound,
        )
        for row in price(usage)
    )


def _stored(
    repository: Repository, environment: Mapping[str, str], window: Window, gaps: list[Gap]
) -> list[TranscriptFile]:
    """Return the files in the agents' stores for the repository's work trees.

    Stores grow for months: a file last written before the run began is not opened, and of one begun after the run's end
    only the head is.
    """
    if not environment:  # the stores of whoever calls are not asked for
        return []
    trees = repository.work_trees()
    recent = sorted(stored(trees, environment, window), key=lambda file: file.path)
    of_time = [file for file in recent if not begun_after(file.path, window[1])]
    for number, when in (
        (older(trees, environment, window[0]), "last written before the run began"),
        (len(recent) - len(of_time), "begun after the run had ended"),
    ):
        if number:
            gaps.append(Gap(f"{count(number, 'transcript')} {when} {'was' if number == 1 else 'were'} not read."))
    return [*of_time, *opencode_files(trees, environment, window), *gemini_files(trees, environment, window)]


def last_written(repository: Repository, environment: Mapping[str, str]) -> datetime | None:
    """Return when a session of this repository was last written or saved, in a store or in git; None if there is none."""
    times = [_written(file.path) for file in stored(repository.work_trees(), environment)]
    if saved := repository.last_checkpoint():
        times.append(datetime.fromtimestamp(saved, UTC))
    return max((time for time in times if time < datetime.max.replace(tzinfo=UTC)), default=None)


def _written(path: Path) -> datetime:
    """Return when a file was last written; if that cannot be read, never, so that its reader reports the error."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return datetime.max.replace(tzinfo=UTC)
