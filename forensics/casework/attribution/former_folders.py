"""Where a plan's folder stood before it was archived or renamed: a plan is the same plan wherever its folder lies."""

from collections.abc import Collection, Iterator

from forensics.model.case import FormerFolder
from forensics.model.history import Commit


def former_folders(folder: str, commits: Collection[Commit]) -> tuple[FormerFolder, ...]:
    """Return the folders in which a plan's documents stood before, the latest move first.

    Plans are moved more than once (archived, restored, archived again), so each folder's own past is followed, too.
    """
    found = {folder: FormerFolder(folder, max((commit.commit_time for commit in commits), default=None))}
    pending = [folder]
    while pending:
        for before in _moved_from(pending.pop(), commits):
            if before.path not in found:
                found[before.path] = before
                pending.append(before.path)
    return tuple(before for path, before in found.items() if path != folder)


def _moved_from(folder: str, commits: Collection[Commit]) -> Iterator[FormerFolder]:
    """Yield the folders that documents were moved from: of the same name, else the one most of them came from.

    A document was moved if the same content stood below the same name elsewhere and was deleted there. Where one commit
    adds it here and deletes it in a folder of the same name, it may also have been changed on the way.
    """
    arrivals = [(commit, names) for commit in commits if (names := _added_below(folder, commit))]
    if not arrivals:
        return
    came = {blob: name for _, names in arrivals for name, blob in names.items()}
    last = max(commit.commit_time for commit, _ in arrivals)
    deleted = {change.path for commit in commits for change in commit.changes or () if change.status == "D"}
    sources: dict[str, set[str]] = {}
    for commit in commits:
        for change in commit.changes or ():
            name = came.get(change.blob)
            if name and change.path in deleted and change.path.endswith(f"/{name}"):
                sources.setdefault(change.path.removesuffix(f"/{name}"), set()).add(name)
    own_name = folder.rsplit("/", 1)[-1]
    for commit, names in arrivals:
        for change in commit.changes or ():
            if change.status == "D" and (name := _below_same_name(change.path, own_name, names)):
                sources.setdefault(change.path.removesuffix(f"/{name}"), set()).add(name)
    sources.pop(folder, None)
    alike = [path for path in sources if path.rsplit("/", 1)[-1] == own_name]
    # Archiving moves many folders at once, and templates give two of them a document of the same content.
    most = max(map(len, sources.values()), default=0)
    mostly = [path for path, names in sources.items() if len(names) == most]
    for path in alike or (mostly if len(mostly) == 1 else ()):
        yield FormerFolder(path, last)


def _added_below(folder: str, commit: Commit) -> dict[str, str]:
    """Return the documents that a commit adds in a folder, by their name below it, with their content's id."""
    inside = f"{folder}/"
    return {
        change.path.removeprefix(inside): change.blob
        for change in commit.changes or ()
        if change.status == "A" and change.path.startswith(inside) and change.path.endswith(".md")
    }


def _below_same_name(path: str, folder_name: str, names: Collection[str]) -> str | None:
    """Return which of the names a path has below a folder of this name."""
    return next((name for name in names if f"/{path}".endswith(f"/{folder_name}/{name}")), None)
