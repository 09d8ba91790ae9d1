"""The two sets of repositories: those the rules were tuned on, and those set aside."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from accuracy.labels import LabelError

NAMES = ("tuned", "aside")


def read_sets(file: Path) -> Mapping[str, str]:
    """Return each repository's set; raises LabelError for an unknown set and for a repository in both."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))
    unknown = sorted(set(listed) - set(NAMES))
    if unknown:
        raise LabelError(f"{file}: unknown set `{unknown[0]}`; known: {', '.join(NAMES)}")
    both = sorted(set(listed.get("tuned", ())) & set(listed.get("aside", ())))
    if both:
        raise LabelError(f"{file}: `{both[0]}` is in both sets")
    return {repository: name for name in NAMES for repository in listed.get(name, ())}


def check_listed(repositories: Iterable[str], sets: Mapping[str, str]) -> None:
    """Raise LabelError for labelled repositories that are in no set."""
    unlisted = sorted(set(repositories) - set(sets))
    if unlisted:
        raise LabelError(f"in no set of sets.toml: {', '.join(unlisted)}")
