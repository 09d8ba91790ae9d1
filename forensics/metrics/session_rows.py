"""The week's sessions, pull requests and branches: one row each, subagents with their session."""

from collections.abc import Mapping

import pandas as pd

from forensics.metrics.fact_frames import Frames
from forensics.metrics.spending import spend
from forensics.metrics.weekly_measures import claims_by_verdict
from forensics.model.record import FactKind
from forensics.model.weekly import SessionRow


def sessions_of(frames: Frames, place: int, titles: Mapping[str, str]) -> tuple[SessionRow, ...]:
    """Return what was worked on without a plan in a period, in the order in which it began."""
    here = frames.every[(frames.every["period"] == place) & frames.every["is_unit"]]
    begun = frames.all_of(FactKind.UNIT).groupby("run_id")["moment"].min()
    period = frames.periods[place]
    every = frames.all_of(FactKind.AGENT)
    there = every[(every["moment"] < period.end) & (every["ended"] >= period.start)]
    agents = there.groupby("run_id")["agent"].nunique().to_dict()
    rows = [
        _row(own, titles, int(agents.get(run, 0)), begun[run])
        for run, own in here.groupby("run_id", sort=True)
        if run in begun.index
    ]
    return tuple(sorted(rows, key=lambda row: (row.begun is None, str(row.begun), row.run)))


def _row(own: pd.DataFrame, titles: Mapping[str, str], agents: int, begun: pd.Timestamp) -> SessionRow:
    of = {kind: own[own["kind"] == str(kind)] for kind in FactKind}
    true, false, unknown = claims_by_verdict(of[FactKind.CLAIM])
    run = str(own["run"].iloc[0])
    kind, _, name = run.partition(" ")
    return SessionRow(
        run=name,
        kind=kind,
        title=titles.get(run, ""),
        begun=None if pd.isna(begun) else begun.to_pydatetime(),
        agents=agents,
        commits=of[FactKind.COMMIT]["name"].nunique(),
        claims_true=true,
        claims_false=false,
        claims_unknown=unknown,
        findings=len(of[FactKind.FINDING]),
        spend=spend(name, of[FactKind.USAGE], 0),
    )
