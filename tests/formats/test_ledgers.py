"""The ledger dialect: outcomes, ranges with their bases, notes that state nothing, and a second plan in one file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.dialects import dialect_of
from forensics.formats.superpowers import LEDGER
from forensics.model.plan import Plan
from forensics.model.report import HashMention, Role, Status, StepReport
from forensics.model.source import Document, Kind, Source

PATH = ".superpowers/sdd/progress.md"


def _document(text: str, path: str = PATH, kind: Kind = Kind.REPORT) -> Document:
    return Document(Source("S1", kind, path, "", len(text)), text)


def _accounts(text: str) -> tuple[StepReport, ...]:
    return tuple(one for one in LEDGER.read_report(_document(text)) if one.steps)


def _hashes(text: str) -> dict[str, HashMention]:
    return {one.value: one for report in LEDGER.read_report(_document(text)) for one in report.hashes}


def _plan(*documents: Document) -> Plan:
    return LEDGER.read_plan("sdd", ".superpowers/sdd", documents)


@pytest.mark.parametrize(
    ("path", "mine"),
    [(PATH, True), (".superpowers/sdd/tolls/progress.md", True), ("app/.superpowers/sdd/progress.md", True),
     ("docs/progress.md", False), (".superpowers/sdd/task-1-report.md", False)],
)  # fmt: skip
def test_a_ledger_is_told_by_its_place(path: str, mine: bool) -> None:
    assert (dialect_of([path]) is LEDGER) is mine


@pytest.mark.parametrize(
    ("line", "steps", "status"),
    [
        ("Task 3: complete (commits a1b2c3d..d4e5f6a, review clean)", ("3",), Status.DONE),
        ("- **Task 3**: COMPLETE (commit a1b2c3d)", ("3",), Status.DONE),
        ("- [x] Task 3: count the axles that failed", ("3",), Status.DONE),
        ("- T3: complete (commit a1b2c3d)", ("3",), Status.DONE),
        ("Task 2-4: complete (one commit a1b2c3d)", ("2", "3", "4"), Status.DONE),
        ("Task 2+3: complete (commit a1b2c3d)", ("2", "3"), Status.DONE),
        ("Task 3: BASE a1b2c3d, implementer dispatched", ("3",), Status.IN_PROGRESS),
        ("Task 3: fix round 1/5 (2 addressed; commits a1b2c3d..d4e5f6a)", ("3",), Status.IN_PROGRESS),
        ("Task 3: blocked pending a key", ("3",), Status.BLOCKED),
        ("Task 3 (count failed axles): complete (commits a1b2c3d..d4e5f6a, review clean)", ("3",), Status.DONE),
        ("Task 3: implementer DONE (d4e5f6a, 130 tests)", ("3",), Status.DONE),
    ],
)
def test_an_outcome(line: str, steps: tuple[str, ...], status: Status) -> None:
    (account,) = _accounts(f"# SDD ledger — plan: docs/plans/tolls.md\n\n{line}\n")
    assert account.steps == steps
    assert account.status is not None
    assert account.status.value is status
    assert account.ref.line == 3


_TABLE = """# Ledger

| Task | Status | Commits |
|------|--------|---------|
| 1 | complete | `1111aaa..2222bbb` |
| Task 2: Light the sign | ✅ done | 3333ccc, 4444ddd |
| T3 | in progress | – |
| 4 | pending | |
| 5 | merged | 5555eee |

| Image | Status | Hash |
|---|---|---|
| 6 | complete | 6666fff |
"""


def test_a_table_of_tasks() -> None:
    assert [(one.steps, one.status and one.status.value) for one in _accounts(_TABLE)] == [
        (("1",), Status.DONE), (("2",), Status.DONE), (("3",), Status.IN_PROGRESS),
    ]  # fmt: skip
    found = _hashes(_TABLE)
    assert {value: (one.role, one.about) for value, one in found.items()} == {
        "1111aaa": (Role.BASE, "1"), "2222bbb": (Role.OWN, "1"), "3333ccc": (Role.OWN, "2"), "4444ddd": (Role.OWN, "2"),
        "5555eee": (Role.OTHER, None),
    }  # fmt: skip
    assert found["2222bbb"].since == "1111aaa"
    titles = {spec.id: spec.title for spec in _plan(_document(_TABLE)).steps}
    assert titles == {"1": "", "2": "Light the sign", "3": "", "4": "", "5": ""}


@pytest.mark.parametrize(
    "line",
    ["Task 3: pending", "- [ ] Task 3: count", "Task 3: minor (deferred): done twice", "Task 3: Ruling: the sign is complete as it is",
     "Correction 4 Task 3: complete (commit a1b2c3d)", "Tasks are complete"],
)  # fmt: skip
def test_what_states_no_outcome_of_a_task(line: str) -> None:
    assert _accounts(f"{line}\n") == ()


def test_a_range_s_head_is_claimed_and_its_base_is_not() -> None:
    found = _hashes(
        "Task 1: complete (commits 1111aaa..2222bbb, clean)\nTask 2: complete (commits 2222bbb..3333ccc, clean)\n"
    )
    assert (found["1111aaa"].role, found["3333ccc"].role) == (Role.BASE, Role.OWN)
    assert found["3333ccc"].since == "2222bbb"
    first, second = (report.hashes for report in _accounts(
        "Task 1: complete (commits 1111aaa..2222bbb, clean)\nTask 2: complete (commits 2222bbb..3333ccc, clean)\n"
    ))  # fmt: skip
    assert [(one.value, one.role, one.about) for one in first] == [
        ("1111aaa", Role.BASE, "1"),
        ("2222bbb", Role.OWN, "1"),
    ]
    assert [(one.value, one.role) for one in second] == [("2222bbb", Role.BASE), ("3333ccc", Role.OWN)]


def test_several_commits_are_all_claimed() -> None:
    found = _hashes("Task 1: complete (commits 1111aaa + fix 2222bbb, review clean)\n")
    assert {one.role for one in found.values()} == {Role.OWN}


@pytest.mark.parametrize(
    "line",
    ["Task 1 (count axles): complete (commits 1111aaa..2222bbb, clean)", "Task 1: implementer DONE (2222bbb, 130 tests)",
     "Task 1: complete (`2222bbb`)"],
)  # fmt: skip
def test_ways_to_name_a_task_s_commit(line: str) -> None:
    found = _hashes(f"{line}\n")["2222bbb"]
    assert (found.role, found.about) == (Role.OWN, "1")


def test_a_title_in_brackets() -> None:
    (account,) = _accounts("Task 3 (count failed axles): complete (commit a1b2c3d)\n")
    assert account.title == "count failed axles"


def test_what_notes_say_accuses_nobody() -> None:
    found = _hashes("Task 1: complete (commit 1111aaa)\n- see also commit 2222bbb\n\nWave 9: complete (commits 3333ccc..4444ddd)\n"
                    "Image 5555eee built\n")  # fmt: skip
    assert (found["2222bbb"].role, found["2222bbb"].about) == (Role.OTHER, None)
    assert (found["3333ccc"].role, found["3333ccc"].about) == (Role.OTHER, None)
    assert "5555eee" not in found


def test_tasks_come_from_the_plan_it_names() -> None:
    ledger = _document(
        "# SDD ledger — plan: docs/plans/tolls.md\n\nTask 1: complete (commit 1111aaa)\nTask 3: pending\n"
    )
    plan = _document("# Tolls\n\n### Task 1: Count axles\n\n**Files:**\n- Create: `src/axles.py`\n- Modify: `src/gate.py:10-20`\n\n"
                     "### Task 2: Light the sign\n", "docs/plans/tolls.md", Kind.PLAN)  # fmt: skip
    assert LEDGER.plans_named(ledger) == ("docs/plans/tolls.md",)
    read = _plan(ledger, plan)
    assert read.name == "tolls"
    assert [(spec.id, spec.title) for spec in read.steps] == [("1", "Count axles"), ("2", "Light the sign"), ("3", "")]
    assert read.steps[0].files == ("src/axles.py", "src/gate.py")


def test_without_its_plan_the_ledger_lists_the_tasks() -> None:
    read = _plan(
        _document("- [x] Task 1: Count axles\n- [ ] Task 2: Light the sign\n\nTask 1: complete (commit 1111aaa)\n")
    )
    assert [(spec.id, spec.title) for spec in read.steps] == [("1", "Count axles"), ("2", "Light the sign")]


def test_a_second_plan_counts_anew() -> None:
    text = "Plan: docs/a.md\n\nTask 1: complete (commit 1111aaa)\n\n## Then (plan: docs/b.md)\n\nTask 1: complete (commit 2222bbb)\n"
    assert [account.steps for account in _accounts(text)] == [("1",), ("P.2.1",)]


@pytest.mark.parametrize(
    ("path", "role", "about"),
    [
        (".superpowers/sdd/tolls/task-3-report.md", Role.OWN, "3"),
        (".superpowers/sdd/tolls/final-fix-report.md", Role.OTHER, None),
        # a flat folder is used again by the next plan
        (".superpowers/sdd/task-3-report.md", Role.OTHER, None),
    ],
)
def test_agents_reports_beside_the_ledger_are_read_for_their_commits(path: str, role: Role, about: str | None) -> None:
    text = "# Task 3 Report\n\n## Commits\n\n| Commit | What |\n|---|---|\n| `2222bbb` | count |\n"
    assert LEDGER.kind_of(path) is Kind.REPORT
    (report,) = LEDGER.read_report(_document(text, path))
    assert (report.steps, report.beside) == ((), True)
    assert [(one.value, one.role, one.about) for one in report.hashes] == [("2222bbb", role, about)]


def test_agents_reports_plan_no_task() -> None:
    report = _document("- [x] Task 9: count\n\nPlan: docs/other.md\n", ".superpowers/sdd/task-3-report.md")
    assert [spec.id for spec in _plan(_document("- [x] Task 3: count\n"), report).steps] == ["3"]
    assert LEDGER.plans_named(report) == ()
    assert LEDGER.read_report(report) == ()
    assert LEDGER.kind_of(".superpowers/sdd/task-3-brief.md") is Kind.OTHER


@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(LEDGER.read_report(_document(text)), tuple)
    assert isinstance(_plan(_document(text), _document(text, "docs/p.md", Kind.PLAN)), Plan)
