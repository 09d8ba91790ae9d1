"""Git's answers as a History: one pass over the log, one batch of look-ups, one batch of report versions."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from forensics.casework.repairs import repair_candidates
from forensics.formats.patches import parse_patches
from forensics.formats.reverts import reverted_commits
from forensics.formats.tickets import PULL_HEAD
from forensics.model.history import Commit, History, Lookup, Searched, reachable
from forensics.sources.damaged_history import read_commits, read_log
from forensics.sources.git_log import HistoryLog, parse_log
from forensics.sources.git_settings import GitError
from forensics.sources.repeated_lines import repeated_lines
from forensics.sources.repository import Repository

# What git writes into the reflog of HEAD when a branch is checked out.
_MOVED = re.compile(r"checkout: moving from \S+ to (?P<to>\S+)$")
# Bytes. Reports are far smaller; a larger version is not searched for the strings that date it.
_VERSION_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """What the reports ask of git: hash strings, and for each report path the strings to date.

    `former` names the paths at which a report may have stood before it was moved, each with its path now.
    """

    hashes: frozenset[str]
    needles: Mapping[str, frozenset[str]]
    former: Mapping[str, str] = field(default_factory=dict)


def read_history(
    repository: Repository,
    head: str,
    walk: HistoryLog,
    question: Question,
    *,
    as_of: bool,
    others: Mapping[str, Repository],
) -> History:
    """Read git's answers to `question`, seen from `head`; `walk` is its log.

    With `as_of`, nothing committed after `head` counts. `others` are further repositories in which a claimed
    commit may lie, by the name to show.
    """
    commits = dict(walk.commits)
    refs = repository.refs()
    limit = commits[head].commit_time if as_of else None
    answers = repository.check(question.hashes)
    loose = {sha for kind, sha in answers.values() if kind == "commit" and sha and sha not in commits}
    commits |= read_commits(repository, loose)
    if limit is not None:
        own = reachable(commits, [head])
        commits = {sha: commit for sha, commit in commits.items() if sha in own or commit.commit_time <= limit}
        refs = {ref: tip for ref, tip in refs.items() if tip in commits}
    on_branch = reachable(commits, [head])
    links = _links(commits.values())
    submodules = repository.submodule_directories(links)
    elsewhere = {**{f"submodule {path}": sub for path, sub in submodules.items()}, **others}
    lookups = _own_lookups(answers, commits, walk.unread, limited=limit is not None)
    lookups |= _foreign_lookups(
        [value for value in question.hashes if lookups.get(value, _NOTHING).type is None], elsewhere, links
    )
    return History(
        commits=commits,
        head=head,
        branch=None if as_of else repository.branch(),
        on_branch=on_branch,
        refs=refs,
        lookups=lookups,
        first_seen=_first_seen(repository, commits, on_branch, question, committed=as_of),
        searched=replace(
            _damage(walk, commits),
            refs=len(refs),
            commits=len(commits),
            reflog=repository.has_reflog(),
            pull_heads=any(map(PULL_HEAD.match, refs)),
            shallow=repository.shallow,
            submodules_read=tuple(sorted(submodules)),
            submodules_absent=tuple(sorted(links.keys() - submodules.keys())),
            other_repositories=tuple(sorted(others)),
            broken_refs=() if as_of else repository.broken_refs(),
        ),
        as_of=limit,
    )


def _damage(walk: HistoryLog, commits: Mapping[str, Commit]) -> Searched:
    undated, unlisted = (tuple(sha for sha in shas if sha in commits) for shas in (walk.undated, walk.unlisted))
    return Searched(unread=walk.unread, undated=undated, unlisted=unlisted)


def look_up(repository: Repository, history: History, hashes: Iterable[str]) -> History:
    """Return the history with answers to further hash strings, as far as this repository can tell."""
    answers = repository.check(hashes)
    found = _own_lookups(answers, history.commits, history.searched.unread, limited=history.as_of is not None)
    return replace(history, lookups={**history.lookups, **found})


def with_lines(
    repository: Repository, history: History, shas: Iterable[str], papers: Iterable[str] = frozenset()
) -> History:
    """Return the history with the lines of these commits and their reverts, and what merges among and above them changed.

    The lines of commits that may repair them soon after are read with them.

    Of `papers`, further commits, only Markdown is read, because other files in them make no claims. A clone without
    file contents (`--filter=blob:none`) has no lines: `searched.lines_lacking` says so.
    """
    known = {sha for sha in shas if sha in history.commits}
    known |= _reverting(history, known) | repair_candidates(history, known)
    read = sorted(sha for sha in set(papers) - known if sha in history.commits)
    merges = sorted(
        commit.sha
        for commit in history.commits.values()
        if commit.changes is None and (commit.sha in known or not known.isdisjoint(commit.parents))
    )
    plain = sorted(known.difference(merges))
    try:
        patches = dict(parse_patches(repository.patches(read, "*.md"))) | dict(parse_patches(repository.patches(plain)))
        merged = {commit.sha: commit.changes or () for commit in parse_log(repository.merges(merges), merges=True)}
    except GitError:
        return replace(history, searched=replace(history.searched, lines_lacking=True))
    repeated = repeated_lines(repository, history.commits, {sha: patches[sha] for sha in plain if sha in patches})
    return replace(history, patches=patches, repeated=repeated, merged=merged, made_on=made_on(repository.head_log()))


def _reverting(history: History, shas: Set[str]) -> frozenset[str]:
    """Return the commits that say that they revert one of `shas`: their lines show how much they took back."""
    named = {sha[:7] for sha in shas}
    return frozenset(
        commit.sha
        for commit in history.commits.values()
        if any(target[:7] in named for target in reverted_commits(commit.body))
    )


def with_commits(repository: Repository, history: History, claimed: Iterable[str]) -> History:
    """Return the history with further commits that are in the object store, named by hash strings of any length.

    As of a moment, what was committed after it stays out.
    """
    known = {sha[:7] for sha in history.commits}
    asked = [value for value in claimed if value[:7] not in known]
    answers = repository.check(asked) if asked else {}
    return _with(repository, history, {sha for kind, sha in answers.values() if kind == "commit" and sha})


def with_unreachable(repository: Repository, history: History) -> tuple[History, bool]:
    """Return the history with every commit that is in the object store, and whether all of them could be looked at."""
    stored = repository.all_commits()
    return (history, False) if stored is None else (_with(repository, history, stored), True)


def todays(repository: Repository, history: History) -> History:
    """Return the history as of now; unchanged if the branch no longer contains the head it was read from."""
    head = repository.head()
    if head is None:
        return history
    commits = {**history.commits, **read_log(repository, [head]).commits}
    on_branch = reachable(commits, [head])
    if history.head not in on_branch:
        return history
    return replace(history, commits=commits, head=head, on_branch=on_branch, refs=repository.refs(), as_of=None)


def made_on(log: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the branch that HEAD was on when each commit was made, out of a reflog, oldest first; unknown ones are left out."""
    branch = ""
    found: dict[str, str] = {}
    for sha, said in log:
        if moved := _MOVED.match(said):
            branch = moved["to"]
        elif branch and said.startswith("commit"):
            found.setdefault(sha, branch)
    return found


def _with(repository: Repository, history: History, shas: Iterable[str]) -> History:
    new = sorted(set(shas) - history.commits.keys())
    found = read_commits(repository, new).values() if new else ()
    kept = {commit.sha: commit for commit in found if history.as_of is None or commit.commit_time <= history.as_of}
    return replace(history, commits={**history.commits, **kept}) if kept else history


_NOTHING = Lookup(None)


def _links(commits: Iterable[Commit]) -> dict[str, frozenset[str]]:
    """Return every submodule path with the commits that the history ever recorded for it."""
    links: dict[str, set[str]] = {}
    for commit in commits:
        for change in commit.changes or ():
            if change.link:
                links.setdefault(change.path, set()).add(change.blob)
    return {path: frozenset(shas) for path, shas in links.items()}


def _own_lookups(
    answers: Mapping[str, tuple[str | None, str | None]],
    commits: Mapping[str, Commit],
    unread: Iterable[str],
    *,
    limited: bool,
) -> dict[str, Lookup]:
    lookups: dict[str, Lookup] = {}
    for value, (kind, sha) in answers.items():
        if kind is None and (lost := next((each for each in unread if each.startswith(value)), None)):
            lookups[value] = Lookup("commit", lost)  # another commit names it, so it did exist
        elif kind == "ambiguous":
            fits = [sha for sha in commits if sha.startswith(value)]
            lookups[value] = Lookup("commit", fits[0]) if len(fits) == 1 else Lookup(None, ambiguous=len(fits) > 1)
        elif kind == "commit" and limited and sha not in commits:
            lookups[value] = _NOTHING
        else:
            lookups[value] = Lookup(kind, sha)
    return lookups


def _foreign_lookups(
    missing: list[str], elsewhere: Mapping[str, Repository], links: Mapping[str, frozenset[str]]
) -> dict[str, Lookup]:
    """Look for hashes in submodules and other repositories, then among the submodule commits history recorded."""
    found: dict[str, Lookup] = {}
    for place, repository in elsewhere.items():
        answers = repository.check(value for value in missing if value not in found)
        shas = sorted({sha for kind, sha in answers.values() if kind == "commit" and sha})
        known = read_commits(repository, shas) if shas else {}
        found |= {
            value: Lookup("commit", sha, place, known[sha].subject)
            for value, (kind, sha) in answers.items()
            if kind == "commit" and sha in known
        }
    for value in missing:
        if value not in found:
            for path, shas_of in links.items():
                fits = [sha for sha in shas_of if sha.startswith(value)]
                if len(fits) == 1:
                    found[value] = Lookup("commit", fits[0], f"submodule {path}")
    return found


def _first_seen(
    repository: Repository,
    commits: Mapping[str, Commit],
    on_branch: frozenset[str],
    question: Question,
    *,
    committed: bool,
) -> dict[tuple[str, str], str]:
    """Return, for each report path and string, the first commit whose version of the file holds it.

    The empty string means the file itself. A file that is `committed` as it reads, in one version, is not read.
    """
    needles, former = question.needles, question.former
    versions: dict[str, list[tuple[str, str]]] = {path: [] for path in needles}
    listed = [commits[sha] for sha in reversed(list(commits)) if sha in on_branch]  # a parent before its children,
    ordered = sorted(listed, key=lambda commit: commit.commit_time)  # also where a rebase made all in one second
    for commit in ordered:
        for change in commit.changes or ():
            path = change.path if change.path in versions else former.get(change.path, "")
            if path in versions and change.status != "D":
                versions[path].append((commit.sha, change.blob))
    dated = {path: known for path, known in versions.items() if len(known) > 1 or not committed}
    texts = repository.blobs(
        {blob for path, known in dated.items() if needles[path] for _, blob in known}, _VERSION_LIMIT
    )
    seen: dict[tuple[str, str], str] = {}
    for path, known in versions.items():
        if known:
            seen[path, ""] = known[0][0]
        for needle in needles[path]:
            holders = (sha for sha, blob in known if path not in dated or needle.encode() in texts.get(blob, b""))
            if holder := next(holders, None):
                seen[path, needle] = holder
    return seen
