"""Files that a step created and the branch has no longer, although nothing says that they should go."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from forensics.casework.files import has_recurring_lines, is_bookkeeping, is_generated
from forensics.casework.isolation.deleted_files import is_rewritten, words_of
from forensics.casework.isolation.overwritten_work import OverwrittenWork
from forensics.casework.isolation.removed_work import RemovedWork
from forensics.casework.paths import is_named
from forensics.casework.readings import sure_work
from forensics.formats.removal_words import means_to_remove
from forensics.model.case import Case, StepDossier
from forensics.model.grouping import grouped
from forensics.model.history import Change, Commit, History
from forensics.model.patch import Patch

# The id of empty content, in repositories of SHA-1 and of SHA-256.
_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
# A commit that replaces a component by another one deletes a few files: a change of the database took out four.
_FEWEST = 5
# Where nobody brought a file back, only the number tells: the two stale trees that were seen deleted 34 and 236 files, and
# added next to nothing.
_MANY = 20
_TO_ADDED = 4
# A file's name in a message, without its ending: `queue` of `no queue any more`.
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class GoneFiles:
    """`by` deleted or emptied `paths`, which `work` of `step` had created; the step created `of` files of code in all.

    `culprit` is the other step that `by` belongs to, None if it is of none or of another plan. `deleted` is how many
    files of code it takes out without a word, `restored` a later commit that brought some of them back.
    """

    step: str
    work: tuple[Commit, ...]
    by: Commit
    paths: tuple[str, ...]
    of: int
    culprit: str | None
    deleted: int
    restored: Commit | None


def gone_files(
    case: Case, removed_work: tuple[RemovedWork, ...], overwritten_work: tuple[OverwrittenWork, ...]
) -> tuple[GoneFiles, ...]:
    """Return what steps created and others took out without a word, by step and commit, and is missing at the end.

    What is known as work that another step removed is left out.

    Later work deletes files for good reasons that no message gives. So either the commit looks like a stale tree that was
    committed, or it lies within the run and took out at least half of what the step had created.
    """
    created = {dossier.id: _created(case, dossier) for dossier in case.dossiers}
    wanted = {path for paths in created.values() for path in paths}
    changes = _changes(case.history, wanted) if wanted else {}
    ends = dict(_ends(case.history, changes))
    found = (
        _judged(case, dossier, by, [path for path in created[dossier.id] if ends.get(path) is by], created[dossier.id])
        for dossier in case.dossiers
        for by in dict.fromkeys(ends[path] for path in created[dossier.id] if path in ends)
    )
    told = {(removed.owner, removed.by.sha) for removed in removed_work}
    told |= {(taken.owner, taken.by.sha) for taken in overwritten_work}
    return tuple(gone for gone in found if gone and (gone.step, gone.by.sha) not in told)


def _created(case: Case, dossier: StepDossier) -> Mapping[str, Commit]:
    """Return the files of code that a step's commits created on the branch, and the last of these commits for each."""
    return {
        change.path: found.commit
        for found in sure_work(dossier)
        if found.commit.sha in case.history.on_branch
        for change in found.commit.changes or ()
        if change.status == "A" and not change.link and _counts(change.path, case)
    }


def _counts(path: str, case: Case) -> bool:
    return not (is_bookkeeping(path, case.run.path) or is_generated(path) or has_recurring_lines(path))


def _changes(history: History, wanted: Collection[str]) -> Mapping[str, tuple[tuple[Commit, Change], ...]]:
    """Return the changes of these paths on the branch, oldest first."""
    commits = sorted((history.commits[sha] for sha in history.on_branch), key=lambda commit: commit.place_in_time)
    return grouped(
        (change.path, (commit, change))
        for commit in commits
        for change in commit.changes or ()
        if change.path in wanted
    )


def _ends(history: History, changes: Mapping[str, tuple[tuple[Commit, Change], ...]]) -> Iterator[tuple[str, Commit]]:
    """Yield the paths that a commit deleted or emptied for good, and the commit; not those that a merge may have kept."""
    last = grouped((done[-1][0].sha, path) for path, done in changes.items() if _takes_out(done[-1][1]))
    for sha, paths in last.items():
        before = history.ancestors([sha])
        kept = (path for path in paths if all(commit.sha in before for commit, _ in changes[path]))
        yield from ((path, history.commits[sha]) for path in kept)


def _takes_out(change: Change) -> bool:
    return change.status == "D" or (change.status == "M" and change.blob in _EMPTY)


def _judged(
    case: Case, dossier: StepDossier, by: Commit, paths: Collection[str], created: Mapping[str, Commit]
) -> GoneFiles | None:
    owners = [other for other in case.dossiers if any(found.commit.sha == by.sha for found in other.commits)]
    if dossier in owners or means_to_remove(f"{by.subject}\n{by.body}") or any(map(_plans_to_remove, owners)):
        return None
    named = [name for owner in owners for name in (owner.spec.files if owner.spec else ())]
    named += [mention.path for owner in owners for report in owner.reports for mention in report.files]
    silent = [change.path for change in by.changes or () if _takes_out(change) and _counts(change.path, case)]
    silent = [path for path in silent if not _is_named(path, by, named)]
    works = {path: created[path] for path in paths if path in silent}
    lost = sorted(works.keys() - _living_on(works, by, case.history)) if works else []
    restored = _restored(case.history, by, silent)
    stale = len(silent) >= _FEWEST and (restored is not None or _is_mass_deletion(by, silent))
    inside = by.commit_time <= max(found.commit.commit_time for other in case.dossiers for found in sure_work(other))
    if not lost or not (stale or (inside and 2 * len(lost) >= len(created))):
        return None
    return GoneFiles(
        step=dossier.id,
        work=tuple({created[path].sha: created[path] for path in lost}.values()),
        by=by,
        paths=tuple(lost),
        of=len(created),
        culprit=next((owner.id for owner in owners), None),
        deleted=len(silent),
        restored=restored,
    )


def _plans_to_remove(dossier: StepDossier) -> bool:
    return dossier.spec is not None and any(map(means_to_remove, (dossier.spec.title, *dossier.spec.parts)))


def _is_named(path: str, by: Commit, named: Collection[str]) -> bool:
    stem = path.rpartition("/")[2].partition(".")[0]
    return stem.lower() in _WORD.findall(f"{by.subject}\n{by.body}".lower()) or is_named(path, named)


def _living_on(works: Mapping[str, Commit], by: Commit, history: History) -> frozenset[str]:
    """Return the files whose content or name is elsewhere on the branch: they were moved, in one commit or in two."""
    blobs = {(change.path, change.blob) for work in works.values() for change in work.changes or ()}
    by_blob = {blob: path for path, blob in blobs if path in works}
    by_name = grouped((path.rpartition("/")[2], path) for path in works)
    since = min(work.commit_time for work in works.values())
    found: set[str] = set()
    # Tests of several folders have one name: only a file that was written later may be the moved one.
    for commit in (history.commits[sha] for sha in history.on_branch):
        for change in commit.changes or () if commit.commit_time >= since else ():
            if change.path not in works and change.status != "D":
                found.update(by_name.get(change.path.rpartition("/")[2], ()))
                found.update(filter(None, [by_blob.get(change.blob)]))
    patch = history.patches.get(by.sha, Patch())
    added = words_of(line.text for lines in patch.added.values() for line in lines)
    removed = {path: words_of(line.text for line in patch.removed.get(path, ())) for path in works}
    return frozenset(found | {path for path, gone in removed.items() if gone and is_rewritten(gone, added)})


def _restored(history: History, by: Commit, paths: Collection[str]) -> Commit | None:
    """Return the first later commit that brought back what a commit took out."""
    gone = frozenset(paths)
    later = (
        commit
        for sha in history.on_branch
        if (commit := history.commits[sha]).place_in_time > by.place_in_time
        if any(change.path in gone and change.status == "A" for change in commit.changes or ())
    )
    return min(later, key=lambda commit: commit.place_in_time, default=None)


def _is_mass_deletion(by: Commit, silent: Collection[str]) -> bool:
    added = sum(change.status == "A" for change in by.changes or ())
    return len(silent) >= max(_MANY, _TO_ADDED * added)
