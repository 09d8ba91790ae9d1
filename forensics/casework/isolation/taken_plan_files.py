"""Files that the plan gives to one step alone, and that only another step's commit contains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics.casework.files import is_bookkeeping
from forensics.casework.isolation.between import NEAR, is_between
from forensics.casework.isolation.lineage import is_same_step
from forensics.casework.paths import NamedPaths
from forensics.model.case import Case, StepDossier
from forensics.model.claim import Confidence
from forensics.model.history import Commit


@dataclass(frozen=True, slots=True)
class TakenPlanFiles:
    """`carrier`, certainly `step`'s commit, adds or changes `paths`, which the plan gives to `owner`, and no commit of the owner has."""

    carrier: Commit
    step: str
    owner: str
    paths: tuple[str, ...]


def taken_plan_files(case: Case) -> tuple[TakenPlanFiles, ...]:
    """Return the taken files by carrier: the owner committed after it, or reported and committed nothing."""
    named = {dossier.id: named_files(dossier) for dossier in case.dossiers}
    found = [taken for owner in case.dossiers for step in case.dossiers for taken in _taken(case, named, owner, step)]
    return tuple(sorted(found, key=lambda taken: (taken.carrier.place_in_time, taken.step, taken.owner)))


def named_files(dossier: StepDossier) -> NamedPaths:
    """Return the files that a step's plan and reports name as theirs."""
    return NamedPaths((*(dossier.spec.files if dossier.spec else ()), *_reported(dossier)))


def _reported(dossier: StepDossier) -> Iterator[str]:
    return (mention.path for report in dossier.reports for mention in report.files)


def _taken(
    case: Case, named: Mapping[str, NamedPaths], owner: StepDossier, step: StepDossier
) -> Iterator[TakenPlanFiles]:
    if owner.spec is None or not owner.spec.files or is_same_step(owner.id, step.id):
        return
    own = [work.commit for work in (*owner.commits, *owner.elsewhere)]
    has = {path for commit in own for path in commit.paths()}
    for attributed in step.commits:
        commit = attributed.commit
        if attributed.confidence is not Confidence.CERTAIN or commit in own or not _at_work(owner, own, commit):
            continue
        paths = [
            path
            for path in sorted(commit.paths() - has)
            if path in named[owner.id] and not is_bookkeeping(path, case.run.path)
            if not any(
                path in named[other.id] and (other is step or not _did_before(other, path, commit))
                for other in case.dossiers
                if other.id != owner.id
            )
            if _is_new(case, commit, path) or (is_between(commit, own) and path in NamedPaths(_reported(owner)))
        ]
        # a commit of these files alone does the other step's work, under whatever name
        if paths and not all(path in named[owner.id] for path in commit.paths()):
            yield TakenPlanFiles(commit, step.id, owner.id, tuple(paths))


def _at_work(owner: StepDossier, own: list[Commit], carrier: Commit) -> bool:
    if not own:
        return bool(owner.reports)
    last = max(commit.commit_time for commit in own)
    return carrier.commit_time < last <= carrier.commit_time + NEAR


def _did_before(other: StepDossier, path: str, commit: Commit) -> bool:
    """Return whether a step had changed a file by then: each step that needs a package adds its line to `go.mod`."""
    return any(path in work.commit.paths() and work.commit.commit_time < commit.commit_time for work in other.commits)


def _is_new(case: Case, commit: Commit, path: str) -> bool:
    """Return whether no commit made before this one changes a file.

    Changing another step's old file is part of many steps, unless that step was at work and reports to have changed it.
    """
    return not any(
        path in other.paths()
        for other in case.history.commits.values()
        if other.commit_time < commit.commit_time and other.author_time != commit.author_time
    )
