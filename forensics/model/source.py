"""Sources, the addresses of facts in them, and the gaps between them."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an input artefact is."""

    PLAN = "plan"
    STEP = "step"
    REPORT = "report"
    OTHER = "other"
    GIT = "git"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class Source:
    """One input artefact and its digest: the chain of custody.

    `path` is relative to the repository; `revision` is the commit it was read from, None for the work tree.
    """

    id: str
    kind: Kind
    path: str
    sha256: str
    size: int
    revision: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The address of a fact: a path with a line (1-based), or a commit."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read; undecodable bytes are kept as U+FFFD and recorded as a Gap."""

    source: Source
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Evidence that is not there, or that could not be read."""

    what: str
    ref: Ref | None = None
