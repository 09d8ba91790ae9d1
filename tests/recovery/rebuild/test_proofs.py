"""Ids of files that diffs in a transcript print."""

from forensics.recovery.rebuild.proofs import printed_blobs
from tests.recovery.rebuild.acts import ran


def _paths(output: str) -> list[str]:
    return sorted(printed_blobs([ran(1, "git diff", output)]))


def test_a_diff_prints_the_ids_of_a_file() -> None:
    assert _paths("diff --git a/src/a.py b/src/a.py\nindex 1a2b3c4..5d6e7f8 100644\n--- a/src/a.py\n") == ["src/a.py"]
    assert _paths("diff --git a/a b.py b/a b.py\nold mode 100644\nindex 1a2b3c4..5d6e7f8 100644\n") == ["a b.py"]


def test_a_line_of_nothing_but_paths_takes_no_long_time() -> None:
    assert _paths("diff --git a/" + " b/" * 300_000 + "\nindex") == []
