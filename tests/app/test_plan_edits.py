"""A plan that is changed while it is carried out, in real repositories."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.model.finding import Finding
from tests.unpack import commit, repository

STEP = "plans/tolls/steps/step-1-1.md"
DEMAND = "# Cycle 1.1: Count axles\n\n**Expected failure:** AttributeError\n\n- File: src/axles.py\n  Action: count\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    files = {
        "plans/tolls/runbook.md": "# Tolls\n",
        STEP: DEMAND,
        "plans/tolls/steps/step-1-2.md": "# Cycle 1.2: Sign\n",
    }
    commit(folder, "Plan", files, authored="09:00")
    return folder


def _changed(folder: Path, plan: str = "plans/tolls") -> list[Finding]:
    return [finding for finding in analyze(Scope(plan, folder)).findings if finding.code == "ORD006"]


def _work(folder: Path, authored: str = "10:00") -> None:
    commit(folder, "Cycle 1.1: Count axles", {"src/axles.py": "x = 1\n"}, authored=authored)


EDITS: dict[str, Mapping[str, str]] = {
    "the expected failure": {STEP: DEMAND.replace("**Expected failure:** AttributeError\n\n", "")},
    "the file": {STEP: DEMAND.replace("- File: src/axles.py\n  Action: count\n", "")},
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_the_plan_lost_after_the_first_work_is_told(edit: str, base: Path) -> None:
    _work(base)
    changed = commit(base, "Tidy the plan", EDITS[edit], authored="10:30")
    (finding,) = _changed(base)
    assert finding.commits == (changed,)
    assert {str(finding.at).partition(":")[0], *map(str, finding.related)} >= {STEP, changed}


def test_a_step_that_was_removed_is_told(base: Path) -> None:
    _work(base)
    (base / "plans/tolls/steps/step-1-2.md").unlink()
    commit(base, "Tidy the plan", {}, authored="10:30")
    (finding,) = _changed(base)
    assert "step 1.2 was removed" in finding.message


def test_what_was_planned_again_before_the_work_or_long_after_it_is_innocent(base: Path) -> None:
    commit(base, "Replace the plan", EDITS["the file"], authored="09:30")
    _work(base)
    assert _changed(base) == []


def test_a_rebase_keeps_the_times_that_count(base: Path) -> None:
    commit(base, "Replace the plan", EDITS["the file"], authored="09:30", committed="12:00")
    commit(base, "Cycle 1.1: Count axles", {"src/axles.py": "x = 1\n"}, authored="10:00", committed="12:01")
    assert _changed(base) == []


def test_what_is_added_or_reworded_is_innocent(base: Path) -> None:
    _work(base)
    more = {
        STEP: DEMAND + "- File: src/sign.py\n  Action: sign\n",
        "plans/tolls/steps/step-1-3.md": "# Cycle 1.3: Print\n",
    }
    commit(base, "Plan more", more, authored="10:30")
    assert _changed(base) == []


def test_ticks_and_hashes_are_innocent(tmp_path: Path) -> None:
    folder, path = repository(tmp_path / "repository"), "conductor/tracks/tolls_20260304/plan.md"
    text = "# Plan: Tolls\n\n## Phase 1: Axles\n- [ ] Task: Count axles in `src/axles.py`\n- [ ] Task: Sign it\n"
    commit(folder, "chore(conductor): Add new track", {path: text}, authored="09:00")
    sha = commit(folder, "feat(tolls): Count axles", {"src/axles.py": "x = 1\n"}, authored="10:00")[:7]
    ticked = text.replace("[ ] Task: Count axles in `src/axles.py`", f"[x] Task: Count axles in `src/axles.py` {sha}")
    commit(folder, "conductor(plan): Mark task 'Count axles' as complete", {path: ticked}, authored="10:05")
    assert _changed(folder, "conductor/tracks/tolls_20260304") == []
