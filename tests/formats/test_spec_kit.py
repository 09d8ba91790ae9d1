"""The spec-kit dialect: its task lines, phases, marks, and the ids in commit subjects."""

import pytest

from forensics.formats.dialects import dialect_of, plan_of, steps_of_commit
from forensics.formats.spec_kit import SPEC_KIT
from forensics.model.plan import ConstraintKind, Plan
from forensics.model.report import Status, StepReport
from forensics.model.source import Document, Kind, Source

PATH = "specs/003-tolls/tasks.md"
LIST = """# Tasks: Tolls

- [ ] [ID] [P?] [Story] Description

## Phase 1: Setup
- [X] T001 Create the structure
- [ ] T002 [P] Configure `ruff` in pyproject.toml

## Phase 3: User Story 1
### Tests for User Story 1
- [x] **T010** [P] [US1] Test in tests/test_axles.py
- [X] T011 [P] [CR] Create src/axles.py and src/lorry.py
  - [X] T011 counted twice
- [X] SKIP: T012 Light the sign

```text
- [X] T099 in an example
```
"""


def _document(text: str) -> Document:
    return Document(Source("S1", Kind.REPORT, PATH, "", len(text)), text)


def _plan(text: str) -> Plan:
    return SPEC_KIT.read_plan("003-tolls", "specs/003-tolls", [_document(text)])


def _accounts(text: str) -> dict[str, StepReport]:
    return {report.steps[0]: report for report in SPEC_KIT.read_report(_document(text))}


@pytest.mark.parametrize(
    ("path", "mine"),
    [
        (PATH, True),
        ("packages/toll/specs/014-x/tasks.md", True),
        ("specs/20260304-101500-x/tasks.md", True),
        ("specs/003-tolls/spec.md", False),
        ("openspec/changes/tolls/tasks.md", False),
        (".kiro/specs/tolls/tasks.md", False),
        ("specs/tolls/tasks.md", False),
    ],
)
def test_a_feature_is_recognised_by_its_place(path: str, mine: bool) -> None:
    assert (dialect_of([path]) is SPEC_KIT) is mine
    assert (plan_of(path) == path.rpartition("/")[0]) is mine


def test_the_tasks_of_a_list() -> None:
    plan = _plan(LIST)
    assert plan.title == "Tolls"
    assert [(spec.id, spec.phase, spec.ref.line, spec.files) for spec in plan.steps] == [
        ("T001", "1", 6, ()),
        ("T002", "1", 7, ("pyproject.toml",)),
        ("T010", "3", 11, ("tests/test_axles.py",)),
        ("T011", "3", 12, ("src/axles.py", "src/lorry.py")),
        ("T012", "3", 14, ()),
    ]
    assert plan.steps[3].title == "Create src/axles.py and src/lorry.py"


def test_marked_tasks_of_a_phase_may_run_in_parallel() -> None:
    rules = _plan(LIST).constraints
    assert [(rule.kind, rule.steps) for rule in rules] == [
        (ConstraintKind.PARALLEL, ("T002",)),
        (ConstraintKind.PARALLEL, ("T010", "T011")),
    ]


def test_a_ticked_box_is_a_report_without_a_commit() -> None:
    accounts = _accounts(LIST)
    assert {step: report.status and report.status.value for step, report in accounts.items()} == {
        "T001": Status.DONE,
        "T010": Status.DONE,
        "T011": Status.DONE,
        "T012": Status.PARTIAL,
    }
    assert all(report.hashes == () and report.files == () for report in accounts.values())


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Add a guide (deferred to the next release)", Status.PARTIAL),
        ("Add a cache - skipped, not needed yet", Status.PARTIAL),
        ("Add tests (covered by T010)", Status.PARTIAL),
        ("Report skipped headers", Status.DONE),
        ("Run the suite (12 passed, 3 skipped)", Status.DONE),
        ("Show the state (done/skipped/failed)", Status.DONE),
    ],
)
def test_a_done_task_that_says_it_was_not_done(title: str, status: Status) -> None:
    stated = _accounts(f"- [X] T001 {title}\n")["T001"].status
    assert stated is not None
    assert (stated.value, stated.text) == (status, "[X] T001")


@pytest.mark.parametrize(
    ("subject", "steps"),
    [
        ("feat(axles): T002 add the counter", ("T002",)),
        ("T001-T003: set up", ("T001", "T002", "T003")),
        ("Implement T009, T010 and T012a (#14)", ("T009", "T010", "T012a")),
        ("feat: complete Task T004", ("T004",)),
        ("Rename T2 and PORT0012", ()),
    ],
)
def test_the_ids_in_a_subject(subject: str, steps: tuple[str, ...]) -> None:
    assert steps_of_commit(subject) == steps
