"""One real commit and an invented hash beside it, in every dialect: the real commit cannot vouch for both."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.cli.commands import app
from forensics.model.claim import Verdict
from forensics.model.finding import Severity
from forensics.model.postmortem import Postmortem
from tests.unpack import commit, repository

INVENTED = "aa11bb2"
WORK = {"src/axles.py": "x = 1\n"}
TRACK = "conductor/tracks/tolls_20260304"
LEDGER = ".superpowers/sdd/progress.md"
PHASE = ".planning/phases/03-tolls"
STEPS = "plans/tolls"
Run = tuple[Path, str]


def _work(folder: Path, subject: str, then: str = "", **times: str) -> str:
    """Commit the first piece of work, and the second one, if it has a subject; return the first one's hash."""
    real = commit(folder, subject, WORK, authored="10:01", **times)[:7]
    if then:
        commit(folder, then, {"src/sign.py": "y = 1\n"}, authored="10:05", committed="11:05")
    return real


def _track(first: str, second: str) -> str:
    return f"# Plan: Tolls\n\n## Phase 1: Axles\n- {first} Task: Count {{}}\n- {second} Task: Sign {{}}\n"


def _conductor(folder: Path, subject: str, **times: str) -> Run:
    """One commit ticks two tasks."""
    commit(folder, "chore(conductor): Add new track", {f"{TRACK}/plan.md": _track("[ ]", "[ ]").format("", "")})
    real = _work(folder, subject, **times)
    text = _track("[x]", "[x]").format(real, INVENTED)
    commit(folder, "conductor(plan): Mark tasks as complete", {f"{TRACK}/plan.md": text}, authored="12:02")
    return folder, TRACK


def _ledger_text(first: str, second: str) -> str:
    tasks = f"Task 1: complete (commit {first}, clean)\nTask 2: complete (commit {second}, clean)\n"
    return f"# SDD ledger — plan: docs/plans/tolls.md\n\n{tasks}"


def _ledger(folder: Path, subject: str, **times: str) -> Run:
    plan = "# Tolls\n\n### Task 1: Count axles\n\n### Task 2: Light the sign\n"
    commit(folder, "Plan", {"docs/plans/tolls.md": plan})
    real = _work(folder, subject, **times)
    commit(folder, "Progress", {LEDGER: _ledger_text(real, INVENTED)}, authored="12:02")
    return folder, ".superpowers/sdd"


def _ledger_in_the_work_tree(folder: Path, subject: str, **times: str) -> Run:
    _, path = _ledger(folder, subject, **times)
    text = (folder / LEDGER).read_text(encoding="utf-8")
    (folder / LEDGER).unlink()
    commit(folder, "Leave the ledger out", {}, authored="12:03")
    (folder / LEDGER).parent.mkdir(parents=True, exist_ok=True)
    (folder / LEDGER).write_text(text, encoding="utf-8")
    return folder, path


def _summary(number: int, sha: str) -> str:
    return (
        f"---\nkey-files:\n  created:\n    - src/axles.py\n---\n# Phase 3 Plan 0{number}: Summary\n\n"
        f"## Task Commits\n\n1. **Task 1: Light the sign** - `{sha}` (feat)\n"
    )


def _gsd(folder: Path, subject: str, **times: str) -> Run:
    plan = "---\nphase: 03-tolls\nfiles_modified:\n  - src/axles.py\n---\n<objective>\nCount the axles\n</objective>\n"
    commit(folder, "docs(03): plan", {f"{PHASE}/03-01-PLAN.md": plan, f"{PHASE}/03-02-PLAN.md": plan})
    real = _work(folder, subject, **times)
    texts = {f"{PHASE}/03-01-SUMMARY.md": _summary(1, real), f"{PHASE}/03-02-SUMMARY.md": _summary(2, INVENTED)}
    commit(folder, "docs(03): complete plans", texts, authored="12:02")
    return folder, PHASE


def _report(step: str, *hashes: str) -> str:
    listed = "".join(f"- Commit: `{sha}`\n" for sha in hashes)
    return f"# Cycle {step}: x y z\n\n**Status:** GREEN_VERIFIED\n\n{listed}\n## Files Modified\n- src/axles.py\n"


def _planned(folder: Path) -> None:
    texts = {f"{STEPS}/steps/step-1-{n}.md": f"# Cycle 1.{n}: Part number {n}\n" for n in (1, 2)}
    commit(folder, "Plan", {f"{STEPS}/runbook.md": "# Tolls\n", **texts})


def _step_reports(folder: Path, subject: str, **times: str) -> Run:
    _planned(folder)
    real = _work(folder, subject, **times)
    texts = {
        f"{STEPS}/reports/step-1-1-execution.md": _report("1.1", real),
        f"{STEPS}/reports/step-1-2-execution.md": _report("1.2", INVENTED),
    }
    commit(folder, "Reports", texts, authored="12:02")
    return folder, STEPS


def _one_report(folder: Path, subject: str, **times: str) -> Run:
    _planned(folder)
    real = _work(folder, subject, **times)
    text = {f"{STEPS}/reports/step-1-1-execution.md": _report("1.1", real, INVENTED)}
    commit(folder, "Reports", text, authored="12:02")
    return folder, STEPS


DIALECTS = [_conductor, _ledger, _ledger_in_the_work_tree, _gsd, _step_reports]
SUBJECTS = ["feat(axles): Count", "feat: Count axles and light the sign", "Cycle 1.1: Part number 1", "Light the sign"]


def _examine(run: Run) -> tuple[Postmortem, dict[str, Verdict]]:
    postmortem = analyze(Scope(run[1], run[0]))
    return postmortem, {found.claim.value: found.verdict for found in postmortem.claims if found.claim.kind == "commit"}


def _assert_accused(postmortem: Postmortem, verdicts: dict[str, Verdict]) -> None:
    assert verdicts[INVENTED] is Verdict.MISSING
    accused = [finding.severity for finding in postmortem.findings if finding.code == "CLM001"]
    assert accused == [Severity.CRITICAL]
    assert list(verdicts.values()).count(Verdict.CONFIRMED) == 1


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("times", [{}, {"committed": "11:00"}], ids=["plain", "rebased"])
@pytest.mark.parametrize("make", DIALECTS)
def test_an_invented_hash_beside_a_real_one_is_accused(
    make: Callable[..., Run], subject: str, times: dict[str, str], tmp_path: Path
) -> None:
    _assert_accused(*_examine(make(repository(tmp_path / "repository"), subject, **times)))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_invented_hash_in_the_report_of_a_real_one_is_accused(subject: str, tmp_path: Path) -> None:
    _assert_accused(*_examine(_one_report(repository(tmp_path / "repository"), subject)))


def test_the_exit_code_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, path = _conductor(repository(tmp_path / "repository"), SUBJECTS[0])
    monkeypatch.chdir(folder)
    assert CliRunner().invoke(app, ["analyze", path, "--fail-on", "high"]).exit_code == 1


def test_a_hash_from_before_an_amend_is_not_an_invention(tmp_path: Path) -> None:
    """The report names the commit before and after it was amended."""
    _, verdicts = _examine(_one_report(repository(tmp_path / "repository"), SUBJECTS[2], committed="11:00"))
    assert verdicts[INVENTED] is Verdict.REWRITTEN


@pytest.mark.parametrize(
    ("make", "then"),
    [
        (_conductor, "feat(axles): Sign it"),
        (_ledger, "Light the sign"),
        (_ledger_in_the_work_tree, "Light the sign"),
        (_gsd, "feat(03-02): light the sign"),
        (_step_reports, "Cycle 1.2: Part number 2"),
    ],
)
def test_work_that_was_rebased_is_found_beside_work_that_was_not(
    make: Callable[..., Run], then: str, tmp_path: Path
) -> None:
    postmortem, verdicts = _examine(make(repository(tmp_path / "repository"), "feat: Count", then=then))
    assert verdicts[INVENTED] is Verdict.REWRITTEN
    assert "CLM001" not in {finding.code for finding in postmortem.findings}


def test_one_commit_of_two_steps_may_be_both_reports_commit(tmp_path: Path) -> None:
    """Its subject names both steps: squashed after the second report was written, before the first one was."""
    _, verdicts = _examine(
        _step_reports(repository(tmp_path / "repository"), "Cycles 1.1 and 1.2: Parts number 1 and 2")
    )
    assert verdicts[INVENTED] is Verdict.REWRITTEN
