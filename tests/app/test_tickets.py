"""Tickets of real repositories, end to end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.app.evidence import Scope
from forensics.app.tickets import open_tickets
from forensics.errors import NothingToExamine
from forensics.formats.tickets import Tickets
from forensics.model.case import Case
from tests.unpack import commit, git, repository

R = Tickets(r"R\d+")


def case(folder: Path, tickets: Tickets = R, **more: object) -> Case:
    return open_tickets(Scope(".", folder, read_transcripts=False, **more), tickets)[0]  # type: ignore[arg-type]


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-04T{clock}:00+00:00").astimezone(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = repository(tmp_path / "run")
    commit(made, "Begin", {"README.md": "x\n"}, authored="08:00")
    commit(made, "R1: One (#1)", {"one.py": "one = 1\n"}, authored="09:00")
    commit(made, "R2: Two (#2)", {"two.py": "two = 2\n"}, authored="12:00")
    return made


def test_a_window_holds_its_own_tickets_only(folder: Path) -> None:
    assert [one.id for one in case(folder).dossiers] == ["R1", "R2"]
    assert [one.id for one in case(folder, since=at("08:30"), until=at("10:00")).dossiers] == ["R1"]
    assert [one.id for one in case(folder, since=at("11:00")).dossiers] == ["R2"]
    with pytest.raises(NothingToExamine, match="No commit of that time names a ticket"):
        case(folder, since=at("13:00"))


def test_a_pattern_that_fits_nothing_says_so(folder: Path) -> None:
    with pytest.raises(NothingToExamine, match="names a ticket like"):
        case(folder, Tickets(r"^ZZ\d+$"))


def test_an_alias_joins_two_tickets(folder: Path) -> None:
    assert [one.id for one in case(folder, Tickets(r"R\d+", (("R2", "R1"),))).dossiers] == ["R1"]


def test_two_ids_in_one_pull_request_are_two_tickets_until_an_alias_joins_them(folder: Path) -> None:
    main = git(folder, "rev-parse", "--abbrev-ref", "HEAD")
    git(folder, "checkout", "-q", "-b", "feature")
    head = commit(folder, "R9: Three", {"three.py": "three = 3\n"}, authored="12:10")
    git(folder, "checkout", "-q", main)
    git(folder, "update-ref", "refs/pull/3/head", head)
    commit(folder, "R3: Three (#3)", {"three.py": "three = 3\n"}, authored="12:20")
    assert [one.id for one in case(folder).dossiers] == ["R1", "R2", "R3", "R9"]
    assert [one.id for one in case(folder, Tickets(r"R\d+", (("R9", "R3"),))).dossiers] == ["R1", "R2", "R3"]


def test_a_revision_hides_what_came_later(folder: Path) -> None:
    assert [one.id for one in case(folder, at="HEAD^").dossiers] == ["R1"]


def test_a_clone_without_heads_says_what_it_could_not_see(folder: Path) -> None:
    assert any("2 squashed pull requests" in gap.what for gap in case(folder).gaps)
    git(folder, "update-ref", "refs/pull/1/head", "HEAD^")
    git(folder, "update-ref", "refs/remotes/origin/pr/2", "HEAD")
    assert case(folder).gaps == ()


def test_heads_that_are_no_commits_are_passed_over(folder: Path) -> None:
    git(folder, "update-ref", "refs/pull/7/head", git(folder, "rev-parse", "HEAD^{tree}"))
    git(folder, "update-ref", "refs/pull/8/head", git(folder, "rev-parse", "HEAD:one.py"))
    git(folder, "tag", "-a", "-m", "R1: a tag", "some-tag", "HEAD^")
    git(folder, "update-ref", "refs/pull/9/head", git(folder, "rev-parse", "refs/tags/some-tag"))
    assert [pull.number for pull in case(folder).pulls] == [1, 2, 9]


def test_a_head_whose_object_is_missing_is_passed_over(folder: Path) -> None:
    (folder / ".git/refs/pull/8").mkdir(parents=True)
    (folder / ".git/refs/pull/8/head").write_text("f" * 40 + "\n")
    assert [pull.number for pull in case(folder).pulls] == [1, 2]


@pytest.mark.parametrize("year", ["1970-01-02", "2099-01-01", "2199-12-31"])
def test_wrong_clocks_hide_no_ancestor(tmp_path: Path, year: str) -> None:
    made = repository(tmp_path / "run")
    moment = int(datetime.fromisoformat(f"{year}T00:00:00+00:00").timestamp())
    times = {"GIT_AUTHOR_DATE": f"@{moment} +0000", "GIT_COMMITTER_DATE": f"@{moment} +0000"}
    commit(made, "R1: One", {"one.py": "".join(f"value_{n} = compute({n})\n" for n in range(9))})
    git(made, "commit", "-q", "--allow-empty", "-m", "R3: A broken clock", env=times)
    commit(made, "R2: Two", {"two.py": "two = 2\n"}, authored="10:05")
    assert {one.id for one in case(made).dossiers} == {"R1", "R2", "R3"}


def test_a_file_of_a_hundred_megabytes_is_not_read(folder: Path) -> None:
    with (folder / "large.txt").open("wb") as out:
        line = b"a line like every other one in this file\n" * 25_000
        for _ in range(100):
            out.write(line)
    git(folder, "add", "-A")
    git(folder, "-c", "core.compression=0", "commit", "-q", "-m", "R3: Large")
    found = case(folder)
    assert not any("large.txt" in patch.added for patch in found.history.patches.values())
    (folder / "large.txt").unlink()
