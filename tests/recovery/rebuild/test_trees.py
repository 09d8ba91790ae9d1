"""From a transcript's absolute paths to the repository's own; nothing leaves the tree."""

import pytest

from forensics.model.file_acts import Act
from forensics.recovery.rebuild.trees import Trees, trees_of
from tests.recovery.rebuild.acts import ROOT, ran, wrote

TREES = Trees([ROOT])


def test_the_root_is_where_git_s_paths_begin() -> None:
    acts: list[Act] = [
        wrote(1, f"{ROOT}/src/a.py", ""),
        wrote(2, f"{ROOT}/new/b.py", ""),
        ran(3, "ls", cwd=f"{ROOT}/src"),
    ]
    assert trees_of(acts, {"src/a.py"}).of(f"{ROOT}/new/b.py") == (ROOT, "new/b.py")


def test_without_a_file_that_git_knows_the_root_is_where_commands_ran() -> None:
    acts: list[Act] = [wrote(1, f"{ROOT}/new/b.py", ""), ran(3, "ls"), ran(4, "ls")]
    assert trees_of(acts, set()).of(f"{ROOT}/new/b.py") == (ROOT, "new/b.py")


def test_a_nested_worktree_is_a_tree_of_its_own() -> None:
    assert TREES.of(f"{ROOT}/.worktrees/t1/src/a.py") == (f"{ROOT}/.worktrees/t1", "src/a.py")


@pytest.mark.parametrize(
    "path",
    [
        f"{ROOT}/../other/a.py",
        f"{ROOT}/.git/hooks/pre-commit",
        f"{ROOT}/sub/.GIT/config",
        f"{ROOT}/src/../../../etc/passwd",
        f"{ROOT}/.worktrees/t1/.git/config",
        "/etc/passwd",
        f"{ROOT}-other/a.py",
        f"{ROOT}/a\nb",
        f"{ROOT}/REDACTED.md",
    ],
)
def test_paths_outside_and_git_s_own_files_are_refused(path: str) -> None:
    assert TREES.of(path) is None
