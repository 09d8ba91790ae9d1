"""Where a repository is: its git directory, the one it shares with linked work trees, and its work tree."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from forensics.errors import NothingToExamine
from forensics.model.prose import quote
from forensics.sources.git_process import Place, call_git
from forensics.sources.git_settings import GitError
from forensics.sources.special_files import refuse_special_files, regular_text

# What git writes into HEAD: a branch, or the commit that is checked out.
_HEAD = re.compile(r"ref:\s*refs/\S+|[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Bytes. A `.git` file holds one path.
_POINTER = 100_000


class Places(NamedTuple):
    """A repository's git directory, the directory that its work trees share, and its work tree (None if it is bare)."""

    git_dir: Path
    common_dir: Path
    root: Path | None


def find_places(path: Path, environment: Mapping[str, str], *, upwards: bool) -> Places:
    """Return the places of the repository that holds `path`; raises NothingToExamine.

    Git says them, which also makes it check the owner. What it would open on its way is looked at before.
    """
    where = "or above it." if upwards else "itself."
    nothing = NothingToExamine(f"No git repository at {quote(str(path))} {where}", try_="Try --repo DIR.")
    try:
        start = next((place for place in (path, *path.parents) if place.is_dir()), None) if upwards else path
        if start is None or not start.is_dir():
            raise nothing
        start = start.absolute()
    except (OSError, ValueError):
        raise nothing from None
    first = _first(start, upwards=upwards)
    if first is None:
        raise nothing
    refuse_special_files(*first)
    try:
        said = call_git(["rev-parse", "--absolute-git-dir", "--git-common-dir"], Place(start, environment))
    except GitError as error:
        if "not a git repository" in error.said:
            raise _damaged(first[0]) or nothing from None
        hint = "Try git config --global --add safe.directory DIR." if "dubious" in error.said else ""
        raise NothingToExamine(f"git cannot read {quote(str(path))}: {quote(error.said)}.", try_=hint) from None
    first_line, _, second = said.decode("utf-8", "surrogateescape").removesuffix("\n").partition("\n")
    git_dir, common_dir = Path(first_line), (start / second).resolve()
    root = _root(start, git_dir)
    if not upwards and start not in {root, git_dir} and start.resolve() != git_dir:
        raise nothing
    if (git_dir, common_dir) != first:
        refuse_special_files(git_dir, common_dir)
    return Places(git_dir, common_dir, root)


def _first(start: Path, *, upwards: bool) -> tuple[Path, Path] | None:
    """Return the git directory that git will open first, and its common directory; None without one."""
    for place in (start, *start.parents) if upwards else (start,):
        for git_dir in (place / ".git", place):
            pointer = regular_text(git_dir, _POINTER) if git_dir.is_file() else None
            if pointer is not None:
                git_dir = place / pointer.removeprefix("gitdir:").strip()
            if (git_dir / "objects").is_dir() or (git_dir / "commondir").exists():
                shared = regular_text(git_dir / "commondir", _POINTER)
                return git_dir, git_dir / shared.strip() if shared else git_dir
    return None


def _damaged(git_dir: Path) -> NothingToExamine | None:
    """Return what to say of a git directory that git does not take for one, because of its HEAD; None if that is sound."""
    head = regular_text(git_dir / "HEAD", _POINTER)
    if head is not None and _HEAD.fullmatch(head.strip()):
        return None
    what = "missing" if head is None else "empty" if not head.strip("\0 \n") else "no branch and no commit"
    return NothingToExamine(
        f"HEAD of the repository {quote(git_dir.parent.name)} is damaged: {quote(str(git_dir / 'HEAD'))} is {what}.",
        try_="Write the branch's name into it, such as ref: refs/heads/main.",
    )


def _root(start: Path, git_dir: Path) -> Path | None:
    """Return the work tree: the folder whose `.git` leads to the git directory."""
    for place in (start, *start.parents):
        dot_git = place / ".git"
        if dot_git.is_file() or (dot_git.is_dir() and dot_git.samefile(git_dir)):
            return place
        if place.samefile(git_dir):
            break
    return git_dir.parent if git_dir.name == ".git" else None
