"""The figures of rebuilt commits, on a small repository with one session."""

from pathlib import Path

import pytest

from accuracy.rebuilt import main, measured, summary
from tests.app.test_rebuild import Session
from tests.unpack import commit, repository


@pytest.fixture
def session(tmp_path: Path) -> Session:
    folder = repository(tmp_path / "repository")
    commit(folder, "Start", {"src/a.py": "one\ntwo\n"}, authored="09:00")
    return Session(folder)


def test_existing_commits_are_hidden_rebuilt_and_compared(session: Session, tmp_path: Path) -> None:
    session.edit("src/a.py", "two", "three")
    session.commit("First", "src/a.py")
    session.write("src/b.py", "new\n")
    (session.folder / "src/b.py").write_text("other\n")  # a person did, and git counts the same lines
    session.commit("Second", "src/b.py")
    found = measured(session.folder, [session.written(tmp_path / "s.jsonl")], prove=True)
    assert dict(found.files) == {("exact", "right"): 1, ("exact", "wrong"): 1}
    assert found.commits["identical"] == 1
    assert found.commits["whole, said exact"] == 1
    assert found.misses[0].startswith("  wrong exact")
    assert "files exact: right 1, wrong 1" in summary(found)


def test_the_figures_are_printed(session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session.edit("src/a.py", "two", "three")
    session.commit("First", "src/a.py")
    assert main([str(session.folder), "--transcripts", session.written(tmp_path / "s.jsonl"), "--misses"]) == 0
    assert "repository: \n  files exact: right 1" in capsys.readouterr().out
