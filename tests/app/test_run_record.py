"""Where the record lies, what is appended, and what may go wrong without costing the user the analysis."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest

from forensics.app.analyze import examine
from forensics.app.evidence import Scope
from forensics.app.run_record import RecordChoice, append_to_record, facts_to_record, store_of
from forensics.errors import UsageError
from forensics.model.record import Fact, FactKind
from forensics.sources.record_files import (
    SCHEMA,
    append,
    is_settled,
    is_whole,
    parquet,
    read,
    states,
    table,
)
from forensics.sources.repository import Repository
from forensics.sources.stores import FolderStore, RemoteStore
from tests.regenerate import NIGHT, sample_scope
from tests.unpack import PLAN, commit, repository, unpack


def _write(place: str, repo: str) -> str:
    return append_to_record(FolderStore(Path(place)), examine(Scope(PLAN, Path(repo))))


def test_every_fact_comes_back(failed_run: Path, tmp_path: Path) -> None:
    ((state, facts),) = facts_to_record(examine(sample_scope("parallel-tdd", failed_run)))
    store = FolderStore(tmp_path)
    append(store, state, facts)
    kept = states(store, state.repository)
    back, broken = read(kept.values())
    assert not broken
    assert len(back) == len(facts)
    assert set(back) == set(facts)
    assert {fact.kind for fact in back} == set(FactKind) - {FactKind.UNIT}
    assert all(fact.moment is not None for fact in back)


def test_the_same_analysis_is_kept_once_and_as_the_same_bytes(failed_run: Path, tmp_path: Path) -> None:
    for place in ("a", "a", "b"):
        assert _write(str(tmp_path / place), str(failed_run)) == ""
    found = [{path.name: path.read_bytes() for path in (tmp_path / place).rglob("*.parquet")} for place in "ab"]
    assert found[0] == found[1]
    assert len(found[0]) == 1


def test_a_session_seen_in_two_windows_is_kept_once(tmp_path: Path) -> None:
    run = unpack("no-plan", tmp_path / "run")
    store, scope = FolderStore(tmp_path / "record"), sample_scope("no-plan", run)
    for hour in (0, 18, 21):
        assert append_to_record(store, examine(replace(scope, since=NIGHT.replace(hour=hour)))) == ""
    (repository,) = {path.partition("/")[0] for path in store.names()}
    found = states(store, repository)
    assert len(found) == 3  # a subagent is part of its session
    assert {len(recorded) for recorded in found.values()} == {1}
    facts, _ = read(found.values())
    assert {fact.run for fact in facts} == {
        "session 3e6a9d41-7b52-4c08-9f1d-62b0c8e5a713",
        "session c85f0b27-1d94-4e36-8a60-f3d7129be04c",
        "session 91d4e6f8-2a0b-4b77-b5c3-0e8f6a17d952",
    }
    assert {fact.work for fact in facts if fact.kind is FactKind.UNIT} == {"session", "agent"}
    assert all(fact.moment is not None for fact in facts)
    assert not [fact for fact in facts if fact.kind in {FactKind.STEP, FactKind.PLANNED, FactKind.REPORTED}]


def test_ten_analyses_at_once_lose_nothing(failed_run: Path, clean_run: Path, tmp_path: Path) -> None:
    with ProcessPoolExecutor(5, mp_context=get_context("spawn")) as pool:
        told = list(pool.map(_write, [str(tmp_path)] * 10, [str(failed_run), str(clean_run)] * 5))
    assert told == [""] * 10
    assert not list(tmp_path.rglob("*.part"))
    both = [facts_to_record(examine(Scope(PLAN, folder)))[0] for folder in (failed_run, clean_run)]
    (kept,) = states(
        FolderStore(tmp_path), both[0][0].repository
    ).values()  # two states of one run: the samples share a root
    assert {one.inputs: one.facts for one in kept} == {state.inputs: len(facts) for state, facts in both}


def test_a_fresher_state_counts_but_its_agents_are_not_forgotten(failed_run: Path, tmp_path: Path) -> None:
    ((with_agents, facts),) = facts_to_record(examine(sample_scope("parallel-tdd", failed_run)))
    later = replace(with_agents, head=with_agents.head + 60, inputs="later")
    bare = tuple(fact for fact in facts if fact.kind is FactKind.STEP)[:2]
    for state, rows in ((later, bare), (with_agents, facts)):
        append(FolderStore(tmp_path), state, rows)
    back, _ = read(states(FolderStore(tmp_path), later.repository).values())
    assert sum(fact.kind is FactKind.STEP for fact in back) == 2
    assert not [fact for fact in back if fact.kind is FactKind.CLAIM]
    assert sum(fact.kind is FactKind.AGENT for fact in back) == sum(fact.kind is FactKind.AGENT for fact in facts)


def test_a_run_over_two_weeks_has_a_file_in_each(tmp_path: Path, failed_run: Path) -> None:
    ((state, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    moments = (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC), None)
    append(FolderStore(tmp_path), state, [replace(facts[0], moment=moment) for moment in moments])
    assert sorted(path.parent.name for path in tmp_path.rglob("*.parquet")) == [
        "week=2026-W53", "week=2027-W01", "week=unknown",
    ]  # fmt: skip


def test_a_remote_store(failed_run: Path) -> None:
    ((state, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    store = RemoteStore("memory://record-test/here")
    assert states(store, state.repository) == {}
    append(store, state, facts)
    append(store, state, facts)
    back, _ = read(states(store, state.repository).values())
    assert len(back) == len(facts)


class _Broken(fsspec.AbstractFileSystem):  # type: ignore[misc]
    """A store whose driver raises an error of its own for whatever it is asked."""

    protocol = "broken"

    def info(self, path: str, **_: object) -> None:
        raise LookupError(f"no credentials for {path}")

    ls = exists = makedirs = find = info


def test_a_store_whose_driver_fails_is_a_warning(failed_run: Path) -> None:
    fsspec.register_implementation("broken", _Broken, clobber=True)
    told = append_to_record(RemoteStore("broken://bucket/x"), examine(Scope(PLAN, failed_run)))
    assert told.startswith("The record was not written: LookupError: no credentials")
    with pytest.raises(OSError, match="no credentials"):
        states(RemoteStore("broken://bucket/x"), "r")


def test_a_folder_by_its_url(failed_run: Path, tmp_path: Path) -> None:
    ((state, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    append(RemoteStore(tmp_path.as_uri()), state, facts)
    back, _ = read(states(FolderStore(tmp_path), state.repository).values())
    assert set(back) == set(facts)
    (kept,) = states(RemoteStore(tmp_path.as_uri()), state.repository).values()
    assert kept[0].written < float("inf")


def test_another_engine_reads_it(failed_run: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    ((_, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    _write(str(tmp_path), str(failed_run))
    found = duckdb.read_parquet(f"{tmp_path}/*/*/*.parquet", hive_partitioning=True)
    rows = found.aggregate("kind, week, count(*)").fetchall()
    assert {(kind, number) for kind, _, number in rows} == {
        (str(kind), sum(fact.kind is kind for fact in facts)) for kind in {fact.kind for fact in facts}
    }
    assert {week for _, week, _ in rows} == {"2026-W10"}


def test_a_broken_file_is_named_and_the_others_are_read(failed_run: Path, tmp_path: Path) -> None:
    _write(str(tmp_path), str(failed_run))
    ((state, _),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    good = next(tmp_path.rglob("*.parquet"))
    good.with_name("x.000000000001.000001.00000.s.i.parquet").write_bytes(b"PAR1 no")
    good.with_name("stranger.parquet").write_bytes(b"")
    back, broken = read(states(FolderStore(tmp_path), state.repository).values())
    assert back
    assert len(broken) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_warning(failed_run: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "was not written" in _write(str(tmp_path / "record"), str(failed_run))


def test_a_file_in_the_record_s_place_is_a_warning(failed_run: Path, tmp_path: Path) -> None:
    (tmp_path / "record").write_text("", encoding="utf-8")
    assert "was not written" in _write(str(tmp_path / "record"), str(failed_run))


def _place(repo: Path, setting: str, tmp_path: Path) -> tuple[Path, str]:
    (repo / "pyproject.toml").write_text(f"[tool.forensics]\nrecord = {setting}\n", encoding="utf-8")
    environment = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    store, warning = store_of(RecordChoice(None, repo, environment), Repository.discover(repo))
    assert isinstance(store, FolderStore)
    return store.place, warning


@pytest.mark.parametrize(
    "setting",
    ['"/tmp/out"', '"../out"', '"a/../../out"', '"s3://theirs/x"', '"memory://x"', '".git/hooks"', '"out"', '"."',
     '"C:\\\\..\\\\out"', '"a\\u0000b"', '"~/../x/.GIT/y"'],
)  # fmt: skip
def test_a_repository_cannot_name_a_place_outside(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    repo = repository(tmp_path / "repo")
    (tmp_path / "elsewhere").mkdir()
    (repo / "out").symlink_to(tmp_path / "elsewhere")
    commit(repo, "Begin", {"a.txt": "a"})
    place, warning = _place(repo, setting, tmp_path)
    assert place == tmp_path / "data" / "forensics" / "record"
    assert "Ignored record" in warning


def test_a_project_may_name_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    repo = repository(tmp_path / "repo")
    commit(repo, "Begin", {"a.txt": "a"})
    assert _place(repo, '"build/record"', tmp_path) == (repo / "build" / "record", "")
    for nothing in ("3", "[]", '""', "["):
        assert _place(repo, nothing, tmp_path) == (tmp_path / "data" / "forensics" / "record", "")
    outside, warning = store_of(RecordChoice(None, tmp_path, {}), Repository.discover(repo))
    assert isinstance(outside, FolderStore)
    assert (outside.place, warning) == (tmp_path / "data" / "forensics" / "record", "")


def test_who_names_the_place_first(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    commit(repo, "Begin", {"a.txt": "a"})
    opened = Repository.discover(repo)
    assert store_of(RecordChoice("x", repo, {}, none=True), opened) == (None, "")
    assert store_of(RecordChoice(None, repo, {"FORENSICS_NO_RECORD": "1"}), opened) == (None, "")
    named, _ = store_of(RecordChoice("x", repo, {"FORENSICS_NO_RECORD": "1", "FORENSICS_RECORD": "y"}), opened)
    assert isinstance(named, FolderStore)
    assert named.place == repo / "x"
    told, _ = store_of(RecordChoice(None, repo, {"FORENSICS_RECORD": "memory://y"}), opened)
    assert isinstance(told, RemoteStore)
    with pytest.raises(UsageError):
        store_of(RecordChoice("nosuch://x", repo, {}), opened)


def test_writing_loads_no_pandas(failed_run: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from forensics.app.analyze import examine; from forensics.app.evidence import Scope;"
        "from forensics.app.run_record import append_to_record; from forensics.sources.stores import FolderStore;"
        f"print(append_to_record(FolderStore(Path({str(tmp_path)!r})), examine(Scope({PLAN!r}, Path('.')))), 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=failed_run, capture_output=True, text=True, check=True)
    assert done.stdout == " False\n"


def _junk(facts: Sequence[Fact], change: Mapping[str, object]) -> bytes:
    """Return facts as a file of the record in which one column holds something else in every row."""
    made = table(facts, Fact, SCHEMA)
    for name, value in change.items():
        place = made.schema.get_field_index(name)
        made = made.set_column(place, name, pa.array([value] * made.num_rows))
    return parquet(made.replace_schema_metadata({"forensics": SCHEMA}))


BAD: Mapping[str, Callable[[Sequence[Fact]], bytes]] = {
    "empty": lambda _: b"",
    "not Parquet": lambda _: b"PAR1 no",
    "cut short": lambda facts: parquet(table(facts, Fact, SCHEMA))[:-100],
    "another version": lambda facts: parquet(table(facts, Fact, "forensics.record/2")),
    "numbers for names": lambda facts: _junk(facts, {"step": 7}),
    "names for numbers": lambda facts: _junk(facts, {"input": "many"}),
    "no run": lambda facts: _junk(facts, {"run": None}),
    "another run's": lambda facts: _junk(facts, {"run": "plans/elsewhere"}),
    "an unknown kind": lambda facts: _junk(facts, {"kind": "rumour"}),
    "a time of another age": lambda facts: _junk(facts, {"moment": datetime(9999, 12, 31, tzinfo=UTC)}),
    "a negative number": lambda facts: _junk(facts, {"input": -1}),
    "a number beyond all": lambda facts: _junk(facts, {"cost_usd": float("inf")}),
    "not a number": lambda facts: _junk(facts, {"cost_usd": float("nan")}),
    "a column less": lambda facts: parquet(table(facts, Fact, SCHEMA).drop_columns(["red"])),
}


@pytest.mark.parametrize("kind", sorted(BAD))
def test_a_bad_newer_state_is_passed_over_and_told(failed_run: Path, tmp_path: Path, kind: str) -> None:
    ((state, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    store = FolderStore(tmp_path)
    append(store, state, facts)
    (name,) = store.names()
    bad = name.replace(f".{state.head:012d}.", f".{state.head + 60:012d}.").replace(state.inputs, "f" * 16)
    store.write(bad, BAD[kind](facts))
    back, broken = read(states(store, state.repository).values())
    assert set(back) == set(facts)
    assert broken == (bad,)


@pytest.mark.parametrize("name", ["x.999999999999.000002.00000.s.i.parquet", "x.²³.000002.00000.s.i.parquet", f"x.{'9' * 99}.1.1.s.i.parquet"])  # fmt: skip
@pytest.mark.parametrize("week", ["2026-W10", "0000-W01", "9999-W53"])
def test_odd_names_end_nothing(failed_run: Path, tmp_path: Path, name: str, week: str) -> None:
    ((state, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    store = FolderStore(tmp_path)
    append(store, state, facts)
    store.write(f"{state.repository}/week={week}/{name}", b"junk")
    kept = states(store, state.repository)
    assert set(read(kept.values())[0]) == set(facts)
    assert not any(is_settled(each) and not is_whole(each) for recorded in kept.values() for each in recorded if week != "2026-W10")  # fmt: skip


def test_a_file_cut_short_is_written_again_by_the_same_analysis(failed_run: Path, tmp_path: Path) -> None:
    _write(str(tmp_path), str(failed_run))
    file = next(tmp_path.rglob("*.parquet"))
    whole = file.read_bytes()
    for half in (whole[:100], b"", b"\0" * len(whole)):
        file.write_bytes(half)
        assert _write(str(tmp_path), str(failed_run)) == ""
        assert file.read_bytes() == whole


def test_a_state_of_which_a_file_is_missing_yields_to_a_whole_one(failed_run: Path, tmp_path: Path) -> None:
    ((state, facts),) = facts_to_record(examine(Scope(PLAN, failed_run)))
    store, later = FolderStore(tmp_path), replace(state, head=state.head + 60, inputs="later")
    append(store, state, facts)
    append(store, later, [*facts, replace(facts[0], moment=datetime(2027, 1, 4, tzinfo=UTC))])
    lost = next(path for path in tmp_path.rglob("*.parquet") if "2027" in path.parent.name)
    lost.unlink()
    back, broken = read(states(store, state.repository).values())
    assert (set(back), broken) == (set(facts), ())
