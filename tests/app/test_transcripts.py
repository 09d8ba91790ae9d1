"""Where a run's transcripts come from: named, in the agents' stores, kept in git; and what is left out."""

import json
import os
import shutil
from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.errors import NothingToExamine
from forensics.model.postmortem import Postmortem
from tests.unpack import PLAN, SAMPLES, git, unpack

TRANSCRIPTS = SAMPLES / "parallel-tdd" / "transcripts"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return unpack("parallel-tdd", tmp_path / "tally.d" / "repository")


def _home(folder: Path, repository: Path) -> Path:
    """Make an agents' home whose store has the sample's sessions under the repository's path."""
    name = "".join(letter if letter.isalnum() else "-" for letter in str(repository))
    store = folder / "home" / ".claude" / "projects" / name
    store.mkdir(parents=True)
    for path in TRANSCRIPTS.glob("*.jsonl"):
        shutil.copy(path, store)
    return folder / "home"


def _agents(postmortem: Postmortem) -> int:
    return len(postmortem.agents)


def test_named_ones(run: Path) -> None:
    assert _agents(analyze(Scope(PLAN, run, transcripts=(str(TRANSCRIPTS),)))) == 7
    assert _agents(analyze(Scope(PLAN, run, transcripts=(str(TRANSCRIPTS / "agent-*.jsonl"),)))) == 5
    with pytest.raises(NothingToExamine):
        analyze(Scope(PLAN, run, transcripts=("nowhere.jsonl",)))


def test_the_agents_own_store(run: Path, tmp_path: Path) -> None:
    home = _home(tmp_path, run)
    assert _agents(analyze(Scope(PLAN, run, environment={"HOME": str(home)}))) == 7
    assert _agents(analyze(Scope(PLAN, run, environment={"HOME": str(tmp_path)}))) == 0
    assert _agents(analyze(Scope(PLAN, run, read_transcripts=False, environment={"HOME": str(home)}))) == 0
    chosen = {"HOME": str(tmp_path), "CLAUDE_CONFIG_DIR": str(home / ".claude")}
    assert _agents(analyze(Scope(PLAN, run, environment=chosen))) == 7


def test_a_linked_work_tree_s_store(run: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    git(run, "worktree", "add", "-q", "--detach", str(tree))
    home = _home(tmp_path, tree)
    assert _agents(analyze(Scope(PLAN, run, environment={"HOME": str(home)}))) == 7


def test_agents_of_another_day_are_left_out(run: Path, tmp_path: Path) -> None:
    home = _home(tmp_path, run)
    store = next((home / ".claude" / "projects").iterdir())
    late = {
        "type": "user", "uuid": "u", "sessionId": "later", "cwd": "/x", "timestamp": "2027-01-01T00:00:00Z", "version": "2.0.0",
        "message": {"role": "user", "content": "hello"},
    }  # fmt: skip
    (store / "later.jsonl").write_text(json.dumps(late) + "\n", encoding="utf-8")
    postmortem = analyze(Scope(PLAN, run, environment={"HOME": str(home)}))
    assert "later" not in {agent.id for agent in postmortem.agents}
    assert any("outside the run's window" in gap.what for gap in postmortem.gaps)


def test_files_older_than_the_run_are_not_opened(run: Path, tmp_path: Path) -> None:
    home = _home(tmp_path, run)
    store = next((home / ".claude" / "projects").iterdir())
    old = store / "old.jsonl"
    old.write_bytes(b"not a transcript\n")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    postmortem = analyze(Scope(PLAN, run, environment={"HOME": str(home)}))
    assert _agents(postmortem) == 7
    assert any("1 transcript last written before the run began was not read" in gap.what for gap in postmortem.gaps)
    assert not any("old.jsonl" in gap.what for gap in postmortem.gaps)


def test_sessions_kept_in_git(run: Path) -> None:
    git(run, "switch", "-q", "--orphan", "entire/checkpoints/v1")
    for number, path in enumerate(sorted(TRANSCRIPTS.glob("*.jsonl"))):
        place = run / "ab" / "cdef" / str(number)
        place.mkdir(parents=True)
        shutil.copy(path, place / "full.jsonl")
    git(run, "add", "-A")
    git(run, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", "Checkpoint")
    git(run, "switch", "-q", "main")
    postmortem = analyze(Scope(PLAN, run))
    assert _agents(postmortem) == 7
    assert postmortem.cause.statement.startswith("Steps 1.2, 1.3, 1.4 and 1.5 were launched together")
    assert postmortem.searched.startswith("searched 1 ref with")
