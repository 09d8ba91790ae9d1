"""Plans whose folders were archived, restored or renamed: what they claim is judged as before the move."""

from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.model.claim import ClaimKind, Verdict
from forensics.model.postmortem import Postmortem
from tests.unpack import commit, git, repository

PHASE = ".planning/phases/03-tolls"
ARCHIVED = ".planning/milestones/v1-phases/03-tolls"
# The first piece of work was rebased with a conflict, so its new commit was authored after the second one's, which
# was rebased right after it. Both were claimed by their old hashes, in a report that was committed before the rebase.
TASKS = {"aa11bb2": "axles.py: count what the sensor says", "bb22cc3": "sign.py: light it up"}


def _summary() -> str:
    sections = "".join(
        f"### Task {n}: {name} (commit {sha})\n\nDone.\n\n" for n, (sha, name) in enumerate(TASKS.items(), 1)
    )
    checked = "".join(f"- FOUND: {sha}\n" for sha in TASKS)
    return f"# Phase 3 Plan 01: Axle Counter Summary\n\n## Task Commits\n\n{sections}## Self-Check: PASSED\n\n{checked}"


@pytest.fixture
def phase(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    plan = "---\nphase: 03-tolls\nfiles_modified:\n  - src/axles.py\n  - src/sign.py\n---\n<objective>\nCount the axles of a lorry\n</objective>\n"
    commit(folder, "docs(03): plan", {f"{PHASE}/03-01-PLAN.md": plan}, authored="09:00")
    commit(folder, "docs(03-01): complete plan", {f"{PHASE}/03-01-SUMMARY.md": _summary()}, authored="10:20")
    commit(folder, "feat(03-01): rename the sensor's words", {"src/axles.py": "x = 1\n"}, authored="10:22")
    commit(folder, "feat(03-01): switch on at dusk", {"src/sign.py": "y = 1\n"}, authored="10:10", committed="10:22")
    return folder


def _move(folder: Path, source: str, target: str, at: str) -> None:
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    git(folder, "mv", source, target)
    commit(folder, f"chore: move to {target}", {}, authored=at)


def _twins(folder: Path, path: str) -> dict[str, set[str]]:
    """Return the subjects of the commits that each gone hash became, over all places where it is cited."""
    postmortem: Postmortem = analyze(Scope(path, folder))
    claims = [judged for judged in postmortem.claims if judged.claim.kind is ClaimKind.COMMIT]
    assert {judged.verdict for judged in claims} == {Verdict.REWRITTEN}
    assert {finding.code for finding in postmortem.findings} <= {"CLM007", "CLM010"}
    return {
        value: {
            git(folder, "log", "-1", "--format=%s", judged.twin or "")
            for judged in claims
            if judged.claim.value == value
        }
        for value in TASKS
    }


EXPECTED = {"aa11bb2": {"feat(03-01): rename the sensor's words"}, "bb22cc3": {"feat(03-01): switch on at dusk"}}


def test_before_the_move(phase: Path) -> None:
    assert _twins(phase, PHASE) == EXPECTED


def test_archived(phase: Path) -> None:
    _move(phase, PHASE, ARCHIVED, "11:00")
    assert _twins(phase, ARCHIVED) == EXPECTED


def test_archived_restored_and_archived_again(phase: Path) -> None:
    _move(phase, PHASE, ARCHIVED, "11:00")
    _move(phase, ARCHIVED, PHASE, "12:00")
    _move(phase, PHASE, ARCHIVED, "13:00")
    assert _twins(phase, ARCHIVED) == EXPECTED


def test_renamed(phase: Path) -> None:
    _move(phase, PHASE, ".planning/phases/03-motorway-tolls", "11:00")
    assert _twins(phase, ".planning/phases/03-motorway-tolls") == EXPECTED


def test_renamed_in_two_commits(phase: Path) -> None:
    """The folder is copied first, and deleted later."""
    texts = {f"{ARCHIVED}/{name}": (phase / PHASE / name).read_text() for name in ("03-01-PLAN.md", "03-01-SUMMARY.md")}
    commit(phase, "chore: archive", texts, authored="11:00")
    git(phase, "rm", "-q", "-r", PHASE)
    commit(phase, "chore: tidy up", {}, authored="11:10")
    assert _twins(phase, ARCHIVED) == EXPECTED


def test_a_plan_that_reuses_the_folder_is_another_plan(phase: Path) -> None:
    _move(phase, PHASE, ARCHIVED, "11:00")
    again = {f"{PHASE}/03-01-PLAN.md": "---\nphase: 03-tolls\n---\n<objective>\nPaint the booth\n</objective>\n"}
    commit(phase, "docs(03): plan the next milestone", again, authored="20:00")
    assert _twins(phase, ARCHIVED) == EXPECTED


def test_step_reports_of_a_renamed_plan(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    steps = {"plans/tolls/runbook.md": "# Tolls\n", "plans/tolls/steps/step-1-1.md": "# Cycle 1.1: Count axles\n"}
    commit(folder, "Plan", steps, authored="09:00")
    report = "# Cycle 1.1: Count axles\n\n**Status:** GREEN_VERIFIED\n\n- Commit: `aa11bb2`\n"
    files = {"src/axles.py": "x = 1\n", "plans/tolls/notes.md": "Axles.\n"}
    commit(folder, "Cycle 1.1: Count axles", files, authored="10:00", committed="10:40")
    commit(folder, "Report", {"plans/tolls/reports/step-1-1-execution.md": report}, authored="10:30", committed="10:40")
    _move(folder, "plans/tolls", "plans/motorway", "20:00")
    postmortem = analyze(Scope("plans/motorway", folder))
    assert [(step.id, step.verdict) for step in postmortem.steps] == [("1.1", "sound")]
    assert {finding.code for finding in postmortem.findings} <= {"CLM007", "CLM010"}
