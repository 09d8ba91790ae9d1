"""One bad thing in a repository costs what hangs on it: each command still answers, and a gap names the damage."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from forensics.cli.commands import app
from forensics.errors import ForensicsError
from tests.damages import DAMAGES, HEADS
from tests.test_hostile import PLAN, REPORT, RUNBOOK, report_on
from tests.unpack import commit, git, repository

COMMANDS = {
    "analyze": ("analyze", PLAN, "--format", "json"),
    "verify": ("verify", REPORT),
    "check": ("check", "message.txt"),
    "sessions": ("analyze", "--branch", "work"),
    "weekly": ("weekly", "--week", "2026-W10", "--no-record"),
    "recover": ("recover", PLAN),
}
# What git cannot tell: the damage changes nothing that is asked, or nothing that git says.
UNTOLD = {"wrong hash", "ref to a blob", "junk in the reflog", "junk index", "junk pack", "missing blob", "corrupt blob"}  # fmt: skip
# One of each kind is tried with every command; all read the history in the same way.
EVERYWHERE = {"missing parent", "missing tree", "corrupt commit", "tag of nothing", "empty ref", "junk in packed-refs"}
# Git refuses every question then.
REFUSED = {"junk in packed-refs"}
# The claimed commit itself is damaged, or lies behind damage: it can be neither confirmed nor missed.
OPEN = {"missing commit", "corrupt commit", "empty commit"}


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Call = Callable[..., Told]


@pytest.fixture
def forensics(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Return what calls a command in a folder, in this process: a process for each of hundreds would take minutes."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def call(folder: Path, *arguments: str) -> Told:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        try:
            code, error = app(list(arguments), standalone_mode=False) or 0, ""
        except ForensicsError as raised:
            code, error = raised.exit_code, str(raised)
        said = capsys.readouterr()
        return Told(code, said.out, said.err + error)

    return call


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a plan whose step 1.1 was committed and reported, and a branch with a commit of its own."""
    folder = repository(tmp_path / "repository")
    commit(folder, "Plan", {f"{PLAN}/runbook.md": RUNBOOK, "src/z.py": "z\n"}, authored="09:00")
    first = commit(folder, "Cycle 1.1: first", {"src/a.py": "one = 1\n"})
    said = report_on(first[:9]).replace("2026-01-30 04:05", "2026-03-04 10:05")
    commit(folder, "Report", {REPORT: said, "src/b.py": "b\n"}, authored="10:10")
    git(folder, "switch", "-q", "-c", "work")
    commit(folder, "Begin to work", {"src/c.py": "c\n"}, authored="11:00")
    git(folder, "switch", "-q", "main")
    (folder / "message.txt").write_text(f"Committed as {first[:9]}.\n")
    return folder


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_damage_is_a_gap(base: Path, forensics: Call, damage: str) -> None:
    named = DAMAGES[damage](base)
    told = {
        name: forensics(base, *arguments)
        for name, arguments in COMMANDS.items()
        if name == "analyze" or damage in EVERYWHERE
    }
    if damage in REFUSED:
        told.pop("sessions")
        assert {(each.returncode, named in each.stderr) for each in told.values()} == {(3, True)}
        return
    assert {name: each.returncode for name, each in told.items() if each.returncode} == {}
    postmortem = json.loads(told["analyze"].stdout)
    gaps = " ".join(gap["what"] for gap in postmortem["gaps"])
    assert (named[:12] in gaps) == (damage not in UNTOLD), gaps
    # A commit that cannot be read counts as not verified; one with another's content has other times than its report.
    severities = {finding["severity"] for finding in postmortem["findings"]}
    assert severities <= ({"low"} if damage in OPEN else set()) or damage == "wrong hash"
    verdicts = {claim["verdict"] for claim in postmortem["claims"] if claim["kind"] == "commit"}
    assert verdicts == {"untestable" if damage in OPEN else "confirmed"}


@pytest.mark.parametrize("damage", sorted(HEADS))
def test_a_damaged_head_is_called_that(base: Path, forensics: Call, damage: str) -> None:
    HEADS[damage](base)
    for name in ("analyze", "check", "weekly"):
        told = forensics(base, *COMMANDS[name])
        assert told.returncode == 3
        assert "HEAD" in told.stderr
        assert "no commits" not in told.stderr
    if damage.endswith(("branch", "nothing")):
        assert forensics(base, "analyze", PLAN, "--at", "work").returncode == 0


def test_a_repository_without_commits_is_called_that(tmp_path: Path, forensics: Call) -> None:
    told = forensics(repository(tmp_path / "new"), "weekly")
    assert (told.returncode, "has no commits" in told.stderr) == (3, True)


@pytest.mark.parametrize("head", ["ref: refs/heads/main\n", "notes on the head of the queue\n"])
def test_a_plan_folder_that_looks_like_git_s_is_a_plan_folder(base: Path, forensics: Call, head: str) -> None:
    for name in ("objects", "refs"):
        (base / PLAN / name).mkdir()
        (base / PLAN / name / "notes.md").write_text("x\n")
    (base / PLAN / "HEAD").write_text(head)
    (base / PLAN / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    assert "Cycle 1.1: first" in forensics(base, "analyze", PLAN, "--format", "json").stdout
    assert forensics(base, "verify", REPORT).returncode == 0
    assert forensics(base, "weekly", "plans", "--week", "2026-W10", "--no-record").returncode == 0
    assert forensics(base / "plans", "analyze", "x").returncode == 0
