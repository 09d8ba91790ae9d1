"""What agents' tool calls show of files, with the content: enough to rebuild them, too large to keep in a Case."""

from dataclasses import dataclass
from datetime import datetime

from forensics.model.source import TranscriptRef


@dataclass(frozen=True, slots=True)
class Replacement:
    """One exact replacement of an edit; `everywhere` replaces each occurrence, not only the first."""

    old: str
    new: str
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class FileShown:
    """Lines of a file that a tool showed, from line `start` (1-based); `whole` if they are all there are."""

    moment: datetime
    ref: TranscriptRef
    path: str
    text: str
    start: int = 1
    whole: bool = True


@dataclass(frozen=True, slots=True)
class FileSet:
    """A file that a tool wrote as a whole; `text` None: it was deleted."""

    moment: datetime
    ref: TranscriptRef
    path: str
    text: str | None


@dataclass(frozen=True, slots=True)
class FileEdited:
    """A file in which a tool replaced text; `before` is the whole file as the tool found it, None if not shown."""

    moment: datetime
    ref: TranscriptRef
    path: str
    replacements: tuple[Replacement, ...]
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Hunk:
    """One piece of an `apply_patch` patch: whole lines, sought after the line `anchor` if there is one."""

    anchor: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class FilePatched:
    """A file that a patch changed; `to` is its new path if the patch also moved it."""

    moment: datetime
    ref: TranscriptRef
    path: str
    hunks: tuple[Hunk, ...]
    to: str = ""


@dataclass(frozen=True, slots=True)
class FileUnclear:
    """A file that a tool changed without the transcript showing how; `why` is prose."""

    moment: datetime
    ref: TranscriptRef
    path: str
    why: str


@dataclass(frozen=True, slots=True)
class ShellRan:
    """A shell command from its call (`began`) to its result, with its whole output; `failed` if it is known to have."""

    moment: datetime
    ref: TranscriptRef
    began: datetime
    command: str
    cwd: str
    output: str
    failed: bool
    branch: str | None = None


FileAct = FileShown | FileSet | FileEdited | FilePatched | FileUnclear
Act = FileAct | ShellRan
