"""What a commit changed, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Line(NamedTuple):
    """One line of a file: its number (1-based; in the version that contains it) and its text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Patch:
    """A commit's added and removed lines by path; binary files and those too large to compare have none."""

    added: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    removed: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
