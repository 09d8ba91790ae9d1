"""One file's content at a moment, out of what tools show of it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from forensics.model.file_acts import FilePatched, Hunk
from forensics.model.rebuilt import FileState, Sureness
from forensics.recovery.rebuild.states import UNSEEN, Base, Entry, ShellEffect, Timeline
from tests.recovery.rebuild.acts import base, did, edited, moment, ref, shown, wrote

NONE = base({})
OLD = base({"a.py": "one\ntwo\n"})


def _state(*entries: Entry, git: Base = NONE, path: str = "a.py", until: float = 10) -> FileState:
    return Timeline(entries).state(path, moment(until), git)


def _is(state: FileState, text: str | None, sureness: Sureness) -> None:
    assert (state.text, state.sureness) == (text, sureness), state.why


def test_a_written_file_is_exact() -> None:
    _is(_state(wrote(1, "a.py", "x\n")), "x\n", Sureness.EXACT)


def test_what_comes_after_the_moment_does_not_count() -> None:
    _is(_state(wrote(1, "a.py", "x\n"), wrote(11, "a.py", "y\n")), "x\n", Sureness.EXACT)


def test_an_edit_applies_to_what_git_has() -> None:
    _is(_state(edited(1, "a.py", "two", "three"), git=OLD), "one\nthree\n", Sureness.PROBABLE)


def test_a_look_at_the_whole_file_shows_that_it_was_as_git_has_it() -> None:
    """A person may have changed a file before the session; only what shows the whole of it excludes that."""
    entry = edited(1, "a.py", "two", "three", "one\ntwo\n")
    _is(_state(entry, git=OLD), "one\nthree\n", Sureness.EXACT)
    _is(_state(shown(1, "a.py", "two\n", 2, whole=False), git=OLD), "one\ntwo\n", Sureness.PROBABLE)
    _is(_state(edited(1, "a.py", "two", "x"), shown(2, "a.py", "one\nx\n"), git=OLD), "one\nx\n", Sureness.EXACT)


def test_a_commit_of_the_session_shows_its_files() -> None:
    git = base({"a.py": "one\n"}, 1, changed="a.py")
    _is(_state(edited(2, "a.py", "one", "two"), git=git), "two\n", Sureness.EXACT)


@pytest.mark.parametrize("command", ["git rebase --continue", "git merge topic", "git pull"])
def test_what_a_merge_after_the_base_left_is_probable(command: str) -> None:
    """`git rebase --continue` picked a commit of its own onto the base, so its result is not what the base has."""
    git = base({"a.py": "one\ntwo\n"}, 1, changed="a.py")
    state = _state(*did(2, command), _patched(3, "a.py", "two", "three"), git=git)
    _is(state, "one\nthree\n", Sureness.PROBABLE)
    assert state.why == f"`{command}` may have left it otherwise than git has it"


def test_a_rebase_that_stopped_leaves_half_of_the_next_commit() -> None:
    git = base({"a.py": "one\ntwo\n"}, 1, changed="a.py")
    stopped = [replace(entry, failed=True) for entry in did(1, "git rebase main") if isinstance(entry, ShellEffect)]
    _is(_state(*stopped, _patched(3, "a.py", "two", "three"), git=git), "one\nthree\n", Sureness.PROBABLE)


def test_an_edit_after_the_base_was_made_is_not_undone_by_it() -> None:
    """The session shows HEAD only later: `git log` printed a commit that was there before the edit."""
    git = replace(base({"a.py": "one\n"}, 5, changed="a.py"), made=moment(1))
    _is(_state(edited(3, "a.py", "one", "two", "one\n"), git=git), "two\n", Sureness.EXACT)


def test_an_edit_shows_the_whole_file_before_it() -> None:
    """A person or a formatter had changed it; what git has is older."""
    _is(_state(edited(1, "a.py", "two", "three", "zero\ntwo\n"), git=OLD), "zero\nthree\n", Sureness.EXACT)


def test_an_edit_whose_text_is_not_there_is_a_gap() -> None:
    state = _state(edited(1, "a.py", "four", "five"), git=OLD)
    _is(state, None, Sureness.GAP)
    assert state.why == "the text that an edit replaces is not in it"


def test_after_a_gap_a_whole_read_is_exact_again() -> None:
    entries = (edited(1, "a.py", "four", "five"), shown(2, "a.py", "two\n"), edited(3, "a.py", "two", "six"))
    _is(_state(*entries, git=OLD), "six\n", Sureness.EXACT)


def test_an_edit_of_a_file_that_was_never_shown_is_a_gap() -> None:
    _is(_state(edited(1, "a.py", "two", "three")), None, Sureness.GAP)


@pytest.mark.parametrize(("every", "text"), [(True, "b b\n"), (False, "b a\n")])
def test_an_edit_replaces_the_first_or_all(every: bool, text: str) -> None:
    _is(_state(wrote(1, "a.py", "a a\n"), edited(2, "a.py", "a", "b", every=every)), text, Sureness.EXACT)


def test_a_line_that_is_replaced_by_nothing_goes_with_its_end() -> None:
    _is(_state(wrote(1, "a.py", "a\nb\nc\n"), edited(2, "a.py", "b", "")), "a\nc\n", Sureness.EXACT)


def test_an_edit_of_nothing_makes_a_file() -> None:
    _is(_state(edited(2, "a.py", "", "new\n"), git=base({"a.py": None})), "new\n", Sureness.EXACT)


def test_sed_is_a_gap_until_the_file_is_seen_again() -> None:
    entries = [wrote(1, "a.py", "x\n"), *did(2, "sed -i s/x/y/ a.py")]
    state = _state(*entries)
    _is(state, None, Sureness.GAP)
    assert state.why == "`sed -i` changed it"
    _is(_state(*entries, shown(3, "a.py", "y\n")), "y\n", Sureness.EXACT)


def test_a_formatter_makes_it_probable() -> None:
    state = _state(wrote(1, "a.py", "x\n"), *did(2, "black ."))
    _is(state, "x\n", Sureness.PROBABLE)
    assert state.why == "`black .` may have changed it"


def test_a_formatter_of_another_file_does_not() -> None:
    _is(_state(wrote(1, "a.py", "x\n"), *did(2, "black src/b.py")), "x\n", Sureness.EXACT)


def test_a_later_look_at_the_same_content_removes_the_doubt() -> None:
    entries = (wrote(1, "a.py", "x\n"), *did(2, "black ."))
    _is(_state(*entries, edited(11, "a.py", "x", "z", "x\n")), "x\n", Sureness.EXACT)


def test_what_a_formatter_made_of_it_is_what_is_next_seen() -> None:
    state = _state(wrote(1, "a.py", "x\n"), *did(2, "black ."), edited(11, "a.py", "x", "z", "x = 1\n"))
    _is(state, "x = 1\n", Sureness.PROBABLE)


def test_a_doubt_at_the_moment_itself_is_settled_by_the_next_look() -> None:
    """The hook of the commit ran a formatter: the next edit shows what it left."""

    def state(before: str) -> FileState:
        entries = (wrote(1, "a.py", "x\n"), edited(11, "a.py", "x", "z", before))
        return Timeline(entries).state("a.py", moment(10), NONE, doubt="a hook")

    _is(state("x\n"), "x\n", Sureness.EXACT)
    _is(state("x = 1\n"), "x = 1\n", Sureness.PROBABLE)


def test_a_script_that_names_the_file_makes_it_probable() -> None:
    script = "python3 - <<'E'\nopen('a.py', 'w')\nE"
    _is(_state(wrote(1, "a.py", "x\n"), *did(2, script)), "x\n", Sureness.PROBABLE)
    _is(_state(wrote(1, "b.py", "x\n"), *did(2, script), path="b.py"), "x\n", Sureness.EXACT)


def test_heredocs_write_and_append() -> None:
    entries = [*did(1, "cat > a.py <<'E'\none\nE"), *did(2, "cat >> a.py <<'E'\ntwo\nE")]
    _is(_state(*entries), "one\ntwo\n", Sureness.EXACT)


def test_a_removed_file_is_gone_and_a_moved_one_is_elsewhere() -> None:
    _is(_state(wrote(1, "a.py", "x\n"), *did(2, "rm a.py")), None, Sureness.EXACT)
    moved = (wrote(1, "b.py", "x\n"), *did(2, "git mv b.py a.py"))
    _is(_state(*moved), "x\n", Sureness.EXACT)
    _is(_state(*moved, path="b.py"), None, Sureness.EXACT)


def test_a_moved_file_of_git_is_known() -> None:
    _is(_state(*did(2, "mv b.py a.py"), git=base({"b.py": "x\n", "a.py": None})), "x\n", Sureness.PROBABLE)


def test_after_another_checkout_git_has_it() -> None:
    """What was there before, as far as it was committed, is on the other branch."""
    entries = (wrote(1, "a.py", "x\n"), *did(2, "git checkout main"))
    _is(_state(*entries, git=base({"a.py": "g\n"}, 3)), "g\n", Sureness.PROBABLE)


def test_a_new_branch_takes_the_changes_along() -> None:
    _is(
        _state(wrote(1, "a.py", "x\n"), *did(2, "git checkout -b topic"), git=base({"a.py": "g\n"})),
        "x\n",
        Sureness.EXACT,
    )


def test_what_a_hook_made_of_it_is_in_the_commit_that_came_before() -> None:
    git = base({"a.py": "x = 1\n"}, 2, changed="a.py")
    _is(_state(wrote(1, "a.py", "x\n"), edited(3, "a.py", "x = 1", "y = 2"), git=git), "y = 2\n", Sureness.EXACT)


def test_an_edit_from_before_the_base_may_still_be_uncommitted() -> None:
    git = base({"a.py": "one\ntwo\n"}, 2)
    _is(_state(edited(1, "a.py", "two", "three"), git=git), "one\nthree\n", Sureness.PROBABLE)
    _is(_state(edited(1, "a.py", "one", "one\ntwo"), git=git), "one\ntwo\n", Sureness.PROBABLE)


def test_a_stash_that_is_popped_is_probable() -> None:
    entries = (wrote(1, "a.py", "x\n"), *did(2, "git stash"), *did(3, "git stash pop"))
    _is(_state(*entries, git=OLD), "x\n", Sureness.PROBABLE)
    _is(_state(*entries[:2], git=OLD), "one\ntwo\n", Sureness.PROBABLE)


def test_a_partial_read_that_differs_is_a_gap() -> None:
    assert _state(wrote(1, "a.py", "x\ny\n"), shown(2, "a.py", "z\n", 2, whole=False)).sureness is Sureness.GAP
    _is(_state(wrote(1, "a.py", "x\ny\n"), shown(2, "a.py", "y\n", 2, whole=False)), "x\ny\n", Sureness.EXACT)


def test_many_redacted_words_take_no_long_time() -> None:
    shown_text = "x REDACTED " * 3_000
    git = base({"a.py": "x y " * 3_000 + "z"})
    assert _state(edited(1, "a.py", "z", "w", shown_text), git=git).sureness is not Sureness.EXACT


def test_redacted_words_are_not_taken_for_the_file_s() -> None:
    """Git has the word; what the transcript has in its place is not written into the file."""
    git = base({"a.py": "key = 'abc'\nx = 1\n"})
    entry = edited(1, "a.py", "x = 1", "x = 2", "key = 'REDACTED'\nx = 1\n")
    _is(_state(entry, git=git), "key = 'abc'\nx = 2\n", Sureness.EXACT)
    assert _state(wrote(1, "a.py", "key = 'REDACTED'\n")).sureness is Sureness.PROBABLE


def _patched(minute: float, path: str, old: str, new: str, to: str = "") -> FilePatched:
    return FilePatched(moment(minute), ref(minute), path, (Hunk("", (old,), (new,)),), to)


def test_a_patch_applies_or_is_a_gap() -> None:
    state = _state(_patched(1, "a.py", "two", "three"), git=OLD)
    _is(state, "one\nthree\n", Sureness.PROBABLE)
    assert state.why == UNSEEN
    state = _state(_patched(1, "a.py", "four", "five"), git=OLD)
    _is(state, None, Sureness.GAP)
    assert state.why == "a patch does not fit it"


def test_a_patch_may_move_the_file() -> None:
    entry = _patched(1, "b.py", "two", "three", "a.py")
    git = base({"b.py": "two\n", "a.py": None})
    _is(_state(entry, git=git), "three\n", Sureness.PROBABLE)
    _is(_state(entry, git=git, path="b.py"), None, Sureness.EXACT)


def test_a_patch_that_moves_an_unknown_file_is_a_gap() -> None:
    """Git has no such file, and says nothing of what the patch moved there."""
    entries = [wrote(1, "b.py", "two\n"), *did(2, "sed -i s/two/2/ b.py"), _patched(3, "b.py", "2", "3", "a.py")]
    _is(_state(*entries, git=base({"b.py": "two\n", "a.py": None})), None, Sureness.GAP)


def test_a_backup_that_is_put_back_many_times_is_soon_known() -> None:
    entries = [entry for n in range(60) for c in ("cp a.py a.bak", "cp a.bak a.py") for entry in did(1 + n / 20, c)]
    _is(_state(*entries, git=OLD), "one\ntwo\n", Sureness.PROBABLE)


def test_a_file_that_moved_too_often_is_a_gap() -> None:
    names = [f"{letter}.py" for letter in "klmnopqrstuva"]
    moves = [entry for n, (old, new) in enumerate(pairwise(names)) for entry in did(1 + n / 20, f"mv {old} {new}")]
    _is(_state(*moves, git=base({"k.py": "new\n", "a.py": "old\n"})), None, Sureness.GAP)
