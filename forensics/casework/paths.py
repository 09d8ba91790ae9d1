"""Reported paths against the repository's own."""

import re
from collections.abc import Iterable, Set

# A path of the machine that wrote the report; `/src/app.ts` may begin at the repository's root.
_OF_MACHINE = re.compile(
    r"^(?:~|/(?:home|Users|root|tmp|var|etc|opt|usr|mnt|private|Volumes|workspaces?)|[A-Za-z]:)[/\\]"
)


def locate(reported: str, known: Iterable[str]) -> str | None:
    """Return the known path a reported one means: itself, or the longest tail of it that is known.

    Reports write absolute paths of another machine, `./x`, or only a file's name; a bare name has to be unique.
    """
    paths = known if isinstance(known, frozenset | set | dict) else set(known)
    parts = [part for part in reported.replace("\\", "/").split("/") if part not in {"", ".", "~"}]
    # One name alone is not the tail of a longer path: `src/app/__init__.py` is not the repository's own `__init__.py`.
    tails = ("/".join(parts[start:]) for start in range(max(len(parts) - 1, 1)))
    if found := next((tail for tail in tails if tail in paths), None):
        return found
    fits = [path for path in paths if path.endswith(f"/{parts[0]}")] if len(parts) == 1 else []
    return fits[0] if len(fits) == 1 else None


def in_tree(written: str, cwd: str) -> str | None:
    """Return a path that an agent wrote relative to the folder it worked in, None where it lies outside."""
    path = written.replace("\\", "/")
    if not path.startswith(("/", "~")) and ":" not in path[:3]:
        return path.removeprefix("./")
    root = cwd.replace("\\", "/").rstrip("/")
    return path.removeprefix(f"{root}/") if root and path.startswith(f"{root}/") else None


class NamedPaths:
    """Paths as plans and reports name them; a path of the repository is in it if `locate` finds it, alone, by one of them."""

    def __init__(self, named: Iterable[str]) -> None:
        parts = [
            tuple(part for part in name.replace("\\", "/").split("/") if part not in {"", ".", "~"}) for name in named
        ]
        longer = [found for found in parts if len(found) > 1]
        self._tails = {"/".join(found[start:]) for found in longer for start in range(len(found) - 1)}
        self._names = {found[0] for found in parts if len(found) == 1}

    def __contains__(self, path: str) -> bool:
        return path in self._tails or path.rpartition("/")[2] in self._names


def is_copy(reported: str, known: str) -> bool:
    """Return whether a relative path is only in its last parts a known one: `.tool/agents/x.md` is a copy of `agents/x.md`."""
    return not reported.startswith(("/", "~")) and not f"/{known}".endswith(f"/{reported.removeprefix('./')}")


def at_root(reported: str, folders: Set[str]) -> str | None:
    """Return the file's name if an absolute path may mean a file at the repository's root, else None.

    The folder before the name is then the clone's own, so none of the repository's `folders` has its name.
    """
    *before, name = reported.replace("\\", "/").split("/")
    return name if _OF_MACHINE.match(reported) and before[-1:] and before[-1] not in folders else None


def is_outside(reported: str, folders: Set[str]) -> bool:
    """Return whether an absolute path lies in no folder that the repository ever had, or among an agent's own settings.

    `~/.agent/notes.md` lies in the home folder, although the repository may have a folder `.agent`, too.
    """
    if reported.startswith("~/."):
        return True
    return bool(_OF_MACHINE.match(reported)) and folders.isdisjoint(reported.replace("\\", "/").split("/")[:-1])


def is_named(path: str, named: Iterable[str]) -> bool:
    """Return whether names mean a path, or a folder that it is in."""
    return any(locate(name, frozenset({path})) or path.startswith(f"{name.rstrip('/')}/") for name in named)


def belongs_to_other_plan(paths: Iterable[str], plan_path: str) -> bool:
    """Return whether changed files belong to another plan: they touch a folder beside this plan's, and not this plan's."""
    parent, _, _ = plan_path.rpartition("/")
    touched = list(paths)
    if not parent or any(path.startswith(f"{plan_path}/") for path in touched):
        return False
    return any(path.startswith(f"{parent}/") and "/" in path[len(parent) + 1 :] for path in touched)
