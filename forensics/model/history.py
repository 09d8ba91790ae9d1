"""Git's side: plain records copied out of a repository, and what was searched to get them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from forensics.model.grouping import grouped
from forensics.model.patch import Patch


class Change(NamedTuple):
    """One path a commit changed: status letter (A, M, D, T), path, blob id after it; `link` for a submodule.

    A named tuple: a history holds tens of thousands, and they cost a third of a dataclass to make.
    """

    status: str
    path: str
    blob: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. Times are aware and keep the offset they were written with; `changes` is None for a merge."""

    sha: str
    parents: tuple[str, ...]
    author_time: datetime
    commit_time: datetime
    subject: str
    body: str = ""
    changes: tuple[Change, ...] | None = ()

    @property
    def rewritten_later(self) -> bool:
        """Whether it was amended, rebased or picked after it was authored (author and committer time differ)."""
        return self.commit_time > self.author_time

    def content(self) -> frozenset[tuple[str, str]]:
        """Return (path, blob id) of the files it changed; empty for a merge."""
        return frozenset((change.path, change.blob) for change in self.changes or ())

    def paths(self) -> frozenset[str]:
        """Return the files it changed; empty for a merge."""
        return frozenset(change.path for change in self.changes or ())

    @property
    def place_in_time(self) -> tuple[datetime, str]:
        """Return the sort key of the order on a branch: committer time, which a rebase sets again, then the id."""
        return self.commit_time, self.sha


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one hash string names here: object type (None: nothing), full id, and the repository it lies in."""

    type: str | None
    sha: str | None = None
    place: str | None = None
    subject: str = ""
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Searched:
    """What was and what could not be searched for a claimed commit.

    `unread` are commits that others name and git cannot read, `unlisted` those of which it cannot tell what they changed,
    `undated` those whose own times cannot be true: they have that of the commit before them.
    """

    refs: int = 0
    commits: int = 0
    reflog: bool = False
    pull_heads: bool = False
    shallow: bool = False
    submodules_read: tuple[str, ...] = ()
    submodules_absent: tuple[str, ...] = ()
    other_repositories: tuple[str, ...] = ()
    lines_lacking: bool = False
    unread: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    broken_refs: tuple[str, ...] = ()

    @property
    def cut(self) -> bool:
        """Whether commits are known to lie behind what could be read: the clone is shallow, or damaged."""
        return self.shallow or bool(self.unread)


@dataclass(frozen=True, slots=True)
class History:
    """Everything git said, as of one moment.

    `on_branch` are the commits reachable from `head`; `refs` maps each other ref to its tip; `lookups` answers
    every hash string that any report mentions. `patches` are the lines of the commits that rules compare, `repeated` those
    of their (path, line) that the file had before too, `merged` what merges changed against their first parent, `made_on`
    the branches that were checked out in this very work tree when commits were made in it, as far as its reflog goes back.
    """

    commits: Mapping[str, Commit]
    head: str
    branch: str | None
    on_branch: frozenset[str]
    refs: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    first_seen: Mapping[tuple[str, str], str] = field(default_factory=dict)
    searched: Searched = Searched()
    patches: Mapping[str, Patch] = field(default_factory=dict)
    repeated: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    merged: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    made_on: Mapping[str, str] = field(default_factory=dict)
    as_of: datetime | None = None

    def get(self, sha: str | None) -> Commit | None:
        """Return the commit with this full id, if it is known."""
        return self.commits.get(sha) if sha else None

    def ancestors(self, tips: Iterable[str]) -> frozenset[str]:
        """Return everything reachable from `tips`, the tips included."""
        return reachable(self.commits, tips)

    def first_parents(self, sha: str | None) -> Iterator[str]:
        """Yield a commit and the line it came from, newest first: merges are followed by their first parent."""
        while sha is not None and sha in self.commits:
            yield sha
            sha = next(iter(self.commits[sha].parents), None)

    def refs_reaching(self, sha: str) -> tuple[str, ...]:
        """Return the refs that reach a commit, sorted."""
        children = grouped((parent, commit.sha) for commit in self.commits.values() for parent in commit.parents)
        after, todo = {sha}, [sha]
        while todo:
            fresh = [child for child in children.get(todo.pop(), ()) if child not in after]
            after.update(fresh)
            todo += fresh
        return tuple(sorted(ref for ref, tip in self.refs.items() if tip in after))


def reachable(commits: Mapping[str, Commit], tips: Iterable[str]) -> frozenset[str]:
    """Return the ids reachable from `tips` by parent links."""
    seen: set[str] = set()
    todo = [tip for tip in tips if tip in commits]
    while todo:
        sha = todo.pop()
        if sha not in seen:
            seen.add(sha)
            todo.extend(parent for parent in commits[sha].parents if parent in commits and parent not in seen)
    return frozenset(seen)
