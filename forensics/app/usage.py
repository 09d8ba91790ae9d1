"""What agents used and what it cost, from their transcripts."""

import os
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import accumulate, pairwise
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from threading import active_count

from forensics.casework.agents.costs import by_model, price
from forensics.errors import NothingToExamine
from forensics.formats.transcripts.claude.usage_totals import UsageTotals
from forensics.formats.transcripts.readers import read_usage, usage_of
from forensics.model.source import Gap
from forensics.model.transcript import Transcripts
from forensics.render.cleaning import clean
from forensics.render.usage import UsageReport
from forensics.sources.gemini import gemini_files
from forensics.sources.opencode import opencode_files
from forensics.sources.opencode_database import database_sessions
from forensics.sources.transcripts import TranscriptFile, chunks, find, stored

# Bytes. A process takes as long to start as reading a few dozen megabytes.
WORTH_A_PROCESS = 100_000_000
# More processes gain little: joining their results is sequential.
MOST_WORKERS = 4
Read = tuple[UsageTotals, list[str], list[Gap]]


def usage(named: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> UsageReport:
    """Return the usage in the named transcripts, or in those the agents, and git, keep of work in `cwd`.

    Raises NothingToExamine if a name leads nowhere, or no file holds an agent's record.
    """
    found = transcripts(named, cwd, environment)
    if not found.files:
        why = f": {found.gaps[0].what.rstrip('.')}." if found.gaps else "."
        raise NothingToExamine(
            f"None of the files is an agent's transcript{why}", try_="Try the folder that holds the session."
        )
    rows = price(found.usage)
    return clean(UsageReport(rows, by_model(rows), found.gaps, found.files, found.left_out))


def transcripts(named: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> Transcripts:
    """Read all transcripts there are; files that cannot be opened are gaps like lines that cannot be read."""
    gaps: list[Gap] = []
    kept, partly = ((), False) if named else _kept_in_git(cwd, gaps)
    documents = () if named else database_sessions((cwd,), environment, (None, None), gaps)
    files = _files(named, cwd, environment, required=not (kept or documents))
    parts = _parts(files, _cores())
    try:
        read = _side_by_side(parts) if len(parts) > 1 else [_part(files)]
    except BrokenProcessPool:  # a process was killed, probably for its memory use
        read = [_part(files)]
    totals, others, unreadable = read[0]
    for more in read[1:]:
        totals.absorb(more[0])
        others += more[1]
        unreadable += more[2]
    aside = [(file.shown, chunks(file, unreadable)) for file in files if file.shown in set(others)]
    found = usage_of(totals, [*aside, *kept, *documents])
    if partly:
        found = replace(found, usage=tuple(replace(row, lower_bound=True) for row in found.usage))
    return replace(found, gaps=(*unreadable, *gaps, *found.gaps))


def _files(
    named: Sequence[str], cwd: Path, environment: Mapping[str, str], *, required: bool
) -> tuple[TranscriptFile, ...]:
    """Return the files that were named, else those in the agents' stores; raises NothingToExamine if some are required."""
    always = (None, None)
    elsewhere = (
        () if named else (*opencode_files((cwd,), environment, always), *gemini_files((cwd,), environment, always))
    )
    if named or (required and not elsewhere):
        return find(named, cwd, environment)
    return (*stored((cwd,), environment), *elsewhere)


def _kept_in_git(cwd: Path, gaps: list[Gap]) -> tuple[tuple[tuple[str, Iterator[bytes]], ...], bool]:
    """Return the sessions that Entire keeps in the git repository of a folder, and whether some of them are not read."""
    from forensics.app.transcripts import unread  # whoever names files needs no git
    from forensics.sources.checkpoints import checkpoint_files
    from forensics.sources.git_settings import GitLimit
    from forensics.sources.repository import Repository

    try:
        kept = checkpoint_files(Repository.discover(cwd), (None, None), gaps)
    except GitLimit as error:
        gaps.append(Gap(f"Sessions that git keeps were not read: {error}", None))
        return (), True
    except NothingToExamine:
        return (), False
    gaps += unread(kept)
    return kept.files, bool(kept.missing or kept.over_limit)


def _parts(files: Sequence[TranscriptFile], workers: int) -> list[Sequence[TranscriptFile]]:
    """Return the files in consecutive parts of about the same size: few, because each costs a process."""
    sizes = [_size(file) for file in files]
    many = max(1, min(workers, MOST_WORKERS, sum(sizes) // WORTH_A_PROCESS))
    ends = [bisect_left(list(accumulate(sizes)), sum(sizes) * part / many) + 1 for part in range(1, many)]
    return [files[start:end] for start, end in pairwise([0, *ends, len(files)]) if start < end]


def _cores() -> int:
    """Return how many cores are ours to use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(file: TranscriptFile) -> int:
    try:
        return file.path.stat().st_size
    except OSError:  # its reader will say so
        return 0


def _side_by_side(parts: Sequence[Sequence[TranscriptFile]]) -> list[Read]:
    """Read the parts at once, the first one here. A process that is killed raises BrokenProcessPool."""
    fork = (
        "fork" if "fork" in get_all_start_methods() and active_count() == 1 else None
    )  # the quickest where it is safe
    with ProcessPoolExecutor(len(parts) - 1, mp_context=get_context(fork)) as pool:
        later = [pool.submit(_part, part) for part in parts[1:]]
        return [_part(parts[0]), *(job.result() for job in later)]


def _part(files: Sequence[TranscriptFile]) -> Read:
    unreadable: list[Gap] = []
    totals, rollouts = read_usage((file.shown, chunks(file, unreadable)) for file in files)
    return totals, rollouts, unreadable
