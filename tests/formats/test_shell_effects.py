"""What shell commands do to files, as far as their words show."""

import time

import pytest

from forensics.formats.transcripts.commit_calls import commit_calls
from forensics.formats.transcripts.shell_effects import Does, effects

CHANGES, MAY, LEAVES = Does.CHANGES, Does.MAY_CHANGE, Does.LEAVES


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sed -i 's/a/b/' src/a.py", [(CHANGES, "/w/src/a.py")]),
        ("sed -n 1,5p src/a.py", []),
        ("echo x > a.txt", [(CHANGES, "/w/a.txt")]),
        ("echo x >> a.txt 2>/dev/null", [(CHANGES, "/w/a.txt")]),
        ("pytest 2>&1 | tail -5", []),
        ("cd sub && rm -f a.py b.py", [(Does.REMOVES, "/w/sub/a.py"), (Does.REMOVES, "/w/sub/b.py")]),
        ("git rm --cached a.py", []),
        ("mv a.py lib/", [(Does.MOVES, "/w/a.py")]),
        ("npx prettier --write src/a.ts", [(MAY, "/w/src/a.ts")]),
        ("npx prettier --check .", []),
        ("ruff format", [(MAY, "")]),
        ("black --check src", []),
        ("npm run lint:fix", [(MAY, "")]),
        ("docker ps --format '{{.Names}}'", []),
        ("git checkout main", [(LEAVES, "")]),
        ("git checkout -b topic", []),
        ("git checkout -- a.py", [(Does.RESTORES, "/w/a.py")]),
        ("git checkout src/a.py", [(Does.RESTORES, "/w/src/a.py")]),
        ("git restore --staged a.py", []),
        ("git reset --hard HEAD~1", [(LEAVES, "")]),
        ("git reset HEAD a.py", []),
        ("git stash && git stash pop", [(Does.STASHES, ""), (Does.UNSTASHES, "")]),
        ("git stash list", []),
        ("git pull --rebase", [(LEAVES, "")]),
        ("git add -A && git commit -m 'x'", []),
        ("git status && git diff", []),
    ],
)
def test_effects(command: str, expected: list[tuple[Does, str]]) -> None:
    assert [(effect.does, effect.path) for effect in effects(command, "/w")] == expected


def test_a_heredoc_is_written_literally_only_if_the_shell_expands_nothing() -> None:
    (effect,) = effects("cat > a.sh <<'E'\necho $HOME\nE\n", "/w")
    assert (effect.does, effect.path, effect.text) == (Does.SETS, "/w/a.sh", "echo $HOME\n")
    assert [effect.does for effect in effects("cat > a.sh <<E\necho $HOME\nE\n", "/w")] == [CHANGES]
    (effect,) = effects("cd /v && cat <<'E' >> a.md && git add a.md\nmore\nE\n", "/w")
    assert (effect.does, effect.path, effect.text) == (Does.APPENDS, "/v/a.md", "more\n")


def test_what_follows_a_commit_is_later() -> None:
    found = effects("rm a.py && git commit -am x && git checkout main", "/w")
    assert [(effect.does, effect.later) for effect in found] == [(Does.REMOVES, False), (LEAVES, True)]


def test_hostile_commands_do_not_raise() -> None:
    for command in (
        "",
        "'",
        "cat > 'a",
        "<<",
        "mv",
        "sed -i",
        "git",
        "git mv",
        "cat <<E",
        "tee <<'E'\n",
        "a" * 500_000,
    ):
        effects(command, "/w")


@pytest.mark.parametrize("piece", ["cat > a <<E\n", "$(cat <<E\n", "git commit -m ", "cat > 'a", "mv a "])
def test_long_hostile_commands_take_no_long_time(piece: str) -> None:
    started = time.monotonic()
    command = piece * (390_000 // len(piece))
    effects(command, "/w")
    commit_calls(command, "/w")
    assert time.monotonic() - started < 10  # seconds, on a busy machine


@pytest.mark.parametrize("unit", ["\n", "ruff ", "prettier ", "cat <<A\n"])
def test_a_hostile_command_is_read_in_little_time(unit: str) -> None:
    """From each of thousands of empty lines on, the next `cat` was looked for."""
    start = time.process_time()
    effects(unit * (40_000 // len(unit)), "/app")
    assert time.process_time() - start < 2
