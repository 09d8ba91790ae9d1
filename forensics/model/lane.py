"""What an agent, or git, did when: the lanes of the drawn timeline."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forensics.model.source import Ref


class MarkKind(StrEnum):
    """What a mark on a lane means; red and green are test runs that failed and passed, tests are all others."""

    LAUNCH = "launch"
    RED = "red"
    GREEN = "green"
    TESTS = "tests"
    WRITE = "write"
    COMMIT = "commit"
    REPORT = "report"
    STOP = "stop"
    END = "end"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that happened on a lane; `text` is prose, `findings` are fingerprints of the findings that cite it."""

    moment: datetime
    kind: MarkKind
    text: str
    ref: Ref
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """One agent's marks in order of time, or git's (`agent` None); `left_out` counts marks beyond the limit.

    `start` and `end` are None on git's lane; `step` None where the agent could not be tied to one.
    """

    name: str
    agent: str | None
    step: str | None
    start: datetime | None
    end: datetime | None
    marks: tuple[Mark, ...]
    left_out: int = 0
