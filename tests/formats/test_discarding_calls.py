"""What commands throw away: only those that succeeded, and only of the files they are about."""

from datetime import UTC, datetime

import pytest

from forensics.formats.transcripts.discarding_calls import brings_back, discards
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Command

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
RESET = "HEAD is now at 1a2b3c4 Start"
SAVED = "Saved working directory and index state WIP on main: 1a2b3c4 Start"
DROPPED = "Dropped refs/stash@{0} (bbe9bda94b590f17b0209a23782d5b292f876b0e)"

CASES: list[tuple[str, str, int | None, list[tuple[str, tuple[str, ...]]]]] = [
    ("git reset --hard HEAD~1", RESET, 0, [("reverts", ())]),
    ("git reset --hard HEAD | tail -1", RESET, 0, [("reverts", ())]),
    ("git reset --hard || true", "", 0, []),
    ("git reset --hard", "", 128, []),
    ("git reset --soft HEAD~1", "", 0, []),
    ("git checkout -- src/a.py", "", 0, [("reverts", ("/tree/src/a.py",))]),
    ("git checkout .", "Updated 3 paths from the index", 0, [("reverts", ("/tree",))]),
    ("git checkout .", "Updated 0 paths from the index", 0, []),
    ("git checkout main -- src/a.py", "", 0, [("reverts", ("/tree/src/a.py",))]),
    ("git checkout -b src/a.py", "Switched to a new branch 'src/a.py'", 0, []),
    ("git checkout -q docs", "", 0, []),
    ("git checkout -q docs/", "", 0, [("reverts", ("/tree/docs",))]),
    ("git checkout -q src/a.py", "", 0, [("reverts", ("/tree/src/a.py",))]),
    ("git checkout docs", "Updated 2 paths from the index", 0, [("reverts", ("/tree/docs",))]),
    ("git checkout topic", "Switched to branch 'topic'", 0, []),
    ("git checkout -f topic", "Switched to branch 'topic'", 0, [("reverts", ())]),
    ("git switch --discard-changes topic", "Switched to branch 'topic'", 0, [("reverts", ())]),
    ("git restore src", "", 0, [("reverts", ("/tree/src",))]),
    ("git restore --staged src", "", 0, []),
    ("git restore --staged --worktree src", "", 0, [("reverts", ("/tree/src",))]),
    ("cd app && git restore a.py", "", 0, [("reverts", ("/tree/a.py",))]),
    ("git clean -fd", "Removing src/new.py\nRemoving out/", 0, [("cleans", ("/tree/src/new.py", "/tree/out"))]),
    ("git clean -nfd", "Would remove src/new.py", 0, []),
    ("git stash", SAVED, 0, [("stashes", ())]),
    ("git stash push -m try -- src/a.py", SAVED, 0, [("stashes", ("/tree/src/a.py",))]),
    ("git stash", "No local changes to save", 0, []),
    ("git stash pop", DROPPED, 0, [("pops", ())]),
    ("git stash pop", "CONFLICT (content): Merge conflict in a.py", 1, []),
    ("git stash drop; git status", DROPPED, 0, [("drops", ())]),
    ("git stash clear", "", 0, [("drops", ())]),
    ("git stash list", "stash@{0}: WIP", 0, []),
    ("git worktree remove --force ../tree-2", "", 0, [("removes-tree", ("/tree-2",))]),
    ("git worktree remove ../tree-2", "", 0, []),
    ("rm -rf src/a.py /scratch/x", "", 0, [("removes", ("/tree/src/a.py", "/scratch/x"))]),
    ("git rm --cached src/a.py", "rm 'src/a.py'", 0, []),
    ("git status && git log", "", 0, []),
]  # fmt: skip


@pytest.mark.parametrize(("command", "output", "code", "expected"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_only_what_succeeded_throws_away(
    command: str, output: str, code: int | None, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    ran = Command(NOW, TranscriptRef("a.jsonl", 2), command, "/tree", code, output)
    assert [(str(found.deed), found.paths) for found in discards(ran)] == expected


def test_the_id_of_a_dropped_stash_and_its_number_are_kept() -> None:
    ran = Command(NOW, TranscriptRef("a.jsonl", 2), "git stash drop stash@{2}", "/tree", 0, DROPPED)
    (found,) = discards(ran)
    assert (found.place, found.sha[:7]) == (2, "bbe9bda")


def test_a_pop_among_other_commands_brings_back() -> None:
    assert brings_back("git stash && pytest; git stash pop")
    assert not brings_back("git stash && pytest")
