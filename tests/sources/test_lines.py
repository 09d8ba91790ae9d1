"""Lines of commits: whole where rules compare them, Markdown alone where only papers are read."""

from pathlib import Path

import pytest

from forensics.app.evidence import Scope, head_and_walk
from forensics.sources.history import Question, read_history, with_lines
from tests.unpack import commit, git, repository


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(folder, "Notes", {"notes.md": "# Notes\n", "dump.csv": "1,2\n" * 50}, authored="09:00")
    commit(folder, "Code", {"queue.py": "queue = []\n"}, authored="09:10")
    return folder


def test_of_papers_only_markdown_is_read(folder: Path) -> None:
    """A commit that rules do not compare may carry a whole data set beside its note; that is not read at all."""
    git, head, log = head_and_walk(Scope(".", folder))
    history = read_history(git, head, log, Question(frozenset(), {}), as_of=False, others={})
    code, notes = head, history.commits[head].parents[0]
    papers = with_lines(git, history, {code}, {notes, code}).patches
    assert {sha: set(patch.added) for sha, patch in papers.items()} == {code: {"queue.py"}, notes: {"notes.md"}}
    whole = with_lines(git, history, {notes}, {notes}).patches
    assert set(whole[notes].added) == {"notes.md", "dump.csv"}


def test_lines_that_the_file_had_before_are_known(tmp_path: Path) -> None:
    """Two agents copy the same test as their template: the copied lines are neither's own."""
    folder = repository(tmp_path / "repository")
    template = "".join(f"    expect(lorry.axle({number}))\n" for number in range(6))
    base = commit(folder, "Tests", {"tests.py": template}, authored="09:00")
    commit(folder, "First", {"tests.py": template + "    first_of_all()\n" + template}, authored="09:10")
    git(folder, "checkout", "-q", "-b", "second", base)
    commit(folder, "Second", {"tests.py": template + "    second_of_all()\n" + template}, authored="09:20")
    repo, head, log = head_and_walk(Scope(".", folder))
    history = read_history(repo, head, log, Question(frozenset(), {}), as_of=False, others={})
    lines = with_lines(repo, history, history.commits).repeated
    assert set(lines) == {sha for sha, made in history.commits.items() if made.subject in {"First", "Second"}}
    assert lines[head] == {("tests.py", f"expect(lorry.axle({number}))") for number in range(6)}


def test_nothing_is_asked_where_no_two_commits_add_the_same(folder: Path) -> None:
    git_, head, log = head_and_walk(Scope(".", folder))
    history = read_history(git_, head, log, Question(frozenset(), {}), as_of=False, others={})
    assert with_lines(git_, history, history.commits).repeated == {}
