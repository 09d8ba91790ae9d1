"""Agents' sessions that Entire keeps inside git: the ref `entire/checkpoints/v1`, and newer `refs/entire/checkpoints/`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import msgspec
from msgspec import Struct

from forensics.model.prose import quote
from forensics.model.source import Gap, TranscriptRef
from forensics.sources.git_log import parse_log
from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository
from forensics.sources.transcripts import Window

# Bytes, for one session and for all: each is read into memory from git at once.
LIMIT = 200_000_000
# Bytes of the note beside a session.
_NOTE = 1_000_000
# Entire keeps a checkpoint in two folders, as git does with objects.
_ID = re.compile(r"[:/]([0-9a-f]{2})/([0-9a-f]{10})/\d+/full\.jsonl$")
# Bytes per piece; a piece is decoded at once.
_CHUNK = 16_000_000
# Bytes that are read from git at once. A process of git for each of hundreds of small sessions took most of the time.
_BATCH = 32_000_000


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Sessions kept in git, as (shown path, chunks of whole lines), and the paths of those that are not read.

    `missing` are not in this clone, because a partial clone leaves content out; `over_limit` are too large; `earlier`
    is the number of those last saved before the window, which cannot show the run. `saved` are the checkpoints' ids by
    session: a commit's message names the checkpoint that was saved with it.
    """

    files: tuple[tuple[str, Iterator[bytes]], ...] = ()
    missing: tuple[str, ...] = ()
    over_limit: tuple[str, ...] = ()
    earlier: int = 0
    saved: Mapping[str, frozenset[str]] = field(default_factory=dict)


class _Metadata(Struct):
    """What Entire notes of one saved session."""

    session_id: str | None = None
    created_at: str | None = None


@dataclass(frozen=True, slots=True)
class _Save:
    """A session as one checkpoint holds it; every later save of it begins with this one's text."""

    session: str
    created: str
    blob: str
    shown: str


def checkpoint_files(repository: Repository, window: Window, gaps: list[Gap], limit: int = LIMIT) -> Checkpoints:
    """Return the sessions kept in git; the limit is spent first on those saved nearest to the run's window.

    Nothing is read before a file's chunks are asked for, and then a few files at a time. What is damaged adds a gap.
    """
    saved: dict[str, datetime] = {}
    saves: list[_Save] = []
    for ref in repository.checkpoint_refs():
        saves += _saves(repository, ref, gaps)
        saved = {**_saved(repository, ref), **saved}
    sizes = repository.sizes(save.blob for save in saves)
    wanted = {save.blob: save.shown for save in _last_of_each(saves, sizes)}
    earlier = {blob for blob in wanted if window[0] and blob in saved and saved[blob] < window[0]}
    wanted = {blob: shown for blob, shown in wanted.items() if blob not in earlier}
    read, over, total = [], [], 0
    for blob, shown in sorted(wanted.items(), key=lambda entry: (_distance(saved.get(entry[0]), window), entry[1])):
        if total + sizes.get(blob, 0) > limit:
            over.append(shown)
        elif blob in sizes:
            total += sizes[blob]
            read.append((shown, blob))
    contents = _Contents(repository, [(blob, sizes[blob]) for _, blob in sorted(read)])
    return Checkpoints(
        tuple((shown, contents.chunks(blob, shown, gaps)) for shown, blob in sorted(read)),
        tuple(sorted(shown for blob, shown in wanted.items() if blob not in sizes)),
        tuple(sorted(over)),
        len(earlier),
        _checkpoints_of(saves),
    )


def kept_sessions(repository: Repository) -> Iterator[tuple[str, str, str, Callable[[list[Gap]], Iterator[bytes]]]]:
    """Yield each session kept in git as (id, when it was last saved or "", shown path, its chunks); nothing is read yet."""
    saves = [save for ref in repository.checkpoint_refs() for save in _saves(repository, ref, [])]
    sizes = repository.sizes(save.blob for save in saves)
    for save in _last_of_each(saves, sizes):
        if sizes.get(save.blob, LIMIT) < LIMIT:
            yield save.session, save.created, save.shown, partial(_read, repository, save, sizes[save.blob])


def _read(repository: Repository, save: _Save, size: int, gaps: list[Gap]) -> Iterator[bytes]:
    return _Contents(repository, [(save.blob, size)]).chunks(save.blob, save.shown, gaps)


def _saves(repository: Repository, ref: str, gaps: list[Gap]) -> list[_Save]:
    """Return every session that the checkpoints of a ref hold; without readable metadata, each is one of its own."""
    whole: dict[str, str] = {}
    notes: dict[str, str] = {}
    try:
        files = repository.tree(ref, "")
    except GitError as error:
        gaps.append(
            Gap(f"The sessions that {quote(ref)} keeps in git could not be read: git says {quote(error.said)}.")
        )
        return []
    for _, blob, path in files:
        folder, _, name = path.rpartition("/")
        if name == "full.jsonl":
            whole[folder] = blob
        elif name == "metadata.json":
            notes[folder] = blob
    texts = repository.blobs(notes.values(), _NOTE)
    found = []
    for folder, blob in whole.items():
        note = _note(texts.get(notes.get(folder, ""), b""))
        shown = f"{ref}:{folder}/full.jsonl"
        # Redacted ids are all equal, and would make one session of strangers'.
        session = note.session_id if note.session_id and "REDACTED" not in note.session_id else shown
        found.append(_Save(session, note.created_at or "", blob, shown))
    return found


def _note(text: bytes) -> _Metadata:
    try:
        return msgspec.json.decode(text, type=_Metadata)
    except (ValueError, RecursionError):
        return _Metadata()


def _last_of_each(saves: Sequence[_Save], sizes: Mapping[str, int]) -> Iterator[_Save]:
    """Yield the last save of each session that this clone has: the earlier ones are in it. Else the last one of all."""
    last: dict[str, _Save] = {}
    for save in saves:
        known = last.get(save.session)
        if known is None or _rank(save, sizes) > _rank(known, sizes):
            last[save.session] = save
    yield from last.values()


def _rank(save: _Save, sizes: Mapping[str, int]) -> tuple[bool, str, int]:
    return save.blob in sizes, save.created, sizes.get(save.blob, 0)


def _checkpoints_of(saves: Sequence[_Save]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for save in saves:
        if match := _ID.search(save.shown):
            found.setdefault(save.session, set()).add(f"{match[1]}{match[2]}")
    return {session: frozenset(ids) for session, ids in found.items()}


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


class _Contents:
    """The blobs' contents, read in batches in the order in which they are asked for; each is given away once."""

    def __init__(self, repository: Repository, blobs: Sequence[tuple[str, int]]) -> None:
        self._repository, self._waiting = repository, list(reversed(blobs))
        self._held: dict[str, bytes] = {}

    def chunks(self, blob: str, shown: str, gaps: list[Gap]) -> Iterator[bytes]:
        """Yield a blob's content in pieces that end at line ends; one that is damaged adds a gap."""
        content = self._content(blob)
        if content is None:
            gaps.append(Gap(f"{quote(shown)} could not be read: git says that it is damaged.", TranscriptRef(shown)))
            return
        start = 0
        while start < len(content):
            end = content.find(b"\n", start + _CHUNK) + 1 or len(content)
            yield content[start:end]
            start = end

    def _content(self, blob: str) -> bytes | None:
        if blob not in self._held:
            self._held = self._repository.blobs(self._batch(blob), LIMIT)
        return self._held.pop(blob, None)

    def _batch(self, blob: str) -> list[str]:
        """Return a blob and those behind it, as many as may be held at once; those before it were not wanted."""
        batch, size = [blob], 0
        while self._waiting and self._waiting.pop()[0] != blob:
            pass
        while self._waiting and size + self._waiting[-1][1] <= _BATCH:
            following, length = self._waiting.pop()
            batch.append(following)
            size += length
        return batch
