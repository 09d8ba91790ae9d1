"""Agents' sessions that Entire keeps inside git: the ref `entire/checkpoints/v1`, and newer `refs/entire/checkpoints/`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from forensics.sources.git_log import parse_log
from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository
from forensics.sources.transcripts import Window

# Bytes, for one session and for all: each is read into memory from git at once.
LIMIT = 200_000_000
# Bytes per piece; a piece is decoded at once.
_CHUNK = 16_000_000


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Sessions kept in git, as (shown path, chunks of whole lines), and the paths of those that are not read.

    `missing` are not in this clone, because a partial clone leaves content out; `over_limit` are too large; `earlier`
    is the number of those last saved before the window, which cannot show the run.
    """

    files: tuple[tuple[str, Iterator[bytes]], ...] = ()
    missing: tuple[str, ...] = ()
    over_limit: tuple[str, ...] = ()
    earlier: int = 0


def checkpoint_files(repository: Repository, window: Window, limit: int = LIMIT) -> Checkpoints:
    """Return the sessions kept in git; the limit is spent first on those saved nearest to the run's window.

    Nothing is read before a file's chunks are asked for, and one file at a time.
    """
    wanted: dict[str, str] = {}
    saved: dict[str, datetime] = {}
    for ref in repository.checkpoint_refs():
        for _, blob, path in repository.tree(ref, ""):
            if path.endswith("full.jsonl"):
                wanted.setdefault(blob, f"{ref}:{path}")
        saved = {**_saved(repository, ref), **saved}
    earlier = {blob for blob in wanted if window[0] and blob in saved and saved[blob] < window[0]}
    wanted = {blob: shown for blob, shown in wanted.items() if blob not in earlier}
    sizes = repository.sizes(wanted)
    read, over, total = [], [], 0
    for blob, shown in sorted(wanted.items(), key=lambda entry: (_distance(saved.get(entry[0]), window), entry[1])):
        if total + sizes.get(blob, 0) > limit:
            over.append(shown)
        elif blob in sizes:
            total += sizes[blob]
            read.append((shown, blob))
    return Checkpoints(
        tuple((shown, _chunks(repository, blob)) for shown, blob in sorted(read)),
        tuple(sorted(shown for blob, shown in wanted.items() if blob not in sizes)),
        tuple(sorted(over)),
        len(earlier),
    )


def _saved(repository: Repository, ref: str) -> Mapping[str, datetime]:
    """Return when each file below a ref was last saved, by the file's blob; nothing where a partial clone has no trees."""
    try:
        commits = parse_log(repository.log_of(ref))
        changed = [(change.blob, commit.commit_time) for commit in commits for change in commit.changes or ()]
    except GitError:
        return {}
    return dict(reversed(changed))  # git lists the newest first


def _distance(saved: datetime | None, window: Window) -> timedelta:
    """Return how long after the run's window a session was saved; without a time, it comes last."""
    if saved is None:
        return timedelta.max
    return max(saved - window[1], timedelta()) if window[1] else timedelta()


def _chunks(repository: Repository, blob: str) -> Iterator[bytes]:
    content = repository.blobs([blob], LIMIT).get(blob, b"")
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + _CHUNK) + 1 or len(content)
        yield content[start:end]
        start = end
