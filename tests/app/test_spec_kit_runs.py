"""spec-kit features in real repositories: a ticked box is a claim, and only a commit shows the work."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.cli.commands import app
from forensics.model.postmortem import Postmortem
from forensics.model.source import Kind
from tests.unpack import commit, repository

FEATURE = "specs/003-tolls"
TASKS = """# Tasks: Tolls

## Phase 1: Setup
- [ ] T001 Create the project structure

## Phase 2: User Story 1
- [ ] T002 [P] [US1] Create the axle counter in src/axles.py
- [ ] T003 [P] [US1] Create the sign in src/sign.py
- [ ] T004 [US1] Count lorries twice in src/axles.py
"""


def _ticked(*ids: str) -> dict[str, str]:
    return {f"{FEATURE}/tasks.md": re.sub(rf"\[ \] ({'|'.join(ids)})\b", r"[X] \1", TASKS)}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(
        folder, "Plan the tolls", {f"{FEATURE}/tasks.md": TASKS, f"{FEATURE}/spec.md": "# Tolls\n"}, authored="09:00"
    )
    return folder


def _verdicts(postmortem: Postmortem) -> dict[str, str]:
    return {step.id: str(step.verdict) for step in postmortem.steps}


def _run(folder: Path, path: str = FEATURE) -> Postmortem:
    return analyze(Scope(path, folder))


def test_ids_are_shown_as_the_list_writes_them_and_open_tasks_are_not_started(base: Path) -> None:
    for path in (FEATURE, f"{FEATURE}/tasks.md"):
        assert _verdicts(_run(base, path)) == dict.fromkeys(("T001", "T002", "T003", "T004"), "not-started")


def test_a_subject_with_the_id_and_the_file_shows_the_work(base: Path) -> None:
    commit(base, "feat(axles): T002 work", _ticked("T002") | {"src/axles.py": "x = 1\n"})
    commit(base, "T004: Count lorries twice", _ticked("T002", "T004") | {"src/axles.py": "x = 2\n"}, authored="10:10")
    postmortem = _run(base)
    assert _verdicts(postmortem) == {
        "T001": "not-started", "T002": "sound", "T003": "not-started", "T004": "sound"
    }  # fmt: skip
    assert postmortem.findings == ()


def test_a_range_in_a_subject_needs_each_task_s_file(base: Path) -> None:
    files = {"src/axles.py": "x = 1\n", "src/sign.py": "y = 1\n"}
    commit(base, "Finish T001-T003", _ticked("T001", "T002", "T003") | files)
    assert _verdicts(_run(base)) == {"T001": "unproven", "T002": "sound", "T003": "sound", "T004": "not-started"}


def test_a_commit_that_ticks_tasks_and_changes_their_files_shows_their_work(base: Path) -> None:
    commit(base, "Tolls (#12)", _ticked("T001", "T002", "T003", "T004") | {"src/axles.py": "x = 1\n"})
    postmortem = _run(base)
    assert _verdicts(postmortem) == {"T001": "unproven", "T002": "sound", "T003": "unproven", "T004": "sound"}
    assert postmortem.findings == ()


def test_a_list_that_was_ticked_before_it_was_committed_shows_the_work_of_the_first_task_only(base: Path) -> None:
    """A list that arrives with its boxes ticked has no time of its ticks: changing a file shows nothing of a later task."""
    other = TASKS.replace("[ ]", "[X]")
    commit(base, "Signs", {"specs/004-signs/tasks.md": other, "src/axles.py": "x = 1\n"})
    verdicts = _verdicts(_run(base, "specs/004-signs"))
    assert verdicts == {"T001": "unproven", "T002": "sound", "T003": "unproven", "T004": "unproven"}


def test_a_bare_name_beside_a_path_is_mentioned_in_passing(base: Path) -> None:
    tasks = {f"{FEATURE}/tasks.md": TASKS.replace("sign in src/sign.py", "sign in src/sign.py, as axles.py has it")}
    commit(base, "Before the plan", {"src/axles.py": "x = 0\n"}, authored="08:00")
    commit(base, "Reword", tasks, authored="09:30")
    ticked = {path: text.replace("[ ] T003", "[X] T003") for path, text in tasks.items()}
    commit(base, "Work", ticked | {"src/axles.py": "x = 1\n"})
    assert _verdicts(_run(base))["T003"] == "unproven"


def test_ticks_without_work_are_unproven_and_nobody_is_accused(base: Path) -> None:
    commit(base, "Mark everything as completed", _ticked("T001", "T002", "T003", "T004"))
    postmortem = _run(base)
    assert set(_verdicts(postmortem).values()) == {"unproven"}
    assert postmortem.findings == ()
    assert {claim.claim.value for claim in postmortem.claims} == set()


def test_work_without_a_tick_is_no_missing_report(base: Path) -> None:
    commit(base, "T002 Create the axle counter", {"src/axles.py": "x = 1\n"})
    assert _run(base).findings == ()


def test_another_feature_s_ids_are_not_this_one_s(base: Path) -> None:
    other = {"specs/004-signs/tasks.md": "# Tasks\n- [X] T002 Draw src/draw.py\n", "src/draw.py": "z = 1\n"}
    commit(base, "T002: Draw", _ticked("T002") | {"src/x.py": "x = 1\n"})
    commit(base, "T002 for the signs", other, authored="10:20")
    assert _verdicts(_run(base))["T002"] == "unproven"
    assert _verdicts(_run(base, "specs/004-signs"))["T002"] == "sound"


def test_what_lies_beside_the_list_is_named_and_not_examined(base: Path) -> None:
    assert {source.path: source.kind for source in _run(base).sources} == {
        f"{FEATURE}/tasks.md": Kind.REPORT,
        f"{FEATURE}/spec.md": Kind.OTHER,
    }


def test_weekly_finds_features_by_the_registry(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(base, "feat(axles): T002 work", _ticked("T002") | {"src/axles.py": "x = 1\n"})
    monkeypatch.chdir(base)
    done = CliRunner().invoke(app, ["weekly", "specs", "--week", "2026-W10", "-o", "weekly.json", "--no-record"])
    assert done.exit_code == 0, done.output
    assert FEATURE in (base / "weekly.json").read_text()


def test_the_plan_s_own_documents_are_not_the_work_of_the_task_that_reads_them(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    tasks = "# Tasks\n- [X] T001 Create the tables of data-model.md\n- [X] T002 Test it by hand as quickstart.md says\n"
    documents = {f"{FEATURE}/data-model.md": "# Tables\n", f"{FEATURE}/quickstart.md": "# Start\n"}
    commit(folder, "Plan the tolls", documents, authored="09:00")
    commit(folder, "Tasks", {f"{FEATURE}/tasks.md": tasks.replace("[X]", "[ ]")}, authored="09:10")
    commit(folder, "Finish", {f"{FEATURE}/tasks.md": tasks, "src/x.py": "x = 1\n"})
    assert set(_verdicts(_run(folder)).values()) == {"unproven"}
