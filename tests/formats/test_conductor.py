"""The Conductor dialect: checkboxes with their commits, checkpoints, and tasks that are not started."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.conductor import CONDUCTOR
from forensics.formats.dialects import dialect_of
from forensics.model.plan import Plan
from forensics.model.report import Role, Status, StepReport
from forensics.model.source import Document, Kind, Source

PATH = "conductor/tracks/tolls_20260304/plan.md"
TRACK = """# Implementation Plan: Tolls

## Phase 1: Axles [checkpoint: 2eeff36]
- [x] Task: Count the axles 6db2335
    - [x] Write the test
- [x] Task: Conductor - User Manual Verification 'Phase 1' (Protocol in workflow.md)

## Phase 2: Signs [checkpoint: ]
- [~] **Task 2.1: Light the sign**
- [ ] Task: Dim it at night
"""


def _document(text: str) -> Document:
    return Document(Source("S1", Kind.REPORT, PATH, "", len(text)), text)


def _plan(text: str) -> Plan:
    return CONDUCTOR.read_plan("tolls_20260304", PATH.rpartition("/")[0], [_document(text)])


def _accounts(text: str) -> dict[str, StepReport]:
    return {report.steps[0]: report for report in CONDUCTOR.read_report(_document(text))}


@pytest.mark.parametrize(
    ("path", "mine"),
    [(PATH, True), ("conductor/archive/tolls/plan.md", True), ("app/conductor/tracks/x/plan.md", True),
     ("conductor/tracks/x/spec.md", False), ("docs/plan.md", False)],
)  # fmt: skip
def test_a_track_is_told_by_its_place(path: str, mine: bool) -> None:
    assert (dialect_of([path]) is CONDUCTOR) is mine


def test_a_track() -> None:
    plan = _plan(TRACK)
    assert plan.title == "Implementation Plan: Tolls"
    assert [(spec.id, spec.title, spec.ref.line) for spec in plan.steps] == [
        ("1.1", "Count the axles", 4),
        ("1.2", "Conductor - User Manual Verification 'Phase 1' (Protocol in workflow.md)", 6),
        ("2.1", "Light the sign", 9),
        ("2.2", "Dim it at night", 10),
    ]


def test_what_is_ticked_is_reported_and_the_rest_is_not_started() -> None:
    accounts = _accounts(TRACK)
    assert {step: report.status.value for step, report in accounts.items() if report.status} == {
        "1.1": Status.DONE, "1.2": Status.DONE, "2.1": Status.IN_PROGRESS,
    }  # fmt: skip
    assert [(one.value, one.role, one.ref.line) for one in accounts["1.1"].hashes] == [("6db2335", Role.OWN, 4)]


def test_a_checkpoint_belongs_to_the_phase_s_last_task() -> None:
    assert [(one.value, one.ref.line) for one in _accounts(TRACK)["1.2"].hashes] == [("2eeff36", 3)]
    assert _accounts(TRACK)["2.1"].hashes == ()


def test_a_checkpoint_that_a_task_names_too_is_claimed_in_both_places() -> None:
    text = "## Phase 1: Axles [checkpoint: 6db2335]\n- [x] Task: Count the axles 6db2335\n"
    assert [(one.ref.line, one.closes) for one in _accounts(text)["1.1"].hashes] == [(2, False), (1, True)]


@pytest.mark.parametrize(
    "behind",
    ["6db2335", "[6db2335]", "(6db2335)", "`6db2335`", "[commit: 6db2335]", "<!-- commit: 6db2335 -->", "[checkpoint: 6db2335]",
     "[6db2335, 7ec3446]", "(commit 6db2335)"],
)  # fmt: skip
def test_ways_to_write_a_commit(behind: str) -> None:
    text = f"## Phase 1\n- [x] Task: Count the axles {behind}\n"
    assert "6db2335" in [one.value for one in _accounts(text)["1.1"].hashes]
    assert _plan(text).steps[0].title == "Count the axles"


@pytest.mark.parametrize(
    "task",
    ["Pin image 6db2335c1 to the gate", "Parse e4d909c29 numbers of lorries", "Remove 20260304", "Use key 6db23351-4b1d-4f7a-9c57-0f3f3a7f9b11"],
)  # fmt: skip
def test_what_stands_in_a_task_s_words_is_no_claim(task: str) -> None:
    assert _accounts(f"## Phase 1\n- [x] Task: {task}\n")["1.1"].hashes == ()


def test_commits_of_sub_items_are_the_task_s() -> None:
    text = "### Phase 3: Gate\n\n1. [x] **Task 1: Close**\n   - [x] Write the test [6db2335]\n"
    assert [(one.value, one.about) for one in _accounts(text)["3.1"].hashes] == [("6db2335", "3.1")]


def test_a_fenced_example_is_none() -> None:
    assert _plan("## Phase 1\n```\n- [x] Task: example 6db2335\n```\n- [ ] Task: real\n").steps[0].title == "real"


@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(_plan(text), Plan)
    assert isinstance(CONDUCTOR.read_report(_document(text)), tuple)
