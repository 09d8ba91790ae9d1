"""Files that a commit took while another agent's edits of them lay uncommitted in the same tree."""

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from forensics.casework.agents.work_trees import by_digits, commit_of, inside, plain
from forensics.casework.files import is_shared_file
from forensics.casework.isolation.shared_trees import Share, SharedTree
from forensics.casework.paths import locate
from forensics.formats.transcripts.git_calls import ALL, brings_files, commits, staged
from forensics.model.case import Case
from forensics.model.history import Commit
from forensics.model.source import Ref
from forensics.model.transcript import Command, CommitMade, FileWrite, TestRun

# Git cuts a time to the second and transcripts do not: a write and its commit in one second look reversed.
_SECOND = timedelta(seconds=1)
_ANYTHING = "a command that may have committed or fetched any file"
# A single command that only reads: any other command that names a file (`sed -i`, a formatter) may have written it.
_READING = re.compile(r"^\s*(?:cat|head|tail|less|grep|rg|ls|wc|diff|git (?:diff|status|log|show|blame))\b[^;&|>]*$")


@dataclass(frozen=True, slots=True)
class UncommittedFileTaken:
    """A commit by one agent while another's edits of a file lay uncommitted in the same tree.

    `commit` is the commit as this clone has it, None if it does not. `foreign` says that it is shown to hold a file that
    its maker did not touch; else it may hold it. `home` is the owner's own commit of the file after that, `staging` the
    command that staged the file where only that shows it.
    """

    maker: Share
    owner: Share
    made: CommitMade
    commit: Commit | None
    path: str
    write: FileWrite
    foreign: bool = False
    home: str | None = None
    staging: Ref | None = None


def taken_files(tree: SharedTree, case: Case) -> Iterator[UncommittedFileTaken]:
    """Yield what commits in a shared tree took, or may have taken, of files that others had written there."""
    known = by_digits(case.history)
    meanwhile = _meanwhile(tree, case, known)
    acts = {share.agent.id: [_act(share, made, tree, known) for made in share.committed] for share in tree.shares}
    for maker, owner in (roles for pair in tree.pairs for roles in (pair, pair[::-1])):
        for act in acts[maker.agent.id]:
            for path, writes in owner.written.items():
                write = next((event for event in reversed(writes) if event.moment <= act.made.moment), None)
                if write is None or meanwhile.accounts_for(path, write, act) or is_shared_file(path):
                    continue
                taken = _taken(act, owner, path, write)
                if taken and not _belongs_to_maker(taken, case):
                    yield replace(taken, home=_home(taken, known))


@dataclass(frozen=True, slots=True)
class _Act:
    """One commit being made: the commit as this clone has it with its paths, and what was staged for it, and where."""

    maker: Share
    made: CommitMade
    commit: Commit | None
    paths: frozenset[str]
    staged: tuple[tuple[str, Ref], ...]


def _act(maker: Share, made: CommitMade, tree: SharedTree, known: Mapping[str, tuple[Commit, ...]]) -> _Act:
    commit = commit_of(made, known)
    if commit and commit.changes is not None:
        return _Act(maker, made, commit, commit.paths(), ())
    since = max((event.moment for event in maker.committed if event.moment < made.moment), default=maker.agent.start)
    found = [
        (tree.root if path == ALL else plain(posixpath.join(event.cwd, path)), event.ref)
        for event in maker.events
        if isinstance(event, Command | TestRun) and since <= event.moment <= made.moment and "git" in event.command
        for path in staged(event.command)
    ]
    return _Act(maker, made, None, frozenset(), tuple((inside(path, tree.root), ref) for path, ref in found))


def _taken(act: _Act, owner: Share, path: str, write: FileWrite) -> UncommittedFileTaken | None:
    """Return what a commit took of a file: by its own paths if this clone has it, else by what was staged for it."""
    touched = any(event.moment <= act.made.moment for event in act.maker.written.get(path, ()))
    if act.commit is None:
        ref = next((ref for named, ref in act.staged if _covers(named, path, touched=touched)), None)
        return UncommittedFileTaken(act.maker, owner, act.made, None, path, write, staging=ref) if ref else None
    late = write.moment > act.commit.commit_time + _SECOND
    if path not in act.paths or late or (not touched and _may_have_written(act.maker, act.made, path)):
        return None
    return UncommittedFileTaken(act.maker, owner, act.made, act.commit, path, write, foreign=not touched)


def _covers(named: str, path: str, *, touched: bool) -> bool:
    """Return whether staging a path includes a file: with its folder, or by its name if the agent wrote it too."""
    return named.startswith("/") or path.startswith(f"{named}/") or (touched and named == path)


@dataclass(frozen=True, slots=True)
class _Meanwhile:
    """What may have committed, fetched or stashed a file: times, with the act they belong to; `by_path` for single files.

    A commit that this clone does not have, or that printed nothing, may have held any file.
    """

    anything: Sequence[tuple[datetime, object]]
    by_path: Mapping[str, Sequence[tuple[datetime, object]]]

    def accounts_for(self, path: str, write: FileWrite, act: _Act) -> bool:
        """Return whether a file may have been committed, fetched or stashed between its writing and a commit."""
        own = act.made.ref, act.commit and _work(act.commit)
        return any(
            what not in own
            for moments in (self.anything, self.by_path.get(path, ()))
            for _, what in moments[
                bisect_left(moments, write.moment, key=_time) : bisect_right(moments, act.made.moment, key=_time)
            ]
        )


def _meanwhile(tree: SharedTree, case: Case, known: Mapping[str, tuple[Commit, ...]]) -> _Meanwhile:
    printed = {event.ref for event in tree.events if isinstance(event, CommitMade)}
    anything: list[tuple[datetime, object]] = []
    for event in tree.events:
        if isinstance(event, CommitMade):
            if (commit := commit_of(event, known)) is None or commit.changes is None:
                anything.append((event.moment, event.ref))
        elif "git" in event.command:
            failed = isinstance(event, Command) and bool(event.exit_code)
            quiet = commits(event.command) and event.ref not in printed and not failed
            if quiet or brings_files(event.command):
                anything.append((event.moment, _ANYTHING))
    by_path: dict[str, list[tuple[datetime, object]]] = {path: [] for share in tree.shares for path in share.written}
    for commit in case.history.commits.values():
        for path in by_path.keys() & commit.paths():
            times = (commit.author_time, commit.commit_time)
            by_path[path] += [(time + more, _work(commit)) for time in times for more in (timedelta(0), _SECOND)]
    return _Meanwhile(sorted(anything, key=_time), {path: sorted(found, key=_time) for path, found in by_path.items()})


def _time(act: tuple[datetime, object]) -> datetime:
    return act[0]


def _work(commit: Commit) -> tuple[str, datetime]:
    """Return what a cherry-pick or a rebase keeps of a commit."""
    return commit.subject, commit.author_time


def _belongs_to_maker(taken: UncommittedFileTaken, case: Case) -> bool:
    """Return whether the plan gives a file to the step whose agent committed it, though that agent is not seen to write it."""
    dossier = case.dossier(taken.maker.step)
    named = dossier.spec.files if dossier and dossier.spec and taken.path not in taken.maker.written else ()
    return any(locate(name, {taken.path}) for name in named)


def _may_have_written(maker: Share, made: CommitMade, path: str) -> bool:
    """Return whether an agent named a file in a command that does more than read, so a shell may have written it."""
    name = posixpath.basename(path)
    return any(
        event.moment <= made.moment and name in event.command and not _READING.match(event.command)
        for event in maker.agent.of(Command)
    )


def _home(taken: UncommittedFileTaken, known: Mapping[str, tuple[Commit, ...]]) -> str | None:
    """Return the owner's own next commit of the file."""
    later = (commit_of(event, known) for event in taken.owner.committed if event.moment > taken.made.moment)
    return next((commit.sha for commit in later if commit and taken.path in commit.paths()), None)
