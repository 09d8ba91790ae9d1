"""Commits rebuilt from transcripts: each file with how surely its content is known."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forensics.model.recovery import Outcome
from forensics.model.source import TranscriptRef


class Sureness(StrEnum):
    """How surely a file's content is known.

    `exact`: each change since a state that is known as a whole is in the transcript. `probable`: something may have
    changed it in between, or before the session. `gap`: it cannot be told from the transcript.
    """

    EXACT = "exact"
    PROBABLE = "probable"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file's content at one moment: `text` None: the file does not exist, or, if `sureness` is a gap, it is not known.

    `doubted` is when something last happened that may have changed it.
    """

    text: str | None
    sureness: Sureness
    why: str = ""
    ref: TranscriptRef | None = None
    doubted: datetime | None = None


@dataclass(frozen=True, slots=True)
class RebuiltFile:
    """A file of a rebuilt commit. `content` None: deleted, or unknown if `sureness` is a gap; `why` is prose."""

    path: str
    sureness: Sureness
    content: bytes | None
    mode: str
    why: str = ""
    ref: TranscriptRef | None = None

    @property
    def deleted(self) -> bool:
        """Return whether the commit deleted it."""
        return self.content is None and self.sureness is not Sureness.GAP


@dataclass(frozen=True, slots=True)
class Numbers:
    """Files changed, lines added and removed, as git counts them."""

    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class RebuiltCommit:
    """A commit as a transcript shows it. `sha` is the id that git printed, mostly short.

    `base` is the full id of the commit in git that it was made on, or that comes next before it; `on` are the ids of
    rebuilt commits between the two. `base_why` is prose, empty if the transcript shows the base. `author` is `Name <mail>`,
    None if not shown, `authored` the author's date as an amend prints it, `began` when the command was called.
    `discarded`: not a commit, but edits that a command threw away; `sha` is then a name. `unknown` is the number of files that git counted and no tool call names.
    """

    sha: str
    subject: str
    message: str
    author: str | None
    moment: datetime
    branch: str | None
    record: TranscriptRef
    base: str
    base_why: str
    on: tuple[str, ...]
    files: tuple[RebuiltFile, ...]
    unknown: int = 0
    printed: Numbers | None = None
    amends: bool = False
    authored: str | None = None
    began: datetime | None = None
    discarded: bool = False
    step: str = ""

    @property
    def sureness(self) -> Sureness:
        """Return how surely the whole commit is known: that of its least sure file."""
        if self.unknown or not self.files:
            return Sureness.GAP
        return max((file.sureness for file in self.files), key=_ORDER.index)


_ORDER = (Sureness.EXACT, Sureness.PROBABLE, Sureness.GAP)


@dataclass(frozen=True, slots=True)
class Offer:
    """A rebuilt commit after it was made and tried: `identical` if its id came out as printed, `patch` to apply it.

    `tree` is the tree it has, None if it could not be made; `notes` are prose: where it differs from what git printed.
    """

    commit: RebuiltCommit
    identical: bool = False
    made: str | None = None
    tree: str | None = None
    outcome: Outcome | None = None
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    patch: bytes = b""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return the notes, the base's before them unless it is that of a rebuilt commit before."""
        about_base = self.commit.base_why if not self.commit.on else ""
        return tuple(filter(None, (about_base, *self.notes)))
