"""Which plans there are: below folders of the work tree, and those that only history has."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forensics.formats.dialects import plan_of
from forensics.model.history import Commit
from forensics.sources.repository import Repository

# Installed packages may bring plans of their own.
_PASSED_OVER = frozenset({"node_modules", "__pycache__", "site-packages"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A plan's folder, relative to the repository, and the commit to read it from (None: the work tree)."""

    path: str
    at: str | None = None


def plans_here(repository: Repository, below: Iterable[str]) -> tuple[Place, ...]:
    """Return the plans in and below folders of the work tree. Links and repositories inside are not followed."""
    root = repository.root
    if root is None:
        return ()
    owners = {plan_of(name) for folder in below for name in _documents(root, folder)}
    return tuple(Place(path) for path in sorted(filter(None, owners)))


def _documents(root: Path, below: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root / below, followlinks=False):
        here = Path(folder)
        if here != root and (here / ".git").exists():  # a work tree or repository of its own
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".git") and name not in _PASSED_OVER]
        for name in files:
            if name.endswith(".md"):
                yield (here / name).relative_to(root).as_posix()


def plans_gone(
    commits: Mapping[str, Commit], on_branch: frozenset[str], below: Iterable[str], here: Iterable[Place]
) -> tuple[Place, ...]:
    """Return the plans that a branch once had and has deleted, each to be read before the commit that took most of it.

    `commits` are in git's order, children first. A plan that was moved is found at its new place. Merges list no files, so
    a plan that only a merge deleted is not found.
    """
    wanted, live = tuple(below), {place.path for place in here}
    best: dict[str, tuple[Commit, list[str]]] = {}
    own = [commit for commit in commits.values() if commit.sha in on_branch]
    for commit in own:
        for path, taken in _deleted(commit).items() if commit.parents else ():
            known = best.get(path)
            if path not in live and is_below(path, wanted) and (known is None or len(taken) > len(known[1])):
                best[path] = (commit, taken)
    blobs = _last_blobs(own, {name: commit.sha for commit, taken in best.values() for name in taken})
    return tuple(
        sorted(
            Place(path, commit.parents[0])
            for path, (commit, taken) in best.items()
            if not _moved(commit, [blobs[name] for name in taken if name in blobs])
        )
    )


def _last_blobs(commits: Iterable[Commit], deleted: Mapping[str, str]) -> dict[str, str]:
    """Return what each file held before the commit that deleted it."""
    seen: set[str] = set()
    found: dict[str, str] = {}
    for commit in commits:
        for change in commit.changes or ():
            if change.path not in found and change.status != "D" and deleted.get(change.path) in seen:
                found[change.path] = change.blob
        seen.add(commit.sha)
    return found


def _deleted(commit: Commit) -> dict[str, list[str]]:
    """Return the documents of plans that a commit deleted, by plan."""
    found: dict[str, list[str]] = {}
    for change in commit.changes or ():
        if change.status == "D" and change.path.endswith(".md") and (path := plan_of(change.path)):
            found.setdefault(path, []).append(change.path)
    return found


def _moved(commit: Commit, blobs: list[str]) -> bool:
    """Return whether the commit that deleted these contents put most of them elsewhere."""
    added = {change.blob for change in commit.changes or () if change.status == "A"}
    return sum(blob in added for blob in blobs) * 2 > len(blobs)


def is_below(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of these folders, or lies in one."""
    return any(folder == "." or path == folder or folder in map(str, PurePosixPath(path).parents) for folder in folders)
