"""Files that a step's commit deletes although nothing says that it should: most often a stale tree that was committed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from forensics.casework.files import is_bookkeeping, is_generated, is_shared_file
from forensics.casework.isolation.lineage import Lineage
from forensics.casework.paths import is_named
from forensics.casework.readings import sure_work
from forensics.formats.removal_words import means_to_remove
from forensics.model.case import Case, Run, StepDossier
from forensics.model.grouping import grouped
from forensics.model.history import Change, Commit, History

# Steps delete a scratch file or two without a word. The smallest stale tree seen took out eight files.
_FEWEST = 5
# In 400 runs two commits deleted so many files of code without a word, 34 and 127 (of 238): stale trees, which later
# commits restored, one in part. None deleted 5 to 33, so 20 rests on no case: it leaves room below 34.
_MANY = 20
# Plan folders are put away as a matter of course: only code among the files shows that other work was lost.
_FEWEST_CODE = 5


@dataclass(frozen=True, slots=True)
class UnnamedDeletion:
    """`commit` of `step` deletes `paths`, which neither plan nor report nor its message names.

    `taken` is the commit before it that changed `share` of them last, more than any other; `owner` its step, "" if unknown.
    `restored` are the paths that later commits add again, by commit, the largest first; `missing` those that none does.
    It is `grave` if many files are gone, code among them, unless the step itself brought all of them back.
    """

    step: str
    commit: Commit
    paths: tuple[str, ...]
    taken: Commit | None
    share: int
    owner: str
    restored: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    grave: bool


def unnamed_deletions(case: Case, lineage: Lineage) -> tuple[UnnamedDeletion, ...]:
    """Return the step's commits that delete many files without a word, in the order of the steps."""
    branch = _Branch(case.history)
    return tuple(
        _judged(lineage, branch, dossier, commit, paths, case.run.path)
        for dossier in case.dossiers
        if (named := _named(dossier)) and not _plans_to_remove(dossier)
        for commit in (found.commit for found in sure_work(dossier))
        if len(paths := tuple(_unnamed(commit, named, dossier, case.run, branch))) >= _FEWEST
    )


class _Branch:
    """What the commits of the run's branch did to each path, in the order of their times."""

    def __init__(self, history: History) -> None:
        self._history = history

    @cached_property
    def changes(self) -> Mapping[str, tuple[tuple[Commit, Change], ...]]:
        """Return every change by path, oldest first."""
        found: dict[str, list[tuple[Commit, Change]]] = {}
        commits = (self._history.commits[sha] for sha in self._history.on_branch)
        for commit in sorted(commits, key=lambda commit: commit.place_in_time):
            merged = self._history.merged.get(commit.sha, ())
            for change in merged if commit.changes is None else commit.changes:
                found.setdefault(change.path, []).append((commit, change))
        return {path: tuple(changes) for path, changes in found.items()}

    def kept(self, until: Commit | None) -> frozenset[str]:
        """Return the contents (blob ids) that the branch has under any name after a commit, or at its end."""
        ends = (
            next(
                (change for by, change in reversed(done) if not until or by.place_in_time <= until.place_in_time), None
            )
            for done in self.changes.values()
        )
        return frozenset(change.blob for change in ends if change and change.status != "D")

    def before(self, path: str, commit: Commit) -> tuple[Commit, Change] | None:
        """Return the last change before a commit to a path."""
        changes = reversed(self.changes.get(path, ()))
        return next((found for found in changes if found[0].place_in_time < commit.place_in_time), None)

    def after(self, path: str, commit: Commit) -> tuple[tuple[Commit, Change], ...]:
        """Return the changes after a commit to a path, oldest first."""
        return tuple(found for found in self.changes[path] if found[0].place_in_time > commit.place_in_time)

    def comes_back(self, path: str, commit: Commit) -> bool:
        """Return whether a later commit writes a deleted file again; whoever deletes it after that has another reason."""
        return any(change.status != "D" for _, change in self.after(path, commit))


def _named(dossier: StepDossier) -> tuple[str, ...]:
    """Return the paths that the step's plan and reports name; where they name none, nothing can be missing among them."""
    planned = dossier.spec.files if dossier.spec else ()
    return (*planned, *(mention.path for report in dossier.reports for mention in report.files))


def _plans_to_remove(dossier: StepDossier) -> bool:
    return dossier.spec is not None and any(map(means_to_remove, (dossier.spec.title, *dossier.spec.parts)))


def _unnamed(commit: Commit, named: tuple[str, ...], dossier: StepDossier, run: Run, branch: _Branch) -> Iterator[str]:
    """Yield the files that a commit deletes without a word; moved and generated ones and the step's own are left out."""
    message = f"{commit.subject}\n{commit.body}"
    gone = [change.path for change in commit.changes or () if change.status == "D" and not change.link]
    if len(gone) < _FEWEST or means_to_remove(message):
        return
    added = {change.path.rpartition("/")[2] for change in commit.changes or () if change.status == "A"}
    kept, at_end = branch.kept(commit), branch.kept(None)
    for path in gone:
        name = path.rpartition("/")[2]
        of_run = any(folder.holds(path, commit.commit_time) for folder in run.folders)
        if name in added or name in message or of_run or is_shared_file(path) or is_generated(path):
            continue
        before = branch.before(path, commit)
        own = before is not None and any(before[0].sha == found.commit.sha for found in dossier.commits)
        # Two commits may move a file: one copies it, the other deletes the original.
        moved = before is not None and (
            before[1].blob in kept or (before[1].blob in at_end and not branch.comes_back(path, commit))
        )
        if not own and not moved and not is_named(path, named):
            yield path


def _judged(
    lineage: Lineage, branch: _Branch, dossier: StepDossier, commit: Commit, paths: tuple[str, ...], plan_path: str
) -> UnnamedDeletion:
    last = [found[0] for path in paths if (found := branch.before(path, commit))]
    taken = max(last, key=last.count, default=None)
    first = (
        (path, next((by.sha for by, change in branch.after(path, commit) if change.status == "A"), None))
        for path in paths
    )
    restored = grouped((sha, path) for path, sha in first if sha)
    missing = tuple(path for path in paths if not branch.comes_back(path, commit))
    code = [path for path in paths if not is_bookkeeping(path, plan_path)]
    noticed = any(dossier.id not in lineage.owners.get(sha, ()) for sha in restored)
    return UnnamedDeletion(
        step=dossier.id,
        commit=commit,
        paths=paths,
        taken=taken,
        share=last.count(taken) if taken else 0,
        owner=lineage.owner(taken.sha) if taken else "",
        restored=dict(sorted(restored.items(), key=lambda item: (-len(item[1]), item[0]))),
        missing=missing,
        grave=len(paths) >= _MANY and len(code) >= _FEWEST_CODE and bool(missing or noticed),
    )
