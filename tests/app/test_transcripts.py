"""Where a run's transcripts come from: named, in the agents' stores, kept in git; and what is left out."""

import json
import os
import re
import shutil
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.session_files import lines_with
from forensics.errors import NothingToExamine
from forensics.model.postmortem import Postmortem
from forensics.model.source import TranscriptRef
from forensics.model.transcript import AgentRun, Message, Transcripts
from forensics.sources.checkpoints import checkpoint_files
from forensics.sources.repository import Repository
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


def _squash(run: Path, day: int) -> None:
    """Replace the history by one commit of everything, made on a day of March 2026, as a squash merge does."""
    at = f"2026-03-{day:02}T12:00:00Z"
    git(run, "switch", "-q", "--orphan", "landed")
    git(run, "checkout", "main", "--", ".")
    git(run, "commit", "-q", "-m", "Rules (#7)", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})
    git(run, "branch", "-q", "-D", "main")
    git(run, "reflog", "expire", "--expire=now", "--all")


@pytest.mark.parametrize(("day", "agents"), [(6, 7), (25, 0)])
def test_the_sessions_of_a_run_that_was_squashed_days_later(run: Path, tmp_path: Path, day: int, agents: int) -> None:
    """The plan's first commit on the branch is the landing; the sessions are from the days before it and name the plan."""
    home = _home(tmp_path, run)
    for report in (run / PLAN / "reports").glob("*.md"):
        report.write_text(re.sub(r"2026-03-04", "some day", report.read_text("utf-8")), "utf-8")
    git(run, "commit", "-qam", "No times")
    _squash(run, day)
    assert _agents(analyze(Scope(PLAN, run, environment={"HOME": str(home)}))) == agents


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
    assert any("begun after the run had ended" in gap.what for gap in postmortem.gaps)


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


def _keep_in_git(run: Path, days: dict[str, int], size: int = 1_000) -> None:
    """Keep one session per name in git, saved on a day of March 2026."""
    git(run, "switch", "-q", "--orphan", "entire/checkpoints/v1")
    git(run, "rm", "-rfq", "--ignore-unmatch", ".")
    for name, day in days.items():
        place = run / name / "full.jsonl"
        place.parent.mkdir(parents=True)
        place.write_text(f'{{"type": "note", "name": "{name}"}}\n'.ljust(size), encoding="utf-8")
        git(run, "add", "-A")
        at = f"2026-03-{day:02}T10:00:00Z"
        git(run, "commit", "-q", "-m", "Checkpoint", env={"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at})
    git(run, "switch", "-q", "main")


def _shown(files: Iterable[tuple[str, object]]) -> list[str]:
    return [shown.partition(":")[2].partition("/")[0] for shown, _ in files]


def test_the_limit_is_spent_on_the_sessions_of_the_run_s_days(run: Path) -> None:
    _keep_in_git(run, {"a-before": 1, "b-long-after": 20, "c-during": 5, "d-next-day": 7})
    window = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)
    kept = checkpoint_files(Repository.discover(run), window, [], limit=2_500)
    assert _shown(kept.files) == ["c-during", "d-next-day"]
    assert _shown((shown, None) for shown in kept.over_limit) == ["b-long-after"]
    assert (kept.missing, kept.earlier) == ((), 1)


def test_content_that_a_clone_lacks_is_not_over_a_limit(run: Path) -> None:
    _keep_in_git(run, {"gone": 5, "here": 5})
    blob = git(run, "rev-parse", "entire/checkpoints/v1:gone/full.jsonl")
    (run / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    kept = checkpoint_files(Repository.discover(run), (None, None), [])
    assert _shown(kept.files) == ["here"]
    assert _shown((shown, None) for shown in kept.missing) == ["gone"]
    assert kept.over_limit == ()
    gaps = [gap.what for gap in analyze(Scope(PLAN, run)).gaps]
    assert any(what.startswith("1 of 2 sessions kept in git cannot be read, because this clone lacks") for what in gaps)
    assert not any("limit" in what for what in gaps)


def test_figures_are_lower_bounds_where_sessions_could_not_be_read(run: Path) -> None:
    git(run, "switch", "-q", "--orphan", "entire/checkpoints/v1")
    for number, path in enumerate(sorted(TRANSCRIPTS.glob("*.jsonl"))):
        place = run / "ab" / str(number)
        place.mkdir(parents=True)
        shutil.copy(path, place / "full.jsonl")
    (run / "ab" / "gone").mkdir()
    (run / "ab" / "gone" / "full.jsonl").write_text("{}\n")
    git(run, "add", "-A")
    git(run, "commit", "-q", "-m", "Checkpoint")
    git(run, "switch", "-q", "main")
    blob = git(run, "rev-parse", "entire/checkpoints/v1:ab/gone/full.jsonl")
    assert not all(line.lower_bound for line in analyze(Scope(PLAN, run)).usage)
    (run / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    used = analyze(Scope(PLAN, run)).usage
    assert used
    assert all(line.lower_bound for line in used)


@pytest.mark.parametrize("batch", [1, 2_500, 1_000_000])
def test_sessions_in_git_are_read_in_batches_whatever_is_asked_for(
    run: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("forensics.sources.checkpoints._BATCH", batch)
    names = ("aa", "bb", "cc", "dd")
    _keep_in_git(run, dict.fromkeys(names, 2))
    for order in ((0, 1, 2, 3), (1, 3), (3, 0, 2)):
        files = checkpoint_files(Repository.discover(run), (None, None), []).files
        texts = [b"".join(files[place][1]).decode() for place in order]
        assert [json.loads(text)["name"] for text in texts] == [names[place] for place in order]


def test_sessions_with_redacted_ids_are_not_one(run: Path) -> None:
    git(run, "switch", "-q", "--orphan", "entire/checkpoints/v1")
    for name in ("aa", "bb"):
        place = run / name / "0"
        place.mkdir(parents=True)
        (place / "full.jsonl").write_text(f'{{"name": "{name}"}}\n', encoding="utf-8")
        (place / "metadata.json").write_text('{"session_id": "REDACTED"}', encoding="utf-8")
    git(run, "add", "-A")
    git(run, "commit", "-q", "-m", "Checkpoint")
    git(run, "switch", "-q", "main")
    assert len(checkpoint_files(Repository.discover(run), (None, None), []).files) == 2


def _said(text: str, ref: TranscriptRef) -> Transcripts:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    return Transcripts(
        (AgentRun("a", None, "x", ref.path, None, "", None, now, now, "", said=(Message(now, ref, text),)),)
    )


def test_every_line_of_a_message_in_markdown_is_the_message_s_own() -> None:
    files = [("s.md", [b"Done.\n\nCommitted as 1badb002.\n"])]
    assert lines_with(files, ["1badb002"], _said("Done.\n\nCommitted as 1badb002.", TranscriptRef("s.md", 1))) == {}


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (
            [
                '{"type":"assistant","input":"git show 1badb002"}',
                '{"type":"user","output":"fatal: bad object 1badb002"}',
            ],
            None,
        ),
        (['{"type":"function_call","arguments":"echo 1badb002"}', '{"output":"1badb002"}'], None),
        (['{"type":"assistant","input":"git show 1badb002"}', '{"output":"commit 1badb002aa"}'], 2),
        (['{"type":"user","output":"1badb00 Fetched"}', '{"type":"assistant","input":"git show 1badb002"}'], 1),
        (['{"output":"say \\"type\\":\\"assistant\\" 1badb002"}'], 1),
    ],
)
def test_a_hash_that_the_agent_typed_itself_is_shown_only_by_a_longer_one(lines: list[str], line: int | None) -> None:
    """The error of `git show` repeats an invented hash; git's own answer gives all forty digits."""
    found = lines_with([("s.jsonl", ["\n".join(lines).encode()])], ["1badb002"], Transcripts())
    assert found == ({"1badb002": TranscriptRef("s.jsonl", line)} if line else {})


def test_hashes_are_looked_up_in_whole_files_and_past_the_message_that_names_them() -> None:
    """Two spellings of one hash are both found, and a line that repeats a hash is passed over at once."""
    files = [("s.jsonl", [b"one\n" + b"1badb002 " * 500_000 + b"\n", b"two\nFetched 1badb002\n"])]
    begun = time.perf_counter()
    found = lines_with(files, ["1badb002", "1badb0023", "2badb002"], _said("Fetched.", TranscriptRef("s.jsonl", 2)))
    ref = TranscriptRef("s.jsonl", 4)
    assert found == {"1badb002": ref, "1badb0023": ref}
    assert time.perf_counter() - begun < 2
