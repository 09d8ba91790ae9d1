"""Reported paths against the repository's own."""

import re
from collections.abc import Iterable

from forensics.formats.dialects import home_of
from forensics.model.history import Commit

_EVERYBODYS = re.compile(
    r"(?:^|/)(?:change(?:log|s)(?:\.(?:md|rst|txt|adoc))?|[^/]*(?:\.lock|-lock\.(?:json|ya?ml))|go\.sum)$",
    re.IGNORECASE,
)


def locate(reported: str, known: Iterable[str]) -> str | None:
    """Return the known path a reported one means: itself, or the longest tail of it that is known.

    Reports write absolute paths of another machine, `./x`, or only a file's name; a bare name has to be unique.
    """
    paths = known if isinstance(known, frozenset | set | dict) else set(known)
    parts = [part for part in reported.replace("\\", "/").split("/") if part not in {"", ".", "~"}]
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        if tail in paths and (start < len(parts) - 1 or start == 0):
            return tail
    if len(parts) == 1:
        fits = [path for path in paths if path.endswith(f"/{parts[0]}")]
        return fits[0] if len(fits) == 1 else None
    return None


def is_everybodys(path: str) -> bool:
    """Tell whether a file is one that every step writes to: a changelog, or a lock file. That two do so ties them to nothing."""
    return bool(_EVERYBODYS.search(path))


def is_bookkeeping(path: str, plan_path: str) -> bool:
    """Tell whether a file is the run's paperwork, not its work: in the orchestrator's folder, or any Markdown."""
    return path.startswith(f"{home_of(plan_path)}/") or path.endswith((".md", ".txt"))


def belongs_to_other_plan(paths: Iterable[str], plan_path: str) -> bool:
    """Tell whether changed files belong to another plan: they touch a folder beside this plan's, and not this plan's."""
    parent, _, _ = plan_path.rpartition("/")
    touched = list(paths)
    if not parent or any(path.startswith(f"{plan_path}/") for path in touched):
        return False
    return any(path.startswith(f"{parent}/") and "/" in path[len(parent) + 1 :] for path in touched)


def holds_work(commit: Commit, files: Iterable[str], plan_path: str) -> bool:
    """Tell whether a commit holds more than paperwork: any code, or a document that the step is about."""
    paths = commit.paths()
    if commit.changes is None or any(not is_bookkeeping(path, plan_path) for path in paths):
        return True
    documents = frozenset(path for path in paths if not path.startswith(f"{plan_path}/"))
    return any(locate(name, documents) for name in files)
