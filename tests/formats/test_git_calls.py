"""What commands make git do."""

import pytest

from forensics.formats.transcripts.git_calls import (
    ALL,
    brings_files,
    in_one_place,
    is_plain,
    may_switch,
    repositories_made,
    staged,
    switched_to,
    worktrees_added,
)


@pytest.mark.parametrize(
    ("command", "branches"),
    [
        ("git checkout -b feat/x && git push -u origin feat/x 2>&1", ("feat/x",)),
        ("git checkout main 2>&1 && git worktree remove ../x 2>&1 | tail -1", ("main",)),
        ("git -C ../tree-3 -c a.b=c switch --create step-3 main", ("step-3",)),
        ('git checkout -q "feat/y"', ("feat/y",)),
        ("git switch a || git switch -c a", ("a", "a")),
        ("git checkout -t origin/step-3", ("step-3",)),
        ("git checkout 1a2b3c4", ("HEAD",)),
        ("git switch --detach main", ("HEAD",)),
        ("git switch -", ()),
        ('git switch "$BRANCH"', ()),
        ("git checkout -- src/a.py", ()),
        ("git checkout main -- src/a.py", ()),
        ("git checkout src/a.py src/b.py", ()),
        ("git commit -m 'then git checkout main'", ()),
        ("git commit -F - <<'EOF'\ngit checkout main\nEOF\n", ()),
        ("echo git checkout main", ()),
    ],
)
def test_the_branch_a_command_switches_to(command: str, branches: tuple[str, ...]) -> None:
    assert switched_to(command) == branches


@pytest.mark.parametrize(
    ("command", "may"),
    [
        ("git status && git log --oneline -3", False),
        ("git add -A && git commit -m 'switch branch' && git push", False),
        ("git branch -vv", False),
        ("git branch -m step-4", True),
        ("git pull --rebase", True),
        ("gh pr checkout 12", True),
        ("gh pr merge 12 --squash --delete-branch", True),
        ("gh pr create --title x --body y", False),
        ("git --git-dir=../x/.git status", True),
        ("git commit -m 'it", True),
        ("ls", False),
    ],
)
def test_whether_a_command_may_move_head(command: str, may: bool) -> None:
    assert may_switch(command) is may


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("git add -A && git commit -m x", (ALL,)),
        ("git add .", (".",)),
        ("git add -A src", ("src",)),
        ("git add src/a.py tests/", ("src/a.py", "tests/")),
        ("git commit -am x", (ALL,)),
        ("git commit -m x -a", (ALL,)),
        ("git commit --amend -m 'add all'", ()),
        ("git commit -m a", ()),
    ],
)
def test_what_a_command_stages(command: str, paths: tuple[str, ...]) -> None:
    assert staged(command) == paths


def test_what_may_bring_files_from_elsewhere() -> None:
    assert all(
        map(
            brings_files,
            ["git stash pop", "git merge x", "git checkout main -- a.py", "git add -p", "git reset --soft HEAD~1"],
        )
    )
    assert not any(
        map(brings_files, ["git add -A", "git commit -m x", "git checkout -b x", "git switch x", "git status"])
    )


def test_trees_and_repositories_made() -> None:
    assert worktrees_added("git worktree add -b step-3 ../tree-3 main", "/srv/tree") == ("/srv/tree-3",)
    assert worktrees_added("git worktree add /srv/tree-4", "/srv/tree") == ("/srv/tree-4",)
    assert worktrees_added("git worktree list", "/srv/tree") == ()
    assert repositories_made("git init -q -b main ../try", "/srv/tree") == ("/srv/try",)
    assert repositories_made("git clone https://host/some/thing.git", "/srv") == ("/srv/thing",)


def test_where_a_command_runs_and_what_else_it_runs() -> None:
    assert in_one_place("cd ../a && git add . && git commit -m x")
    assert not in_one_place("git add . && cd ../a && git switch x")
    assert not in_one_place("git -C ../a add . && git switch x")
    assert is_plain("cd a && git status | head -3 > out.txt")
    assert not any(map(is_plain, ["make branch", "./switch.sh", "just go", "python x.py", "echo $(make x)\nmake y"]))
