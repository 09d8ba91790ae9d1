"""The plan as it was when the run's first work was committed, where the run changed it afterwards."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from forensics.casework.join import Join
from forensics.formats.dialect import Dialect
from forensics.model.case import PlanEdit
from forensics.model.history import Change, Commit
from forensics.model.plan import Plan
from forensics.model.source import Document, Kind, Source
from forensics.sources.plan_folder import MAX_BYTES
from forensics.sources.repository import Repository

# A run's last words come within a day of its last work; what a person plans again after that is another run's.
_AFTERWARDS = timedelta(days=1)
_Version = tuple[Commit, Change]


def plan_edit(repository: Repository, dialect: Dialect, join: Join) -> PlanEdit | None:
    """Return the plan before and after the run's changes to it; None if there is no work, or nothing was changed.

    Author times are compared, because a rebase keeps them.
    """
    work = [found.commit for every in join.commits.values() for found in every if found.work]
    if not work:
        return None
    start = min(commit.author_time for commit in work)
    holders = [account.container for account in join.accounts if account.container]
    end = max(commit.author_time for commit in (*work, *holders)) + _AFTERWARDS
    versions = _versions(dialect, join, end)
    # Only what was there can have been changed: a document that came after the start is new.
    before = {path: found for path, known in versions.items() if (found := _at(start, known))}
    after = {path: known[-1] for path, known in versions.items()}
    edited = [path for path, found in before.items() if after[path][1].blob != found[1].blob]
    if not edited:
        return None
    texts = repository.blobs({c.blob for c in _changes(before, after) if c.status != "D"}, MAX_BYTES)
    commits = {commit.sha: commit for path in edited for commit, _ in versions[path] if commit.author_time > start}
    ordered = sorted(commits.values(), key=lambda commit: commit.author_time)
    return PlanEdit(
        _plan(dialect, join, before, texts),
        _plan(dialect, join, {path: found for path, found in after.items() if found[1].status != "D"}, texts),
        tuple(commit.sha for commit in ordered),
    )


def _versions(dialect: Dialect, join: Join, end: datetime) -> dict[str, list[_Version]]:
    """Return the versions of each document of the plan up to a moment, the oldest first."""
    folder = join.run.path
    found: dict[str, list[_Version]] = {}
    history = join.history
    # A parent before its children, also where a rebase made all in one second.
    listed = [commit for sha, commit in reversed(list(history.commits.items())) if sha in history.on_branch]
    for commit in sorted(listed, key=lambda commit: commit.author_time):
        for change in commit.changes or () if commit.author_time <= end else ():
            inside = change.path.removeprefix(f"{folder}/")
            is_plan = inside != change.path and change.path.endswith(".md")
            if is_plan and (dialect.single or dialect.kind_of(inside) in {Kind.PLAN, Kind.STEP}):
                found.setdefault(change.path, []).append((commit, change))
    return found


def _at(moment: datetime, known: list[_Version]) -> _Version | None:
    """Return the last version by a moment; None if there was none, or it had been deleted."""
    early = [version for version in known if version[0].author_time <= moment]
    return early[-1] if early and early[-1][1].status != "D" else None


def _changes(*plans: Mapping[str, _Version]) -> Iterator[Change]:
    for plan in plans:
        yield from (change for _, change in plan.values())


def _plan(dialect: Dialect, join: Join, versions: Mapping[str, _Version], texts: Mapping[str, bytes]) -> Plan:
    documents = [
        Document(
            Source(
                f"P{number}", dialect.kind_of(path.removeprefix(f"{join.run.path}/")), path, "", len(text), commit.sha
            ),
            text.decode("utf-8", "replace"),
        )
        for number, (path, (commit, change)) in enumerate(sorted(versions.items()), start=1)
        if (text := texts.get(change.blob)) is not None
    ]
    return dialect.read_plan(join.plan.name, join.run.path, documents)
