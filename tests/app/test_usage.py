"""Usage over many files: side by side or not, the sums are the same."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from forensics.app import usage
from forensics.sources.transcripts import TranscriptFile, find
from tests.formats.transcript_lines import assistant, call, result
from tests.unpack import git

HERE = os.getpid()
ONE_PART = usage._part


def _die_elsewhere(files: Sequence[TranscriptFile]) -> usage.Read:
    if os.getpid() != HERE:
        os._exit(9)
    return ONE_PART(files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five sessions that repeat each other's messages, the last of which launches an agent that is not here."""
    for number in range(5):
        lines = [assistant(one, message=f"m{one}", output=number * 7 + one) for one in range(number + 3)]
        (tmp_path / f"s{number}.jsonl").write_bytes(b"".join(lines))
    launch = assistant(8, call("t1", "Task", prompt="go"), message="m1", output=0)
    away = [launch, result(9, "t1", "agentId: a7", told={"agentId": "a7"})]
    (tmp_path / "s9.jsonl").write_bytes(b"".join(away) + b"{cut")
    os.utime(tmp_path / "s9.jsonl", (0, 0))
    return tmp_path


def test_parts_read_side_by_side_add_up_to_the_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = usage.transcripts([str(folder)], folder, {})
    monkeypatch.setattr(usage, "WORTH_A_PROCESS", 100)
    monkeypatch.setattr(usage, "_cores", lambda: 3)
    assert len(usage._parts(find([str(folder)], folder, {}), 3)) == 3
    assert usage.transcripts([str(folder)], folder, {}) == whole
    assert len(whole.usage) == 7
    assert [gap.what for gap in whole.gaps] == [
        "the transcript of agent `a7` is missing",
        "1 line of `s9.jsonl` could not be read",
    ]


def test_a_part_that_is_killed_is_read_again_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = usage.transcripts([str(folder)], folder, {})
    monkeypatch.setattr(usage, "WORTH_A_PROCESS", 100)
    monkeypatch.setattr(usage, "_cores", lambda: 3)
    monkeypatch.setattr(usage, "_part", _die_elsewhere)
    assert usage.transcripts([str(folder)], folder, {}) == whole


def test_sessions_that_git_keeps_count(folder: Path, tmp_path: Path) -> None:
    repository = tmp_path / "shop"
    place = repository / "ab/cdef/0/full.jsonl"
    place.parent.mkdir(parents=True)
    place.write_bytes((folder / "s4.jsonl").read_bytes())
    git(repository, "init", "-q", "-b", "entire/checkpoints/v1")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Checkpoint")
    found = usage.transcripts((), repository, {"HOME": str(tmp_path)})
    assert found.files == ("refs/heads/entire/checkpoints/v1:ab/cdef/0/full.jsonl",)
    assert found.usage == usage.transcripts([str(folder / "s4.jsonl")], folder, {}).usage
