"""Shell commands as words, and what hostile text makes of them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.transcripts.git_calls import commits, may_switch, switched_to
from forensics.formats.transcripts.printed_commits import PrintedCommit, printed_commits
from forensics.formats.transcripts.shell import ends_with_another, folder_of, joined, simple_commands
from forensics.formats.transcripts.test_commands import runs_tests, runs_tests_or_recipe


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git add -A && git commit -m 'a b'", [["git", "add", "-A"], ["git", "commit", "-m", "a b"]]),
        ("FOO=1 sudo pytest -q > out.txt 2>&1 | tail -5", [["pytest", "-q"], ["tail", "-5"]]),
        ("pytest 2>err.txt", [["pytest"]]),
        ("pytest &> out.txt; ls", [["pytest"], ["ls"]]),
        ("sort < in.txt > out.txt", [["sort"]]),
        ("(cd sub; make) || true", [["cd", "sub"], ["make"], ["true"]]),
        ("if ! pytest; then exit 1; fi", [["pytest"], ["exit", "1"], ["fi"]]),
        ("echo $(git rev-parse HEAD)", [["echo", "$"], ["git", "rev-parse", "HEAD"]]),
        ('echo "$(git checkout main)"', [["echo", "$(git checkout main)"]]),
        ("a \\\n  b", [["a", "b"]]),
        ("a\nb", [["a"], ["b"]]),
        ("cat > x.sh <<'END'\npytest -q\nEND\nls", [["cat"], ["ls"]]),
        ("cat <<-EOF | sh\n\tit's\n\tEOF\nls", [["cat"], ["sh"], ["ls"]]),
        ("# don't run them all\npytest -q # it's fast\nls", [["pytest", "-q"], ["ls"]]),
        ("git log a#b", [["git", "log", "a#b"]]),
        ("""x"y"'z' \\" """, [["xyz", '"']]),
        ("echo ''", [["echo", ""]]),
        ("ls && git commit -m 'it", [["ls"], ["git", "commit", "-m"], ["?"]]),
        ("cat <<EOF\nnever ends", [["cat"]]),
        ("ls \\", [["ls"], ["?"]]),
        ("", []),
    ],
)
def test_the_words_of_simple_commands(command: str, expected: list[list[str]]) -> None:
    assert simple_commands(command) == tuple(map(tuple, expected))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pytest | tail", True),
        ("pytest; echo done", True),
        ("pytest || true", True),
        ("pytest\necho done", True),
        ("cd x && pytest", False),
        ("pytest -k 'a|b;c'", False),
        ("pytest > out.txt\n", False),
        ("pytest 2>&1  # all; of | them", False),
        ("python -m pytest - <<EOF\na\nEOF\n", False),
    ],
)
def test_whether_the_exit_code_is_another_programs(command: str, *, expected: bool) -> None:
    assert ends_with_another(command) is expected


def test_a_comment_with_an_apostrophe_hides_nothing() -> None:
    command = "# don't stay here\ngit switch main && pytest"
    assert switched_to(command) == ("main",)
    assert runs_tests(command)


def test_what_stands_before_an_open_quotation_counts() -> None:
    command = "git checkout -b step-3 && git commit -m 'never ends"
    assert (switched_to(command), commits(command), may_switch(command)) == (("step-3",), True, True)


def test_paths_seen_from_a_folder() -> None:
    targets = ["a", "../a", "/a/./b", "~/a", "$A/b", "C:\\a", "D:/a"]
    assert [joined("/w", target) for target in targets] == ["/w/a", "/a", "/a/b", "~/a", "$A/b", "C:\\a", "D:/a"]
    assert joined("", "a") == "a"


def test_printed_commits_are_read_of_committing_commands_alone() -> None:
    line = "[step/1-3 0123456] fix: [x] y\n[detached HEAD (root-commit) abc1234] z\n[a b 0123456] no branch\n"
    found = (PrintedCommit("0123456", "step/1-3", "fix: [x] y"), PrintedCommit("abc1234", None, "z"))
    assert printed_commits("git commit -m x", line) == found
    assert printed_commits("cat notes.md", line) == ()


HOSTILE = [
    "'" * 20_001, '"' * 20_001, "\\" * 20_001, "`" * 20_001, "$(" * 10_000, "((" * 10_000, "a;" * 10_000, "<<A\n" * 5_000,
    "<<'A'" * 4_000, "\n" * 20_001, "a" * 1_000_000, "a=" * 10_000, "a\\ " * 7_000, "'a'" * 7_000, "\"\\\"" * 7_000, "#" * 20_001,
    "> " * 10_000, "2>&1 " * 4_000, "git -c a " * 2_000, "timeout -s 1 " * 1_500, "uv run --with=a " * 1_000, "make -a b " * 2_000,
    "git commit -m '" + "x\n" * 500_000, "é\u2028\x0b\x00" * 5_000, "\ud800" * 100,
]  # fmt: skip


@pytest.mark.parametrize("command", HOSTILE, ids=lambda command: repr(command[:12]))
def test_hostile_text_takes_no_time(command: str) -> None:
    begun = time.process_time()
    for ask in (commits, may_switch, switched_to, runs_tests, runs_tests_or_recipe, ends_with_another):
        ask(command)
    folder_of(command, "/w")
    assert time.process_time() - begun < 1


@given(st.text(alphabet="ab'\"\\$()<>|&;#\n\t `{}=-?é", max_size=60))
def test_no_text_makes_it_fail(command: str) -> None:
    assert all(words and all(isinstance(word, str) for word in words) for words in simple_commands(command))
    ends_with_another(command)
    folder_of(command, "/w")
    may_switch(command)
    runs_tests_or_recipe(command)
