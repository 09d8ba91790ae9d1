"""The transcripts of a run: named by the user, kept in the agents' own stores, or kept in git; and what they cost."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forensics.app.session_files import digested
from forensics.casework.run_time import RunTime
from forensics.model.case import Tie
from forensics.model.postmortem import UsageLine
from forensics.model.prose import count, listing, quote
from forensics.model.source import Gap, Source
from forensics.model.transcript import Transcripts, Usage
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
    found = read(_counted([(shown, digested(shown, pieces, sources)) for shown, pieces in files], progress))
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
    kept = checkpoint_files(repository, window, gaps)
    gaps += unread(kept)
    documents = histories(repository, revision, window, gaps)
    if environment:
        documents += database_sessions(repository.work_trees(), environment, window, gaps)
    return [*((file.shown, chunks(file, gaps)) for file in places), *kept.files, *documents], kept


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
