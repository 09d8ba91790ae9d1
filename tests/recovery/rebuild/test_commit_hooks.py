"""What a commit's hook printed says which files it may have rewritten."""

import pytest

from forensics.recovery.rebuild.commit_hooks import hook_of

STAGED = """[STARTED] Running tasks for staged files...
[STARTED] package.json — 3 files
[STARTED] *.{ts,tsx} — 0 files
[STARTED] *.{json,yml} — 1 file
[STARTED] docs/**/*.md — 1 file
[STARTED] prettier --write
[COMPLETED] prettier --write
[main 1234567] x
"""


@pytest.mark.parametrize(
    ("path", "touched"),
    [("a/b.yml", True), ("src/a.ts", False), ("src/a.rs", False), ("docs/x/a.md", True), ("README.md", False)],
)
def test_lint_staged_names_its_patterns(path: str, touched: bool) -> None:
    hook = hook_of(STAGED)
    assert hook
    assert bool(hook.doubt(path)) == touched


def test_a_formatter_without_patterns_may_have_rewritten_any_file() -> None:
    hook = hook_of("reformatted src/a.py\n[main 1234567] x\n")
    assert hook
    assert hook.doubt("src/b.py")


def test_a_hook_that_only_checks_leaves_files_alone() -> None:
    assert hook_of("→ No staged files found.\n[main 1234567] x\n") is None
    assert hook_of("ruff....Passed\nblack.....Passed\n[main 1234567] x\n") is None
    assert hook_of("[main 1234567] Use prettier\n create mode 100644 prettier.config.js\n") is None


def test_a_script_s_formatter_counts_by_its_name() -> None:
    assert hook_of("> app@1.0.0 format\n> prettier --write .\n\n[main 1234567] x\n")


def test_many_stars_take_no_long_time() -> None:
    assert hook_of(f"reformatted a.py\n[STARTED] {'*' * 200_000}\n")
