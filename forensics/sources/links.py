"""Symbolic links on the way to a path: a repository may bring some that lead elsewhere."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

# As many as Linux follows in one path; more are a loop.
_MOST = 40


def links_of(path: Path) -> Iterator[Path]:
    """Yield every link on the way to an absolute path, its own last, each in the folder in which it really lies."""
    here, waiting, followed = Path(path.anchor), list(reversed(path.parts[1:])), 0
    while waiting and followed < _MOST:
        name = waiting.pop()
        place = here.parent if name == ".." else here / name
        target = _target(place)
        if target is None:
            here = place
            continue
        yield place
        followed += 1
        here = Path(target.anchor) if target.is_absolute() else here
        waiting += reversed(target.parts[1:] if target.is_absolute() else target.parts)


def link_inside(path: Path, roots: Iterable[Path]) -> Path | None:
    """Return the first link on the way to a path that lies in one of these folders; None without one."""
    real = [Path(os.path.realpath(root)) for root in roots]
    return next((link for link in links_of(path) if any(link.is_relative_to(root) for root in real)), None)


def link_out(path: Path) -> Path | None:
    """Return the link by which a path leaves the repository in which the link lies; None if no link does.

    Git's own folder counts as outside. What lies in it, a link in its place included, no clone brings.
    """
    end = Path(os.path.realpath(path))
    for link in links_of(path):
        root = next((folder for folder in link.parents if os.path.lexists(folder / ".git")), None)
        if root is None or ".git" in link.relative_to(root).parts:
            continue
        if not end.is_relative_to(root) or ".git" in end.relative_to(root).parts:
            return link
    return None


def _target(place: Path) -> Path | None:
    """Return where a link leads, None for anything else."""
    try:
        return place.readlink()
    except OSError:
        return None
