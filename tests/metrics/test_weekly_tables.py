"""The weekly figures, held against a count that does without pandas."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forensics.metrics.periods import weeks, zone_of
from forensics.metrics.proportions import wilson
from forensics.metrics.weekly_tables import weekly_report
from forensics.model.record import Fact, FactKind
from forensics.model.weekly import Compared, WeeklyReport

NOW = datetime(2026, 3, 31, tzinfo=UTC)
MONDAY = datetime(2026, 2, 2, tzinfo=UTC)
BLANK = Fact("r", "plans/a", "i", FactKind.STEP, MONDAY)


def report(facts: list[Fact], label: str = "2026-W06", zone: str = "UTC", many: int = 13) -> WeeklyReport:
    return weekly_report(facts, weeks(label, zone_of(zone), NOW, many), zone, NOW, origins={"r:plans/a": "tree"})


def metric(told: WeeklyReport, name: str) -> Compared:
    return next(one for one in told.metrics if one.now.name == name)


def _some_facts(seed: int) -> list[Fact]:
    """Return the facts of some runs over six weeks, a few without a time."""
    chance = random.Random(seed)  # noqa: S311
    facts = []
    for number in range(300):
        moment = MONDAY + timedelta(minutes=chance.randrange(-21, 21) * 1440 + chance.randrange(1440))
        run = f"plans/{chance.choice('abcd')}"
        step = f"1.{number}"
        own = replace(
            BLANK,
            run=run,
            moment=None if chance.random() < 0.05 else moment,
            step=step,
            model=chance.choice(["big", "small", None]),
            planned_model=chance.choice(["small", None]),
            work=chance.choice(["test-first", "step"]),
            verdict=chance.choice(["sound", "sound", "stopped", "contradicted"]),
            planned=chance.random() < 0.9,
            attempts=chance.choice([0, 1, 1, 2, 3]),
            red=chance.choice(["complied", "violated", "unknown", None]),
            seconds=chance.choice([None, 60.0, 600.0, 6000.0]),
        )
        facts += [own, replace(own, kind=FactKind.PLANNED), replace(own, kind=FactKind.REPORTED)]
        facts.append(
            replace(
                own, kind=FactKind.CLAIM, verdict=chance.choice(["confirmed", "missing", "rewritten", "untestable"])
            )
        )
        facts.append(
            replace(
                own,
                kind=FactKind.FINDING,
                name=chance.choice(["ISO001", "RED001"]),
                verdict="x",
                fingerprint=f"f{number % 40}",
            )
        )
        facts.append(
            replace(
                own,
                kind=FactKind.AGENT,
                agent=f"a{number}",
                seconds=900.0,
                ended=moment + timedelta(hours=1),
                leads=number % 9 == 0,
            )
        )
        facts.append(
            replace(
                own, kind=FactKind.USAGE, agent=f"a{number}", input=10, output=5, cache_read=80, cache_write_5m=10, cache_write_1h=0,
                cost_usd=chance.choice([None, 0.25, 1.5]), after_violation=chance.random() < 0.3,
            )
        )  # fmt: skip
    return facts


def _counted(facts: list[Fact], start: datetime) -> dict[str, float | None]:
    """Count one week with nothing but Python."""
    end = start + timedelta(days=7)
    here = [one for one in facts if one.moment and start <= one.moment < end]
    past = [one for one in facts if one.moment and start - timedelta(days=7) <= one.moment < start]
    kinds = {kind: [one for one in here if one.kind is kind] for kind in FactKind}
    done = [one for one in kinds[FactKind.STEP] if one.verdict == "sound"]
    claims = Counter(one.verdict for one in kinds[FactKind.CLAIM])
    red = Counter(one.red for one in kinds[FactKind.REPORTED])
    prints = {(one.name, one.fingerprint) for one in kinds[FactKind.FINDING]}
    before = {(one.name, one.fingerprint) for one in past if one.kind is FactKind.FINDING}
    tried = [one for one in kinds[FactKind.STEP] if one.attempts]
    costs = [one.cost_usd for one in kinds[FactKind.USAGE] if one.cost_usd is not None]
    later = [one.cost_usd for one in kinds[FactKind.USAGE] if one.cost_usd is not None and one.after_violation]
    times = sorted(one.seconds for one in done if one.seconds is not None)
    half = len(times) // 2
    runs = {one.run for one in here}
    cohort = [one for one in facts if one.kind is FactKind.STEP and one.planned and one.run in runs]
    agents = [one for one in facts if one.kind is FactKind.AGENT and one.moment and not one.leads]
    agents = [one for one in agents if one.moment and one.ended and one.moment < end and one.ended >= start]
    named = [one for one in kinds[FactKind.STEP] if one.planned_model and one.model]
    hold = claims["confirmed"] + claims["rewritten"]
    return {
        "steps_planned": len(kinds[FactKind.PLANNED]),
        "steps_reported": len(kinds[FactKind.REPORTED]),
        "steps_verified": len(done),
        "truthfulness": hold / (hold + claims["missing"]),
        "red_compliance": red["complied"] / (red["complied"] + red["violated"]),
        "isolation_incidents": sum(one.name == "ISO001" for one in kinds[FactKind.FINDING]),
        "findings": len(kinds[FactKind.FINDING]),
        "findings_new": len(prints - before),
        "findings_recurring": len(prints & before),
        "findings_gone": len(before - prints),
        "verified_per_day": len(done) / 7,
        "verified_per_active_hour": len(done) / (len(kinds[FactKind.AGENT]) / 4),
        "seconds_to_verified": times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2,
        "attempts_per_step": sum(one.attempts or 0 for one in tried) / len(tried),
        "first_time_success": sum(one.attempts == 1 and one.verdict == "sound" for one in tried) / len(tried),
        "concurrency": max(
            sum(1 for other in agents if other.moment and other.ended and other.moment <= one.moment < other.ended)
            for one in agents
            if one.moment
        ),
        "cost_usd": sum(costs),
        "tokens": 105 * len(kinds[FactKind.USAGE]),
        "cache_share": 0.8,
        "cost_per_verified_step": sum(costs) / len(done),
        "tokens_per_verified_step": 105 * len(kinds[FactKind.USAGE]) / len(done),
        "recovery_share": sum(later) / sum(costs),
        "plan_completion": sum(one.verdict == "sound" for one in cohort) / len(cohort),
        "model_as_planned": sum(one.model == "small" for one in named) / len(named),
        "steps_unplanned": sum(not one.planned for one in tried) / len(tried),
        **dict.fromkeys(("sessions", "pulls", "claims_true", "claims_false", "claims_unknown")),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_figures_equal_a_count_without_pandas(seed: int) -> None:
    facts = _some_facts(seed)
    told = report(facts)
    now, before = _counted(facts, MONDAY), _counted(facts, MONDAY - timedelta(days=7))
    assert {one.now.name for one in told.metrics} == set(now)
    for one in told.metrics:
        assert one.now.value == pytest.approx(
            now[one.now.name], abs=2e-4 if one.now.name != "tokens_per_verified_step" else 0.1
        )
        assert one.before.value == pytest.approx(
            before[one.now.name], abs=2e-4 if one.now.name != "tokens_per_verified_step" else 0.1
        )
    undated = Counter(str(one.kind) for one in facts if one.moment is None)
    assert {cell.name: cell.value for cell in told.without_time} == undated
    assert sum(one.steps for one in told.models) == sum(
        bool(one.attempts)
        for one in facts
        if one.kind is FactKind.STEP and one.moment and MONDAY <= one.moment < MONDAY + timedelta(7)
    )
    assert sum(one.verified for one in told.plans) == metric(told, "steps_verified").now.n
    assert sum(one.cost_usd or 0 for one in told.by_model) == pytest.approx(metric(told, "cost_usd").now.value)
    weeks_cost = sum(cell.value for cell in told.cost_by_model if cell.period == "2026-W06")
    assert weeks_cost == pytest.approx(metric(told, "cost_usd").now.value)


def test_the_zone_decides_the_week() -> None:
    late = replace(BLANK, moment=datetime(2026, 2, 8, 23, 30, tzinfo=UTC), step="1", verdict="sound", attempts=1)
    assert metric(report([late]), "steps_verified").now.value == 1
    assert metric(report([late], zone="Europe/Berlin"), "steps_verified").now.n == 0
    assert metric(report([late], "2026-W07", "Europe/Berlin"), "steps_verified").now.value == 1
    assert metric(report([late], "2026-W06", "Asia/Kolkata"), "steps_verified").now.n == 0


def test_a_run_over_new_year_belongs_to_the_weeks_of_its_events() -> None:
    days = [
        datetime(2026, 12, 31, 23, tzinfo=UTC),
        datetime(2027, 1, 1, 1, tzinfo=UTC),
        datetime(2027, 1, 4, tzinfo=UTC),
    ]
    facts = [replace(BLANK, moment=day, step=str(day), verdict="sound", attempts=1) for day in days]
    assert metric(report(facts, "2026-W53"), "steps_verified").now.value == 2
    last = report(facts, "2027-W01")
    assert (last.runs, metric(last, "steps_verified").before.value) == (1, 2)
    assert not last.complete


def test_an_empty_week_is_zero_and_a_time_before_everything_is_unknown() -> None:
    fact = replace(BLANK, step="1", verdict="sound", attempts=1)
    empty = report([fact], "2026-W07")
    assert empty.runs == 0
    assert metric(empty, "steps_verified").now.value == 0
    assert metric(empty, "truthfulness").now.value is None
    assert metric(empty, "steps_verified").before.value == 1
    assert (metric(empty, "steps_verified").mean, metric(empty, "steps_verified").mean_of) == (1, 1)
    before = report([fact], "2026-W05")
    assert metric(before, "steps_verified").now.value is None


def test_no_data_at_all() -> None:
    nothing = report([])
    assert nothing.known_runs == nothing.runs == 0
    assert all(one.now.value is None for one in nothing.metrics)
    assert len(nothing.periods) == len(nothing.trends[0].points) == 12
    assert report([], many=1).periods


def test_an_agent_in_two_runs_windows_is_paid_once_and_by_the_run_it_worked_for() -> None:
    usage = replace(BLANK, kind=FactKind.USAGE, agent="a", model="m", cost_usd=2.0, input=1, output=1, cache_read=0,
                    cache_write_5m=0, cache_write_1h=0)  # fmt: skip
    agent = replace(BLANK, kind=FactKind.AGENT, agent="a", ended=MONDAY + timedelta(hours=1), seconds=60.0)
    other = {"run": "plans/b", "step": "2"}
    told = report([usage, agent, replace(usage, **other), replace(agent, **other)])  # type: ignore[arg-type]
    assert metric(told, "cost_usd").now.value == 2.0
    assert {one.run: one.spend.cost_usd for one in told.plans} == {"plans/b": 2.0}


UNIT = replace(BLANK, kind=FactKind.UNIT, run="session s1", step="s1", work="session", agent=None)
SPENT = {"input": 10, "output": 0, "cache_read": 0, "cache_write_5m": 0, "cache_write_1h": 0, "cost_usd": 1.0}


def _session(name: str, *commits: str, step: str | None = None) -> list[Fact]:
    """Return what the record has of a session that spent USD 1, and of the same agent in a plan's time."""
    unit = replace(UNIT, run=f"session {name}", step=name)
    used = replace(unit, kind=FactKind.USAGE, agent=name, **SPENT)  # type: ignore[arg-type]
    agent = replace(unit, kind=FactKind.AGENT, agent=name, ended=MONDAY, seconds=60.0)
    mine = [unit, used, agent, *(replace(unit, kind=FactKind.COMMIT, name=sha) for sha in commits)]
    return [*mine, *(replace(fact, run="plans/a", step=step, work="step") for fact in (used, agent))]


def test_a_session_that_worked_on_a_step_is_the_plan_s() -> None:
    step = replace(BLANK, step="1.1", verdict="sound", attempts=1)
    planned = replace(step, kind=FactKind.COMMIT, name="a" * 40)
    facts = [step, planned, *_session("s1", "a" * 40, step="1.1"), *_session("s2", "b" * 40), *_session("s3")]
    told = report(facts)
    assert metric(told, "cost_usd").now.value == 3
    assert metric(told, "cost_per_verified_step").now.value == 2  # s3 made no commit: it was at work for the plan
    assert [(row.run, row.commits, row.spend.cost_usd) for row in told.sessions] == [("s2", 1, 1.0)]
    said = replace(UNIT, run="session s1", kind=FactKind.CLAIM, verdict="contradicted", fingerprint="c")
    assert [(row.run, row.claims_false, row.spend.cost_usd) for row in report([*facts, said]).sessions] == [
        ("s1", 1, None),  # what it cost is the plan's, what it said is its own
        ("s2", 0, 1.0),
    ]
    assert metric(told, "concurrency").now.n == 3


def test_a_finding_on_a_session_that_worked_on_a_step_is_the_plan_s() -> None:
    found = replace(BLANK, kind=FactKind.FINDING, step="1.1", name="ISO001", verdict="x", fingerprint="f1")
    again = replace(found, run="session s1", step="s1", moment=MONDAY + timedelta(hours=1), fingerprint="f2")
    told = report([BLANK, found, again, *_session("s1", "a" * 40)])  # it made a commit of its own
    assert metric(told, "findings").now.value == 2
    told = report([BLANK, found, again, *_session("s1", step="1.1")])
    assert metric(told, "findings").now.value == 1
    assert metric(told, "isolation_incidents").now.missing == 0


def test_a_pull_request_whose_commits_a_session_made_is_the_session_s() -> None:
    pull = replace(UNIT, run="pull #7", step="#7", work="pull")
    told = report([*_session("s1", "a" * 40), pull, replace(pull, kind=FactKind.COMMIT, name="a" * 40)])
    assert [row.kind for row in told.sessions] == ["session"]
    told = report([pull, replace(pull, kind=FactKind.COMMIT, name="b" * 40)])
    assert [(row.kind, row.run, row.commits) for row in told.sessions] == [("pull", "#7", 1)]
    assert metric(told, "pulls").now.value == 1
    assert metric(told, "steps_verified").now.value is None  # there is no plan


def test_claims_of_messages_are_counted_by_verdict() -> None:
    said = [("confirmed", 3), ("rewritten", 1), ("contradicted", 1), ("stale", 1), ("unsupported", 2)]
    claims = [
        replace(UNIT, kind=FactKind.CLAIM, verdict=verdict, fingerprint=f"{verdict}{number}")
        for verdict, many in said
        for number in range(many)
    ]
    told = report([*_session("s1", "a" * 40), *claims])
    counted = [metric(told, f"claims_{name}").now.value for name in ("true", "false", "unknown")]
    assert counted == [4, 2, 2]
    (row,) = told.sessions
    assert (row.claims_true, row.claims_false, row.claims_unknown) == (4, 2, 2)


def test_a_note_says_when_there_is_too_little_to_tell() -> None:
    claim = replace(BLANK, kind=FactKind.CLAIM, verdict="confirmed", name="commit")
    past = MONDAY - timedelta(days=7)
    few = [replace(claim, fingerprint=str(number)) for number in range(3)] + [replace(claim, moment=past)]
    assert metric(report(few), "truthfulness").note == "too few to tell: 3 now, 1 before"
    many = [replace(claim, fingerprint=f"{number}", moment=day) for number in range(40) for day in (MONDAY, past)]
    assert metric(report(many), "truthfulness").note == "within chance"
    worse = [replace(one, verdict="missing") if one.moment == past else one for one in many]
    assert metric(report(worse), "truthfulness").note == ""


def test_wilson_s_interval() -> None:
    assert wilson(8, 10) == (0.4902, 0.9433)  # a textbook's example
    assert wilson(0, 5) == (0.0, 0.4345)
    assert wilson(5, 5)[1] == 1.0


def test_a_commit_that_only_possibly_lives_on_is_neither_true_nor_false() -> None:
    claim = replace(BLANK, kind=FactKind.CLAIM, name="commit", verdict="rewritten", fingerprint="0")
    facts = [replace(claim, confidence="likely")]
    facts += [replace(claim, confidence="possible", fingerprint=str(number)) for number in range(1, 21)]
    share = metric(report(facts), "truthfulness").now
    assert (share.value, share.n, share.missing) == (1.0, 1, 20)
