"""Commits that took in files which another agent had written in the same tree and not committed yet."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from forensics.casework.paths import locate
from forensics.casework.shared_trees import Share, SharedTree
from forensics.casework.trees import by_digits, commit_of, inside, plain
from forensics.formats.transcripts.git_calls import ALL, brings, staged
from forensics.formats.transcripts.shell import commits
from forensics.model.case import Case
from forensics.model.history import Commit
from forensics.model.source import Ref
from forensics.model.transcript import Command, CommitMade, FileWrite, TestRun

_SECOND = timedelta(seconds=1)
EVERYBODYS = re.compile(
    r"(?:^|/)(?:[\w.-]*lock(?:file)?[\w.-]*|package\.json|pyproject\.toml|setup\.(?:py|cfg)|Cargo\.toml|go\.(?:mod|sum)|Gemfile|"
    r"mix\.exs|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|requirements[\w.-]*|CHANGE(?:S|LOG)[\w.]*|\.gitignore)$|__snapshots__/"
)
_READING = re.compile(r"^\s*(?:cat|head|tail|less|grep|rg|ls|wc|diff|git (?:diff|status|log|show|blame))\b[^;&|>]*$")


@dataclass(frozen=True, slots=True)
class Taking:
    """A commit by one agent while another's write of a file lay uncommitted in the same tree.

    `commit` is the commit as this clone has it, None if it has not. `foreign` says that it is shown to hold a file that
    its maker did not touch; else it may hold it. `home` is the owner's own commit of the file after that, `staging` the
    command that staged the file where only that tells.
    """

    maker: Share
    owner: Share
    made: CommitMade
    commit: Commit | None
    path: str
    write: FileWrite
    foreign: bool = False
    exact: bool = False
    home: str | None = None
    staging: Ref | None = None


def takings(tree: SharedTree, case: Case) -> Iterator[Taking]:
    """Yield what commits in a shared tree took in, or may have, of files that others had written there."""
    known = by_digits(case.history)
    for one, other in tree.pairs:
        for maker, owner in ((one, other), (other, one)):
            for made in maker.committed:
                commit = commit_of(made, known)
                for path, writes in owner.written.items():
                    write = next((event for event in reversed(writes) if event.moment <= made.moment), None)
                    if write is None or EVERYBODYS.search(path):
                        continue
                    taking = _taking((maker, owner), made, commit, path, write, tree)
                    if taking and not _rightful(taking, case) and not _accounted(taking, tree, case, known):
                        yield replace(taking, home=_home(taking, known))


def _taking(
    pair: tuple[Share, Share], made: CommitMade, commit: Commit | None, path: str, write: FileWrite, tree: SharedTree
) -> Taking | None:
    """Return what a commit took of a file: by its own paths if this clone has it, else by what was staged for it."""
    maker, owner = pair
    touched = any(event.moment <= made.moment for event in maker.written.get(path, ()))
    if commit is None or commit.changes is None:
        staging = _staging(maker, made, path, tree, touched=touched)
        return Taking(maker, owner, made, None, path, write, staging=staging) if staging else None
    there = path if path in commit.paths() else locate(path, commit.paths()) if "/" in path else None
    if there is None or write.moment > commit.commit_time + _SECOND:
        return None
    if touched:
        return Taking(maker, owner, made, commit, there, write)
    return None if _named(maker, made, path) else Taking(maker, owner, made, commit, there, write, True, there == path)


def _staging(maker: Share, made: CommitMade, path: str, tree: SharedTree, *, touched: bool) -> Ref | None:
    """Return where an agent staged a file for its commit: wholesale, or by name if it wrote it too."""
    since = max((event.moment for event in maker.committed if event.moment < made.moment), default=None)
    for event in maker.events:
        if not isinstance(event, Command | TestRun) or event.moment > made.moment or (since and event.moment <= since):
            continue
        for one in staged(event.command) if "git" in event.command else ():
            named = inside(plain(posixpath.join(event.cwd, one)), tree.root) if one != ALL else ALL
            if (touched and named == path) or named in {ALL, tree.root} or path.startswith(f"{named}/"):
                return event.ref
    return None


def _accounted(taking: Taking, tree: SharedTree, case: Case, known: Mapping[str, tuple[Commit, ...]]) -> bool:
    """Tell whether the file may have been committed, fetched or put away between its writing and the commit.

    A commit that this clone has not, or that printed nothing, may have held anything.
    """
    start, end = taking.write.moment, taking.made.moment
    printed = {event.ref for event in tree.events if isinstance(event, CommitMade)}
    for event in tree.events:
        if not start <= event.moment <= end or event is taking.made:
            continue
        if isinstance(event, CommitMade):
            commit = commit_of(event, known)
            if commit is None or commit.changes is None or taking.path in commit.paths():
                return True
        elif "git" in event.command and (
            brings(event.command) or (commits(event.command) and event.ref not in printed and not _refused(event))
        ):
            return True
    return any(
        start <= time + _SECOND and time <= end
        for commit in case.history.commits.values()
        if commit is not taking.commit and not _same_work(commit, taking.commit) and taking.path in commit.paths()
        for time in (commit.author_time, commit.commit_time)
    )


def _refused(event: Command | TestRun) -> bool:
    return isinstance(event, Command) and bool(event.exit_code)


def _same_work(one: Commit, other: Commit | None) -> bool:
    return other is not None and one.subject == other.subject and one.author_time == other.author_time


def _rightful(taking: Taking, case: Case) -> bool:
    """Tell whether the plan gives a file to the step whose agent committed it, though that one is not seen to write it."""
    if taking.path in taking.maker.written:
        return False
    dossier = case.dossier(taking.maker.step)
    named = dossier.spec.files if dossier and dossier.spec else ()
    return any(locate(one, frozenset({taking.path})) for one in named)


def _named(maker: Share, made: CommitMade, path: str) -> bool:
    """Tell whether an agent named a file in a command that does more than read: it may have written it by a shell."""
    name = posixpath.basename(path)
    return any(
        isinstance(event, Command)
        and event.moment <= made.moment
        and name in event.command
        and not _READING.match(event.command)
        for event in maker.agent.events
    )


def _home(taking: Taking, known: Mapping[str, tuple[Commit, ...]]) -> str | None:
    """Return the owner's own next commit of the file."""
    later = (commit_of(event, known) for event in taking.owner.committed if event.moment > taking.made.moment)
    return next((commit.sha for commit in later if commit and taking.path in commit.paths()), None)
