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


@dataclass(frozen=True, slots=True)
class FileRef:
    """A line (1-based) of a file, or the file as a whole; `path` is relative to the repository."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return _written(self.path, self.line)

    @property
    def place(self) -> str:
        """Return the path."""
        return self.path


@dataclass(frozen=True, slots=True)
class TranscriptRef:
    """A record (by its line, 1-based) of a transcript, or the transcript as a whole; `path` as it is shown."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return _written(self.path, self.line)

    @property
    def place(self) -> str:
        """Return the path."""
        return self.path


@dataclass(frozen=True, slots=True)
class CommitRef:
    """A commit, by its full id."""

    sha: str

    def __str__(self) -> str:
        return self.sha

    @property
    def place(self) -> str:
        """Return the id."""
        return self.sha

    @property
    def line(self) -> None:
        """Return None: a commit has no lines."""
        return None


TextRef = FileRef | TranscriptRef  # the address of something that somebody wrote
Ref = TextRef | CommitRef  # the address of a fact


def ref_order(ref: Ref) -> tuple[str, int]:
    """Return the sort key of an address: by place, then by line."""
    return ref.place, ref.line or 0


def _written(path: str, line: int | None) -> str:
    return path if line is None else f"{path}:{line}"


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
