"""Lost commits rebuilt from transcripts on real repositories; the repository itself is never changed."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from forensics.app.evidence import Scope
from forensics.app.recover import Test, ready, recover, write_patches
from forensics.casework.attribution.sessions import Selection
from forensics.errors import UsageError
from forensics.model.postmortem import Rescue
from forensics.model.rebuilt import Offer, Sureness
from forensics.model.recovery import Outcome
from forensics.render.documents.recovery import render_recovery_json
from forensics.render.recovery import render_recovery
from tests.formats.transcript_lines import assistant, call, result
from tests.unpack import SAMPLES, commit, git, plan_of, repository, unpack

PLACE = "/home/ada/tally"
PLAN = "plans/run"
RUNBOOK = "# R\n\n## Cycle 1.1: Read\n\n- File: src/a.py\n\n## Cycle 1.2: Write\n\n- File: src/b.py\n"


class Session:
    """A session whose tool calls are done to a real repository too, and written down as a transcript."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, 0
        self.lines: list[bytes] = []

    def tool(self, name: str, told: Any = None, printed: str = "done", **said: Any) -> None:
        self.clock += 10
        stamp: dict[str, Any] = {"cwd": PLACE, "timestamp": self.now()}
        identity = f"t{self.clock}"
        self.lines.append(assistant(self.clock, call(identity, name, **said), message=identity, **stamp))
        self.lines.append(result(self.clock, identity, printed, told=told, **stamp))

    def now(self) -> str:
        return f"2026-03-04T10:{self.clock // 60:02d}:{self.clock % 60:02d}Z"

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(exist_ok=True)
        (self.folder / path).write_text(text)
        self.tool("Write", file_path=f"{PLACE}/{path}", content=text)

    def edit(self, path: str, old: str, new: str) -> None:
        before = (self.folder / path).read_text()
        (self.folder / path).write_text(before.replace(old, new, 1))
        told = {"filePath": path, "oldString": old, "newString": new, "originalFile": before}
        self.tool("Edit", told, file_path=f"{PLACE}/{path}", old_string=old, new_string=new)

    def bash(self, command: str, run: str | None = None) -> str:
        printed = git(self.folder, *(run or command).split()[1:], env=self._times()) if run != "" else ""
        self.tool("Bash", printed=printed, command=command)
        return printed

    def commit(self, message: str, *paths: str) -> str:
        git(self.folder, "add", *paths)
        self.clock += 10
        printed = git(self.folder, "commit", "-m", message, env=self._times())
        self.clock -= 10
        self.tool("Bash", printed=printed, command=f'git add {" ".join(paths)} && git commit -m "{message}"')
        return git(self.folder, "rev-parse", "HEAD")

    def _times(self) -> Mapping[str, str]:
        return {"GIT_AUTHOR_DATE": self.now(), "GIT_COMMITTER_DATE": self.now()}

    def written(self, path: Path) -> str:
        path.write_bytes(b"".join(self.lines))
        return str(path)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    folder = repository(tmp_path / "repository")
    commit(folder, "Plan", {f"{PLAN}/runbook.md": RUNBOOK, "src/a.py": "one\ntwo\n"}, authored="09:00")
    return Session(folder)


def _lose(session: Session, *, to: str = "HEAD~1") -> None:
    """Make the last commits vanish from the repository, as `gc` does some weeks after a reset."""
    git(session.folder, "reset", "--hard", "-q", to)
    git(session.folder, "reflog", "expire", "--expire=now", "--all")
    git(session.folder, "gc", "-q", "--prune=now")


def _recovered(session: Session, tmp_path: Path, test: str | None = None) -> Rescue:
    scope = Scope(PLAN, session.folder, transcripts=(session.written(tmp_path / "s.jsonl"),))
    return recover(scope, Test(test, dict(os.environ), 60) if test else None, from_transcripts=True)


def _only(rescue: Rescue) -> Offer:
    assert rescue.rebuilt is not None
    (offer,) = rescue.rebuilt
    return offer


def _sureness(offer: Offer) -> dict[str, Sureness]:
    return {file.path: file.sureness for file in offer.commit.files}


def test_a_commit_comes_out_with_the_same_id(session: Session, tmp_path: Path) -> None:
    """Nothing but the second is missing in the transcript, so the commit itself is proven, not only its files."""
    session.edit("src/a.py", "two", "three")
    session.write("src/b.py", "new\n")
    lost = session.commit("Cycle 1.1: Read", "src/a.py", "src/b.py")
    _lose(session)
    offer = _only(_recovered(session, tmp_path))
    assert offer.identical
    assert (offer.made, offer.outcome) == (lost, Outcome.APPLIED)
    assert _sureness(offer) == dict.fromkeys(("src/a.py", "src/b.py"), Sureness.EXACT)


def test_two_commits_follow_one_another(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.commit("Cycle 1.1: Read", "src/b.py")
    session.edit("src/b.py", "new", "newer")
    session.commit("Cycle 1.2: Write", "src")
    _lose(session, to="HEAD~2")
    rescue = _recovered(session, tmp_path)
    assert [(offer.identical, offer.outcome) for offer in rescue.rebuilt or ()] == [(True, Outcome.APPLIED)] * 2
    assert ready(rescue)


def test_what_is_still_there_is_not_rebuilt(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.commit("Cycle 1.1: Read", "src/b.py")
    git(session.folder, "commit", "-q", "--amend", "-m", "Cycle 1.1: Read it")
    rescue = _recovered(session, tmp_path)
    assert rescue.rebuilt == ()
    assert "the transcripts that were read show no commit that git lacks" in render_recovery(rescue)


def test_what_could_not_be_read_is_said(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.lines.append(b'{"type": "assistant", "message": {broken\n')
    text = render_recovery(_recovered(session, tmp_path))
    assert "Not examined" in text
    assert "could not be read" in text.partition("Not examined")[2]


def test_a_shell_edit_is_a_gap_and_says_so(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    (session.folder / "src/a.py").write_text("one\n2\n")
    session.bash("sed -i s/two/2/ src/a.py", run="")
    session.commit("Cycle 1.1: Read", "src/a.py", "src/b.py")
    _lose(session)
    rescue = _recovered(session, tmp_path)
    offer = _only(rescue)
    assert _sureness(offer) == {"src/a.py": Sureness.GAP, "src/b.py": Sureness.EXACT}
    assert offer.commit.sureness is Sureness.GAP
    assert not offer.identical
    assert "gap: `src/a.py`, `sed -i` changed it" in " ".join(render_recovery(rescue).split())


def test_a_commit_that_could_not_be_tried_is_not_ready(session: Session, tmp_path: Path) -> None:
    """Every file of it is a gap, so nothing was applied, and the commit is as lost as before."""
    (session.folder / "src/a.py").write_text("one\n2\n")
    session.bash("sed -i s/two/2/ src/a.py", run="")
    session.commit("Cycle 1.1: Read", "src/a.py")
    _lose(session)
    rescue = _recovered(session, tmp_path)
    assert _only(rescue).outcome is None
    assert not ready(rescue)


def test_a_file_that_no_tool_names_is_counted(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    (session.folder / "generated.txt").write_text("x\n")
    git(session.folder, "add", "-A")
    session.bash("git commit -am gen")
    _lose(session)
    offer = _only(_recovered(session, tmp_path))
    assert offer.commit.unknown == 0
    assert _sureness(offer) == {"generated.txt": Sureness.GAP, "src/b.py": Sureness.EXACT}


def test_lines_that_git_counted_otherwise_make_nothing_exact(session: Session, tmp_path: Path) -> None:
    """A person changed the file before it was committed; no tool shows it."""
    session.write("src/b.py", "new\n")
    (session.folder / "src/b.py").write_text("new\nand more\n")
    session.commit("Cycle 1.1: Read", "src/b.py")
    _lose(session)
    offer = _only(_recovered(session, tmp_path))
    assert _sureness(offer) == {"src/b.py": Sureness.PROBABLE}
    assert offer.notes[0] == "git printed 1 file, +2 and -0 lines; rebuilt are 1 file, +1 and -0"


def test_a_conflict_with_the_branch_is_left_out(session: Session, tmp_path: Path) -> None:
    session.edit("src/a.py", "two", "three")
    session.commit("Cycle 1.1: Read", "src/a.py")
    _lose(session)
    commit(session.folder, "Otherwise", {"src/a.py": "one\nfour\n"}, authored="11:00")
    rescue = _recovered(session, tmp_path)
    assert (_only(rescue).outcome, _only(rescue).conflicts) == (Outcome.CONFLICT, ("src/a.py",))
    assert not ready(rescue)
    assert not write_patches(rescue, tmp_path / "p.mbox")


def test_the_tests_run_on_the_rebuilt_commits(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.commit("Cycle 1.1: Read", "src/b.py")
    _lose(session)
    rescue = _recovered(session, tmp_path, "test -f src/b.py")
    assert ready(rescue)
    assert "`test -f src/b.py` exited with 0 with the rebuilt commits." in render_recovery(rescue)


def test_paths_that_lead_out_of_the_repository_are_refused(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.tool("Write", file_path=f"{PLACE}/.git/hooks/pre-commit", content="#!/bin/sh\n")
    session.tool("Write", file_path=f"{PLACE}/../out.py", content="x\n")
    printed = session.commit("Cycle 1.1: Read", "src/b.py")
    session.lines[-2] = session.lines[-2].replace(
        b"git add src/b.py", b"git add src/b.py .git/hooks/pre-commit ../out.py"
    )
    assert printed
    _lose(session)
    assert set(_sureness(_only(_recovered(session, tmp_path)))) == {"src/b.py"}


def test_a_link_is_not_made(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.write("src/link", "/etc/passwd")
    session.commit("Cycle 1.1: Read", "src/b.py", "src/link")
    session.lines[-1] = session.lines[-1].replace(b"create mode 100644 src/link", b"create mode 120000 src/link")
    _lose(session)
    assert _sureness(_only(_recovered(session, tmp_path))) == {"src/b.py": Sureness.EXACT, "src/link": Sureness.GAP}


def test_a_path_that_git_refuses_spoils_nothing_else(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.commit("Cycle 1.1: Read", "src/b.py")
    session.write("src/c.py", "new\n")
    session.commit("Cycle 1.2: Write", "src/c.py")
    _lose(session, to="HEAD~2")
    session.lines = [line.replace(b"src/b.py", b"src/b.py/./GIT~1/b") for line in session.lines]
    rescue = _recovered(session, tmp_path)
    assert [offer.outcome for offer in rescue.rebuilt or ()][-1] is Outcome.APPLIED


def test_nothing_is_written_into_the_repository(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.commit("Cycle 1.1: Read", "src/b.py")
    _lose(session)
    before = {path: path.stat().st_mtime_ns for path in session.folder.rglob("*")}
    _recovered(session, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in session.folder.rglob("*")} == before


def test_secrets_are_redacted_in_print_and_true_in_the_patch(session: Session, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2" * 8
    session.write("src/b.py", f"TOKEN = '{secret}'\n")
    session.commit(f"Use {secret}", "src/b.py")
    _lose(session)
    rescue = _recovered(session, tmp_path)
    assert secret not in render_recovery(rescue) + render_recovery_json(rescue)
    assert write_patches(rescue, tmp_path / "p.mbox")
    assert f"TOKEN = '{secret}'".encode() in (tmp_path / "p.mbox").read_bytes()


def test_edits_that_a_reset_threw_away_come_back(session: Session, tmp_path: Path) -> None:
    session.edit("src/a.py", "two", "three")
    session.bash("git status --short")
    session.bash("git reset --hard")
    rescue = _recovered(session, tmp_path)
    offer = _only(rescue)
    assert offer.commit.subject == "Edits thrown away by git reset --hard"
    assert _sureness(offer) == {"src/a.py": Sureness.EXACT}
    assert offer.commit.files[0].content == b"one\nthree\n"
    assert offer.outcome is Outcome.APPLIED
    assert b"Rebuilt-commit" not in offer.patch
    assert json.loads(render_recovery_json(rescue))["rebuilt"][0]["commit"] is None


def test_a_stash_that_was_dropped_comes_back(session: Session, tmp_path: Path) -> None:
    session.edit("src/a.py", "two", "three")
    session.bash("git stash")
    session.bash("git status --short")
    session.bash("git stash drop")
    offer = _only(_recovered(session, tmp_path))
    assert offer.commit.subject == "Edits thrown away by git stash drop"
    assert offer.commit.files[0].content == b"one\nthree\n"
    assert _sureness(offer) == {"src/a.py": Sureness.EXACT}


def test_a_file_that_its_own_agent_takes_back_is_not_offered(session: Session, tmp_path: Path) -> None:
    session.edit("src/a.py", "two", "three")
    session.bash("git checkout -- src/a.py")
    assert _recovered(session, tmp_path).rebuilt == ()


def test_without_a_plan_the_sessions_are_read(session: Session, tmp_path: Path) -> None:
    session.write("src/b.py", "new\n")
    session.commit("Something", "src/b.py")
    session.write("src/c.py", "new\n")
    kept = session.commit("Something else", "src/c.py")
    _lose(session, to="HEAD~2")
    scope = Scope(".", session.folder, transcripts=(session.written(tmp_path / "s.jsonl"),), sessions=Selection())
    rescue = recover(scope, from_transcripts=True)
    assert [offer.identical for offer in rescue.rebuilt or ()] == [True, True]
    note = "2 commits that git lacks were rebuilt from transcripts: 2 identical. 2 apply to the branch."
    assert rescue.recovery.note == note
    assert kept[:7] in render_recovery(rescue)


@pytest.fixture
def sample(tmp_path: Path) -> Rescue:
    folder = unpack("parallel-tdd", tmp_path / "sample")
    scope = Scope(plan_of(folder) or "", folder, transcripts=(str(SAMPLES / "parallel-tdd" / "transcripts"),))
    return recover(scope, from_transcripts=True)


def test_the_two_lost_commits_of_the_sample_come_back(sample: Rescue, tmp_path: Path) -> None:
    """Steps 1.4 and 1.5 had edited the same two files in turns; git printed what each of them changed."""
    offers = [
        (offer.commit.sha, offer.commit.step, offer.commit.sureness, offer.outcome) for offer in sample.rebuilt or ()
    ]
    assert offers == [
        ("b3e91c7", "1.4", Sureness.EXACT, Outcome.APPLIED),
        ("4fa06d2", "1.5", Sureness.EXACT, Outcome.APPLIED),
    ]
    patches = tmp_path / "rebuilt.mbox"
    assert write_patches(sample, patches)
    assert write_patches(sample, patches)  # its own file may be written again
    clone = unpack("parallel-tdd", tmp_path / "clone")
    git(clone, "am", "-q", "--3way", str(patches))
    assert git(clone, "log", "-2", "--format=%s|%ad|%(trailers:key=Rebuilt-commit,valueonly,separator=%x2C)") == (
        "Cycle 1.5: An amount above the limit is a breach|Wed Mar 4 09:50:58 2026 +0100|4fa06d2\n"
        "Cycle 1.4: A zero amount is a breach|Wed Mar 4 09:50:24 2026 +0100|b3e91c7"
    )


def test_the_stash_that_a_session_of_the_sample_dropped_comes_back(tmp_path: Path) -> None:
    folder = unpack("no-plan", tmp_path / "sample")
    transcripts = (str(SAMPLES / "no-plan" / "transcripts"),)
    rescue = recover(Scope(".", folder, transcripts=transcripts, sessions=Selection()), from_transcripts=True)
    offer = _only(rescue)
    assert _sureness(offer) == {"src/larder/shelf.py": Sureness.EXACT}
    assert offer.outcome is Outcome.APPLIED
    assert rescue.recovery.note == (
        "Edits that a command threw away were rebuilt from transcripts: 1 exact. 1 applies to the branch."
    )


def test_a_file_of_someone_else_s_is_not_overwritten(sample: Rescue, tmp_path: Path) -> None:
    (tmp_path / "own.mbox").write_text("mine\n")
    with pytest.raises(UsageError):
        write_patches(sample, tmp_path / "own.mbox")


def test_the_document_says_how_sure_each_file_is(sample: Rescue) -> None:
    found = json.loads(render_recovery_json(sample))["rebuilt"]
    assert [(each["commit"], each["sureness"], each["after"]) for each in found] == [
        ("b3e91c7", "exact", []), ("4fa06d2", "exact", ["b3e91c7"])
    ]  # fmt: skip
    assert found[0]["files"][0] == {
        "path": "src/tally/rules/book.py",
        "sureness": "exact",
        "why": None,
        "deleted": False,
    }
