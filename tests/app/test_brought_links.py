"""Links that a repository brings: nothing is read or written through them, in any command."""

from pathlib import Path

import pytest

from forensics.app.brought_links import refuse_to_read
from forensics.app.run_record import RecordChoice, store_of
from forensics.errors import UsageError
from forensics.sources.links import link_inside, link_out, links_of
from forensics.sources.repository import Repository
from forensics.sources.stores import FolderStore
from tests.test_hostile import PLAN, RUNBOOK, commit, forensics, git, report_on
from tests.test_hostile import repo as repo  # a fixture

THEIRS = "outside-of-it"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return a plan that lies outside every repository."""
    folder = tmp_path / "outside" / "plan"
    (folder / "reports").mkdir(parents=True)
    (folder / "runbook.md").write_text(RUNBOOK.replace("first", THEIRS))
    (folder / "reports/step-1-1-execution.md").write_text(report_on("abcdef1").replace("first", THEIRS))
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze", "plans/out"),
        ("analyze", "plans/out/runbook.md"),
        ("analyze", "away/plan"),
        ("analyze", "plans/out", "--repo", "."),
        ("recover", "plans/out"),
        ("verify", "plans/out/reports/step-1-1-execution.md"),
        ("verify", "away/plan/reports/step-1-1-execution.md", "--repo", "."),
        ("check", "plans/out/runbook.md"),
        ("check", "note.md"),
        ("weekly", "plans/out"),
        ("weekly", "away", "--repo", "."),
    ],
)
@pytest.mark.parametrize("into", ["plain", "repository"])
def test_a_link_out_of_the_repository_is_not_read(
    repo: Path, outside: Path, arguments: tuple[str, ...], into: str
) -> None:
    if into == "repository":  # it would be examined instead
        commit(_init(outside.parent), "theirs")
    (repo / "plans/out").symlink_to(outside)
    (repo / "away").symlink_to(outside.parent)
    (repo / "note.md").symlink_to(outside / "runbook.md")
    told = forensics(repo, *arguments)
    assert (told.returncode, "symbolic link" in told.stderr) == (2, True)
    assert THEIRS not in told.stdout + told.stderr


def _init(folder: Path) -> Path:
    git(folder, "init", "-q", "-b", "main")
    return folder


def test_a_whole_repository_s_week_reads_no_link_out(repo: Path, outside: Path) -> None:
    (repo / "plans/out").symlink_to(outside)
    told = forensics(repo, "weekly", "--no-record")
    assert told.returncode == 0
    assert THEIRS not in told.stdout


def test_by_its_real_path_a_folder_is_read(repo: Path, outside: Path, tmp_path: Path) -> None:
    commit(_init(outside.parent), "theirs")
    (repo / "plans/out").symlink_to(outside)
    assert THEIRS in forensics(repo, "analyze", str(outside), "--format", "md").stdout
    (tmp_path / "short").symlink_to(repo)  # the user's own link, in no repository
    assert forensics(tmp_path, "analyze", f"short/{PLAN}").returncode == 0
    (repo / "plans/same").symlink_to("x")
    assert forensics(repo, "analyze", "plans/same").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze", PLAN, "-o", "out.md"),
        ("analyze", PLAN, "-o", "out/postmortem.html"),
        ("weekly", "-o", "out/week.csv"),
        ("recover", PLAN, "--script", "out/recover.sh"),
        ("recover", PLAN, "--from-transcripts", "--patch", "out/rebuilt.mbox"),
        ("analyze", PLAN, "--record", "out"),
        ("analyze", PLAN, "--record", "out/record"),
    ],
)
def test_nothing_is_written_through_a_link_of_the_repository(
    repo: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "kept.md").write_text("mine")
    (repo / "out").symlink_to(target)
    (repo / "out.md").symlink_to(target / "kept.md")
    told = forensics(repo, *arguments)
    assert (told.returncode, "symbolic link" in told.stderr) == (2, True)
    assert [path.name for path in target.iterdir()] == ["kept.md"]
    assert (target / "kept.md").read_text() == "mine"


def test_the_user_s_own_link_is_written_through(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "latest").symlink_to("reports")
    assert forensics(repo, "analyze", PLAN, "-o", str(tmp_path / "latest/x.md")).returncode == 0
    assert (tmp_path / "reports/x.md").is_file()


def test_a_link_within_the_record_is_not_written_through(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (repo / "record").mkdir()
    (repo / "record/week=2026-W01").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic link"):
        FolderStore(repo / "record").write("week=2026-W01/x.parquet", b"PAR1")
    assert not list((tmp_path / "target").iterdir())


def test_a_project_s_record_may_not_be_a_link_to_its_own_folder(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (repo / "src").mkdir()
    (repo / "out").symlink_to("src")
    (repo / "pyproject.toml").write_text('[tool.forensics]\nrecord = "out"\n')
    store, warning = store_of(RecordChoice(None, repo, {}), Repository.discover(repo))
    assert isinstance(store, FolderStore)
    assert (store.place, "Ignored" in warning) == (tmp_path / "data/forensics/record", True)


def test_links_are_found_where_they_really_lie(repo: Path, tmp_path: Path) -> None:
    (repo / "one").symlink_to("../away")
    (tmp_path / "away").symlink_to("repo/two")
    (repo / "two").symlink_to(tmp_path / "end")
    (repo / "loop").symlink_to("loop")
    real = repo.resolve()
    assert [link.name for link in links_of(real / "one" / "x")] == ["one", "away", "two"]
    assert [link.name for link in links_of(real / "plans" / ".." / "two")] == ["two"]
    assert link_inside(real.parent / "away", (repo,)) == real / "two"
    assert link_out(real / "plans") is None
    assert next(links_of(real / "loop")) == real / "loop"
    with pytest.raises(UsageError, match="lies behind the symbolic link `one`"):
        refuse_to_read("one/x", real / "one" / "x")
