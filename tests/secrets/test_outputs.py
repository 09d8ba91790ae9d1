"""No output of any command shows a secret that a plan, a report, a commit, a branch or a transcript holds."""

import sys
from pathlib import Path
from random import Random

import pandas as pd
import pytest

import forensics.cli
from forensics.render.cleaning import clean_text
from tests.app.test_rebuild import PLACE, PLAN, RUNBOOK, Session
from tests.formats.transcript_lines import assistant, user
from tests.secrets.shapes import filled
from tests.unpack import commit, git, repository

WINDOW = 8  # characters of a secret that must not stand together


class Planted:
    """A repository with a session, in which every kind of text holds a secret of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.secrets, self.random = folder / "repository", list[str](), Random(7)  # noqa: S311
        repository(self.folder)
        commit(self.folder, "Plan", {f"{PLAN}/runbook.md": self._runbook(), "src/a.py": "one\ntwo\n"}, authored="09:00")
        self.session = Session(self.folder)
        self._work()
        self.report = f"{PLAN}/reports/step-1-1-execution.md"
        path = self.folder / self.report
        path.parent.mkdir(parents=True)
        path.write_text(self._report())
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-qm", f"Report {self.new('ghp_<alnum*36>')}")
        self.transcripts = folder / "transcripts"
        self.transcripts.mkdir()
        self.session.written(self.transcripts / f"{self.new('glpat-<alnum*20>')}.jsonl")

    def new(self, shape: str) -> str:
        """Return a text with a new secret, and remember it."""
        shown, secrets = filled(shape, self.random)
        self.secrets += secrets
        return shown

    def _runbook(self) -> str:
        return RUNBOOK.replace("Read", self.new("Read with token ghp_<alnum*36>")).replace(
            "src/b.py", self.new("src/b.py\n- Test: `curl -u me:<alnum*12> https://example.org`")
        )

    def _work(self) -> None:
        git(self.folder, "checkout", "-qb", self.new("fix/AKIA<upnum*16>"))
        lines = self.session.lines
        lines.append(
            user(0, self.new("Use DB_PASSWORD=<letters*14> and do step 1.1"), timestamp=self.session.now(), cwd=PLACE)
        )
        self.session.write(self.new("src/ghp_<alnum*36>.py"), self.new("KEY = 'sk-proj-<alnum*48>'\n"))
        self.session.commit(self.new("Cycle 1.1: Read xoxb-<digit*12>-<digit*12>-<alnum*24>"), "src")
        self.session.tool(
            "Bash",
            printed=self.new("FAILED tests/test_a.py - password='<alnum*16>'\n1 failed"),
            command=self.new("pytest -q tests/test_a.py --base-url https://me:<alnum*30>@example.org/"),
        )
        said = self.new(
            "All 12 tests pass with `API_KEY=<alnum*32>`, committed as deadbee. https://<alnum*40>@example.org/x"
        )
        lines.append(
            assistant(
                self.session.clock + 5, {"type": "text", "text": said}, message="last", timestamp=self.session.now()
            )
        )

    def _report(self) -> str:
        return (
            f"# Cycle 1.1: {self.new('glpat-<alnum*20>')}\n\n**Status:** GREEN_VERIFIED {self.new('Bearer <alnum*40>')}\n\n"
            f"**Tests:** 5/5 passed, {self.new('secret: <alnum*30>')}\n\n## Commits\n- `deadbee` - {self.new('npm_<alnum*36>')}\n\n"
            f"## Files\n- `{self.new('src/dop_v1_<hex*64>.py')}`\n"
        )


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return Planted(tmp_path_factory.mktemp("planted"))


TRANSCRIPTS = ("--transcripts", "{transcripts}")
SINCE = ("--since", "2026-03-04", "--until", "2026-03-04")
COMMANDS: tuple[tuple[str, ...], ...] = (
    *(("analyze", PLAN, *TRANSCRIPTS, "--no-record", "--format", form) for form in ("text", "md", "html", "json")),
    *(("analyze", *SINCE, "--all", *TRANSCRIPTS, "--no-record", "--format", form) for form in ("text", "md", "html", "json")),
    ("analyze", PLAN, *TRANSCRIPTS, "--record", "{out}/record"),
    ("analyze", *SINCE, "--all", *TRANSCRIPTS, "--record", "{out}/record"),
    *(("verify", "{report}", "--format", form) for form in ("text", "json", "github", "llm")),
    *(("check", "{report}", *TRANSCRIPTS, "--format", form) for form in ("text", "json", "github", "llm")),
    *(("weekly", "plans", "--week", "2026-W10", *TRANSCRIPTS, "--no-record", "--format", form) for form in ("text", "md", "html", "json", "csv")),
    ("weekly", "plans", "--week", "2026-W10", *TRANSCRIPTS, "--no-record", "-o", "{out}/week.parquet"),
    *(("usage", *TRANSCRIPTS, "--format", form) for form in ("text", "json", "csv")),
    *(("recover", PLAN, *TRANSCRIPTS, "--from-transcripts", "--format", form) for form in ("text", "json")),
    ("recover", PLAN, *TRANSCRIPTS, "--script", "{out}/recover.sh"),
    # What the user types comes back in errors.
    ("analyze", "plans/ghp_{token}"), ("analyze", PLAN, "--at", "ghp_{token}"), ("verify", "password={token}.md"),
    ("explain", "ghp_{token}"), ("check", "ghp_{token}.txt"), ("usage", "--transcripts", "ghp_{token}"),
    ("analyze", "--session", "ghp_{token}"), ("weekly", "plans", "--week", "ghp_{token}"), ("analyze", PLAN, "-o", "x.ghp_{token}"),
    ("analyze", "--ghp_{token}"), ("ghp_{token}",), ("recover", PLAN, "--test", "curl -u me:{token} x; false"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_output_shows_a_secret(
    command: tuple[str, ...],
    planted: Planted,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    token = "a1B2c3D4" * 5
    places = {"transcripts": planted.transcripts, "out": tmp_path, "report": planted.report, "token": token}
    monkeypatch.setattr(sys, "argv", ["forensics", *(argument.format(**places) for argument in command)])
    monkeypatch.chdir(planted.folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    code = forensics.cli._run()
    sys.stdout.flush()
    said = capfd.readouterr()
    shown = said.out + said.err + "".join(_read(path) for path in tmp_path.rglob("*"))
    assert code in {0, 1, 2, 3, 4}, said.err
    assert shown.strip() or "github" in command  # which prints only findings
    leaked = [
        secret
        for secret in (*planted.secrets, token)
        if any(secret[at : at + WINDOW] in shown for at in range(len(secret) - WINDOW + 1))
    ]
    assert leaked == [], [shown[max(0, shown.find(secret[:WINDOW]) - 90) :][:180] for secret in leaked]


def _read(path: Path) -> str:
    """Return a file's name and all that it holds."""
    if not path.is_file():
        return path.name
    return path.name + (
        pd.read_parquet(path).to_csv() if path.suffix == ".parquet" else path.read_text(errors="replace")
    )


def test_the_secrets_would_be_shown(
    planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without redaction more than half of them are, so that the test above tests something."""
    monkeypatch.setattr("forensics.render.cleaning.redact", str)
    monkeypatch.setattr("forensics.model.prose.redact", str)
    clean_text.cache_clear()
    monkeypatch.chdir(planted.folder)
    shown = ""
    for command in COMMANDS[:26]:
        places = {"transcripts": planted.transcripts, "out": tmp_path, "report": planted.report}
        monkeypatch.setattr(sys, "argv", ["forensics", *(argument.format(**places) for argument in command)])
        forensics.cli._run()
        sys.stdout.flush()
        shown += capfd.readouterr().out
    clean_text.cache_clear()
    hidden = [secret for secret in planted.secrets if secret[:WINDOW] not in shown]
    assert len(hidden) <= len(planted.secrets) // 2, hidden
