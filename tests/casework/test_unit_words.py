"""Rules speak of steps; in a run without a plan, findings call them what they are."""

import pytest

from forensics.casework.unit_words import in_units
from forensics.testing.script import case_of

CASE = case_of(
    """
commit aaa1111: "Add rows (#7)" src/a.py, at 09:00
session S1: "Add a parser"
session S2: "Add rows"
S1 10:01 launches a1: "Review it"
a1 10:02 reads src/a.py
S2 10:03 reads src/a.py
""".strip()
)
IDS = ("S1", "S2", "a1", "#7")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Step S1's agent wrote it.", "Session S1 wrote it."),
        ("step a1's agent read it", "agent a1 read it"),
        ("step #7's agent read it", "pull request #7's agent read it"),
        ("Steps S1 and S2 raced.", "Sessions S1 and S2 raced."),
        ("The agents of steps S1 and S2 shared it", "Sessions S1 and S2 shared it"),
        ("the agents of steps S1 and a1 shared it", "the agents of units S1 and a1 shared it"),
        ("steps S1, S2 and a1 share it", "units S1, S2 and a1 share it"),
        ("commit of step S1, and another step's work", "commit of session S1, and another unit's work"),
        ("`step S1` of step S2", "`step S1` of session S2"),
        ("step S12 is another", "unit S12 is another"),
    ],
)
def test_a_unit_is_called_what_it_is(said: str, expected: str) -> None:
    assert in_units(said, IDS, CASE) == expected


def test_a_plan_has_steps() -> None:
    assert in_units("Step S1's agent wrote it.", ("S1",), case_of('plan: 1.1 "One"')) == "Step S1's agent wrote it."
