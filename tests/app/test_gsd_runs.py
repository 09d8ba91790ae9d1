"""GSD phases in real repositories: squashed, rewritten, repaired later, in another plan's commit."""

from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.verify import verify
from forensics.model.claim import Confidence, Verdict
from forensics.model.finding import Severity
from forensics.model.postmortem import Postmortem
from tests.unpack import commit, git, repository

PHASE = ".planning/phases/03-tolls"


def plan_text(wave: int = 1, file: str = "src/axles.py") -> str:
    return f"---\nphase: 03-tolls\nwave: {wave}\nfiles_modified:\n  - {file}\n---\n<objective>\nCount the axles of a lorry\n</objective>\n"


def summary_text(*commits: tuple[str, str], file: str = "src/axles.py") -> str:
    listed = "".join(f"{n}. **Task {n}: {name}** - `{sha}` (feat)\n" for n, (name, sha) in enumerate(commits, start=1))
    return (
        f"---\nkey-files:\n  created:\n    - {file}\ncompleted: 2026-03-04\n---\n# Phase 3 Plan 01: Axle Counter Summary\n\n"
        f"## Task Commits\n\n{listed}\n## Self-Check: PASSED\n"
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(folder, "docs(03): create phase plan", {f"{PHASE}/03-01-PLAN.md": plan_text()}, authored="09:00")
    return folder


def run(folder: Path, path: str = PHASE) -> Postmortem:
    return analyze(Scope(path, folder))


def verdicts(postmortem: Postmortem) -> dict[str, Verdict]:
    return {one.claim.value: one.verdict for one in postmortem.claims if one.claim.kind == "commit"}


def codes(postmortem: Postmortem) -> set[str]:
    return {one.code for one in postmortem.findings}


def test_a_clean_phase(base: Path) -> None:
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})[:7]
    two = commit(base, "feat(03-01): count what it says", {"src/axles.py": "x = 2\n"}, authored="10:10")[:7]
    summary = {f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", one), ("Count", two))}
    commit(base, "docs(03-01): complete axle counter plan", summary, authored="10:20")
    postmortem = run(base)
    assert codes(postmortem) == set()
    assert [(step.id, step.verdict) for step in postmortem.steps] == [("3.1", "sound")]
    assert verify(Path(f"{PHASE}/03-01-SUMMARY.md"), base).findings == ()


def test_one_of_two_tasks_was_never_committed(base: Path) -> None:
    """The other task's commit, and the one that holds the summary, are no twins of it."""
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})[:7]
    summary = {f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", one), ("Light the sign", "bb41c07"))}
    commit(base, "docs(03-01): complete axle counter plan", summary, authored="10:20")
    postmortem = run(base)
    assert verdicts(postmortem) == {one: Verdict.CONFIRMED, "bb41c07": Verdict.MISSING}
    assert "CLM001" in codes(postmortem)


def test_rebased_tasks_are_found_by_their_names(base: Path) -> None:
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})
    two = commit(base, "feat(03-01): count what it says", {"src/axles.py": "x = 2\n"}, authored="10:10")
    names = (("Count what it says", "70e05c6"), ("Read the sensor", "81f16d7"))
    commit(base, "docs(03-01): complete plan", {f"{PHASE}/03-01-SUMMARY.md": summary_text(*names)}, authored="10:20")
    twins = {one.claim.value: one.twin for one in run(base).claims if one.claim.kind == "commit"}
    assert twins == {"70e05c6": two, "81f16d7": one}


def test_squashed_with_its_summary(base: Path) -> None:
    files = {"src/axles.py": "x = 1\n", f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", "70e05c6"))}
    commit(base, "Tolls (#7)", files)
    postmortem = run(base)
    (claim,) = [one for one in postmortem.claims if one.claim.kind == "commit"]
    assert (claim.verdict, claim.confidence) == (Verdict.REWRITTEN, Confidence.LIKELY)
    assert codes(postmortem) <= {"CLM007"}


def test_an_unreachable_commit_that_was_squashed_is_not_about_to_be_lost(base: Path) -> None:
    git(base, "switch", "-q", "-c", "work")
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})
    git(base, "switch", "-q", "main")
    git(base, "branch", "-q", "-D", "work")
    files = {"src/axles.py": "x = 2\n", f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", one[:7]))}
    commit(base, "Tolls (#7)", files)
    postmortem = run(base)
    assert verdicts(postmortem) == {one[:7]: Verdict.REWRITTEN}
    assert "CLM003" not in codes(postmortem)


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_rewrite_shows_in_the_other_phases(base: Path, rewritten: bool) -> None:
    """The phase before lives on under other hashes, so the one commit without a trace may have been dropped with them."""
    names = [f"Open the {gate} gate" for gate in ("north", "south", "east", "west", "upper", "lower")]
    for place, name in enumerate(names if rewritten else ["Start"]):
        commit(base, f"feat(02-01): {name}", {f"src/{place}.py": "x = 0\n"}, authored=f"09:0{place}", committed="11:00")
    gone = [(name, f"{place}0e05c{place}") for place, name in enumerate(names)]
    old = {".planning/phases/02-gates/02-01-SUMMARY.md": summary_text(*gone, file="src/0.py")}
    commit(base, "docs(02-01): complete plan", old, authored="09:10", committed="11:00")
    new = {f"{PHASE}/03-01-SUMMARY.md": summary_text(("A", "aa11bb2"), file="src/0.py")}
    commit(base, "docs(03-01): complete plan", new, authored="10:20", committed="11:00")
    postmortem = run(base)
    assert set(verdicts(postmortem).values()) == {Verdict.MISSING}
    severities = {finding.code: finding.severity for finding in postmortem.findings}
    assert severities == ({"CLM001": "medium", "HIS003": "medium"} if rewritten else {"CLM001": "critical"})


def test_a_commit_shared_by_two_plans_of_one_file_is_nobody_s_mistake(base: Path) -> None:
    """The summary names no file; the plan does, and the commit changes it."""
    commit(base, "docs(03): plan more", {f"{PHASE}/03-02-PLAN.md": plan_text(2)}, authored="09:05")
    one = commit(base, "feat(03-01): count the axles of a lorry", {"src/axles.py": "x = 1\n"})[:7]
    table = f"# Plan 03-02 Summary\n\n| # | Task | Commit |\n|---|---|---|\n| 1 | The other half | {one} |\n"
    commit(base, "docs(03-02): complete plan", {f"{PHASE}/03-02-SUMMARY.md": table}, authored="10:20")
    assert "CLM005" not in codes(run(base))


def test_an_archived_milestone(base: Path) -> None:
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})[:7]
    summary = {f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", one), ("Light", "bb41c07"))}
    commit(base, "docs(03-01): complete plan", summary, authored="10:20")
    git(base, "mv", PHASE, ".planning/old")
    (base / ".planning/milestones/v1").mkdir(parents=True)
    git(base, "mv", ".planning/old", ".planning/milestones/v1/03-tolls")
    commit(base, "chore: archive v1", {"src/unrelated.py": "y = 1\n"}, authored="11:00")
    assert verdicts(run(base, ".planning/milestones/v1/03-tolls"))["bb41c07"] is Verdict.MISSING


def test_a_phase_that_was_only_planned(base: Path) -> None:
    postmortem = run(base)
    assert [step.verdict for step in postmortem.steps] == ["not-started"]
    assert postmortem.findings == ()


def test_several_phases_have_to_be_named(base: Path) -> None:
    commit(base, "docs(04): plan", {".planning/phases/04-signs/04-01-PLAN.md": plan_text()}, authored="09:05")
    with pytest.raises(Exception, match="holds several plans"):
        run(base, ".planning/phases")


def test_what_only_the_check_of_the_phase_cites(base: Path) -> None:
    """A commit that it ties to a step is a claim about the step; one without a tie accuses nobody."""
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})[:7]
    summary = {f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", one))}
    commit(base, "docs(03-01): complete axle counter plan", summary, authored="10:20")
    seen = f"- {one} - feat(03-01): read the sensor\n- Commit `81f16d7` exists\n"
    commit(base, "docs(03): verify", {f"{PHASE}/03-VERIFICATION.md": f"# Phase 3\n\n{seen}"}, authored="10:30")
    postmortem = run(base)
    assert (verdicts(postmortem)["81f16d7"], codes(postmortem)) == (Verdict.MISSING, set())
    assert [(step.id, step.verdict) for step in postmortem.steps] == [("3.1", "sound")]
    tied = "- 92a07e8 - feat(03-01): light the sign\n"
    commit(base, "docs(03): verify", {f"{PHASE}/03-VERIFICATION.md": f"# Phase 3\n\n{seen}{tied}"}, authored="10:40")
    (finding,) = run(base).findings
    assert (finding.code, finding.severity, finding.steps) == ("CLM001", Severity.HIGH, ("3.1",))
    assert "by `.planning/phases/03-tolls/03-VERIFICATION.md`" in finding.message


def test_a_late_review_does_not_lengthen_the_run(base: Path) -> None:
    one = commit(base, "feat(03-01): read the sensor", {"src/axles.py": "x = 1\n"})[:7]
    summary = {f"{PHASE}/03-01-SUMMARY.md": summary_text(("Read the sensor", one))}
    commit(base, "docs(03-01): complete axle counter plan", summary, authored="10:20")
    for number in range(12):
        commit(base, f"chore: other work {number}", {f"src/other{number}.py": "x = 1\n"}, authored=f"11:{number:02}")
    fix = commit(base, "fix: a review's finding", {"src/axles.py": "x = 2\n"}, authored="12:00")[:7]
    review = f"# Phase 3\n\n## WR-01\n\n**Commit:** {fix}\n"
    commit(base, "docs(03): review", {f"{PHASE}/03-REVIEW-FIX.md": review}, authored="12:10")
    postmortem = run(base)
    assert verdicts(postmortem)[fix] is Verdict.CONFIRMED
    assert "could be tied" not in postmortem.verdict
