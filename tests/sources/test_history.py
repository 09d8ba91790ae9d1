"""Real git: what is found, what is not, and that nothing is written or run."""

import hashlib
from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.errors import NothingToExamine, UsageError
from forensics.model.claim import Verdict
from forensics.model.postmortem import Postmortem
from forensics.sources.repository import Repository
from tests.unpack import commit, git, repository

PLAN = "plans/run"
RUNBOOK = "# R\n\n## Cycle 1.1: Read the file\n\n- File: src/read.py\n\n## Cycle 1.2: Write the page\n"


def _report(step: str, value: str, title: str = "Read the file", more: str = "") -> dict[str, str]:
    name = f"{PLAN}/reports/step-{step.replace('.', '-')}-execution.md"
    return {
        name: f"# Cycle {step}: {title}\n\n**Status:** GREEN_VERIFIED\n\n## Commits\n\n- `{value}`{more}\n\n## Files Modified\n\n- src/read.py\n"
    }


def _run(folder: Path, **options: object) -> Postmortem:
    return analyze(Scope(PLAN, folder, **options))  # type: ignore[arg-type]


def _verdict(postmortem: Postmortem, value: str) -> Verdict:
    return next(one.verdict for one in postmortem.claims if one.claim.value == value)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "repository")
    commit(folder, "Plan", {f"{PLAN}/runbook.md": RUNBOOK}, authored="09:00")
    return folder


def test_confirmed_on_the_branch(base: Path) -> None:
    sha = commit(base, "Cycle 1.1: Read the file", {"src/read.py": "x = 1\n"})
    commit(base, "Report", _report("1.1", sha[:7]), authored="10:05")
    postmortem = _run(base)
    assert _verdict(postmortem, sha[:7]) is Verdict.CONFIRMED
    assert postmortem.findings == ()
    assert postmortem.run.branch == "main"


def test_an_amended_commit_is_still_there_but_unreachable(base: Path) -> None:
    commit(base, "WIP: Cycle 1.1", {"src/read.py": "x = 1\n"})
    old = git(base, "rev-parse", "HEAD")
    git(
        base,
        "commit",
        "-q",
        "--amend",
        "-m",
        "Cycle 1.1: Read the file",
        env={"GIT_COMMITTER_DATE": "2026-03-04T10:20:00+00:00"},
    )
    commit(base, "Report", _report("1.1", old[:7]), authored="10:30")
    postmortem = _run(base)
    assert _verdict(postmortem, old[:7]) is Verdict.REWRITTEN
    git(base, "reflog", "expire", "--expire=now", "--all")
    git(base, "gc", "-q", "--prune=now")
    judged = next(one for one in _run(base).claims if one.claim.value == old[:7])
    assert judged.verdict is Verdict.REWRITTEN
    assert judged.twin == git(base, "rev-parse", "HEAD^")


def test_on_another_branch_and_dangling(base: Path) -> None:
    git(base, "switch", "-q", "-c", "agent")
    sha = commit(base, "Cycle 1.1: Read the file", {"src/read.py": "x = 1\n"})
    git(base, "switch", "-q", "main")
    commit(base, "Report", _report("1.1", sha[:7]), authored="10:05")
    judged = next(one for one in _run(base).claims if one.claim.value == sha[:7])
    assert judged.verdict is Verdict.ELSEWHERE
    assert "`refs/heads/agent`" in judged.reason
    git(base, "branch", "-q", "-D", "agent")
    found = _run(base)
    assert _verdict(found, sha[:7]) is Verdict.UNREACHABLE
    assert any(command.line == f"git branch rescued-{sha[:7]} {sha}" for command in found.recovery.commands)


def test_a_tree_is_no_commit(base: Path) -> None:
    commit(base, "Cycle 1.1: Read the file", {"src/read.py": "x = 1\n"})
    tree = git(base, "rev-parse", "HEAD^{tree}")
    commit(base, "Report", _report("1.1", tree), authored="10:05")
    assert _verdict(_run(base), tree) is Verdict.NOT_A_COMMIT


def test_a_submodule_s_commit(base: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "tools")
    sha = commit(other, "Cycle 1.1: Read the file", {"read.sh": "true\n"})
    git(base, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), "tools")
    commit(base, "Add the tools", {}, authored="10:01")
    commit(base, "Report", _report("1.1", sha[:7]), authored="10:05")
    judged = next(one for one in _run(base).claims if one.claim.value == sha[:7])
    assert judged.verdict is Verdict.ELSEWHERE
    assert "submodule tools" in judged.reason
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(base), str(clone))
    recorded = next(one for one in _run(clone).claims if one.claim.value == sha[:7])
    # Whoever commits can record any id for a submodule that is not here.
    assert recorded.verdict is Verdict.UNTESTABLE
    assert "this history records it" in recorded.reason


def test_another_repository(base: Path, tmp_path: Path) -> None:
    other = repository(tmp_path / "elsewhere")
    sha = commit(other, "Cycle 1.1: Read the file", {"read.sh": "true\n"})
    commit(base, "Report", _report("1.1", sha[:7]) | {"src/read.py": "x\n"}, authored="10:05")
    assert _verdict(_run(base, also=(other,)), sha[:7]) is Verdict.ELSEWHERE


def test_a_revision_knows_only_what_was(base: Path) -> None:
    commit(base, "Report", _report("1.1", "f3050e2") | {"notes.txt": "x"}, authored="10:05")
    then = git(base, "rev-parse", "HEAD")
    commit(base, "Start", {"src/read.py": "x = 0\n"}, authored="10:10")
    later = commit(base, "Cycle 1.1: Read the file", {"src/read.py": "x = 1\n"}, authored="11:00")
    assert _verdict(_run(base), "f3050e2") is Verdict.REDONE
    seen = _run(base, at=then)
    assert _verdict(seen, "f3050e2") in {Verdict.MISSING, Verdict.UNTESTABLE}
    assert seen.run.head == then
    assert later not in {sha for step in seen.steps for sha in step.commits}


def test_a_deleted_plan_is_found_in_history(base: Path) -> None:
    git(base, "rm", "-q", "-r", PLAN)
    gone = commit(base, "Archive", {}, authored="12:00")
    with pytest.raises(NothingToExamine, match=rf"--at {gone[:10]}\^"):
        _run(base)
    assert len(_run(base, at=f"{gone[:10]}^").steps) == 2


def test_a_bare_repository(base: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(base), str(bare))
    with pytest.raises(NothingToExamine, match="--at REV"):
        _run(bare)
    assert len(_run(bare, at="main").steps) == 2


def test_a_shallow_clone_whose_history_begins_after_the_plan(base: Path, tmp_path: Path) -> None:
    commit(base, "Cycle 1.1: Read the file", {"src/read.py": "x = 1\n"})
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{base}", str(shallow))
    with pytest.raises(NothingToExamine, match="unshallow"):
        _run(shallow)


def test_a_linked_worktree_and_a_detached_head(base: Path, tmp_path: Path) -> None:
    git(base, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    postmortem = _run(tmp_path / "tree")
    assert postmortem.run.branch is None
    assert len(postmortem.steps) == 2


def test_a_repository_of_sha256(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main", "--object-format=sha256")
    commit(folder, "Plan", {f"{PLAN}/runbook.md": RUNBOOK}, authored="09:00")
    sha = commit(folder, "Cycle 1.1: Read the file", {"src/read.py": "x = 1\n"})
    commit(folder, "Report", _report("1.1", sha), authored="10:05")
    assert _verdict(_run(folder), sha) is Verdict.CONFIRMED


@pytest.mark.parametrize(
    ("plan", "options", "error"),
    [
        ("plans/none", {}, NothingToExamine),
        ("src", {}, NothingToExamine),
        (PLAN, {"at": "no-such-revision"}, UsageError),
        (PLAN, {"at": "--output=x"}, UsageError),
        ("../..", {}, (UsageError, NothingToExamine)),
        (PLAN, {"also": (Path("nowhere"),)}, UsageError),
    ],
)
def test_errors_are_sentences(base: Path, plan: str, options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        analyze(Scope(plan, base, **options))  # type: ignore[arg-type]
    assert str(caught.value).endswith((".", "^", "…"))


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    with pytest.raises(NothingToExamine, match="No git repository"):
        _run(tmp_path)
    empty = repository(tmp_path / "empty")
    with pytest.raises(NothingToExamine, match="has no commits"):
        _run(empty)


def _fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): f"{path.stat().st_mtime_ns} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted((folder / ".git").rglob("*")) if path.is_file()
    }  # fmt: skip


def test_nothing_is_written_into_the_repository(base: Path) -> None:
    commit(base, "Report", _report("1.1", "f3050e2"), authored="10:05")
    (base / "src").mkdir(exist_ok=True)
    (base / PLAN / "runbook.md").touch()
    before = _fingerprint(base)
    _run(base)
    assert _fingerprint(base) == before


def test_one_batch_call_for_any_number_of_hashes(base: Path) -> None:
    opened = Repository.discover(base)
    head = git(base, "rev-parse", "HEAD")
    answers = opened.check([f"{number:07x}" for number in range(5000)] + [head[:9], "not hex", "-h", "", "G" * 8])
    assert answers[head[:9]] == ("commit", head)
    assert "not hex" not in answers
    assert "-h" not in answers
    assert len(answers) == 5001
