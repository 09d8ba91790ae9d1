"""A plan's files: each has a limit, and all of them together; what is over it is a gap."""

import os
from pathlib import Path

import pytest

from forensics.sources import plan_folder
from forensics.sources.plan_folder import read_folder
from forensics.sources.repository import Repository
from tests.unpack import git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    folder = tmp_path / "plans/x/reports"
    folder.mkdir(parents=True)
    (folder.parent / "runbook.md").write_text("# Runbook\n\n## Cycle 1.1: a\n")
    for number in range(4):
        (folder / f"step-1-{number}-execution.md").write_text("# Cycle 1.1\n" + "a" * 1_000)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "plan")
    return tmp_path


@pytest.mark.parametrize("at", [None, "HEAD"])
def test_files_beyond_the_limit_of_all_are_gaps(repo: Path, monkeypatch: pytest.MonkeyPatch, at: str | None) -> None:
    monkeypatch.setattr(plan_folder, "MAX_TOTAL", 2_500)
    repository = Repository.discover(repo)
    read = read_folder(repository, "plans/x", at and repository.resolve(at))
    gaps = [gap.what for gap in read.gaps if "files together" in gap.what]
    assert (len(read.documents), len(gaps)) == (3, 2)


def test_a_pipe_in_the_folder_is_a_gap(repo: Path) -> None:
    os.mkfifo(repo / "plans/x/reports/step-1-9-execution.md")
    gaps = read_folder(Repository.discover(repo), "plans/x", None).gaps
    assert ["is not a regular file" in gap.what for gap in gaps] == [True]
