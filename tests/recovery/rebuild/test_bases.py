"""The commit in git that a lost commit was made on, or that comes next before it."""

from collections.abc import Mapping

from forensics.model.file_acts import Act
from forensics.model.history import Commit
from forensics.recovery.rebuild.bases import BasedCommit, Bases, based
from forensics.recovery.rebuild.made_commits import made_commits
from forensics.recovery.rebuild.trees import Trees
from tests.recovery.rebuild.acts import ROOT, known, ran


def _commits(*commits: Commit) -> Mapping[str, Commit]:
    return {commit.sha: commit for commit in commits}


def _based(
    acts: list[Act], commits: Mapping[str, Commit], wanted: str, refs: Mapping[str, str] | None = None
) -> BasedCommit:
    made = made_commits(acts, Trees([ROOT]))
    bases = Bases(commits, refs or {}, next(iter(commits)))
    (found,) = based([each for each in made if each.sha == wanted], made, bases)
    return found


START = known("1111111", 0, "src/a.py")


def test_the_commit_before_it_in_the_same_tree() -> None:
    acts: list[Act] = [ran(1, "git commit -m x", "[main 1111111] x"), ran(5, "git commit -m y", "[main 2222222] y")]
    found = _based(acts, _commits(START), "2222222")
    assert (found.base.sha, found.why, found.on) == (START.sha, "", ())


def test_lost_commits_follow_one_another() -> None:
    acts: list[Act] = [
        ran(1, "git commit -m x", "[main 1111111] x"),
        ran(2, "git commit -m y", "[main 2222222] y"),
        ran(3, "git commit -m z", "[main 3333333] z"),
    ]
    found = _based(acts, _commits(START), "3333333")
    assert (found.base.sha, [each.sha for each in found.on]) == (START.sha, ["2222222"])


def test_what_the_one_before_became() -> None:
    """It was amended under its author's time; its old id is gone, but not lost."""
    acts: list[Act] = [ran(2, "git commit -m y", "[main 2222222] WIP y"), ran(3, "git commit -m z", "[main 3333333] z")]
    twin = known("4444444", 2, "src/b.py", parents=("1111111",), subject="y")
    found = _based(acts, _commits(START, twin), "3333333")
    assert found.base.sha == twin.sha
    assert found.why == "it was made on `2222222`, which is now `4444444`"


def test_people_commit_in_between() -> None:
    acts: list[Act] = [ran(1, "git commit -m x", "[main 1111111] x"), ran(5, "git commit -m y", "[main 2222222] y")]
    theirs = known("5555555", 3, "src/c.py", parents=("1111111",))
    found = _based(acts, _commits(START, theirs), "2222222")
    assert (found.base.sha, bool(found.why)) == (theirs.sha, True)


def test_an_agent_s_commit_in_another_tree_is_not_in_between() -> None:
    other = f"{ROOT}/.worktrees/t1"
    acts: list[Act] = [
        ran(1, "git commit -m x", "[main 1111111] x"),
        ran(3, "git commit -m t", "[topic 5555555] t", cwd=other),
        ran(5, "git commit -m y", "[main 2222222] y"),
    ]
    theirs = known("5555555", 3, "src/c.py", parents=("1111111",))
    assert _based(acts, _commits(START, theirs), "2222222").base.sha == START.sha


def test_without_a_trace_of_head_the_newest_commit_of_its_branch() -> None:
    acts: list[Act] = [ran(5, "git commit -m y", "[topic 2222222] y", branch="topic")]
    topic = known("5555555", 3, "src/c.py", parents=("1111111",))
    later = known("6666666", 9, "src/c.py", parents=("5555555",))
    found = _based(acts, _commits(START, topic, later), "2222222", {"refs/heads/topic": later.sha})
    assert found.base.sha == topic.sha
    assert "does not show which commit it was made on" in found.why


def test_an_amend_is_made_on_the_parent() -> None:
    acts: list[Act] = [
        ran(2, "git commit -m y", "[main 5555555] y"),
        ran(3, "git commit --amend --no-edit", "[main 2222222] y"),
    ]
    amended = known("5555555", 2, "src/b.py", parents=("1111111",), subject="y")
    found = _based(acts, _commits(START, amended), "2222222")
    assert (found.base.sha, found.amended) == (START.sha, amended)
