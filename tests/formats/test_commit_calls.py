"""What `git commit` is asked for, and what it prints."""

import time

import pytest

from forensics.formats.transcripts.commit_calls import cleaned, commit_calls, printed_summaries, staging

HEREDOC = """cd app && git add src/a.py 'b c.md' && git commit -m "$(cat <<'EOF'
feat: x

Body with `code` and "quotes".

Co-Authored-By: A <a@b>
EOF
)" && git push"""


def test_a_message_in_a_heredoc() -> None:
    (call,) = commit_calls(HEREDOC, "/w")
    assert call.message == 'feat: x\n\nBody with `code` and "quotes".\n\nCo-Authored-By: A <a@b>\n'
    assert call.paths == ("/w/app/src/a.py", "/w/app/b c.md")
    assert not call.amends
    assert not call.everything


@pytest.mark.parametrize(
    ("command", "message", "everything"),
    [
        ("git commit -am 'x'", "x\n", True),
        ("git commit -qm x -m 'y z'", "x\n\ny z\n", False),
        ("git commit --message='x y'", "x y\n", False),
        ("git add -A && git commit -m x", "x\n", True),
        ("git add . && git commit -m x", "x\n", True),
        ("git commit -a --amend --no-edit", None, True),
        ("git commit -F - <<'E'\nx\n\ny\nE", "x\n\ny\n", False),
    ],
)
def test_messages_and_everything(command: str, message: str | None, everything: bool) -> None:
    (call,) = commit_calls(command, "/w")
    assert (call.message, call.everything) == (message, everything)


def test_two_commits_of_one_command_stage_their_own() -> None:
    first, second = commit_calls("git add a && git commit -m x && git add b && git commit -m y", "/w")
    assert (first.paths, second.paths) == (("/w/a",), ("/w/b",))


def test_what_is_only_staged_waits() -> None:
    assert staging("git add a b && git status", "/w").paths == ("/w/a", "/w/b")
    assert staging("git add a && git commit -m x", "/w").paths == ()


def test_a_message_is_cleaned_as_git_does() -> None:
    assert cleaned("\n x  \n\n\n\ny\n\n") == " x\n\ny\n"


PRINTED = """running hooks
[main (root-commit) 1234567] feat: x
 Author: Bo <bo@x.org>
 Date: Wed Mar 4 09:45:31 2026 +0100
 4 files changed, 10 insertions(+), 2 deletions(-)
 create mode 100755 bin/run.sh
 delete mode 100644 old.py
 rename docs/{pending => done}/a.md (100%)
 rename b.py => c.py (87%)
[main 89abcde] second
 1 file changed, 1 deletion(-)
"""


def test_what_git_prints_of_each_commit() -> None:
    first, second = printed_summaries("git commit -m x; git commit -m y", PRINTED)
    assert (first.sha, first.files, first.added, first.removed) == ("1234567", 4, 10, 2)
    assert (first.created, first.deleted) == ((("bin/run.sh", "100755"),), ("old.py",))
    assert first.renamed == (("docs/pending/a.md", "docs/done/a.md"), ("b.py", "c.py"))
    assert (first.author, first.date) == ("Bo <bo@x.org>", "Wed Mar 4 09:45:31 2026 +0100")
    assert (second.sha, second.files, second.added, second.removed) == ("89abcde", 1, 0, 1)


@pytest.mark.parametrize("said", ["\ufdd05\ufdd0", "\ufdd0" + "1" * 5000 + "\ufdd0"])
def test_a_message_with_the_characters_that_stand_for_messages(said: str) -> None:
    (call,) = commit_calls(f'git commit -m "a{said}"', "/app")
    assert call.message is not None
    assert "\ufdd0" not in call.message


def test_thousands_of_printed_commits_are_read_once() -> None:
    """Each was looked for from the beginning of the output: 4,000 took 15 seconds."""
    output = "".join(f"[main {number:07x}] Add a row\n 1 file changed, 2 insertions(+)\n" for number in range(4_000))
    start = time.process_time()
    found = printed_summaries("git commit -m x", output)
    assert time.process_time() - start < 2
    assert (len(found), found[-1].files, found[-1].added) == (4_000, 1, 2)


@pytest.mark.parametrize("unit", ["git commit -F - ", 'git commit -m "$(cat <<A\n', "\n", "git commit -F - <<A\n"])
def test_a_hostile_command_is_read_in_little_time(unit: str) -> None:
    """The message on standard input was looked for from each `commit` and each `-F` on: 20 kB took a minute."""
    start = time.process_time()
    commit_calls(unit * (20_000 // len(unit)), "/app")
    assert time.process_time() - start < 3
