"""Reported paths against the repository's own."""

from collections.abc import Iterable


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
