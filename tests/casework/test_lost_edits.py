"""Edits that were thrown away: what a commit, a later write or a day between takes back."""

import pytest

from forensics.casework.agents.work_trees import trees_of
from forensics.casework.isolation.lost_edits import lost_edits
from forensics.testing.script import case_of

START = 'commit aaa1111: "Start" src/a.py[created] src/b.py[created], at 09:00\nsession S1: "Add"\nsession S2: "Fix"\n'


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("S1 10:01 writes src/a.py\nS2 10:05 runs: git restore .", [("reverts", ["src/a.py"])]),
        ("S1 10:01 writes src/a.py\nS2 10:05 runs: git restore src/b.py", []),
        (
            "S1 10:01 writes src/a.py\nS1 10:02 writes src/b.py\nS2 10:05 runs: git stash push -- src/b.py\n"
            "    Saved working directory and index state WIP\nS2 10:06 runs: git stash clear",
            [("drops", ["src/b.py"])],
        ),
        (
            "S1 10:01 writes src/a.py\nS2 10:05 runs: git stash\n    Saved working directory and index state WIP\n"
            "S1 10:06 writes src/b.py\nS2 10:07 runs: git stash\n    Saved working directory and index state WIP\n"
            "S2 10:08 runs: git stash drop stash@{1}\n    Dropped stash@{1} (aaaaaaa)\nS2 10:09 runs: git stash pop",
            [("drops", ["src/a.py"])],
        ),
        ("S1 10:01 writes src/new.py\nS2 10:05 runs: git stash\n    Saved working directory and index state WIP", []),
        (
            "S1 10:01 writes src/new.py\nS2 10:05 runs: git stash -u\n    Saved working directory and index state WIP",
            [("stashes", ["src/new.py"])],
        ),
        ("S1 10:01 writes src/a.py\nS2 10:04 runs: pytest\n    1 passed\nS2 10:05 runs: rm -rf /tree-9", []),
    ],
)
def test_what_is_lost(script: str, expected: list[tuple[str, list[str]]]) -> None:
    case = case_of(START + script)
    found = lost_edits(case, trees_of(case))
    assert [(str(lost.discard.deed), [edit.path for edit in lost.edits]) for lost in found] == expected
