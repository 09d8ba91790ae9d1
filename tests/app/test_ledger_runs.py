"""Ledgers in real repositories: ranges, plans that stand elsewhere, and hashes that are not there."""

from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.model.claim import Verdict
from tests.unpack import commit, git, repository

LEDGER = ".superpowers/sdd/progress.md"
PLAN = "# Tolls\n\n### Task 1: Count axles\n\n- Create: `src/axles.py`\n\n### Task 2: Light the sign\n\n### Task 3: Close the gate\n"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(folder, "Plan", {"docs/plans/tolls.md": PLAN}, authored="09:00")
    return folder


def _ledger(folder: Path, *lines: str, plan: str = "docs/plans/tolls.md") -> None:
    file = folder / LEDGER
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# SDD ledger — plan: {plan}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def test_all_of_a_range_is_the_task_s(base: Path) -> None:
    start = git(base, "rev-parse", "HEAD")[:7]
    commit(base, "count axles", {"src/axles.py": "x = 1\n"})
    one = commit(base, "review fix", {"src/axles.py": "x = 2\n"}, authored="10:05")[:7]
    commit(base, "sign", {"src/sign.py": "x = 1\n"}, authored="10:10")
    commit(base, "sign again", {"src/axles.py": "x = 3\n"}, authored="10:15")
    two = commit(base, "sign done", {"src/sign.py": "x = 2\n"}, authored="10:20")[:7]
    _ledger(
        base, f"Task 1: complete (commits {start}..{one}, clean)", f"Task 2: complete (commits {one}..{two}, clean)"
    )
    postmortem = analyze(Scope(".superpowers/sdd", base))
    assert postmortem.run.name == "tolls"
    assert [(step.id, step.verdict, len(step.commits)) for step in postmortem.steps] == [
        ("1", "sound", 2), ("2", "sound", 3), ("3", "not-started", 0),
    ]  # fmt: skip
    assert postmortem.findings == ()


def test_a_missing_head_is_accused_once_and_a_missing_base_is_not(base: Path) -> None:
    _ledger(
        base, "Task 1: complete (commits aaa1111..bbb2222, clean)", "Task 2: complete (commits bbb2222..ccc3333, clean)"
    )
    findings = analyze(Scope(LEDGER, base)).findings
    assert [(one.code, one.steps) for one in findings] == [("CLM001", ("1",)), ("CLM001", ("2",))]
    assert not any("aaa1111" in one.commits for one in findings)


def test_a_plan_of_another_machine_is_found_by_the_tail_of_its_path(base: Path) -> None:
    _ledger(base, "Task 1: complete", plan="/home/ada/work/tolls/docs/plans/tolls.md")
    assert [step.title for step in analyze(Scope(".superpowers/sdd", base)).steps][:1] == ["Count axles"]


@pytest.mark.parametrize("plan", ["docs/plans/none.md", "../outside.md", "/etc/none.md"])
def test_a_plan_that_is_not_here_is_a_gap(base: Path, plan: str) -> None:
    (base.parent / "outside.md").write_text("### Task 9: Not ours\n", encoding="utf-8")
    _ledger(base, "Task 1: complete", plan=plan)
    postmortem = analyze(Scope(".superpowers/sdd", base))
    assert any(gap.what.startswith("The plan `") and "is missing" in gap.what for gap in postmortem.gaps)
    assert [step.id for step in postmortem.steps] == ["1"]


def test_a_squashed_branch_is_told_as_such(base: Path) -> None:
    text = "# SDD ledger — plan: docs/plans/tolls.md\n\nTask 1: complete (commits aaa1111..bbb2222, clean)\n"
    commit(base, "Tolls (#7)", {LEDGER: text, "src/axles.py": "x = 1\n"})
    claims = analyze(Scope(".superpowers/sdd", base)).claims
    assert {one.verdict for one in claims if one.claim.role == "own"} == {Verdict.REWRITTEN}
