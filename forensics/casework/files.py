"""Which files say nothing about a step: those that every step writes to, documents, and the run's own records."""

import re
from collections.abc import Iterable

from forensics.casework.paths import locate
from forensics.formats.dialects import home_of
from forensics.model.history import Commit

# Changelogs, lock files, manifests and snapshots. Agents that each add a dependency all change `package.json` and its lock
# file, and each adds a line to the changelog: that two commits share such a file does not tie them together.
_SHARED = re.compile(
    r"(?:^|/)(?:change(?:log|s)[\w.]*|[\w.-]*[.-]lock(?:file)?(?:\.\w+)?|package\.json|npm-shrinkwrap\.json|pyproject\.toml|"
    r"setup\.(?:py|cfg)|requirements[\w.-]*|cargo\.toml|go\.(?:mod|sum)|gemfile|mix\.exs|pom\.xml|build\.gradle(?:\.kts)?|"
    r"composer\.json|\.gitignore)$|(?:^|/)__snapshots__/",
    re.IGNORECASE,
)
# Lists to which every step adds a line, or in which it ticks one.
_LIST = re.compile(
    r"(?:^|/)(?:change(?:log|s)[\w.]*|(?:todos?|roadmap|backlog|tasks?|board|status|progress|history|journal|notes?)\.(?:md|txt))$",
    re.IGNORECASE,
)
# Files whose lines recur from step to step: a README's headings, settings, generated data.
_RECURRING = re.compile(
    r"(?:^|/)(?:readme[^/]*|"
    r"\.git[^/]*|[^/]*\.(?:ya?ml|toml|json|properties|snap|svg|csproj|gradle(?:\.kts)?)|__init__\.py)$|^\.github/|\.min\.",
    re.IGNORECASE,
)
# What tools write: built sites, installed packages, compiled code. Nobody names these files when they come or go.
_GENERATED = re.compile(
    r"(?:^|/)(?:dist|build|out|target|coverage|node_modules|site-packages|vendor|\.?venv|__pycache__|\.next|pagefind)/|"
    r"\.min\.|\.pyc$|(?:^|/)[^/]*[._-]generated\.",
    re.IGNORECASE,
)


def is_generated(path: str) -> bool:
    """Return whether a file was generated, as far as its path shows."""
    return bool(_GENERATED.search(path))


def is_shared_file(path: str) -> bool:
    """Return whether every step writes to a file, so that sharing it means nothing."""
    return bool(_SHARED.search(path))


def is_list(path: str) -> bool:
    """Return whether a file is a list that every step adds a line to: a changelog, tasks, a board."""
    return bool(_LIST.search(path))


def has_recurring_lines(path: str) -> bool:
    """Return whether equal lines in a file mean nothing: several steps add them independently of each other."""
    return is_shared_file(path) or is_list(path) or bool(_RECURRING.search(path))


def is_document(path: str) -> bool:
    """Return whether a file is prose, which neither runs nor is tested."""
    return path.endswith((".md", ".txt"))


def is_bookkeeping(path: str, plan_path: str) -> bool:
    """Return whether a file records the run and is not its work: in the orchestrator's folder, or any document."""
    return path.startswith(f"{home_of(plan_path)}/") or is_document(path)


def holds_work(commit: Commit, files: Iterable[str], plan_path: str, results: frozenset[str] = frozenset()) -> bool:
    """Return whether a commit holds more than bookkeeping: any code, or one of `files`, the documents a step is about.

    A document in the plan's own folder is work if it is among `results`, what a step was to write there. Tickets have no
    plan that names files: a documentation ticket's Markdown is its work, and only lists are bookkeeping.
    """
    paths = commit.paths()
    if commit.changes is None or any(not is_bookkeeping(path, plan_path) for path in paths):
        return True
    if plan_path in {"", "."}:
        return any(not is_list(path) for path in paths)
    documents = frozenset(path for path in paths if path in results or not path.startswith(f"{plan_path}/"))
    return any(locate(name, documents) for name in files)


def moved_submodule(commit: Commit, files: Iterable[str]) -> str | None:
    """Return the submodule that a commit moves and one of the files lies in."""
    links = [change.path for change in commit.changes or () if change.link]
    return next((link for link in links for name in files if f"/{link}/" in f"/{name}"), None)
