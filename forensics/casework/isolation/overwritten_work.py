"""Landed work that another step's landing took out: a stale tree over it, or a conflict resolved against it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from forensics.casework.isolation.deleted_files import files_deleted_silently
from forensics.casework.isolation.lineage import Lineage, is_same_step
from forensics.casework.isolation.removed_work import Inverses
from forensics.formats.removal_words import means_to_remove
from forensics.model.grouping import grouped
from forensics.model.history import Commit
from forensics.model.pull import Pull

# Work taken out weeks later is another run's decision.
_RUN = timedelta(days=7)
# Two steps that change one function take a few of each other's lines out; five distinctive ones are a piece of work.
_FEWEST = 5
# Whoever rewrites a part of a file leaves the rest of the other step's lines: a stale tree leaves hardly any.
_NEARLY_ALL = 0.8
# Lines that go in and out again and again are a switch (a feature flag), and not one step's work.
_MOST_TIMES = 3
# Of unseen removals, half of the work: one function that both changed is an ordinary conflict.
_HALF = 0.5
# In a clone without pull requests' heads, nothing shows when a step began. An agent's task rarely takes longer.
_AT_WORK = timedelta(hours=24)
# A formatter changes only these: a line that comes back without them was not taken out.
_LAYOUT = re.compile(r"[\s'\"`,;(){}\[\]]+")
Lines = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OverwrittenWork:
    """`by`, `step`'s landing, takes out `lines` (path, text) of `work`, what `owner` had landed.

    `share` is how much of the owner's lines that were there it takes out, from 0 to 1. `unseen`: none of the commits that
    it was made of removes these lines, so that nobody wrote their removal. `seen`: it began when the work had landed, and
    deletes its files without a word. `restored` is a later commit with most of the lines.
    """

    work: Commit
    by: Commit
    owner: str
    step: str
    lines: Lines
    share: float
    unseen: bool
    seen: bool
    restored: Commit | None

    @property
    def files(self) -> tuple[tuple[str, int], ...]:
        """Return (path, number of lines taken out) for each file."""
        return tuple(sorted(Counter(path for path, _ in self.lines).items()))

    @property
    def nearly_all(self) -> bool:
        """Return whether hardly anything of the work was left."""
        return self.share >= _NEARLY_ALL


def overwritten_work(lineage: Lineage, inverses: Inverses) -> tuple[OverwrittenWork, ...]:
    """Return the landed work that other steps' landings took out, by the landing; exact inverses are left out.

    Trees are compared, not commits: a branch that began before the work landed, and whose tree then replaced the branch's,
    has no commit that removes a line. Where a commit does remove the lines, it has to take out nearly all of them.
    """
    landed = [commit for commit in lineage.commits if commit.sha in lineage.history.on_branch and commit.changes]
    adding = grouped((line, commit) for commit in landed for line in lineage.distinctive_lines(commit.sha))
    creating = grouped((path, commit) for commit in landed for path in _paths(lineage, commit, "A"))
    squashed = [(by, _removed(lineage, by)) for by in landed if by.sha not in inverses]
    found = []
    for by, removed in (*squashed, *_merges(lineage, landed)):
        added = [adding[line] for line in removed if line in adding and len(adding[line]) <= _MOST_TIMES]
        works = grouped(
            (lineage.owner(work.sha), work)
            for work in dict.fromkeys(
                work for some in (*added, *map(creating.get, _paths(lineage, by, "D"))) for work in some or ()
            )
            if _is_at_stake(lineage, work, by)
        )
        found += [one for owner, taken in works.items() if (one := _overwritten(lineage, by, owner, taken, removed))]
    return tuple(sorted(found, key=lambda one: (one.by.commit_time, one.by.sha, one.owner)))


def _merges(lineage: Lineage, landed: Sequence[Commit]) -> Iterator[tuple[Commit, Lines]]:
    """Yield the merges that landed a pull request with the lines they lost: of files that they took from it whole."""
    for pull in lineage.pulls:
        merge = lineage.history.commits[pull.landing] if pull.landing and not pull.squashed else None
        if merge is None or pull.head is None or merge.sha not in lineage.history.merged:
            continue
        brought = [lineage.history.commits[sha] for sha in pull.commits]
        versions = {(change.path, change.blob) for commit in brought for change in commit.changes or ()}
        touched = {path for path, _ in versions}
        added = {
            (path, line.text.strip())
            for commit in brought
            for path, new in lineage.patch(commit.sha).added.items()
            for line in new
        }
        changes = lineage.history.merged[merge.sha]
        whole = {
            change.path for change in changes if change.path not in touched or (change.path, change.blob) in versions
        }
        lost = {
            line
            for work in landed
            if work.paths() & whole and _is_aside(lineage, work, merge)
            for line in _lines_of(lineage, work, merge)
            if line[0] in whole
        }
        yield merge, frozenset(lost - added)


def _is_aside(lineage: Lineage, work: Commit, merge: Commit) -> bool:
    """Return whether work was on the branch before a merge, and not on the branch that was merged."""
    return lineage.reaches(merge.parents[0], work.sha) and not lineage.reaches(merge.parents[1], work.sha)


def _removed(lineage: Lineage, by: Commit) -> Lines:
    """Return the lines a commit removes and does not add again, in another place or another layout."""
    patch = lineage.patch(by.sha)
    kept = {_LAYOUT.sub("", line.text) for lines in patch.added.values() for line in lines}
    return frozenset(
        (path, line.text.strip())
        for path, lines in patch.removed.items()
        for line in lines
        if _LAYOUT.sub("", line.text) not in kept
    )


def _paths(lineage: Lineage, commit: Commit, status: str) -> frozenset[str]:
    """Return the files that a commit created ("A") or deleted ("D"); of a merge, against its first parent."""
    changes = lineage.history.merged.get(commit.sha, ()) if commit.changes is None else commit.changes
    return frozenset(change.path for change in changes if change.status == status)


def _lines_of(lineage: Lineage, work: Commit, by: Commit) -> Lines:
    """Return the lines that identify a commit's work; of a file that it created and the other deletes, all lines do."""
    created = _paths(lineage, work, "A") & _paths(lineage, by, "D")
    whole = {(path, line.text.strip()) for path in created for line in lineage.patch(work.sha).added.get(path, ())}
    return lineage.distinctive_lines(work.sha) | whole


def _is_at_stake(lineage: Lineage, work: Commit, by: Commit) -> bool:
    """Return whether work is another step's, landed below a commit within the run's days."""
    recent = work.commit_time <= by.commit_time and by.commit_time - work.commit_time <= _RUN
    if not recent or work.sha == by.sha or not _is_other(lineage, work, by):
        return False
    return lineage.reaches(by.sha, work.sha) if by.changes is not None else _is_aside(lineage, work, by)


def _overwritten(
    lineage: Lineage, by: Commit, owner: str, works: Collection[Commit], removed: Lines
) -> OverwrittenWork | None:
    whole = {line for work in works for line in _lines_of(lineage, work, by)}
    gone = {path: lineage.removed_below(by, path) for path in {path for path, _ in whole}}
    there = {(path, text) for path, text in whole if text not in gone[path]}
    lines = frozenset(there & removed)
    share = len(lines) / len(there) if there else 0.0
    unseen = len(lines & _unseen(lineage, by, lines)) >= _FEWEST and share >= _HALF
    written = share >= _NEARLY_ALL and not _is_meant(lineage, by)
    unaware = written and _began_before(lineage, by, works)
    seen = written and not unaware and not unseen and _are_deleted_silently(lineage, by, works, there)
    if len(lines) < _FEWEST or not (unseen or unaware or seen):
        return None
    work = max(works, key=lambda work: (len(lineage.distinctive_lines(work.sha) & lines), work.sha))
    step = min(_steps(lineage, by))
    return OverwrittenWork(work, by, owner, step, lines, share, unseen, seen, _restored(lineage, by, lines))


def _are_deleted_silently(
    lineage: Lineage, by: Commit, works: Collection[Commit], lines: Collection[tuple[str, str]]
) -> bool:
    """Return whether nearly all lines were in files that a pull request deletes without a word.

    Without a pull request, the steps follow each other, and the later one was planned with the earlier one in view.
    """
    if _pull(lineage, by) is None:
        return False
    files = files_deleted_silently(lineage, by, _own(lineage, by), works)
    return len([path for path, _ in lines if path in files]) >= max(_FEWEST, _NEARLY_ALL * len(lines))


def _steps(lineage: Lineage, by: Commit) -> frozenset[str]:
    """Return the steps of a landing; a merge has those of its pull request."""
    pull = _pull(lineage, by)
    return lineage.owners.get(by.sha) or frozenset(pull.steps if pull else ())


def _is_other(lineage: Lineage, work: Commit, by: Commit) -> bool:
    if by.sha in lineage.owners:
        return lineage.different_step(work.sha, by.sha)
    steps = _steps(lineage, by)
    return bool(steps) and not any(is_same_step(mine, other) for mine in steps for other in lineage.owners[work.sha])


def _pull(lineage: Lineage, by: Commit) -> Pull | None:
    return lineage.landings.get(by.sha) or next(iter(lineage.pulls_with(by.sha)), None)


def _own(lineage: Lineage, by: Commit) -> list[Commit]:
    """Return the commits that a landing was made of, as far as they are known."""
    pull = _pull(lineage, by)
    return [lineage.history.commits[sha] for sha in pull.commits] if pull else []


def _began_before(lineage: Lineage, by: Commit, works: Collection[Commit]) -> bool:
    """Return whether a landing's own work began before the others' landed: who began later saw what they took out."""
    own = _own(lineage, by)
    landed = max(work.commit_time for work in works)
    if own or by.sha not in lineage.landings:
        return min(commit.author_time for commit in own or [by]) < landed
    return by.commit_time - landed <= _AT_WORK


def _unseen(lineage: Lineage, by: Commit, lines: Lines) -> Lines:
    """Return those lines that none of a squash's own commits removes; none where these commits are not known."""
    if by.changes is None:
        return lines  # a merge: its commits' own lines are left out already
    pull = lineage.landings.get(by.sha)
    own = [lineage.history.commits[sha] for sha in pull.commits] if pull and pull.squashed and pull.head else []
    plain = [commit for commit in own if commit.changes is not None]
    if not plain or any(commit.sha not in lineage.history.patches for commit in plain):
        return frozenset()
    seen = {
        (path, line.text.strip())
        for commit in plain
        for path, there in lineage.patch(commit.sha).removed.items()
        for line in there
    }
    deleted = {change.path for commit in plain for change in commit.changes or () if change.status == "D"}
    unread = {path for commit in plain for path in _unread(lineage, commit)}
    return frozenset(line for line in lines - seen if line[0] not in deleted | unread)


def _unread(lineage: Lineage, commit: Commit) -> Iterator[str]:
    """Yield the files that a commit changes without a line: git compares no files above its size limit for text."""
    patch = lineage.patch(commit.sha)
    yield from (path for path in commit.paths() if path not in patch.added and path not in patch.removed)


def _is_meant(lineage: Lineage, by: Commit) -> bool:
    """Return whether a landing's message, or that of a commit it was made of, says that it takes lines out."""
    return any(means_to_remove(f"{commit.subject}\n{commit.body}") for commit in (by, *_own(lineage, by)))


def _restored(lineage: Lineage, by: Commit, lines: Lines) -> Commit | None:
    """Return the first later commit on the branch that adds most of the lines again."""
    later = (
        commit
        for commit in lineage.commits
        if commit.sha in lineage.history.on_branch and commit.commit_time >= by.commit_time and commit.sha != by.sha
    )
    return next(
        (commit for commit in later if 2 * len(lineage.distinctive_lines(commit.sha) & lines) > len(lines)), None
    )
