"""Where HEAD was, as commands show it."""

import pytest

from forensics.recovery.rebuild.heads import Head, head_after, heads, stays
from tests.recovery.rebuild.acts import moment, ran

BEFORE = Head("1111111", moment(0))


@pytest.mark.parametrize(
    ("command", "output", "sha"),
    [
        ("git commit -m x", "[main 2222222] x\n 1 file changed, 1 insertion(+)", "2222222"),
        ("git reset --hard 3333333", "HEAD is now at 3333333 y", "3333333"),
        ("git pull", "Updating 1111111..4444444\nFast-forward", "4444444"),
        ("git log --oneline -3", "5555555 x\n1111111 y", "5555555"),
        ("git log --oneline main..topic", "6666666 x", "1111111"),
        ("git log --oneline -- src/a.py", "6666666 x", "1111111"),
        ("git rev-parse HEAD", "7777777777777777777777777777777777777777", "7" * 40),
        ("git checkout -b topic", "", "1111111"),
        ("git status", "", "1111111"),
        ("pytest", "", "1111111"),
        ("git reset src/a.py", "", "1111111"),
    ],
)
def test_head_is_where_git_says_it_is(command: str, output: str, sha: str) -> None:
    found = head_after(ran(1, command, output), BEFORE)
    assert found
    assert found.sha == sha


@pytest.mark.parametrize("command", ["git checkout main", "git rebase main", "git reset --soft HEAD~1", "git pull"])
def test_head_may_be_anywhere_after_a_move(command: str) -> None:
    assert head_after(ran(1, command), BEFORE) is None


def test_a_branch_that_is_checked_out_again_is_where_it_was() -> None:
    runs = [
        ran(1, "git commit -m x", "[topic 2222222] x"),
        ran(2, "git checkout main"),
        ran(3, "git checkout topic"),
        ran(4, "git checkout topic && git pull"),
        ran(5, "git checkout topic && git pull", "Already up to date."),
    ]
    found = [head and head.sha for _, (_, head) in heads([*runs, ran(6, "ls")])]
    assert found == [None, "2222222", None, "2222222", None, "2222222"]


def test_a_new_branch_begins_where_the_old_one_was() -> None:
    runs = [
        ran(1, "git commit -m x", "[main 2222222] x"),
        ran(2, "git checkout -b topic"),
        ran(3, "git commit -m y", "[topic 3333333] y"),
        ran(4, "git checkout main && git checkout -b other"),
        ran(5, "git checkout -b third v1.0"),
    ]
    found = [head and head.sha for _, (_, head) in heads([*runs, ran(6, "ls")])]
    assert found == [None, "2222222", "2222222", "3333333", "2222222", None]


def test_the_place_before_a_move_is_kept() -> None:
    """Another agent's `git log` shows a commit before its own result is written down: a hook takes a while."""
    runs = [
        ran(1, "git commit -m x", "[main 2222222] x"),
        ran(2, "git rev-parse HEAD", "3" * 40),
        ran(3, "git commit -m y", "[main 3333333] y"),
    ]
    before, head = heads(runs)[2][1]
    assert before
    assert head
    assert (before.sha, head.sha[:7]) == ("2222222", "3333333")


def test_a_pull_that_brings_nothing_leaves_the_tree_as_it_is() -> None:
    assert stays(ran(1, "git pull", "Already up to date."))
    assert not stays(ran(1, "git checkout topic && git pull", "Already up to date."))
    assert not stays(ran(1, "git pull", "Updating 1111111..4444444\nFast-forward"))
