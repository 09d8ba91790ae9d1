"""Rules, what a detector yields, and what becomes of it."""

from dataclasses import dataclass
from enum import StrEnum

from forensics.model.claim import Confidence
from forensics.model.source import Kind, Ref


class Severity(StrEnum):
    """How bad a finding is if it is true."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Return 0 for info to 4 for critical."""
        return list(reversed(Severity)).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """A detector's code, name, default severity, and the kinds of source it cannot do without."""

    code: str
    name: str
    severity: Severity
    needs: frozenset[Kind] = frozenset({Kind.PLAN})


@dataclass(frozen=True, slots=True)
class MisplacedWork:
    """Work where it does not belong: what `commit` holds of step `owner`'s, and `home`, the commit where it belongs.

    `files` are paths with the number of foreign lines, None where only the file is known; `home` None where no commit
    has it yet.
    """

    commit: str
    owner: str
    home: str | None
    files: tuple[tuple[str, int | None], ...] = ()

    @property
    def lines(self) -> int:
        """Return the number of foreign lines known, in all files."""
        return sum(number or 0 for _, number in self.files)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a detector yields. A hit without `at` cannot be made: every finding has an address."""

    at: Ref
    message: str
    steps: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LIKELY
    severity: Severity | None = None
    related: tuple[Ref, ...] = ()
    foreign: tuple[MisplacedWork, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule's name and a fingerprint that survives moved lines and reworded messages."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    at: Ref
    steps: tuple[str, ...]
    commits: tuple[str, ...]
    files: tuple[str, ...]
    related: tuple[Ref, ...]
    fingerprint: str
    foreign: tuple[MisplacedWork, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Skip:
    """A detector that could not apply, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A detector that crashed, and on what."""

    code: str
    what: str
