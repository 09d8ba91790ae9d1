"""Conflict markers, and what only looks like them."""

import pytest

from forensics.casework.isolation.conflict_markers import unresolved
from forensics.model.patch import Line


def found(text: str) -> tuple[str, ...]:
    return unresolved([Line(number, line) for number, line in enumerate(text.split("\n"), start=1)])


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main",
        "x\n<<<<<<< HEAD\r\na\r\n=======\r\nb\r\n>>>>>>> main\r",
        "<<<<<<< Updated upstream\n||||||| base\n=======\n>>>>>>> Stashed changes\nmore",
    ],
)
def test_markers_in_order_are_a_conflict(text: str) -> None:
    assert found(text)[0].startswith("<<<<<<<")
    assert found(text)[-1].startswith(">>>>>>>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Title\n=======",
        "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE",
        "```diff\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n```",
        "=======\n>>>>>>> main\n<<<<<<< HEAD",
        "    <<<<<<< HEAD\n    =======\n    >>>>>>> main",
        "<<<<<<< HEAD\na\n>>>>>>> main",
        "<<<<<<<<<< HEAD\n=======\n>>>>>>> main",
    ],
)
def test_examples_and_headings_are_not_conflicts(text: str) -> None:
    assert found(text) == ()
