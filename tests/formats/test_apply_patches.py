"""The patches of `apply_patch`, parsed and applied as its tools do."""

import pytest

from forensics.formats.transcripts.apply_patches import file_patches, patched

TEXT = "def f():\n    return 1\n\n\ndef g():\n    return 1\n"


def _applied(body: str, text: str = TEXT) -> str | None:
    (patch,) = file_patches(f"*** Begin Patch\n*** Update File: a.py\n{body}\n*** End Patch")
    return patched(text, patch.hunks)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@@\n-    return 1\n+    return 2", TEXT.replace("1", "2", 1)),
        ("@@ def g():\n-    return 1\n+    return 2", "def f():\n    return 1\n\n\ndef g():\n    return 2\n"),
        ("@@\n def f():\n@@\n     return 1\n+    # one", TEXT.replace("return 1\n", "return 1\n    # one\n", 1)),
        ("@@\n+last", TEXT + "last\n"),
        ("@@\n-    return 1\n+    return 2\n*** End of File", "def f():\n    return 1\n\n\ndef g():\n    return 2\n"),
        ("@@\n def f():\n-    return 1  \n+    return 2", TEXT.replace("1", "2", 1)),
        ("-    return 1\n+    return 2\n", TEXT.replace("1", "2", 1)),
        ("@@\n-    return 3\n+    return 2", None),
        ("@@ class A:\n-    return 1\n+    return 2", None),
    ],
)
def test_updates(body: str, expected: str | None) -> None:
    assert _applied(body) == expected


def test_files_are_added_deleted_and_moved() -> None:
    source = (
        "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: new.py\n+a\n+\n+b\n*** Delete File: old.py\n"
        "*** Update File: x.py\n*** Move to: y.py\n@@\n-1\n+2\n*** End Patch\nEOF"
    )
    added, deleted, moved = file_patches(source)
    assert (added.path, added.text) == ("new.py", "a\n\nb\n")
    assert (deleted.path, deleted.text, deleted.hunks) == ("old.py", None, ())
    assert (moved.path, moved.to, patched("1\n", moved.hunks)) == ("x.py", "y.py", "2\n")


def test_what_is_not_a_patch_changes_nothing() -> None:
    assert file_patches("*** Begin Patch\n*** Update File: a") == ()
    assert file_patches("") == ()


def test_a_patch_that_names_no_file_changes_nothing() -> None:
    assert file_patches("*** Begin Patch\n@@\n-1\n+2\n*** End Patch\n") == ()
