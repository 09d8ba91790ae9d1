"""Step ids in headings, file names, subjects and sentences."""

import pytest

from forensics.formats.step_ids import (
    plans_in,
    step_of_file,
    step_of_heading,
    steps_in,
    steps_of_subject,
    title_of_heading,
)
from forensics.model.steps import canonical, expand, same_step, step_key


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Cycle 1.3: title", ("1.3",)),
        ("Cycle 1.6 + 1.7: two at once", ("1.6", "1.7")),
        ("Cycle 1.4 + Cycle 1.5", ("1.4", "1.5")),
        ("Steps 5.2-5.4 as a batch", ("5.2", "5.3", "5.4")),
        ("Steps 1-3", ("1", "2", "3")),
        ("Step 1-1 (Cycle 1.1)", ("1.1",)),
        ("Cycles 1.4 and 1.5 have been done", ("1.4", "1.5")),
        ("Cycle 1.4, 3 tests added", ("1.4",)),
        ("Step 3 - 2 files", ("3",)),
        ("Cycle A.1 and then", ("A.1",)),
        ("Cycle FR-6.1", ("FR.6.1",)),
        ("Step 12 of 14", ("12",)),
        ("Cycles 1.1-1.999999", ("1.1",)),
        ("Stepping 3 stones", ()),
        ("recycle 3", ()),
        ("no step here", ()),
    ],
)
def test_steps_in_a_text(text: str, steps: tuple[str, ...]) -> None:
    assert steps_in(text) == steps


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Execute plan 01 of phase 12.2", ("12.2.1",)),
        ("Execute Phase 3, Plan 2: axles", ("3.2",)),
        ("Execute plan 03-02-PLAN.md", ("3.2",)),
        ("Execute plan `03-02`.", ("3.2",)),
        ("Phase 3 plans 2 things", ()),
        ("Plan 2 phases ahead", ()),
        ("Phase 3 plan 2026-03-04", ()),
    ],
)
def test_plans_named_in_words(text: str, steps: tuple[str, ...]) -> None:
    assert plans_in(text) == steps


@pytest.mark.parametrize(
    ("heading", "steps", "title"),
    [
        ("Cycle 1.4: title with 2.3 in it", ("1.4",), "title with 2.3 in it"),
        ("Cycle 1.4: title [2026-01-30]", ("1.4",), "title"),
        ("Cycle 1.4: title 2026-01-30T00:00:00Z", ("1.4",), "title"),
        ("Phase 1 Step 1.2 Execution Report", ("1.2",), "Phase 1 Step 1.2 Execution Report"),
        ("Execution Report: Cycle 1.2", ("1.2",), "Cycle 1.2"),
        ("Summary of Cycle 1.2 and what came of it: nothing", ("1.2",), "nothing"),
        ("Notes", (), "Notes"),
    ],
)
def test_a_heading(heading: str, steps: tuple[str, ...], title: str) -> None:
    assert step_of_heading(heading) == steps
    assert title_of_heading(heading) == title


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("step-1-3-execution.md", "1.3"),
        ("cycle-1.3-execution.md", "1.3"),
        ("phase1-step7-execution.md", "1.7"),
        ("cycle-a2.md", "A.2"),
        ("cycle-fr7.md", "FR.7"),
        ("step-10-execution.md", "10"),
        ("step-1-2-test.md", "1.2"),
        ("phase-2-execution.md", None),
        ("stepping-stones.md", None),
    ],
)
def test_a_file_name(name: str, step: str | None) -> None:
    assert step_of_file(name) == step


def test_a_subject() -> None:
    assert steps_of_subject("WIP: Cycle 1.2 Extract the helper") == ("1.2",)
    assert steps_of_subject("✨ 1.2: Extract the helper") == ("1.2",)
    assert steps_of_subject("Bump to 1.2.3 of the library") == ()


def test_ids_have_one_spelling_and_a_natural_order() -> None:
    assert canonical("1-3") == canonical("1_3") == canonical("01.3") == "1.3"
    assert sorted(["1.10", "1.2", "A.1", "2", "1.2.1"], key=step_key) == ["1.2", "1.2.1", "1.10", "2", "A.1"]
    assert sorted(["T010", "T2", "T001", "T009a", "T009"], key=step_key) == ["T001", "T2", "T009", "T009a", "T010"]
    assert same_step("7", "7.0")
    assert not same_step("7", "7.1")


def test_a_padded_id_is_shown_as_it_is_written() -> None:
    assert (canonical("T002"), canonical("t002"), canonical("T012a"), canonical("T2")) == (
        "T002",
        "T002",
        "T012a",
        "T.2",
    )
    assert expand("T009", "T011") == ("T009", "T010", "T011")
    assert steps_in("Tasks T009-T010") == ("T009", "T010")


def test_a_range_that_is_none_is_two_ids() -> None:
    assert expand("1.2", "3.4") == ("1.2", "3.4")
    assert len(expand("1.1", "1.60")) == 60
    assert expand("1.1", "1.99999") == ("1.1", "1.99999")


def test_several_steps_of_a_phase_may_count_within_it() -> None:
    assert steps_of_subject("feat: Phase 2 (tasks 1-3): counters") == ("2.1", "2.2", "2.3", "1", "2", "3")
    assert steps_of_subject("feat: Phase 2 (tasks 2.1-2.2)") == ("2.1", "2.2")
    assert steps_of_subject("feat: Phase 2 (3 tasks left)") == ()
