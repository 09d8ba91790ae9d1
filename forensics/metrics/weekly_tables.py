"""The weekly report's tables: metrics compared, findings, models, plans, and the series that charts are drawn from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import pandas as pd

from forensics.metrics.fact_frames import VERIFIED, Frames, frames_of
from forensics.metrics.periods import zone_of
from forensics.metrics.proportions import note
from forensics.metrics.session_rows import sessions_of
from forensics.metrics.spending import spend
from forensics.metrics.weekly_measures import (
    cost,
    fingerprints,
    first_time,
    measures,
    middle,
    plans_in,
    truthfulness,
    verified,
)
from forensics.model.record import Fact, FactKind, week_of
from forensics.model.weekly import (
    Cell,
    Compared,
    Measure,
    ModelRow,
    Period,
    PlanRow,
    RuleCount,
    Spend,
    Trend,
    Unread,
    WeeklyReport,
)

# Periods in the mean that a figure is compared with: about a month.
_LAST = 4


def weekly_report(
    facts: Sequence[Fact],
    periods: tuple[Period, ...],
    zone: str,
    now: datetime,
    *,
    origins: Mapping[str, str],
    unread: tuple[Unread, ...] = (),
    notes: tuple[str, ...] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
    active: Iterable[datetime] = (),
) -> WeeklyReport:
    """Return the report on the last of `periods` (oldest first); pure, `now` (aware) decides whether it is over.

    `origins` says of runs (`repository:path`) where they were read: tree, history or record. `titles` says by run what a
    session was asked for, `active` when something happened that no run may cover: commits.
    """
    frames = frames_of(facts, periods)
    place = len(periods) - 1
    all_measures = [measures(frames, place, now) for place in range(len(periods))]
    shown = range(1 if len(periods) > 1 else 0, len(periods))  # the first one only serves the comparison of the second
    return WeeklyReport(
        period=periods[place],
        zone=zone,
        complete=periods[place].end <= now,
        runs=len(plans_in(frames, place)),
        metrics=tuple(_compared(all_measures, number) for number in range(len(all_measures[place]))),
        findings=_rules(frames, place),
        models=_models(frames, place),
        by_model=_by_model(frames, place),
        plans=_plans(frames, place, origins),
        periods=tuple(periods[place] for place in shown),
        trends=tuple(
            Trend(first.name, tuple(all_measures[place][number] for place in shown))
            for number, first in enumerate(all_measures[place])
        ),
        cost_by_model=_cost_by_model(frames, shown),
        findings_by_rule=_findings_by_rule(frames, shown),
        without_time=_without_time(frames),
        unread=unread,
        notes=notes,
        known_runs=int(frames.every["run_id"].nunique()),
        sessions=sessions_of(frames, place, titles),
        last_active=_last_active(frames, zone, active),
    )


def _last_active(frames: Frames, zone: str, active: Iterable[datetime]) -> str | None:
    """Return the ISO week in which something last happened before the period, else in which something first did after it."""
    period = frames.periods[-1]
    moments = [*active, *(moment.to_pydatetime() for moment in frames.every["moment"].dropna())]
    before = max((moment for moment in moments if moment < period.start), default=None)
    near = before or min((moment for moment in moments if moment >= period.end), default=None)
    return week_of(near.astimezone(zone_of(zone))) if near else None


def _compared(every: Sequence[tuple[Measure, ...]], number: int) -> Compared:
    now = every[-1][number]
    before = every[-2][number] if len(every) > 1 else Measure(now.name, None, 0)
    past = [row[number].value for row in every[:-1][-_LAST:]]
    known = [value for value in past if value is not None]
    mean = round(sum(known) / len(known), 4) if known else None
    return Compared(now, before, mean, len(known), note(now, before))


def _rules(frames: Frames, place: int) -> tuple[RuleCount, ...]:
    now, before = (
        frames.of(number, FactKind.FINDING) if number >= 0 else frames.every.iloc[:0] for number in (place, place - 1)
    )
    here, past = fingerprints(frames, place), fingerprints(frames, place - 1)
    names = {
        **dict(zip(before["name"], before["verdict"], strict=True)),
        **dict(zip(now["name"], now["verdict"], strict=True)),
    }
    counts, earlier = now["name"].value_counts(), before["name"].value_counts()
    return tuple(
        RuleCount(
            code,
            names[code],
            int(counts.get(code, 0)),
            int(earlier.get(code, 0)),
            _of_code(here - past, code),
            _of_code(here & past, code),
            _of_code(past - here, code),
            "gone" if code not in counts else "recurring" if code in earlier else "new",
        )
        for code in sorted(names)
    )


def _of_code(findings: set[tuple[str, str]], code: str) -> int:
    return sum(found == code for found, _ in findings)


def _models(frames: Frames, place: int) -> tuple[ModelRow, ...]:
    """Return one row per model and kind of step, with each step's whole cost, whenever it was spent."""
    steps = frames.of(place, FactKind.STEP)
    steps = steps[steps["attempts"] > 0]
    claims, usage = frames.of(place, FactKind.CLAIM), frames.all_of(FactKind.USAGE)
    spent = usage.groupby(["run_id", "step"])["cost_usd"].sum(min_count=1).to_dict() if len(usage) else {}
    rows = []
    for (model, work), own in steps.groupby(["who", "work"], sort=True):
        sound = own[own["verdict"] == VERIFIED]
        costs = [spent.get((run, step)) for run, step in zip(own["run_id"], own["step"], strict=True)]
        known = [cost for cost in costs if cost is not None and not pd.isna(cost)]
        paid = round(sum(known) / len(sound), 6) if known and len(sound) else None
        rows.append(
            ModelRow(
                model=str(model),
                work=str(work),
                steps=len(own),
                attempts=int(own["attempts"].sum()),
                first_time_success=first_time(own),
                truthfulness=truthfulness(claims[(claims["who"] == model) & (claims["work"] == work)]),
                cost_per_verified_step=Measure(
                    "cost_per_verified_step", paid, 0 if paid is None else len(sound), len(own) - len(known)
                ),
                seconds_to_verified=middle("seconds_to_verified", sound["seconds"]),
            )
        )
    return tuple(rows)


def _by_model(frames: Frames, place: int) -> tuple[Spend, ...]:
    """Return what each model used, beside the steps that its agents were the last to work on and that are sound."""
    usage, done = frames.of(place, FactKind.USAGE), verified(frames, place)
    names = usage["model"].fillna("unknown")
    return tuple(
        spend(str(name), rows, int((done["model"] == name).sum())) for name, rows in usage.groupby(names, sort=True)
    )


def _plans(frames: Frames, place: int, origins: Mapping[str, str]) -> tuple[PlanRow, ...]:
    every = frames.all_of(FactKind.STEP)
    plans = []
    for run_id in sorted(plans_in(frames, place)):
        own = {kind: rows[rows["run_id"] == run_id] for kind in FactKind for rows in [frames.of(place, kind)]}
        steps = every[every["run_id"] == run_id]
        done = int((own[FactKind.STEP]["verdict"] == VERIFIED).sum())
        plans.append(
            PlanRow(
                run=run_id.partition(":")[2],
                origin=origins.get(run_id, "record"),
                planned=len(own[FactKind.PLANNED]),
                reported=len(own[FactKind.REPORTED]),
                verified=done,
                planned_ever=int(steps["planned"].sum()),
                verified_ever=int((steps["planned"] & (steps["verdict"] == VERIFIED)).sum()),
                findings=len(own[FactKind.FINDING]),
                truthfulness=truthfulness(own[FactKind.CLAIM]),
                spend=spend(run_id.partition(":")[2], own[FactKind.USAGE], done),
            )
        )
    return tuple(plans)


def _cost_by_model(frames: Frames, shown: range) -> tuple[Cell, ...]:
    cells = []
    for place in shown:
        usage = frames.of(place, FactKind.USAGE)
        for name, rows in usage.groupby(usage["model"].fillna("unknown"), sort=True):
            spent = cost(rows)
            cells += [Cell(frames.periods[place].label, str(name), spent)] if spent is not None else []
    return tuple(cells)


def _findings_by_rule(frames: Frames, shown: range) -> tuple[Cell, ...]:
    return tuple(
        Cell(frames.periods[place].label, str(code), float(number))
        for place in shown
        for code, number in sorted(frames.of(place, FactKind.FINDING)["name"].value_counts().items())
    )


def _without_time(frames: Frames) -> tuple[Cell, ...]:
    lost = frames.every[frames.every["moment"].isna()]["kind"].value_counts()
    return tuple(Cell("unknown", str(kind), float(number)) for kind, number in sorted(lost.items()))
