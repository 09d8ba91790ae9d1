"""The record: facts of runs, as flat rows that outlive plans, reports and transcripts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

UNDATED = "unknown"


class FactKind(StrEnum):
    """What a fact is about; docs/record.md says what decides the moment of each."""

    PLANNED = "planned"
    REPORTED = "reported"
    STEP = "step"
    UNIT = "unit"
    CLAIM = "claim"
    FINDING = "finding"
    COMMIT = "commit"
    AGENT = "agent"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class State:
    """Which run, in which state of its inputs. `repository` is a digest of its root commit, `run` the plan's path, or the
    name of a session, pull request or branch.

    `sources` is a digest of what is known before anything is joined (head, window, the plan's files), `inputs` also of
    the transcripts. `head` is the head commit's time in seconds since 1970, which orders states without a clock.
    """

    repository: str
    run: str
    sources: str
    inputs: str
    head: int


@dataclass(frozen=True, slots=True)
class Fact:
    """What one run shows about one thing at one moment (aware; None: no source dates it).

    `work` is the kind of step (test-first, regression or step) or of unit (session, agent, pull or branch). `name` is the claim's kind, the rule's code, the report's
    status or the commit's id; `verdict` the step's or the claim's verdict. `red` is complied, violated or
    unknown where the plan asks for a failing test. Tokens and USD are sums; `seconds` is a step's time from start to
    verified, and an agent's active time; `ended` an agent's end. `after_violation`: usage after the first violation.
    """

    repository: str
    run: str
    inputs: str
    kind: FactKind
    moment: datetime | None
    step: str | None = None
    agent: str | None = None
    model: str | None = None
    planned_model: str | None = None
    work: str | None = None
    name: str | None = None
    verdict: str | None = None
    confidence: str | None = None
    severity: str | None = None
    fingerprint: str | None = None
    planned: bool | None = None
    attempts: int | None = None
    red: str | None = None
    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    cost_usd: float | None = None
    seconds: float | None = None
    ended: datetime | None = None
    leads: bool | None = None
    after_violation: bool | None = None


def week_of(moment: datetime | None) -> str:
    """Return the ISO week of an aware moment in its own zone, `2026-W05`; `unknown` for None."""
    if moment is None:
        return UNDATED
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02d}"
