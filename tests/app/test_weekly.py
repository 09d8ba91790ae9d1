"""Which runs a week covers: those of the tree, those that history still has, and those of the record, each once."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.app.analyze import analyze, examine
from forensics.app.evidence import Scope
from forensics.app.outputs import rendered, write
from forensics.app.run_record import RecordChoice, append_to_record
from forensics.app.weekly import WeeklyPeriods, WeeklyScope, weekly
from forensics.casework.attribution.sessions import Selection
from forensics.errors import NothingToExamine, UsageError
from forensics.formats.tickets import Tickets
from forensics.metrics.periods import weeks
from forensics.model.weekly import WeeklyReport
from forensics.sources.stores import FolderStore
from tests.unpack import PLAN, commit, git, home_with, repository, unpack

NOW = datetime(2026, 3, 20, tzinfo=UTC)
WEEK = WeeklyPeriods(weeks("2026-W10", UTC, NOW, 13), "UTC", NOW)
HOSTILE = "plans/<script>alert(1)</script> | `x` ghp_0123456789abcdefghij0123456789abcdef"
RUNBOOK = "# Runbook\n\n## Cycle 1.1: {0}\n\n**Execution Model**: Haiku\n\n**Expected failure:** ValueError\n\n## Cycle 1.2: More {0}\n"


def _report(sha: str, title: str) -> str:
    return (
        f"# Cycle 1.1: {title}\n\n**Status:** GREEN_VERIFIED\n\n### RED Phase\n- **Result**: FAIL as expected (ValueError)\n\n"
        f"## Commits\n- `{sha}` - Cycle 1.1: {title}\n"
    )


def _plan(repo: Path, path: str, title: str, clock: int, claimed: str | None = None) -> None:
    """Make a plan of two steps, the first of which is carried out and reported; or reported with a `claimed` commit only."""
    hour = f"{clock:02d}"
    commit(repo, f"Plan {title}", {f"{path}/runbook.md": RUNBOOK.format(title)}, authored=f"{hour}:00")
    sha = claimed or commit(repo, f"Cycle 1.1: {title}", {f"src/{title}.py": "x\n"}, authored=f"{hour}:10")[:7]
    text = _report(sha, title)
    commit(repo, f"Report {title}", {f"{path}/reports/step-1-1-execution.md": text}, authored=f"{hour}:20")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a repository with a plan here, one moved, one deleted, and one that cannot be read."""
    made = repository(tmp_path / "repo")
    _plan(made, "plans/here", "alpha", 8)
    _plan(made, "plans/moved", "beta", 9)
    _plan(made, "plans/gone", "gamma", 10, claimed="0badc0de")
    git(made, "rm", "-rq", "plans/gone")
    (made / "plans" / "archive").mkdir()
    git(made, "mv", "plans/moved", "plans/archive/moved")
    commit(made, "Tidy up", {"plans/odd/runbook.md": "# Nothing planned here\n"}, authored="12:00")
    return made


def _weekly(repo: Path, record: Path | None, *paths: str, history: bool = False) -> tuple[WeeklyReport, list[str]]:
    examined: list[str] = []
    wish = RecordChoice(str(record) if record else None, repo, {}, none=record is None)
    return weekly(WeeklyScope(paths, None, wish, history), WEEK, examined.append), examined


def _runs(report: WeeklyReport) -> dict[str, str]:
    return {one.run: one.origin for one in report.plans}


def test_every_plan_is_covered_once(repo: Path, tmp_path: Path) -> None:
    told, _ = _weekly(repo, None, history=True)
    assert _runs(told) == {"plans/archive/moved": "tree", "plans/gone": "history", "plans/here": "tree"}
    assert len(told.plans) == 3
    by_name = {one.now.name: one.now for one in told.metrics}
    assert [by_name[name].value for name in ("steps_planned", "steps_reported", "steps_verified")] == [6, 3, 2]
    assert (by_name["truthfulness"].value, by_name["truthfulness"].n) == (0.6667, 3)
    assert [one.plan for one in told.unread] == ["plans/odd"]
    without, _ = _weekly(repo, None)
    assert "plans/gone" not in _runs(without)


def test_the_record_answers_the_second_time(repo: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    first, examined = _weekly(repo, record, history=True)
    assert len(examined) == 4
    again, examined = _weekly(repo, record, history=True)
    assert [one.partition(" ")[2] for one in examined] == ["plans/odd"]  # only what could not be read is tried again
    assert rendered(again, "json") == rendered(first, "json")
    report = repo / "plans/here/reports/step-1-1-execution.md"
    report.write_text(report.read_text(encoding="utf-8") + "\nStill sound.\n", encoding="utf-8")
    _, examined = _weekly(repo, record, history=True)
    assert [one.partition(" ")[2] for one in examined] == ["plans/here", "plans/odd"]


def test_transcripts_are_priced_and_read_again_when_they_may_have_grown(tmp_path: Path) -> None:
    run = unpack("parallel-tdd", tmp_path / "run")
    environment = {"HOME": str(home_with("parallel-tdd", run, tmp_path))}
    survey = WeeklyScope((), None, RecordChoice(str(tmp_path / "record"), run, environment))
    examined: list[str] = []
    told = weekly(survey, WEEK, examined.append)
    figures = {one.now.name: one.now for one in told.metrics}
    metrics = analyze(Scope(PLAN, run, environment=environment)).metrics
    assert metrics is not None
    assert figures["cost_usd"].value == pytest.approx(metrics.total.cost_usd)
    assert figures["tokens"].value == metrics.total.tokens.total
    assert figures["concurrency"].value == metrics.most_at_once
    assert figures["recovery_share"].value == pytest.approx(metrics.recovery_share, abs=1e-4)
    assert figures["cost_per_verified_step"].n == figures["steps_verified"].n == 2
    assert {one.model for one in told.models} == {"claude-haiku-4-5-20251001"}
    weekly(survey, WEEK, examined.append)
    assert len([what for what in examined if "plans" in what]) == 1
    for path in (tmp_path / "record").rglob("*.parquet"):
        os.utime(path, (NOW.timestamp() - 12 * 86_400,) * 2)  # as if written on the run's own day
    weekly(survey, WEEK, examined.append)
    assert len([what for what in examined if "plans" in what]) == 2


NIGHT = WeeklyPeriods(weeks("2026-W11", UTC, NOW, 13), "UTC", NOW)


def test_a_week_without_a_plan_has_its_sessions(tmp_path: Path) -> None:
    run = unpack("no-plan", tmp_path / "run")
    environment = {"HOME": str(home_with("no-plan", run, tmp_path))}
    survey = WeeklyScope((), None, RecordChoice(str(tmp_path / "record"), run, environment))
    told = weekly(survey, NIGHT)
    figures = {one.now.name: one.now for one in told.metrics}
    assert [(row.run[:8], row.kind, row.agents, row.commits) for row in told.sessions] == [
        ("3e6a9d41", "session", 1, 1),
        ("c85f0b27", "session", 2, 1),
        ("91d4e6f8", "session", 1, 1),
    ]
    assert told.sessions[0].title.startswith("The larder should warn")
    assert [row.claims_false for row in told.sessions if row.run[:8] != "c85f0b27"] == [0, 0]
    assert told.sessions[1].claims_false >= 1
    assert (figures["sessions"].value, figures["steps_verified"].value) == (3, None)
    metrics = analyze(Scope(".", run, environment=environment, sessions=Selection())).metrics
    assert metrics is not None
    assert figures["cost_usd"].value == pytest.approx(metrics.total.cost_usd)
    assert figures["tokens"].value == metrics.total.tokens.total
    for form in ("text", "md", "html", "json", "csv"):
        assert "c85f0b27" in rendered(told, form)
    again = weekly(survey, NIGHT)
    assert rendered(again, "json") == rendered(told, "json")
    assert len(list((tmp_path / "record").rglob("*.parquet"))) == 3  # the same state twice is the same file
    shutil.rmtree(tmp_path / "home")
    kept = weekly(survey, NIGHT)
    assert [(row.run, row.title) for row in kept.sessions] == [(row.run, "") for row in told.sessions]
    empty = weekly(survey, WeeklyPeriods(weeks("2026-W12", UTC, NOW, 13), "UTC", NOW))
    assert "Nothing happened in this period. The last active week is 2026-W11." in rendered(empty, "text")


def test_a_plan_s_pull_requests_are_not_listed_again(tmp_path: Path) -> None:
    for name in ("shared-workspace", "separate-workspaces"):
        run = unpack(name, tmp_path / name)
        survey = WeeklyScope((), None, RecordChoice(None, run, {}, none=True))
        told = weekly(survey, WeeklyPeriods(weeks("2026-W16", UTC, NOW.replace(month=6), 13), "UTC", NOW))
        assert told.plans
        assert told.sessions == ()


def test_an_analysis_that_read_no_transcript_does_not_answer_for_them(repo: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    assert append_to_record(FolderStore(record), examine(Scope("plans/here", repo, read_transcripts=False))) == ""
    _, examined = _weekly(repo, record, "plans/here")
    assert len(examined) == 1
    _, examined = _weekly(repo, record, "plans/here")
    assert examined == []


def test_tickets_of_two_windows_are_counted_once(tmp_path: Path) -> None:
    repo, record = repository(tmp_path / "repo"), tmp_path / "record"
    commit(repo, "Begin", {"README.md": "x"}, authored="08:00")
    commit(repo, "Do this (T1)", {"a.py": "x"}, authored="09:00")
    commit(repo, "Do that (T2)", {"b.py": "x"}, authored="11:00")
    for since, until in ((8, 10), (8, 12), (10, 12)):
        window = [datetime(2026, 3, 4, hour, tzinfo=UTC) for hour in (since, until)]
        scope = Scope(".", repo, since=window[0], until=window[1], tickets=Tickets(r"T\d+"))
        assert append_to_record(FolderStore(record), examine(scope)) == ""
    told, _ = _weekly(repo, record)
    assert next(one.now.value for one in told.metrics if one.now.name == "steps_verified") == 2
    assert sum(one.verified for one in told.plans) == 2


def test_the_record_outlives_the_plan(repo: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    assert append_to_record(FolderStore(record), examine(Scope("plans/here", repo))) == ""
    shutil.rmtree(repo / "plans")
    told, examined = _weekly(repo, record)
    assert _runs(told) == {"plans/here": "record"}
    assert examined == []
    elsewhere, _ = _weekly(repo, record, "src")
    assert _runs(elsewhere) == {}


def test_a_clone_shares_the_record(repo: Path, tmp_path: Path) -> None:
    record = tmp_path / "record"
    first, _ = _weekly(repo, record, "plans/here")
    git(tmp_path, "clone", "-q", str(repo), str(tmp_path / "clone"))
    again, examined = _weekly(tmp_path / "clone", record, "plans/here")
    assert examined == []
    assert again.metrics == first.metrics


def test_a_record_that_cannot_be_written_costs_a_note(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "record").write_text("", encoding="utf-8")
    told, _ = _weekly(repo, tmp_path / "record")
    assert len(told.plans) == 2
    assert any("was not written" in note for note in told.notes)


def test_a_work_tree_inside_is_not_counted_again(repo: Path) -> None:
    git(repo, "worktree", "add", "-q", ".trees/one")
    told, _ = _weekly(repo, None)
    assert set(_runs(told)) == {"plans/here", "plans/archive/moved"}


def test_nothing_here_and_nowhere(tmp_path: Path) -> None:
    bare = repository(tmp_path / "bare")
    with pytest.raises(NothingToExamine):
        _weekly(bare, None)
    commit(bare, "Begin", {"a.txt": "a"})
    told, _ = _weekly(bare, None, history=True)
    assert "No run is known" in rendered(told, "text")
    commit(bare, "Before", {"b.txt": "b"}, authored="09:00")
    later = WeeklyPeriods(weeks("2026-W12", UTC, NOW, 13), "UTC", NOW)
    quiet = weekly(WeeklyScope((), None, RecordChoice(None, bare, {}, none=True)), later)
    assert "Nothing happened in this period. The last active week is 2026-W10." in rendered(quiet, "text")
    earlier = WeeklyPeriods(weeks("2026-W08", UTC, NOW, 13), "UTC", NOW)
    quiet = weekly(WeeklyScope((), None, RecordChoice(None, bare, {}, none=True)), earlier)
    assert "Nothing happened in this period. The next active week is 2026-W10." in rendered(quiet, "text")
    with pytest.raises(UsageError):
        _weekly(bare, None, "plans", "..")
    for form in ("md", "html", "json", "csv"):
        assert rendered(told, form)


def test_hostile_names_come_out_as_text(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    _plan(repo, HOSTILE, "=cmd", 8)
    told, _ = _weekly(repo, tmp_path / "record", history=True)
    assert told.runs == 1
    texts = {form: rendered(told, form) for form in ("md", "json", "text", "csv")}
    assert not [form for form, text in texts.items() if "ghp_0123456789" in text]
    row = next(line for line in texts["md"].splitlines() if "<script" in line)
    assert "`plans/<script>alert(1)</script> \\| 'x'" in row
    assert not [path for path in (tmp_path / "record").rglob("*.parquet") if b"ghp_0123456789" in path.read_bytes()]


def test_the_tables_in_long_format(repo: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    told, _ = _weekly(repo, None, history=True)
    for form in ("csv", "parquet"):
        write(told, tmp_path / f"w.{form}")
    parquet, text = duckdb.read_parquet(str(tmp_path / "w.parquet")), duckdb.read_csv(str(tmp_path / "w.csv"))
    wanted = json.loads(rendered(told, "json"))
    for table in (parquet, text):
        found = table.filter("\"table\" = 'metrics' and period = '2026-W10'").project("name, value, n").fetchall()
        assert {name: (value, n) for name, value, n in found} == {
            name: (one["value"], one["n"]) for name, one in wanted["metrics"].items()
        }
    assert parquet.count("*").fetchall() == text.count("*").fetchall()
