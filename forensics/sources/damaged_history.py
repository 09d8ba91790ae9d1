"""The log of a repository in which git cannot read everything: one bad object costs what hangs on it, and no more."""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from forensics.model.history import Commit
from forensics.sources.git_log import HistoryLog, parse_log
from forensics.sources.git_settings import GitError
from forensics.sources.repository import Repository
from forensics.sources.special_files import regular_text

# Commits per call, so that a bad one makes git read few good ones again.
_CHUNK = 2_000
# Calls that fail before the rest is given up. One bad commit in a chunk takes eleven; in a clone without any file
# contents each commit is bad, and to find that out one by one would take hours.
_MOST_FAILURES = 200
# Bytes of one reflog; what is older than that in it is left out.
_REFLOG = 20_000_000
_MOVES = re.compile(r"^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ", re.MULTILINE)


def read_log(repository: Repository, tips: Sequence[str]) -> HistoryLog:
    """Return every commit that tips, refs and reflogs reach, as far as git can read them."""
    try:
        return HistoryLog(repository.log(tips))
    except GitError:
        return _piece_by_piece(repository, tips)


def read_commits(repository: Repository, shas: Iterable[str]) -> dict[str, Commit]:
    """Return these commits without the ones they stand on; what git cannot read of them is left out."""
    return _read(repository, shas)[0]


def _read(repository: Repository, shas: Iterable[str]) -> tuple[dict[str, Commit], frozenset[str]]:
    """Return commits, and which of them are without the time zones that they were made in."""
    found, rest = _read_most(sorted(set(shas)), lambda some: _parsed(repository.log(some, walk=False)))
    zoneless, rest = _read_most(rest, lambda some: _parsed(repository.log_without_zones(some, changes=True)))
    bare, _ = _read_most(rest, lambda some: _parsed(repository.log_without_zones(some, changes=False)))
    unlisted = {sha: replace(commit, changes=None) for sha, commit in bare.items()}
    return {**found, **zoneless, **unlisted}, frozenset(zoneless)


def _read_most(
    shas: Sequence[str], read: Callable[[Sequence[str]], Mapping[str, Commit]]
) -> tuple[dict[str, Commit], list[str]]:
    """Return what `read` gives for most of these ids, and the ids for which it fails with a GitError."""
    found: dict[str, Commit] = {}
    failed: list[str] = []
    waiting = [shas[start : start + _CHUNK] for start in range(0, len(shas), _CHUNK)]
    failures = 0
    while waiting:
        some = waiting.pop()
        try:
            found |= read(some) if failures < _MOST_FAILURES else {}
            failed += some if failures >= _MOST_FAILURES else ()
        except GitError:
            failures += 1
            half = len(some) // 2
            waiting += [some[half:], some[:half]] if half else ()
            failed += some if not half else ()
    return found, sorted(failed)


def _piece_by_piece(repository: Repository, tips: Sequence[str]) -> HistoryLog:
    """Read every commit of the object store, and walk from the tips as git would."""
    stored = repository.all_commits()
    if stored is None:
        raise GitError("the history is damaged, and the object store is too large to look for what is left")
    commits, zoneless = _read(repository, stored)
    starts = {*tips, *repository.refs().values(), *_in_reflogs(repository)}
    reached = list(_walk(commits, starts))
    cut = repository.shallow_commits()
    named = {parent for sha in reached if sha not in cut for parent in commits[sha].parents}
    unread = (named | {sha for sha in starts if sha in set(stored)}) - commits.keys()
    log = HistoryLog.of({sha: commits[sha] for sha in reached}, zoneless)
    log.unread = tuple(sorted(unread))
    log.unlisted = tuple(sorted(sha for sha in reached if commits[sha].changes is None and _is_plain(commits[sha])))
    return log


def _is_plain(commit: Commit) -> bool:
    """Return whether git lists a commit's changes where it can: a merge never has any."""
    return len(commit.parents) < 2


def _walk(commits: Mapping[str, Commit], starts: Iterable[str]) -> Iterator[str]:
    """Yield what the starts reach, children before parents and the newest first, as git does."""
    seen = {sha for sha in starts if sha in commits}
    waiting = [(-commits[sha].commit_time.timestamp(), sha) for sha in seen]
    heapq.heapify(waiting)
    while waiting:
        _, sha = heapq.heappop(waiting)
        yield sha
        for parent in commits[sha].parents:
            if parent in commits and parent not in seen:
                seen.add(parent)
                heapq.heappush(waiting, (-commits[parent].commit_time.timestamp(), parent))


def _in_reflogs(repository: Repository) -> Iterator[str]:
    for folder in {repository.git_dir, repository.common_dir}:
        for file in sorted((folder / "logs").rglob("*")):
            for match in _MOVES.finditer(regular_text(file, _REFLOG) or ""):
                yield from match.groups()


def _parsed(log: bytes) -> dict[str, Commit]:
    return {commit.sha: commit for commit in parse_log(log)}
