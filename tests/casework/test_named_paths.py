"""Paths as plans name them, asked for one by one and all at once: both say the same."""

import pytest

from forensics.casework.paths import NamedPaths, locate


@pytest.mark.parametrize(
    "named", ["src/tolls/axles.py", "./axles.py", "axles.py", "/home/me/toll/src/axles.py", "tolls\\axles.py", "", "~"]
)
@pytest.mark.parametrize("path", ["src/tolls/axles.py", "axles.py", "src/axles.py", "tolls/axles.py", "src/axles.pyc"])
def test_named_paths_agree_with_locate(named: str, path: str) -> None:
    assert (path in NamedPaths([named])) is (locate(named, frozenset({path})) is not None)
