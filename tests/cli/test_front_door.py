"""`forensics` alone, in a repository that was worked in without any plan."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unpack import home_with, unpack


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return the unpacked night, and an environment whose agents' store holds its sessions."""
    folder = tmp_path_factory.mktemp("night")
    run = unpack("no-plan", folder / "run")
    record = {"FORENSICS_RECORD": str(folder / "record"), "FORENSICS_NO_RECORD": "0"}
    return run, {**os.environ, **record, "HOME": str(home_with("no-plan", run, folder))}


def _forensics(night: tuple[Path, dict[str, str]], *arguments: str) -> subprocess.CompletedProcess[str]:
    run, environment = night
    return subprocess.run(
        [sys.executable, "-m", "forensics", *arguments], cwd=run, env=environment, capture_output=True, text=True
    )


def _recorded(night: tuple[Path, dict[str, str]]) -> list[str]:
    return sorted(path.name for path in Path(night[1]["FORENSICS_RECORD"]).rglob("*.parquet"))


def test_looking_writes_nothing_and_analyze_keeps_each_session_once(night: tuple[Path, dict[str, str]]) -> None:
    looked = _forensics(night, "--since", "2026-03-10")
    assert looked.returncode == 0
    assert "3 sessions and 1 agent" in looked.stdout
    assert "the last run, at 2026-03-10 20:14, had 2" in looked.stdout
    assert _recorded(night) == []
    _forensics(night, "analyze", "--since", "2026-03-10")
    kept = _recorded(night)
    assert len(kept) == 3
    _forensics(night, "analyze", "--since", "2026-03-10T20:00")
    _forensics(night, "analyze", "--session", "c85f0b27")
    assert _recorded(night) == kept


def test_one_session_is_shown_with_its_subagent(night: tuple[Path, dict[str, str]]) -> None:
    one = _forensics(night, "--session", "c85f0b27")
    assert "1 session and 1 agent" in one.stdout
    assert "91d4e6f8" not in one.stdout


def test_nothing_found_says_where_it_was_looked_for(night: tuple[Path, dict[str, str]]) -> None:
    none = _forensics(night, "--since", "2026-03-20")
    assert none.returncode == 3
    assert "No session, pull request or branch was found since 2026-03-20" in none.stderr
    assert none.stdout == ""
