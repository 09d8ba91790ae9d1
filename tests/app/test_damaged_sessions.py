"""One bad session costs itself: every other one in the store is read, and a gap names the bad one."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from forensics.app.transcripts import transcripts_of
from forensics.casework.run_time import RunTime
from forensics.sources.repository import Repository
from tests.formats.transcript_lines import assistant, user
from tests.unpack import commit, git, home_with, repository, unpack

REF = "entire/checkpoints/v1"


def _session(name: str) -> str:
    return (user(0, "Sort the list", sessionId=name) + assistant(1, sessionId=name)).decode()


def _object(run: Path, name: str) -> Path:
    sha = git(run, "rev-parse", name)
    path = run / ".git/objects" / sha[:2] / sha[2:]
    path.chmod(0o644)
    return path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a repository that keeps two sessions in git."""
    folder = repository(tmp_path / "run")
    commit(folder, "Begin", {"a.txt": "a"})
    git(folder, "switch", "-q", "--orphan", REF)
    commit(folder, "Checkpoint", {f"ab/{name}/full.jsonl": _session(name) for name in ("good", "bad")})
    git(folder, "switch", "-q", "main")
    return folder


def _cut(run: Path) -> None:
    """Keep an object's header, and lose its end."""
    path = _object(run, f"{REF}:ab/bad/full.jsonl")
    path.write_bytes(path.read_bytes()[:-30])


DAMAGES: Mapping[str, Callable[[Path], object]] = {
    "missing": lambda run: _object(run, f"{REF}:ab/bad/full.jsonl").unlink(),
    "junk": lambda run: _object(run, f"{REF}:ab/bad/full.jsonl").write_bytes(b"junk"),
    "empty": lambda run: _object(run, f"{REF}:ab/bad/full.jsonl").write_bytes(b""),
    "cut short": _cut,
}


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_bad_session_in_git_costs_itself(run: Path, damage: str) -> None:
    DAMAGES[damage](run)
    found, _ = transcripts_of(Repository.discover(run), (), run, {}, RunTime(None, None))
    assert [agent.id for agent in found.agents] == ["good"]
    assert any("ab/bad/full.jsonl" in gap.what for gap in found.gaps)


def test_a_bad_tree_of_sessions_costs_the_ref(run: Path) -> None:
    git(run, "update-ref", "refs/entire/checkpoints/other", REF)
    _object(run, f"{REF}^{{tree}}").unlink()
    found, _ = transcripts_of(Repository.discover(run), (), run, {}, RunTime(None, None))
    assert found.agents == ()
    assert sum("could not be read" in gap.what for gap in found.gaps) == 2


def test_a_bad_file_in_a_store_costs_itself(tmp_path: Path) -> None:
    run = unpack("parallel-tdd", tmp_path / "run")
    home = home_with("parallel-tdd", run, tmp_path)
    store = next((home / ".claude/projects").iterdir())
    environment = {"HOME": str(home)}
    whole, _ = transcripts_of(Repository.discover(run), (), run, environment, RunTime(None, None))
    bad = {
        "junk.jsonl": b"\x00\xff\xfe junk\n" * 50,
        "half.jsonl": b'{"type":"user","message":{"role":"us',
        "empty.jsonl": b"",
        "list.jsonl": b"[1, 2, 3]\n" * 3,
        "nulls.jsonl": b'{"type":null,"message":null,"timestamp":null}\n' * 3,
        "types.jsonl": b'{"type":"assistant","sessionId":7,"uuid":[],"timestamp":"2026-03-04T10:00:00Z","message":{"usage":"x"}}\n',
    }
    for name, content in bad.items():
        (store / name).write_bytes(content)
        os.utime(store / name, (1_772_600_000, 1_772_600_000))  # nobody is writing to it any more
    home_codex = home / ".codex/sessions/2026/03/04"
    home_codex.mkdir(parents=True)
    (home_codex / "rollout-x.jsonl").write_bytes(b'{"cwd":"%s"}\n\xff\n' % str(run).encode())
    (home / ".local/share/opencode").mkdir(parents=True)
    (home / ".local/share/opencode/opencode.db").write_bytes(b"SQLite format 3\x00 junk")
    (home / ".local/share/opencode/storage/session/p").mkdir(parents=True)
    (home / ".local/share/opencode/storage/session/p/ses_1.json").write_text(f'{{"directory": "{run}", "id": 3')
    found, _ = transcripts_of(Repository.discover(run), (), run, environment, RunTime(None, None))
    assert set(whole.agents) <= set(found.agents)
    said = " ".join(f"{gap.what} {gap.ref}" for gap in found.gaps)
    assert {name for name in ("junk.jsonl", "half.jsonl", "types.jsonl", "opencode.db") if name not in said} == set()
