"""Commits off the branch whose work is on it all the same: in a squash, under another name, or by way of another branch."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from forensics.casework.files import is_shared_file
from forensics.formats.promotions import is_development_ref
from forensics.model.grouping import grouped
from forensics.model.history import Commit, History
from forensics.model.prose import count, quote
from forensics.model.source import Gap

# A squash has every file as its branch left it, but a conflict at the landing changes one. With fewer, another step may have
# swept up a part of the work, and the rest is lost.
_ENOUGH = 0.8
# A main branch that was rewritten leaves thousands of commits above each other off the branch.
_MOST_ABOVE = 500


def squashed(history: History, shas: Iterable[str]) -> Mapping[str, str]:
    """Return which commit on the branch has the work of each of these commits, which are not on it.

    Trees are compared, not commits: on a branch that was squashed, the last version of a file, in the commit itself or
    above it, is the version that a commit on the branch left. A promotion of `dev` as one commit has no line of its own
    subjects, and a ticket's part may land under the whole ticket's name.
    """
    wanted = [sha for sha in shas if sha in history.commits and sha not in history.on_branch]
    if not wanted:
        return {}
    off = {sha: commit for sha, commit in history.commits.items() if sha not in history.on_branch}
    above = grouped((parent, sha) for sha, commit in off.items() for parent in commit.parents)
    left = _versions(history, {path for sha in wanted for path in off[sha].paths()})
    found = {sha: _holder(off[sha], off, above, left) for sha in wanted}
    return {sha: holder for sha, holder in found.items() if holder}


def _versions(history: History, paths: Collection[str]) -> Mapping[tuple[str, str], tuple[Commit, ...]]:
    """Return the commits on the branch that left one of these files in a version, by path and blob; merges included."""
    return grouped(
        ((change.path, change.blob), commit)
        for sha in history.on_branch
        for commit in [history.commits[sha]]
        for change in (commit.changes if commit.changes is not None else history.merged.get(sha, ()))
        if change.status != "D" and change.path in paths
    )


def _holder(
    commit: Commit,
    off: Mapping[str, Commit],
    above: Mapping[str, tuple[str, ...]],
    left: Mapping[tuple[str, str], tuple[Commit, ...]],
) -> str | None:
    """Return the commit on the branch that has most of a commit's files as its line of work left them."""
    paths = {path for path in commit.paths() if not is_shared_file(path)}
    later: dict[str, set[str]] = {path: set() for path in paths}
    seen: set[str] = set()
    todo = [commit.sha]
    while todo and len(seen) < _MOST_ABOVE:
        sha = todo.pop(0)
        if sha in seen:
            continue
        seen.add(sha)
        todo += above.get(sha, ())
        for change in off[sha].changes or ():
            if change.path in later and change.status != "D":
                later[change.path].add(change.blob)
    votes: Counter[str] = Counter()
    for path, blobs in later.items():
        holders = {
            at.sha for blob in blobs for at in left.get((path, blob), ()) if at.commit_time >= commit.author_time
        }
        votes.update(holders)
    most = max(votes.values(), default=0)
    if not later or most < _ENOUGH * len(later):
        return None
    return min(sha for sha, number in votes.items() if number == most)


def promoted_as_squash(history: History, squashed: Mapping[str, str]) -> Iterator[Gap]:
    """Yield a gap where steps' work landed on a development branch of which this branch has squashes only.

    The squash hides how the work landed there: what was swept up, taken out or merged empty.
    """
    for ref in sorted(ref for ref in history.refs if is_development_ref(ref)):
        landed = [sha for sha in history.first_parents(history.refs[ref]) if sha in squashed]
        if landed:
            name = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
            yield Gap(
                f"{count(len(landed), 'commit')} of the steps landed on {quote(name)}, and this branch has squashes of them: "
                f"`--at {name}` examines how they landed there."
            )
            return
