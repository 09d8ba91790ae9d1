"""Facts as pandas frames: one row per fact, in the period of its moment."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import pandas as pd

from forensics.metrics.owned_once import each_once
from forensics.model.record import Fact, FactKind
from forensics.model.weekly import Period

HOLDS = frozenset({"confirmed", "elsewhere", "unreachable", "rewritten"})
UNCHECKABLE = frozenset({"unsupported", "untestable"})
# A commit that lives on in another one only possibly is not shown: an invented hash looks the same.
BY_ANOTHER = frozenset({"rewritten", "self-citing"})
VERIFIED = "sound"
COUNTS = ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")


@dataclass(frozen=True, slots=True)
class Frames:
    """All facts, and by period and kind.

    `run_id` names a run across repositories, `period` is a place in `periods` or -1, `is_unit` marks runs without a plan.
    """

    every: pd.DataFrame
    periods: tuple[Period, ...]
    pieces: dict[tuple[int, str], pd.DataFrame]
    witnessed: frozenset[str]
    first: datetime | None

    def of(self, period: int, kind: FactKind) -> pd.DataFrame:
        """Return the facts of a kind in a period."""
        return self.pieces.get((period, str(kind)), self.every.iloc[:0])

    def any_of(self, kind: FactKind) -> bool:
        """Return whether there is any fact of a kind, whenever it happened."""
        return bool((self.every["kind"] == str(kind)).any())

    def all_of(self, kind: FactKind) -> pd.DataFrame:
        """Return the facts of a kind at any time."""
        return self.every[self.every["kind"] == str(kind)]


def unproven(claims: pd.DataFrame) -> pd.Series:
    """Return which claims are commits that only possibly live on in another one."""
    return (claims["name"] == "commit") & claims["verdict"].isin(BY_ANOTHER) & (claims["confidence"] == "possible")


def frames_of(facts: Sequence[Fact], periods: tuple[Period, ...]) -> Frames:
    """Return the facts as frames; those without a moment are in no period."""
    columns = {column.name: [getattr(fact, column.name) for fact in facts] for column in fields(Fact)}
    frame = pd.DataFrame(columns)
    for name in ("moment", "ended"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[us, UTC]")
    for name in (*COUNTS, "cost_usd", "seconds", "attempts"):
        frame[name] = pd.to_numeric(frame[name])
    for name in ("kind", "step", "agent", "model", "planned_model", "work", "name", "verdict", "red", "fingerprint"):
        frame[name] = frame[name].astype("str" if name == "kind" else "object")
    for name in ("planned", "leads", "after_violation"):
        frame[name] = frame[name].eq(True)
    frame["run_id"] = frame["repository"].astype("object") + ":" + frame["run"].astype("object")
    frame["who"] = _who(frame)
    frame["tokens"] = frame[list(COUNTS)].sum(axis=1)
    frame = each_once(frame)
    frame["period"] = _places(frame["moment"], periods)
    pieces = {
        (place, str(kind)): rows
        for place in range(len(periods))
        for kind, rows in frame[frame["period"] == place].groupby("kind", sort=False)
    }
    witnessed = frozenset(frame.loc[(frame["kind"] == "agent") | frame["has_agents"], "run_id"])
    first = frame["moment"].min()
    return Frames(frame, periods, pieces, witnessed, None if pd.isna(first) else first.to_pydatetime())


def _who(frame: pd.DataFrame) -> pd.Series:
    """Return the model of each row's work: as a transcript shows it, else as the plan asked for."""
    planned = frame["planned_model"] + " (planned)"
    return frame["model"].where(frame["model"].notna(), planned.where(frame["planned_model"].notna(), "unknown"))


def _places(moments: pd.Series, periods: tuple[Period, ...]) -> pd.Series:
    """Return in which period each moment lies, -1 for none."""
    places = pd.Series(-1, index=moments.index)
    for place, period in enumerate(periods):
        places[(moments >= period.start) & (moments < period.end)] = place
    return places
