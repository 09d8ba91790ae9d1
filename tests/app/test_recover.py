"""The way back on real repositories: planned, tried, written as a script, and nothing of the user's touched."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.outputs import rendered
from forensics.app.recover import Test, ready, recover, write_script
from forensics.model.postmortem import Rescue
from forensics.model.recovery import Outcome
from forensics.render.documents.recovery import render_recovery_json
from forensics.render.recovery import render_recovery
from tests.formats.transcript_lines import assistant, call, result, user
from tests.unpack import commit, git, repository

PLAN = "plans/run"
TITLES = {"1.1": "Read the file", "1.2": "Write the page", "1.3": "Count the words"}
FILES = {"1.1": "src/read.py", "1.2": "src/write.py", "1.3": "src/count.py"}
RUNBOOK = "# R\n" + "".join(f"\n## Cycle {step}: {title}\n\n- File: {FILES[step]}\n" for step, title in TITLES.items())


def _report(step: str, sha: str, status: str = "GREEN_VERIFIED") -> dict[str, str]:
    name = f"{PLAN}/reports/step-{step.replace('.', '-')}-execution.md"
    said = f"# Cycle {step}: {TITLES[step]}\n\n**Status:** {status}\n\n## Commits\n\n- `{sha[:9]}`\n"
    return {name: f"{said}\n## Files Modified\n\n- {FILES[step]}\n"}


def _step(folder: Path, step: str, text: str = "x = 1\n", *, at: str = "10:00", subject: str = "") -> str:
    return commit(folder, subject or f"Cycle {step}: {TITLES[step]}", {FILES[step]: text}, authored=at)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Step 1.1 is on the branch; 1.2 lies on the branch `agent`, which started there."""
    folder = repository(tmp_path / "repository")
    commit(folder, "Plan", {f"{PLAN}/runbook.md": RUNBOOK}, authored="09:00")
    first = _step(folder, "1.1")
    git(folder, "switch", "-q", "-c", "agent")
    second = _step(folder, "1.2", at="10:10")
    git(folder, "switch", "-q", "main")
    commit(folder, "Reports", _report("1.1", first) | _report("1.2", second), authored="10:20")
    return folder


def _recover(folder: Path, command: str | None = None, seconds: int = 60, **options: Any) -> Rescue:
    test = Test(command, dict(os.environ), seconds) if command else None
    return recover(Scope(PLAN, folder, **options), test)


def _picks(rescue: Rescue) -> list[tuple[tuple[str, ...], Outcome | None]]:
    return [(one.steps, one.outcome) for one in rescue.recovery.picks]


def _everything(folder: Path) -> dict[str, str]:
    """Return every file's content and times, links unfollowed; reading times do not count."""
    return {
        path.relative_to(folder).as_posix(): f"{path.lstat().st_mtime_ns} {path.lstat().st_ctime_ns} {_digest(path)}"
        for path in sorted(folder.rglob("*"))
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""


def test_a_pick_applies_and_the_next_step_is_named(base: Path) -> None:
    rescue = _recover(base)
    assert _picks(rescue) == [(("1.2",), Outcome.APPLIED)]
    assert rescue.recovery.picks[0].source == "refs/heads/agent"
    assert rescue.recovery.resume_at == "1.3"
    assert [one.step for one in rescue.recovery.stays] == ["1.1"]
    assert "1 commit recovers step 1.2 (tried in a temporary work tree)." in rescue.recovery.note
    assert ready(rescue)


def test_the_postmortem_has_the_same_plan_untried(base: Path) -> None:
    postmortem = analyze(Scope(PLAN, base))
    plan = postmortem.recovery
    assert "\n1. `" in (text := rendered(postmortem, "md").partition("Pick onto")[2])
    assert "`Cycle 1.2: Write the page`: not tried (on `refs/heads/agent`; the step's report names it)." in text
    assert [(one.steps, one.outcome) for one in plan.picks] == [(("1.2",), None)]
    assert f"not tried; `forensics recover {PLAN}` tries it" in plan.note
    assert plan.resume_at == "1.3"


def test_a_conflict_is_named_and_the_following_picks_are_tried(base: Path) -> None:
    git(base, "switch", "-q", "agent")
    third = _step(base, "1.3", at="10:15")
    git(base, "switch", "-q", "main")
    commit(base, "Something else", {FILES["1.2"]: "y = 2\n"}, authored="10:30")
    rescue = _recover(base)
    assert _picks(rescue) == [(("1.2",), Outcome.CONFLICT), (("1.3",), Outcome.APPLIED)]
    assert rescue.recovery.picks[0].files == (FILES["1.2"],)
    assert rescue.recovery.resume_at == "1.2"
    assert not ready(rescue)
    line = next(one.line for one in rescue.recovery.commands if "cherry-pick" in one.line)
    assert line == f"git cherry-pick -x {third}"


def test_what_a_failed_pick_rests_on_is_named(base: Path) -> None:
    git(base, "switch", "-q", "agent")
    between = commit(base, "Prepare", {FILES["1.3"]: "prepared = 1\n"}, authored="10:12")
    _step(base, "1.3", "prepared = 2\n", at="10:15")
    git(base, "switch", "-q", "main")
    failed = _recover(base).recovery.failed[0]
    assert failed.steps == ("1.3",)
    assert f"`{between[:7]}` `Prepare`, earlier on that branch, changes the same files and is not picked" in failed.note


def test_the_run_s_paperwork_between_picks_comes_along(base: Path) -> None:
    git(base, "switch", "-q", "agent")
    log = f"{PLAN}/reports/execution-report.md"
    commit(base, "Log", {log: "# Log\n"}, authored="10:11")
    files = {FILES["1.3"]: "x = 1\n", log: "# Log\n\n1.3 done\n"}
    commit(base, "Cycle 1.3: Count the words", files, authored="10:15")
    git(base, "switch", "-q", "main")
    assert _picks(_recover(base)) == [
        (("1.2",), Outcome.APPLIED), ((), Outcome.APPLIED), (("1.3",), Outcome.APPLIED)
    ]  # fmt: skip


def test_what_is_there_already_is_said_to_be(base: Path) -> None:
    """It came as a part of something larger, so neither author time nor content is the same."""
    commit(base, "The page and more of it", {FILES["1.2"]: "x = 1\n"}, authored="10:30")
    commit(base, "More", {FILES["1.2"]: "w = 1\n\n\nx = 1\n\n\ny = 1\n"}, authored="10:31")
    git(base, "switch", "-q", "agent")
    commit(base, "Cycle 1.3: Count the words", {FILES["1.2"]: "x = 1\n\n\ny = 1\n"}, authored="10:15")
    git(base, "switch", "-q", "main")
    rescue = _recover(base)
    assert _picks(rescue) == [(("1.3",), Outcome.THERE_ALREADY)]
    assert ready(rescue)


@pytest.mark.parametrize("how", ["picked", "squashed", "amended"])
def test_what_lives_on_the_branch_under_another_hash_is_never_picked(base: Path, how: str) -> None:
    if how == "picked":
        git(base, "cherry-pick", "agent", env={"GIT_COMMITTER_DATE": "2026-03-04T11:00:00+00:00"})
    elif how == "squashed":
        files = {FILES["1.2"]: "x = 1\n", "src/more.py": "more = 1\n"}
        commit(base, "The page and more", files, authored="11:00")
    else:
        git(base, "cherry-pick", "-n", "agent")
        moments = {"GIT_AUTHOR_DATE": "2026-03-04T10:10:00+00:00", "GIT_COMMITTER_DATE": "2026-03-04T11:00:00+00:00"}
        (base / FILES["1.2"]).write_text("x = 1\ny = 1\n", encoding="utf-8")
        git(base, "commit", "-q", "-a", "-m", "Cycle 1.2: Write the page, whole", env=moments)
    plan = _recover(base).recovery
    assert plan.picks == ()
    assert [(one.steps, "its work is on the branch as" in one.why) for one in plan.left] == [(("1.2",), True)]


def test_a_step_that_was_done_again_is_not_picked(base: Path) -> None:
    _step(base, "1.2", "again = 1\n", at="11:00")
    plan = _recover(base).recovery
    assert plan.picks == ()
    assert "step 1.2 landed as" in plan.left[0].why


def test_a_stopped_step_is_looked_at_first(base: Path) -> None:
    sha = git(base, "rev-parse", "agent")
    commit(base, "Stopped", _report("1.2", sha, "STOP_CONDITION: unexpected"), authored="10:30")
    plan = _recover(base).recovery
    assert plan.picks == ()
    assert "stopped: check it before you pick it" in plan.left[0].why


def _forget(folder: Path, branch: str) -> None:
    git(folder, "branch", "-q", "-D", branch)
    git(folder, "reflog", "expire", "--expire=now", "--all")


def test_a_claimed_commit_that_nothing_reaches_is_picked_and_saved(base: Path) -> None:
    sha = git(base, "rev-parse", "agent")
    _forget(base, "agent")
    plan = _recover(base).recovery
    assert [(one.commit, one.source, one.outcome) for one in plan.picks] == [(sha, None, Outcome.APPLIED)]
    assert any(one.line == f"git branch rescued-{sha[:7]} {sha}" for one in plan.commands)


def test_a_commit_that_nobody_claims_and_nothing_reaches_is_found(base: Path) -> None:
    git(base, "switch", "-q", "-c", "other", "main")
    sha = _step(base, "1.3", at="10:25")
    git(base, "switch", "-q", "main")
    _forget(base, "other")
    assert sha in [one.commit for one in _recover(base).recovery.picks]
    assert sha not in [one.commit for one in analyze(Scope(PLAN, base)).recovery.picks]


def test_of_two_attempts_one_is_picked(base: Path) -> None:
    git(base, "switch", "-q", "-c", "again", "main~1")
    other = _step(base, "1.2", "other = 1\n", at="10:18")
    git(base, "switch", "-q", "main")
    plan = _recover(base).recovery
    assert [one.source for one in plan.picks] == ["refs/heads/agent"]
    assert [(one.commit, "another attempt" in one.why) for one in plan.left] == [(other, True)]


def test_a_commit_that_an_agent_made_is_found_by_its_transcript(base: Path, tmp_path: Path) -> None:
    git(base, "switch", "-q", "-c", "other", "main")
    sha = commit(base, "wip", {"src/words.py": "x = 1\n"}, authored="10:25")
    git(base, "switch", "-q", "main")
    _forget(base, "other")
    lines = [
        user(0, f"Execute {PLAN}/steps/step-1-3.md: Cycle 1.3", cwd=str(base)),
        assistant(1, call("t1", "Bash", command="git commit -m wip"), cwd=str(base), stop="tool_use"),
        result(2, "t1", f"[other {sha[:7]}] wip\n 1 file changed", cwd=str(base)),
        assistant(3, message="m2", cwd=str(base)),
    ]
    log = tmp_path / "agent-1.jsonl"
    log.write_bytes(b"".join(lines))
    found = {one.commit: one for one in _recover(base, transcripts=(str(log),)).recovery.picks}
    assert found[sha].outcome is Outcome.APPLIED
    assert "the step's agent made it (`" in found[sha].why
    assert sha in {one.commit for one in analyze(Scope(PLAN, base, transcripts=(str(log),))).recovery.picks}


def test_a_revision_s_plan_goes_onto_today_s_branch(base: Path) -> None:
    then = git(base, "rev-parse", "main")
    git(base, "cherry-pick", "agent", env={"GIT_COMMITTER_DATE": "2026-03-04T12:00:00+00:00"})
    assert _recover(base, at=then).recovery.picks == ()
    git(base, "reset", "-q", "--hard", then)
    today = commit(base, "Unrelated", {"README": "x\n"}, authored="12:00")
    plan = _recover(base, at=then).recovery
    assert (plan.onto, _picks(_recover(base, at=then))) == (today, [(("1.2",), Outcome.APPLIED)])


def test_nothing_to_recover(base: Path) -> None:
    git(base, "merge", "-q", "--no-edit", "agent")
    _step(base, "1.3", at="10:40")
    rescue = _recover(base)
    assert rescue.recovery.picks == ()
    assert "there is nothing to resume" in rescue.recovery.note
    assert ready(rescue)


@pytest.mark.parametrize(
    ("command", "code", "on_base"),
    [("test -f src/write.py", 0, None), ("test ! -f src/write.py", 1, 0), ("exit 7", 7, 7), ("sleep 60", None, None)],
)
def test_the_tests_run_on_the_picks(base: Path, command: str, code: int | None, on_base: int | None) -> None:
    rescue = _recover(base, command, seconds=1)
    assert rescue.recovery.test
    assert (rescue.recovery.test.code, rescue.recovery.test.on_base) == (code, on_base)
    assert ready(rescue) == (code == 0)
    assert command in render_recovery(rescue)


def test_a_failing_test_s_last_lines_are_shown_without_the_machine_s_paths(base: Path) -> None:
    result = _recover(base, "echo first; pwd; ls $PWD/src/write.py; printf '\\033[2J'; exit 1").recovery.test
    assert result
    assert result.output == ("first", ".", "src/write.py", "\\x1b[2J")


def test_no_process_of_the_tests_is_left(base: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    _recover(base, f"(sleep 2; touch {mark}) & exit 0")
    time.sleep(2.5)
    assert not mark.exists()


def test_nothing_of_the_user_s_is_touched(base: Path, tmp_path: Path) -> None:
    """Not even a time: git marks what it would write again in a borrowed object store as used."""
    mark = tmp_path / "ran"
    commit(base, "Attributes", {".gitattributes": "* filter=x merge=x\n"}, authored="10:30")
    git(base, "gc", "-q")
    for hook in ("post-checkout", "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-index-change",
                 "reference-transaction", "post-rewrite"):  # fmt: skip
        path = base / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
        path.chmod(0o755)
    names = ["core.fsmonitor", "filter.x.smudge", "filter.x.clean", "merge.x.driver", "core.sshCommand", "gpg.program"]
    for name in names:
        git(base, "config", name, f"touch {mark}")
    git(base, "config", "commit.gpgSign", "true")
    mark.unlink(missing_ok=True)
    (base / "untracked").write_text("x", encoding="utf-8")
    before = _everything(base)
    rescue = _recover(base, "git commit -q --allow-empty -m x; git gc -q; touch src/new.py; rm -rf src/read.py; true")
    assert rescue.recovery.test
    assert rescue.recovery.test.passed
    assert _everything(base) == before
    assert not mark.exists()


def test_it_works_without_an_identity(base: Path, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "EMAIL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "forensics", "recover", PLAN, "--format", "json"],
        cwd=base, env=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [one["outcome"] for one in json.loads(done.stdout)["picks"]] == ["applied"]


def _heed_signals() -> None:
    """A job in the background, or under nohup, ignores some; a user's shell does not."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_trial_leaves_nothing(base: Path, tmp_path: Path, number: signal.Signals) -> None:
    place, mark, late = tmp_path / "temporary", tmp_path / "running", tmp_path / "late"
    place.mkdir()
    command = f"chmod -w src; touch {mark}; sleep 3; touch {late}"
    process = subprocess.Popen(
        [sys.executable, "-m", "forensics", "recover", PLAN, "--test", command],
        cwd=base, env={**os.environ, "TMPDIR": str(place)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=_heed_signals,
    )  # fmt: skip
    for _ in range(300):
        if mark.exists():
            break
        time.sleep(0.1)
    assert list(place.iterdir())
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert b"Traceback" not in said
    assert list(place.iterdir()) == []
    time.sleep(3)
    assert not late.exists()


def test_a_killed_trial_is_removed_by_the_next(base: Path, tmp_path: Path) -> None:
    place, mark = tmp_path / "temporary", tmp_path / "running"
    theirs, new = place / "forensics-trial-theirs", place / "forensics-trial-new"
    for folder in (theirs, new):
        folder.mkdir(parents=True)
    (theirs / "work.txt").write_text("not ours", encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(place)}
    command = [sys.executable, "-m", "forensics", "recover", PLAN, "--test"]
    killed = subprocess.Popen([*command, f"chmod -w src; touch {mark}; sleep 60"], cwd=base, env=environment)
    for _ in range(300):
        if mark.exists():
            break
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    assert len(list(place.iterdir())) == 3
    before = git(base, "for-each-ref"), git(base, "worktree", "list")
    alive = "test $(ls -d $PWD/../../forensics-trial-* | wc -l) = 3"  # its own, and the two that are not leftovers
    done = subprocess.run([*command, alive], cwd=base, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert sorted(place.iterdir()) == [new, theirs]
    assert (git(base, "for-each-ref"), git(base, "worktree", "list")) == before


def test_a_trial_is_never_made_inside_the_repository(base: Path, tmp_path: Path) -> None:
    (base / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "forensics", "recover", PLAN, "--test", f"pwd > {tmp_path / 'where'}"],
        cwd=base, env={**os.environ, "TMPDIR": str(base / "tmp")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not Path((tmp_path / "where").read_text(encoding="utf-8")).is_relative_to(base)


def test_the_script_does_in_a_clone_what_the_trial_did(base: Path, tmp_path: Path) -> None:
    git(base, "switch", "-q", "agent")
    _step(base, "1.3", at="10:15", subject="Cycle 1.3: Count the words $(touch pwned) `touch pwned`\x07")
    git(base, "switch", "-q", "main")
    rescue = _recover(base)
    script = tmp_path / "recover.sh"
    assert write_script(rescue, script)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(base), str(clone))
    subprocess.run(["sh", str(script)], cwd=clone, check=True, capture_output=True, env={**os.environ, **_IDENTITY})
    assert git(clone, "rev-parse", "HEAD^{tree}") == rescue.recovery.tree
    assert git(clone, "branch", "--show-current") == "recover-run"
    assert not list(tmp_path.rglob("pwned"))


def test_the_script_fetches_a_pull_request_s_head(base: Path, tmp_path: Path) -> None:
    git(base, "update-ref", "refs/pull/7/head", "agent")
    git(base, "branch", "-q", "-D", "agent")
    script = tmp_path / "recover.sh"
    rescue = _recover(base)
    assert write_script(rescue, script)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-local", str(base), str(clone))
    subprocess.run(["sh", str(script)], cwd=clone, check=True, capture_output=True, env={**os.environ, **_IDENTITY})
    assert git(clone, "rev-parse", "HEAD^{tree}") == rescue.recovery.tree


_IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b.c",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b.c",
}


def test_a_file_that_is_no_script_of_ours_is_not_overwritten(base: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.sh"
    mine.write_text("#!/bin/sh\n", encoding="utf-8")
    link = tmp_path / "link.sh"
    link.symlink_to(mine)
    for path in (mine, link, tmp_path):
        done = _call(base, "--script", str(path))
        assert done.returncode == 2
        assert "was not written by forensics" in done.stderr
    assert mine.read_text(encoding="utf-8") == "#!/bin/sh\n"
    ours = tmp_path / "ours.sh"
    assert [_call(base, "--script", str(ours)).returncode for _ in range(2)] == [0, 0]


def _call(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "forensics", "recover", PLAN, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0), (["--test", "true"], 0), (["--test", "false"], 1), (["--test", " "], 2), (["--format", "md"], 2),
        (["--test-timeout", "0"], 2), (["--at", "nowhere"], 2), (["--help"], 0),
    ],
)  # fmt: skip
def test_exit_codes(base: Path, arguments: list[str], code: int) -> None:
    done = _call(base, *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_hostile_names_and_subjects(base: Path, tmp_path: Path) -> None:
    git(base, "switch", "-q", "-c", "a'$(touch${IFS}pwned)\"b")
    name = "src/'; touch pwned #\n\x1b[2J.py"
    commit(
        base, "Cycle 1.3: Count the words '\x1b[2J; touch pwned", {name: "x\n", FILES["1.3"]: "x\n"}, authored="10:15"
    )
    git(base, "switch", "-q", "main")
    commit(base, "In the way", {name: "y\n"}, authored="10:30")
    git(base, "branch", "-q", "-D", "agent")
    rescue = _recover(base)
    assert (("1.3",), Outcome.CONFLICT) in _picks(rescue)
    text, document = render_recovery(rescue), render_recovery_json(rescue)
    assert "\x1b" not in text
    assert json.loads(document)["schema"] == "forensics.recovery/1"
    script = tmp_path / "recover.sh"
    assert write_script(rescue, script)
    assert all(line.isprintable() for line in script.read_text(encoding="utf-8").splitlines())
    subprocess.run(["sh", str(script)], cwd=base, check=True, capture_output=True, env={**os.environ, **_IDENTITY})
    assert not list(tmp_path.rglob("pwned"))


def test_links_that_lead_out_of_the_tree(base: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (base / "src" / "out").symlink_to(outside)
    commit(base, "A link", {}, authored="10:30")
    git(base, "switch", "-q", "agent")
    files = {"src/out/words.py": "x\n", FILES["1.3"]: "x\n"}
    commit(base, "Cycle 1.3: Count the words", files, authored="10:15")
    git(base, "switch", "-q", "main")
    outcomes = dict(_picks(_recover(base)))
    assert outcomes[("1.2",)] is Outcome.APPLIED
    assert outcomes[("1.3",)] in {Outcome.CONFLICT, Outcome.REFUSED}
    assert list(outside.iterdir()) == []


def test_a_repository_of_sha256(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main", "--object-format=sha256")
    commit(folder, "Plan", {f"{PLAN}/runbook.md": RUNBOOK}, authored="09:00")
    git(folder, "switch", "-q", "-c", "agent")
    _step(folder, "1.1")
    git(folder, "switch", "-q", "main")
    assert _picks(_recover(folder)) == [(("1.1",), Outcome.APPLIED)]


def test_objects_that_are_missing_are_said_to_be(base: Path) -> None:
    blob = git(base, "rev-parse", "main:src/read.py")
    for path in (base / ".git" / "objects" / blob[:2]).glob(blob[2:]):
        path.chmod(0o644)
        path.unlink()
    rescue = _recover(base)
    assert "this could not be tried" in rescue.recovery.note
    assert not ready(rescue)


def test_nothing_is_changed_where_the_command_is_called(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name, git takes the folder it is run in for the work tree: `reset` and `clean` then act on that one."""
    here = tmp_path / "here"
    here.mkdir()
    (here / "kept.txt").write_text("mine\n")
    monkeypatch.chdir(here)
    assert _picks(_recover(base, "true")) == [(("1.2",), Outcome.APPLIED)]
    assert [path.name for path in here.iterdir()] == ["kept.txt"]
