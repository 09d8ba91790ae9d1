"""The command line as a user meets it: exit codes, streams, files, sentences."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forensics import __version__
from tests.formats.transcript_lines import assistant, user
from tests.unpack import PLAN, git

REPORTS = f"{PLAN}/reports"


def _forensics(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "forensics", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, **environment}, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["analyze", PLAN], 0),
        (["analyze", PLAN, "--fail-on", "critical"], 1),
        (["analyze", f"{PLAN}/runbook.md"], 0),
        (["analyze", REPORTS], 0),
        (["analyze", PLAN, "--fail-on", "worst"], 2),
        (["analyze", PLAN, "--format", "pdf"], 2),
        (["analyze", PLAN, "-o", "x.pdf"], 2),
        (["analyze", PLAN, "-o", "no/such/folder/x.md"], 2),
        (["analyze", PLAN, "--since", "yesterday"], 2),
        (["analyze", PLAN, "--at", "nowhere"], 2),
        (["analyze", f"{REPORTS}/step-1-4-execution.md"], 2),
        ([], 3),
        (["analyze"], 3),
        (["--since", "2026-03-01", "analyze", PLAN], 2),
        (["--session", "1", "--pr", "2"], 2),
        (["analyze", PLAN, "--session", "1"], 2),
        (["--all"], 3),
        (["check", "nothing.md"], 3),
        (["check", "pyproject.toml", "--format", "html"], 2),
        (["check", "pyproject.toml"], 0),
        (["nonsense"], 2),
        (["explain", "XYZ999"], 2),
        (["analyze", "src"], 3),
        (["analyze", "plans/none"], 3),
        (["verify", f"{REPORTS}/none.md"], 3),
        (["verify", "pyproject.toml"], 3),
        (["verify", f"{REPORTS}/step-1-2-execution.md"], 0),
        (["verify", f"{REPORTS}/step-1-3-execution.md"], 1),
        (["verify", f"{REPORTS}/step-1-4-execution.md"], 1),
        (["verify", f"{REPORTS}/step-1-2-execution.md", "--fail-on", "info"], 1),
        (["recover", PLAN], 0),
        (["recover", "src"], 3),
        (["recover"], 2),
        (["explain"], 0),
        (["explain", "RED001"], 0),
        (["explain", "red-passed"], 0),
        (["usage", "--transcripts", "none.jsonl"], 3),
        (["usage", "--transcripts", "plans"], 3),
        (["usage", "--transcripts", "pyproject.toml"], 3),
        (["usage", "--format", "yaml"], 2),
        (["weekly"], 0),
        (["weekly", "plans", "--week", "2026-W10", "--history"], 0),
        (["weekly", PLAN, "--since", "2026-03-01", "--tz", "Europe/Berlin", "--format", "md"], 0),
        (["weekly", "--week", "2026-W60"], 2),
        (["weekly", "--week", "2026-W10", "--since", "2026-03-01"], 2),
        (["weekly", "--until", "2026-03-01"], 2),
        (["weekly", "--tz", "Mars/Olympus"], 2),
        (["weekly", "--format", "csv"], 0),
        (["weekly", "--format", "parquet"], 2),
        (["recover", PLAN, "--format", "md"], 2),
        (["weekly", "-o", "x.html5"], 2),
        (["weekly", "-o", "no/such/folder/x.md"], 2),
        (["weekly", "-o", f"{PLAN}/runbook.md"], 2),
        (["weekly", "-o", f"{REPORTS}/step-1-2-execution.md"], 2),
        (["weekly", "/"], 3),
        (["weekly", "--record", "nosuch://x"], 2),
        (["--version"], 0),
        (["--help"], 0),
    ],
)
def test_exit_codes(failed_run: Path, arguments: list[str], code: int) -> None:
    done = _forensics(failed_run, *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == (code in {2, 3})


def test_strict_says_that_something_is_missing(failed_run: Path, clean_run: Path) -> None:
    assert _forensics(clean_run, "analyze", PLAN, "--strict").returncode == 0
    assert _forensics(clean_run, "analyze", PLAN, "--at", "78aa1db^", "--strict").returncode in {0, 4}
    copy = "plans/ledger-rules/reports/step-9-9-execution.md"
    (failed_run / copy).write_text("# Cycle 9.9: nothing\n", encoding="utf-8")
    try:
        assert _forensics(failed_run, "analyze", PLAN, "--strict").returncode == 4
    finally:
        (failed_run / copy).unlink()


def test_files_are_written_by_their_ending(failed_run: Path, tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("a.md", "b.json", "c.TXT")]
    done = _forensics(failed_run, "analyze", PLAN, *(word for name in names for word in ("-o", str(name))))
    assert done.returncode == 0
    assert names[0].read_text(encoding="utf-8").startswith("# Postmortem: ledger-rules\n")
    assert json.loads(names[1].read_text(encoding="utf-8"))["schema"] == "forensics.postmortem/1"
    assert names[2].read_text(encoding="utf-8") == done.stdout


def test_the_product_is_on_stdout_and_talk_on_stderr(failed_run: Path) -> None:
    done = _forensics(failed_run, "analyze", PLAN, "--format", "json")
    assert json.loads(done.stdout)["run"]["name"] == "ledger-rules"
    assert done.stderr == ""


def test_a_repository_named_from_elsewhere(failed_run: Path, tmp_path: Path) -> None:
    there = _forensics(tmp_path, "analyze", PLAN, "--repo", str(failed_run))
    assert there.stdout == _forensics(failed_run, "analyze", PLAN).stdout
    below = _forensics(failed_run / "plans", "analyze", "ledger-rules")
    assert below.stdout == there.stdout


def test_inside_a_hook_of_another_repository(failed_run: Path, clean_run: Path) -> None:
    elsewhere = {
        "GIT_DIR": str(clean_run / ".git"),
        "GIT_WORK_TREE": str(clean_run),
        "GIT_INDEX_FILE": str(clean_run / ".git/index"),
    }
    assert _forensics(failed_run, "analyze", PLAN, **elsewhere).stdout == _forensics(failed_run, "analyze", PLAN).stdout


def test_nothing_a_repository_configures_is_run(failed_run: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "-q", str(failed_run), str(copy))
    evil = f"touch {mark}"
    for name in ("core.fsmonitor", "core.pager", "diff.external", "filter.x.clean", "filter.x.smudge", "filter.x.process",
                 "diff.x.textconv", "core.sshCommand", "gpg.program", "core.editor", "alias.log"):  # fmt: skip
        git(copy, "config", name, f"!{evil}" if name.startswith("alias") else evil)
    git(copy, "config", "log.showSignature", "true")
    (copy / ".gitattributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        path = copy / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\n{evil}\n", encoding="utf-8")
        path.chmod(0o755)
    (copy / PLAN / "runbook.md").touch()
    assert _forensics(copy, "analyze", PLAN).returncode == 0
    assert not mark.exists()


def test_a_closed_pipe_is_no_error(failed_run: Path) -> None:
    script = f"{sys.executable} -m forensics analyze {PLAN} --format json | head -c 1"
    done = subprocess.run(["sh", "-c", script], cwd=failed_run, capture_output=True, check=True)
    assert done.stdout == b"{"
    assert done.stderr == b""


def test_version_and_help(tmp_path: Path) -> None:
    assert _forensics(tmp_path, "--version").stdout == f"forensics {__version__}\n"
    for command in ("analyze", "recover", "verify", "explain", "weekly"):
        assert "Example: forensics" in _forensics(tmp_path, command, "--help").stdout


def test_explain_lists_every_rule_and_prints_a_page(tmp_path: Path) -> None:
    assert "RED001  critical  red-passed" in _forensics(tmp_path, "explain").stdout
    page = _forensics(tmp_path, "explain", "red001").stdout
    assert "## Why it matters" in page
    assert "## What to do" in page


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_usage_in_each_format(tmp_path: Path, form: str) -> None:
    hostile = "=cmd\x1b[2J"
    lines = [
        user(0, "go"),
        assistant(1),
        assistant(2, message="m2", model="made-up", stop=None),
        assistant(3, message="m3", agentId=hostile, isSidechain=True),
        b"broken\n",
    ]
    (tmp_path / "s.jsonl").write_bytes(b"".join(lines))
    done = _forensics(tmp_path, "usage", "--transcripts", "s.jsonl", "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    if form == "json":
        told = json.loads(done.stdout)
        assert [row["cost_usd"] is None for row in told["totals"]] == [False, True]
        assert sum(row["output"] for row in told["usage"]) == sum(row["output"] for row in told["totals"]) == 30
        assert told["gaps"] == [{"what": "1 line of `s.jsonl` could not be read", "at": {"path": "s.jsonl", "line": 5}}]
    elif form == "csv":
        assert "\n,'=cmd" in done.stdout
    else:
        assert "The price of made-up is not known" in done.stdout


def test_usage_imports_nothing_heavy() -> None:
    code = "import sys, forensics.app.usage; print(*sorted({'pandas', 'git', 'jinja2', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_the_week_in_every_format(failed_run: Path, tmp_path: Path) -> None:
    names = [tmp_path / f"w.{ending}" for ending in ("md", "json", "txt", "csv", "parquet")]
    files = [word for name in names for word in ("-o", str(name))]
    done = _forensics(failed_run, "weekly", "--week", "2026-W10", "--record", str(tmp_path / "r"), *files)
    assert (done.returncode, done.stderr) == (0, "")
    assert names[0].read_text(encoding="utf-8").startswith("# Week 2026-W10\n")
    assert json.loads(names[1].read_text(encoding="utf-8"))["schema"] == "forensics.weekly/1"
    assert names[2].read_text(encoding="utf-8") == done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert list((tmp_path / "r").rglob("*.parquet"))


def test_the_record_is_written_where_it_was_asked_for(failed_run: Path, tmp_path: Path) -> None:
    before = _forensics(failed_run, "analyze", PLAN).stdout
    there = _forensics(failed_run, "analyze", PLAN, "--record", str(tmp_path / "r"))
    assert (there.returncode, there.stdout, there.stderr) == (0, before, "")
    assert len(list((tmp_path / "r").rglob("*.parquet"))) == 1
    own = {"FORENSICS_NO_RECORD": "", "XDG_DATA_HOME": str(tmp_path / "data")}
    assert _forensics(failed_run, "analyze", PLAN, **own).returncode == 0
    assert len(list((tmp_path / "data" / "forensics" / "record").rglob("*.parquet"))) == 1
    (tmp_path / "file").write_text("", encoding="utf-8")
    failed = _forensics(failed_run, "analyze", PLAN, "--record", str(tmp_path / "file"))
    assert (failed.returncode, failed.stdout) == (0, before)
    assert "The record was not written" in failed.stderr


def test_what_needs_no_record_does_not_load_it(failed_run: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import forensics.app.verify as v, forensics.app.explain, forensics.app.usage;"
        f"v.verify(Path('{REPORTS}/step-1-2-execution.md'), Path('.'));"
        "print(*sorted({'pyarrow', 'pandas', 'fsspec', 'platformdirs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=failed_run, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_help_and_verify_load_no_tables_and_no_documents(failed_run: Path) -> None:
    heavy = "print(*sorted({'rich', 'forensics.render.documents', 'jinja2'} & set(sys.modules)), file=sys.stderr)"
    for arguments in (["--help"], ["analyze", "--help"], ["verify", f"{REPORTS}/step-1-2-execution.md"]):
        code = f"import sys\nfrom forensics.cli.commands import app\napp({arguments!r}, standalone_mode=False)\n{heavy}"
        done = subprocess.run([sys.executable, "-c", code], cwd=failed_run, capture_output=True, text=True, check=True)
        assert (done.stdout != "", done.stderr) == (True, "\n"), arguments


@pytest.mark.parametrize("arguments", [["analyze", PLAN], ["weekly", "--since", "2026-02-01", "--until", "2026-04-01"]])
def test_tables_are_the_same_in_any_terminal(failed_run: Path, arguments: list[str]) -> None:
    outputs = [
        _forensics(failed_run, *arguments, COLUMNS=columns, TERM=term, FORCE_COLOR=force).stdout
        for columns, term, force in (("20", "dumb", ""), ("300", "xterm-256color", "1"))
    ]
    assert outputs[0] == outputs[1]
    assert "\x1b" not in outputs[0]
    assert max(map(len, outputs[0].splitlines())) <= 100


def test_check_without_a_session_loads_no_readers_and_no_postmortem(failed_run: Path) -> None:
    """A hook waits for it: decoders, databases, and the models of the larger reports are for those who need them."""
    heavy = (
        "print(*sorted({'msgspec', 'sqlite3', 'jinja2', 'pandas', 'yaml', 'rich', 'forensics.app.transcripts',"
        " 'forensics.model.postmortem', 'forensics.model.rebuilt', 'forensics.formats.transcripts.readers'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    (failed_run / "body.md").write_text("All 42 tests pass.\n", encoding="utf-8")
    code = (
        f"import sys\nfrom forensics.cli.commands import app\napp(['check', 'body.md'], standalone_mode=False)\n{heavy}"
    )
    own = {**os.environ, "HOME": str(failed_run)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=failed_run, capture_output=True, text=True, check=True, env=own
    )
    assert (done.stdout != "", done.stderr) == (True, "\n")
