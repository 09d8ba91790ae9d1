"""Ids of files that diffs in a transcript print."""

from dataclasses import replace

from forensics.model.rebuilt import Numbers, RebuiltCommit, RebuiltFile, Sureness
from forensics.recovery.rebuild.proofs import checked, printed_blobs
from forensics.recovery.rebuild.states import UNSEEN
from tests.recovery.rebuild.acts import moment, ran, ref


def _paths(output: str) -> list[str]:
    return sorted(printed_blobs([ran(1, "git diff", output)]))


def test_a_diff_prints_the_ids_of_a_file() -> None:
    assert _paths("diff --git a/src/a.py b/src/a.py\nindex 1a2b3c4..5d6e7f8 100644\n--- a/src/a.py\n") == ["src/a.py"]
    assert _paths("diff --git a/a b.py b/a b.py\nold mode 100644\nindex 1a2b3c4..5d6e7f8 100644\n") == ["a b.py"]


def test_a_line_of_nothing_but_paths_takes_no_long_time() -> None:
    assert _paths("diff --git a/" + " b/" * 300_000 + "\nindex") == []


ONE = Numbers(files=1, added=2, removed=1)


def _commit(*files: RebuiltFile, base_why: str = "") -> RebuiltCommit:
    return RebuiltCommit(
        "1111111", "x", "x", None, moment(1), "main", ref(1), "2" * 40, base_why, (), files, printed=ONE
    )  # fmt: skip


def _file(why: str) -> RebuiltFile:
    return RebuiltFile("a.py", Sureness.PROBABLE if why else Sureness.EXACT, b"x\n", "100644", why)


def _sureness(commit: RebuiltCommit, found: Numbers = ONE) -> Sureness:
    return checked(commit, found)[0].sureness


def test_equal_counts_show_that_a_patched_file_had_no_other_changes() -> None:
    """A line that somebody changed before the session would be in the commit, too, and count."""
    assert _sureness(_commit(_file(UNSEEN))) is Sureness.EXACT
    assert _sureness(_commit(_file(UNSEEN)), Numbers(1, 3, 2)) is Sureness.PROBABLE


def test_equal_counts_prove_nothing_where_a_formatter_ran_or_the_base_is_guessed() -> None:
    formatted = replace(_file("`black .` may have changed it"), path="b.py")
    assert _sureness(_commit(formatted)) is Sureness.PROBABLE
    assert _sureness(_commit(_file(UNSEEN), formatted)) is Sureness.PROBABLE
    assert _sureness(_commit(_file(UNSEEN), base_why="the newest commit before")) is Sureness.PROBABLE
