"""Claimed commits that are gone, in real repositories: each with a twin of its own, or with a reason why it cannot be told."""

from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.model.claim import ClaimKind, Confidence, JudgedClaim, Verdict
from forensics.model.finding import Severity
from forensics.model.postmortem import Postmortem
from tests.unpack import commit, git, repository

PHASE = ".planning/phases/03-tolls"
SUMMARY = f"{PHASE}/03-01-SUMMARY.md"
PLAN = "---\nphase: 03-tolls\nfiles_modified:\n  - src/axles.py\n---\n<objective>\nCount the axles of a lorry\n</objective>\n"
GONE = "aa11bb2"


def _summary(*commits: tuple[str, str]) -> str:
    rows = "".join(f"- [x] {sha} — {subject}\n" for sha, subject in commits)
    return f"# Phase 3 Plan 01: Axle Counter Summary\n\n## Self-Check: PASSED\n\n### Commits\n\n{rows}"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(folder, "docs(03): plan", {f"{PHASE}/03-01-PLAN.md": PLAN}, authored="09:00")
    return folder


def _run(folder: Path) -> tuple[Postmortem, dict[str, JudgedClaim]]:
    postmortem = analyze(Scope(PHASE, folder))
    return postmortem, {
        judged.claim.value: judged for judged in postmortem.claims if judged.claim.kind is ClaimKind.COMMIT
    }


def test_the_very_words_come_before_similar_ones(base: Path) -> None:
    """Two of the step's commits say nearly the same; each is the twin of the hash with its own words."""
    first, second = (
        "feat(03-01): create scaffolds to test axles",
        "feat(03-01): create scaffolds to test axles and signs",
    )
    for place, subject in enumerate((first, second)):
        commit(base, subject, {"src/axles.py": f"x = {place}\n"}, authored=f"10:0{place}", committed="11:00")
    commit(base, "docs(03-01): complete", {SUMMARY: _summary((GONE, first), ("bb22cc3", second))}, authored="12:00")
    _, claims = _run(base)
    subjects = {value: git(base, "log", "-1", "--format=%s", judged.twin or "") for value, judged in claims.items()}
    assert subjects == {GONE: first, "bb22cc3": second}


@pytest.mark.parametrize("rebased", [True, False])
def test_a_commit_that_a_rebase_may_have_dropped_is_a_question(base: Path, rebased: bool) -> None:
    """What restores deleted files is empty after a rebase that keeps them, and a rebase drops empty commits."""
    work = "feat(03-01): count the axles"
    commit(base, work, {"src/axles.py": "x = 1\n"}, authored="10:00", committed="11:00")
    text = {SUMMARY: _summary((GONE, work), ("bb22cc3", "chore(03-01): restore the plan's files"))}
    commit(base, "docs(03-01): complete", text, authored="10:20", committed="11:00" if rebased else "10:20")
    postmortem, claims = _run(base)
    assert {value: judged.verdict for value, judged in claims.items()} == {
        GONE: Verdict.REWRITTEN,
        "bb22cc3": Verdict.MISSING,
    }
    (severity,) = [finding.severity for finding in postmortem.findings if finding.code == "CLM001"]
    assert severity is (Severity.MEDIUM if rebased else Severity.CRITICAL)


def test_a_cherry_pick_names_what_it_was_picked_from(base: Path) -> None:
    picked = commit(
        base, f"Something\n\n(cherry picked from commit {GONE.ljust(40, '0')})", {"src/axles.py": "x = 1\n"}
    )
    commit(base, "docs(03-01): complete", {SUMMARY: _summary((GONE, "count the axles"))}, authored="12:00")
    judged = _run(base)[1][GONE]
    assert (judged.verdict, judged.confidence, judged.twin) == (Verdict.REWRITTEN, Confidence.CERTAIN, picked)


def test_a_commit_that_was_reverted_did_exist(base: Path) -> None:
    commit(base, f'Revert "Count"\n\nThis reverts commit {GONE.ljust(40, "0")}.', {"README": "Tolls\n"})
    commit(base, "docs: describe the booth", {"booth.md": "A booth.\n"}, authored="11:00")
    commit(base, "docs(03-01): complete", {SUMMARY: _summary((GONE, "count the axles"))}, authored="12:00")
    judged = _run(base)[1][GONE]
    assert (judged.verdict, judged.confidence) == (Verdict.MISSING, Confidence.POSSIBLE)
    assert "so it existed" in judged.reason


def test_a_history_that_begins_with_the_report_has_nothing_before_it(tmp_path: Path) -> None:
    """The project was published as one commit, with the plans of its earlier life in it."""
    folder = repository(tmp_path / "repository")
    files = {f"{PHASE}/03-01-PLAN.md": PLAN, SUMMARY: _summary((GONE, "count the axles"))}
    commit(folder, "Initial commit", files)
    commit(folder, "Go on", {"src/axles.py": "x = 1\n"}, authored="11:00")
    postmortem, claims = _run(folder)
    assert claims[GONE].verdict is Verdict.UNTESTABLE
    assert "CLM001" not in {finding.code for finding in postmortem.findings}


def test_amended_commits_are_no_rewritten_history(base: Path) -> None:
    """Six commits were amended one by one; that says nothing about a seventh hash."""
    names = [f"open the {gate} gate" for gate in ("north", "south", "east", "west", "upper", "lower")]
    for place, name in enumerate(names):
        times = {"authored": f"10:{place}0", "committed": f"10:{place}5"}
        commit(base, f"feat(03-01): {name}", {"src/axles.py": f"x = {place}\n"}, **times)
    hashes = [(f"{place}a11bb2", f"feat(03-01): {name}") for place, name in enumerate(names)]
    text = {SUMMARY: _summary(*hashes, ("bb22cc3", "feat(03-01): close them"))}
    commit(base, "docs(03-01): complete", text, authored="12:00")
    postmortem, claims = _run(base)
    assert claims["bb22cc3"].verdict is Verdict.MISSING
    codes = {finding.code: finding.severity for finding in postmortem.findings}
    assert codes["CLM001"] is Severity.CRITICAL
    assert "HIS003" not in codes


@pytest.mark.parametrize("phases", [1, 2])
def test_a_filtered_history_shows_in_the_hashes_of_several_plans(base: Path, phases: int) -> None:
    """A filter keeps all times; hashes that one plan cites wrongly may be its orchestrator's mistake."""
    names = [f"open the {gate} gate" for gate in ("north", "south", "east", "west", "upper", "lower")]
    hashes = [(f"{place}a11bb2", f"feat: {name}") for place, name in enumerate(names)]
    for place, name in enumerate(names):
        commit(base, f"feat: {name}", {"src/axles.py": f"x = {place}\n"}, authored=f"10:{place}0")
    other = {f".planning/phases/02-gates/02-0{n}-SUMMARY.md": _summary(hashes[0]) for n in range(1, phases)}
    text = {SUMMARY: _summary(*hashes[phases - 1 :], ("bb22cc3", "feat(03-01): close them"))}
    commit(base, "docs(03-01): complete", text | other, authored="12:00")
    postmortem, claims = _run(base)
    assert claims["bb22cc3"].verdict is Verdict.MISSING
    assert ("HIS003" in {finding.code for finding in postmortem.findings}) is (phases == 2)


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        (("tests/test_axles.py", "src/axles.py"), Verdict.REWRITTEN),
        (("src/axles.py",), Verdict.MISSING),
        (("tests/test_axles.py",), Verdict.MISSING),
    ],
)
def test_a_red_commit_may_be_in_the_green_one_that_adds_its_test(
    files: tuple[str, ...], verdict: Verdict, tmp_path: Path
) -> None:
    """Git shows the same whether the RED commit was squashed into the GREEN one or never made; the test is there."""
    folder = repository(tmp_path / "repository")
    plan = {"plans/tolls/runbook.md": "# Tolls\n", "plans/tolls/steps/step-1-1.md": "# Cycle 1.1: Count axles\n"}
    commit(folder, "Plan", plan, authored="09:00")
    green = commit(folder, "Make it pass", dict.fromkeys(files, "x = 1\n"), authored="10:00")[:7]
    text = (
        f"# Cycle 1.1: Count axles\n\n**Status:** GREEN_VERIFIED\n\n- RED commit: `{GONE}`\n- GREEN commit: `{green}`\n"
    )
    commit(folder, "Report", {"plans/tolls/reports/step-1-1-execution.md": text}, authored="10:10")
    claims = {judged.claim.value: judged for judged in analyze(Scope("plans/tolls", folder)).claims}
    assert claims[green].verdict is Verdict.CONFIRMED
    assert claims[GONE].verdict is verdict
    assert claims[GONE].confidence is (Confidence.POSSIBLE if verdict is Verdict.REWRITTEN else Confidence.LIKELY)


TASKS = (
    ("Count axles", "aa11bb2 (test), bb22cc3 (feat)", "src/axles.py"),
    ("Light the sign", "cc33dd4", "src/sign.py, docs/sign.md"),
)
SQUASHED = ("aa11bb2", "bb22cc3", "cc33dd4")


def _table(*tasks: tuple[str, str, str]) -> str:
    rows = "".join(f"| {n} | {name} | {commits} | {files} |\n" for n, (name, commits, files) in enumerate(tasks, 1))
    head = "| Task | Name | Commit | Files |\n|---|---|---|---|\n"
    return f"# Phase 3 Plan 01: Axle Counter Summary\n\n## Tasks Completed\n\n{head}{rows}"


def test_a_squash_stands_for_all_hashes_whose_files_it_adds(base: Path) -> None:
    files = {"src/axles.py": "x = 1\n", "src/sign.py": "y = 1\n", "docs/sign.md": "Sign\n"}
    squash = commit(base, "feat(03-01): axles and sign", files, authored="10:00")
    invented = ("Print a receipt", "dd44ee5", "src/receipt.py")
    commit(base, "docs(03-01): complete", {SUMMARY: _table(*TASKS, invented)}, authored="10:20")
    _, claims = _run(base)
    assert {value: (judged.verdict, judged.twin) for value, judged in claims.items()} == {
        **dict.fromkeys(SQUASHED, (Verdict.REWRITTEN, squash)),
        "dd44ee5": (Verdict.MISSING, None),
    }


def test_a_commit_that_the_report_names_itself_is_no_squash(base: Path) -> None:
    """An invented hash beside the real one has the same files."""
    real = commit(base, "feat(03-01): count axles", {"src/axles.py": "x = 1\n"}, authored="10:00")
    text = _table(("Count axles", f"aa11bb2 (test), {real[:7]} (feat)", "src/axles.py"))
    commit(base, "docs(03-01): complete", {SUMMARY: text}, authored="10:20")
    _, claims = _run(base)
    assert claims["aa11bb2"].verdict is Verdict.MISSING


def test_a_commit_is_not_what_became_of_the_one_on_top_of_it(base: Path) -> None:
    """A script commits twice within a second, to one file; the second commit is then reset away."""
    commit(base, "feat(03-01): count the axles", {"src/axles.py": "x = 1\n"}, authored="10:00")
    lost = commit(base, "feat(03-01): count the trailers", {"src/axles.py": "x = 2\n"}, authored="10:00")
    git(base, "reset", "-q", "--hard", "HEAD~1")
    commit(base, "docs(03-01): complete", {SUMMARY: _summary((lost[:7], "count the trailers"))}, authored="12:00")
    _, claims = _run(base)
    assert claims[lost[:7]].verdict is Verdict.UNREACHABLE
