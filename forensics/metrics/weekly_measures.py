"""The metrics of one period, as docs/metrics.md defines them."""

from collections.abc import Iterator
from datetime import datetime

import pandas as pd

from forensics.metrics.fact_frames import HOLDS, UNCHECKABLE, VERIFIED, Frames, unproven
from forensics.metrics.periods import most_at_once
from forensics.metrics.proportions import share
from forensics.model.finding import Family
from forensics.model.record import FactKind
from forensics.model.weekly import Measure
from forensics.narrative.receipts import FALSE, UNKNOWN

_FALSE, _UNKNOWN = ({str(verdict) for verdict in verdicts} for verdicts in (FALSE, UNKNOWN))
OF_STEPS = frozenset(
    {"steps_planned", "steps_reported", "steps_verified", "red_compliance", "verified_per_day",
     "verified_per_active_hour", "seconds_to_verified", "attempts_per_step", "first_time_success",
     "cost_per_verified_step", "tokens_per_verified_step", "recovery_share", "plan_completion", "model_as_planned",
     "steps_unplanned"}
)  # fmt: skip


def measures(frames: Frames, place: int, now: datetime) -> tuple[Measure, ...]:
    """Return every metric of a period; `now` (aware) ends a period that is not over."""
    if frames.first is None or frames.periods[place].end <= frames.first:
        return tuple(Measure(measure.name, None, 0) for measure in _all(frames, place, now))  # before the first fact
    return tuple(_all(frames, place, now))


def _all(frames: Frames, place: int, now: datetime) -> Iterator[Measure]:
    yield from _units(frames, place)
    # Without any plan, "0 verified steps" would only be in the way.
    for measure in _of_both(frames, place, now):
        hidden = measure.name in OF_STEPS and not frames.any_of(FactKind.STEP)
        yield Measure(measure.name, None, 0) if hidden else measure


def _of_both(frames: Frames, place: int, now: datetime) -> Iterator[Measure]:
    yield from _steps(frames, place)
    yield from _truth(frames, place)
    yield from _findings(frames, place)
    yield from _pace(frames, place, now)
    yield from _spending(frames, place)
    yield from _against_plan(frames, place)


def _units(frames: Frames, place: int) -> Iterator[Measure]:
    """Yield how many sessions and pull requests there were, and what their messages claim, by verdict."""
    known = frames.any_of(FactKind.UNIT)
    units, active = frames.all_of(FactKind.UNIT), runs_in(frames, place)
    for name, kind in (("sessions", "session "), ("pulls", "pull ")):
        # By the run's name: of some sessions only a subagent's transcript is left.
        ours = units["run"].astype("str").str.startswith(kind) & units["run_id"].isin(active)
        rows = units[ours].drop_duplicates("run_id")
        yield _count(name, frames, rows, FactKind.UNIT) if known else Measure(name, None, 0)
    claims = frames.of(place, FactKind.CLAIM)
    counts = claims_by_verdict(claims[claims["is_unit"]])
    for name, number in zip(("claims_true", "claims_false", "claims_unknown"), counts, strict=True):
        yield Measure(name, float(number), sum(counts)) if known else Measure(name, None, 0)


def claims_by_verdict(claims: pd.DataFrame) -> tuple[int, int, int]:
    """Return how many claims are true, are not, and are not known, as receipts count them."""
    false = int(claims["verdict"].isin(_FALSE).sum())
    unknown = int((claims["verdict"].isin(_UNKNOWN) | unproven(claims)).sum())
    return len(claims) - false - unknown, false, unknown


def _count(name: str, frames: Frames, rows: pd.DataFrame, kind: FactKind) -> Measure:
    """Return how many there are; missing are those without a date."""
    return Measure(name, float(len(rows)), len(rows), int(frames.all_of(kind)["moment"].isna().sum()))


def verified(frames: Frames, place: int) -> pd.DataFrame:
    """Return the steps that came to be sound in a period."""
    steps = frames.of(place, FactKind.STEP)
    return steps[steps["verdict"] == VERIFIED]


def _steps(frames: Frames, place: int) -> Iterator[Measure]:
    yield _count("steps_planned", frames, frames.of(place, FactKind.PLANNED), FactKind.PLANNED)
    yield _count("steps_reported", frames, frames.of(place, FactKind.REPORTED), FactKind.REPORTED)
    yield _count("steps_verified", frames, verified(frames, place), FactKind.STEP)


def _truth(frames: Frames, place: int) -> Iterator[Measure]:
    yield truthfulness(frames.of(place, FactKind.CLAIM))
    red = frames.of(place, FactKind.REPORTED)["red"]
    known = red.isin(["complied", "violated"])
    yield share("red_compliance", int((red == "complied").sum()), int(known.sum()), int((red == "unknown").sum()))


def truthfulness(claims: pd.DataFrame) -> Measure:
    """Return the claims that hold of those that can be checked; missing are those that cannot."""
    unclear = claims["verdict"].isin(UNCHECKABLE) | unproven(claims)
    holds = claims["verdict"].isin(HOLDS) & ~unclear
    return share("truthfulness", int(holds.sum()), int((~unclear).sum()), int(unclear.sum()))


def _findings(frames: Frames, place: int) -> Iterator[Measure]:
    rows = frames.of(place, FactKind.FINDING)
    active = runs_in(frames, place)
    isolation = sum(map(Family.ISOLATION.has, rows["name"].astype("str")))
    yield Measure("isolation_incidents", float(isolation), len(active), len(active - frames.witnessed))
    yield _count("findings", frames, rows, FactKind.FINDING)
    now, before = fingerprints(frames, place), fingerprints(frames, place - 1)
    for name, prints in (("new", now - before), ("recurring", now & before), ("gone", before - now)):
        yield Measure(f"findings_{name}", float(len(prints)), len(now | before))


def fingerprints(frames: Frames, place: int) -> set[tuple[str, str]]:
    """Return the findings of a period by repository, rule and fingerprint."""
    rows = frames.of(place, FactKind.FINDING) if place >= 0 else frames.every.iloc[:0]
    return set(zip(rows["name"], rows["repository"] + rows["fingerprint"], strict=True))


def runs_in(frames: Frames, place: int) -> set[str]:
    """Return the runs of which anything happened in a period."""
    return set(frames.every.loc[frames.every["period"] == place, "run_id"])


def plans_in(frames: Frames, place: int) -> set[str]:
    """Return the runs of plans and tickets of which anything happened in a period."""
    here = (frames.every["period"] == place) & ~frames.every["is_unit"]
    return set(frames.every.loc[here, "run_id"])


def _pace(frames: Frames, place: int, now: datetime) -> Iterator[Measure]:
    period, done = frames.periods[place], verified(frames, place)
    days = (min(period.end, max(now, period.start)) - period.start).total_seconds() / 86_400
    undated = int(frames.all_of(FactKind.STEP)["moment"].isna().sum())
    yield Measure("verified_per_day", round(len(done) / days, 4) if days > 0 else None, len(done), undated)
    agents = frames.of(place, FactKind.AGENT)
    seen = int(done["run_id"].isin(frames.witnessed).sum())
    hours = float(agents.loc[~agents["is_unit"], "seconds"].sum()) / 3_600
    yield Measure("verified_per_active_hour", round(seen / hours, 4) if hours else None, seen, len(done) - seen)
    yield middle("seconds_to_verified", done["seconds"])
    tried = frames.of(place, FactKind.STEP)
    tried = tried[tried["attempts"] > 0]
    mean = round(float(tried["attempts"].mean()), 4) if len(tried) else None
    yield Measure("attempts_per_step", mean, len(tried))
    yield first_time(tried)
    yield Measure("concurrency", *_most_at_once(frames, place), len(runs_in(frames, place) - frames.witnessed))


def first_time(tried: pd.DataFrame) -> Measure:
    """Return the share of started steps that were sound after one attempt."""
    return share(
        "first_time_success", int(((tried["attempts"] == 1) & (tried["verdict"] == VERIFIED)).sum()), len(tried)
    )


def middle(name: str, seconds: pd.Series) -> Measure:
    """Return the median of what is known; missing is what is not."""
    known = seconds.dropna()
    return Measure(name, round(float(known.median()), 1) if len(known) else None, len(known), len(seconds) - len(known))


def _most_at_once(frames: Frames, place: int) -> tuple[float | None, int]:
    """Return how many agents were at work at the same time, those that launched them aside, and of how many."""
    period, agents = frames.periods[place], frames.all_of(FactKind.AGENT)
    there = agents[(agents["moment"] < period.end) & (agents["ended"] >= period.start)]
    workers = there[~there["leads"]] if len(there[~there["leads"]]) else there
    most = most_at_once(zip(workers["moment"], workers["ended"], strict=True))
    return (float(most), len(workers)) if len(workers) else (None, 0)


def cost(rows: pd.DataFrame) -> float | None:
    """Return what usage cost in USD; None where no row has a price."""
    known = rows["cost_usd"].dropna()
    return round(float(known.sum()), 6) if len(known) else None


def cache_share(rows: pd.DataFrame) -> float | None:
    """Return the share of input tokens that were read from a cache."""
    given = float(rows[["input", "cache_read", "cache_write_5m", "cache_write_1h"]].sum().sum())
    return round(float(rows["cache_read"].sum()) / given, 4) if given else None


def _spending(frames: Frames, place: int) -> Iterator[Measure]:
    rows, done = frames.of(place, FactKind.USAGE), verified(frames, place)
    priced, spent = int(rows["cost_usd"].notna().sum()), cost(rows)
    unpriced = len(rows) - priced
    yield Measure("cost_usd", spent, priced, unpriced)
    tokens = float(rows["tokens"].sum())
    yield Measure("tokens", tokens if len(rows) else None, len(rows))
    yield Measure("cache_share", cache_share(rows), len(rows))
    seen = int(done["run_id"].isin(frames.witnessed).sum())
    rest = len(done) - seen
    planned = rows[~rows["is_unit"]]  # what was done without a plan verified no step
    paid, used = cost(planned), float(planned["tokens"].sum())
    yield Measure("cost_per_verified_step", round(paid / seen, 6) if paid is not None and seen else None, seen, rest)
    yield Measure("tokens_per_verified_step", round(used / seen, 1) if len(planned) and seen else None, seen, rest)
    after = cost(planned[planned["after_violation"]])
    part = round((after or 0.0) / paid, 4) if paid else None
    yield Measure("recovery_share", part, planned["run_id"].nunique(), int(planned["cost_usd"].isna().sum()))


def _against_plan(frames: Frames, place: int) -> Iterator[Measure]:
    every = frames.all_of(FactKind.STEP)
    cohort = every[every["run_id"].isin(runs_in(frames, place)) & every["planned"]]
    yield share("plan_completion", int((cohort["verdict"] == VERIFIED).sum()), len(cohort))
    steps = frames.of(place, FactKind.STEP)
    named = steps[steps["planned_model"].notna()]
    known = named[named["model"].notna()]
    kept = sum(
        str(plan) in str(real).lower() for plan, real in zip(known["planned_model"], known["model"], strict=True)
    )
    yield share("model_as_planned", kept, len(known), len(named) - len(known))
    planning = set(every.loc[every["planned"], "run_id"])
    worked = steps[steps["run_id"].isin(planning) & (steps["attempts"] > 0)]
    yield share("steps_unplanned", int((~worked["planned"]).sum()), len(worked))
