"""What pushes moved, what goes past hooks, what only looks, and which packages are tested: by the words of a command."""

from datetime import UTC, datetime

import pytest

from forensics.formats.transcripts.hooks import bypassed, keeps_hooks
from forensics.formats.transcripts.pushes import Pushed, pushed
from forensics.formats.transcripts.reading_calls import only_looks
from forensics.formats.transcripts.test_scopes import is_in_packages, packages_of
from forensics.model.source import TranscriptRef
from forensics.model.transcript import Command

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("   aaa1111..aaa2222  main -> main", (Pushed("main", "aaa1111", "aaa2222", False),)),
        (" + aaa1111...aaa2222 topic -> topic (forced update)", (Pushed("topic", "aaa1111", "aaa2222", True),)),
        (" * [new branch]      topic -> topic", (Pushed("topic", "", "", False),)),
        ("   aaa1111..aaa2222  HEAD -> refs/heads/main", (Pushed("main", "aaa1111", "aaa2222", False),)),
        (" ! [rejected]        main -> main (fetch first)", ()),
        ("Everything up-to-date", ()),
    ],
)
def test_a_push_moves_what_git_prints(output: str, expected: tuple[Pushed, ...]) -> None:
    assert pushed(Command(NOW, TranscriptRef("a.jsonl", 2), "git push", "/tree", 0, output)) == expected
    assert pushed(Command(NOW, TranscriptRef("a.jsonl", 2), "git log", "/tree", 0, output)) == ()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git commit --no-verify -m x", ("--no-verify",)),
        ("git commit -nm x", ("-n",)),
        ("git commit -an -m x", ("-n",)),
        ("git push --no-verify", ("--no-verify",)),
        ("git push -n", ()),
        ("git -c core.hooksPath=/dev/null commit -m x", ("-c core.hooksPath=/dev/null",)),
        ("HUSKY=0 git commit -m x", ("HUSKY=0",)),
        ("export HUSKY=0; git push", ("HUSKY=0",)),
        ("SKIP=lint git commit -m x", ("SKIP=lint",)),
        ("HUSKY=0 npm install", ()),
        ("git commit -m 'never --no-verify, HUSKY=0'", ()),
        ("git commit -m -n", ()),
        ("git commit --amend --no-edit", ()),
        ("git log -n 5", ()),
    ],
)
def test_a_command_goes_past_hooks(command: str, expected: tuple[str, ...]) -> None:
    assert bypassed(command) == expected


def test_hooks_have_files() -> None:
    kept = [".husky/pre-commit", "app/.husky/pre-push", ".pre-commit-config.yaml", "lefthook.yml", ".githooks/x"]
    assert all(map(keeps_hooks, kept))
    assert not any(map(keeps_hooks, ["src/hooks/useRows.ts", "docs/husky.md"]))


@pytest.mark.parametrize(
    ("command", "looks"),
    [
        ("git -C app log --oneline | head", True),
        ("grep -rn 'a > b' src 2>/dev/null", True),
        ("gh pr view 7", True),
        ("cat a.txt > b.txt", False),
        ("find . -name x -delete", False),
        ("sed -i s/a/b/ x", False),
        ("python build.py", False),
        ("git stash", False),
        ("git commit -m log", False),
        ("git -C log add x", False),
        ("gh pr merge 7", False),
        ("echo 'half", False),
    ],
)
def test_a_command_only_looks(command: str, looks: bool) -> None:
    assert only_looks(command) is looks


def test_go_is_told_its_packages() -> None:
    assert packages_of("cd app && go test ./rows ./cmd/... | tail") == ("rows", "cmd/...")
    assert packages_of("go test") is None
    assert packages_of("pytest ./rows") is None
    assert is_in_packages("rows/a.go", ("rows",))
    assert not is_in_packages("rows/deep/a.go", ("rows",))
    assert is_in_packages("cmd/deep/a.go", ("rows", "cmd/..."))
    assert is_in_packages("main.go", ("...",))
    assert not is_in_packages("main.go", ("rows",))
