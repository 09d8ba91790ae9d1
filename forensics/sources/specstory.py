"""SpecStory's documents: in the work trees' own `.specstory/history`, or in git where a revision is examined."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forensics.model.prose import quote
from forensics.model.source import Gap, TranscriptRef
from forensics.sources.git_settings import GitError
from forensics.sources.links import link_inside
from forensics.sources.repository import Repository
from forensics.sources.transcripts import TranscriptFile, Window, chunks, is_regular

FOLDER = ".specstory/history"
# Bytes. The largest documents seen have 3 MB.
_LIMIT = 100_000_000
# `2026-07-01_12-53-16Z-sort.md`; older names have no seconds, and the oldest a local time.
_NAMED = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{2})-(\d{2})")
# A name holds when a session began. People went on with sessions for five days; local times are a day off at most.
_LONGEST = timedelta(days=7)
_ZONE = timedelta(days=1)
File = tuple[str, Iterator[bytes]]


def histories(repository: Repository, revision: str | None, window: Window, gaps: list[Gap]) -> tuple[File, ...]:
    """Return the documents whose sessions can be of a time, as (shown path, chunks); none is read before it is asked for.

    Those of a package one level below count, too: deeper folders are tests' data.
    """
    if revision is not None or repository.root is None:
        return tuple(_kept(repository, revision or "HEAD", window, gaps))
    files = on_disk(repository.root, repository.work_trees())
    return tuple((file.shown, chunks(file, gaps)) for file in files if can_be_of(file.path.name, window))


def can_be_of(name: str, window: Window) -> bool:
    """Return whether a document of this name can hold what was done in a time; a name without a time can."""
    match = _NAMED.match(name)
    start, end = window
    try:
        began = match and datetime.fromisoformat(f"{match[1]}T{match[2]}:{match[3]}").replace(tzinfo=UTC)
    except ValueError:
        return True
    if began is None:
        return True
    return (start is None or began >= start - _LONGEST) and (end is None or began <= end + _ZONE)


def on_disk(root: Path, trees: Iterable[Path]) -> Iterator[TranscriptFile]:
    """Yield the documents in the work trees; only what is outside the first one is named after its tree."""
    for tree in trees:
        base = "" if tree == root else f"{tree.name}/"
        for pattern in (f"{FOLDER}/*.md", f"*/{FOLDER}/*.md"):
            for path in sorted(tree.glob(pattern)):
                # The package's folder itself may be a link to another project.
                if link_inside(path, (tree,)) is None and is_regular(path):
                    yield TranscriptFile(f"{base}{path.relative_to(tree).as_posix()}", path)


def _kept(repository: Repository, revision: str, window: Window, gaps: list[Gap]) -> Iterator[File]:
    """Yield the documents in a revision."""
    try:
        top = repository.run("ls-tree", "-d", "-z", "--name-only", "--full-tree", revision).split(b"\0")
        places = [FOLDER, *(f"{name.decode('utf-8', 'surrogateescape')}/{FOLDER}" for name in top if name)]
        out = repository.run("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", revision, "--", *places)
    except GitError as error:
        gaps.append(Gap(f"{quote(FOLDER)} could not be read: git says {quote(error.said)}."))
        return
    for row in out.split(b"\0"):
        facts, _, name = row.partition(b"\t")
        shown = name.decode("utf-8", "replace")
        if facts.startswith(b"100") and shown.endswith(".md") and can_be_of(shown.rsplit("/", 1)[-1], window):
            yield shown, _content(repository, facts.split()[2].decode(), shown, gaps)


def _content(repository: Repository, blob: str, shown: str, gaps: list[Gap]) -> Iterator[bytes]:
    found = repository.blobs([blob], _LIMIT)
    if not found:
        gaps.append(Gap(f"{quote(shown)} is missing, damaged or too large. It was not read.", TranscriptRef(shown)))
    yield from found.values()
