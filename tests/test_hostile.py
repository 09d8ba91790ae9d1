"""Hostile input: nothing a plan, a report or a repository holds may run, hang, crash, forge or leak."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from forensics.formats.step_reports.plans import read_plan
from forensics.formats.step_reports.reports import read_report
from forensics.model.prose import quote
from forensics.model.source import Document, Kind, Source
from forensics.render.cleaning import clean_text
from forensics.render.markdown import cell, code, codecell, escape, prose
from forensics.sources.git_log import parse_log
from forensics.sources.repository import Repository

PLAN = "plans/x"
REPORT = f"{PLAN}/reports/step-1-1-execution.md"
RUNBOOK = "# Runbook\n\n## Cycle 1.1: first\n\n**Expected failure:** ValueError\n\n## Cycle 1.2: second\n"
TABLE = "| a | b |\n|---|---|\n"
FORBIDDEN = {
    "html_inline",
    "html_block",
    "link_open",
    "image",
    "heading_open",
    "hr",
    "em_open",
    "strong_open",
    "blockquote_open",
    "fence",
    "ordered_list_open",
    "softbreak",
    "hardbreak",
}
IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b.c",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b.c",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


BIDI = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def environment(**extra: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | IDENTITY | extra


def git(repo: Path, *arguments: str, **extra: str) -> str:
    done = subprocess.run(["git", "-C", repo, *arguments], env=environment(**extra), check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit(repo: Path, subject: str, **extra: str) -> str:
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--allow-empty", "-m", subject, **extra)
    return git(repo, "rev-parse", "HEAD")


def report_on(sha: str, status: str = "GREEN_VERIFIED") -> str:
    return (
        f"# Cycle 1.1: first\n\n**Status:** {status}\n\n**Timestamp:** 2026-01-30 04:05\n\n"
        f"## Commits\n- `{sha}` - Cycle 1.1: first\n"
    )


def forensics(repo: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the tool as a user does; a hang is a failure, and so are a traceback and exit code 5."""
    done = subprocess.run(
        [sys.executable, "-c", "from forensics.cli import main; main()", *arguments],
        cwd=repo,
        env=environment(**extra),
        timeout=120,
        text=True,
        capture_output=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 1, 2, 3, 4}, done.stderr
    return done


def kinds(markdown: str) -> list[str]:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    return [one.type for token in tokens for one in (token, *(token.children or ()))]


def document(text: str, kind: Kind, path: str) -> Document:
    return Document(Source("S1", kind, path, "", len(text)), text)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / REPORT).parent.mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    (folder / PLAN / "runbook.md").write_text(RUNBOOK)
    (folder / "a.py").write_text("1\n")
    (folder / REPORT).write_text(report_on(commit(folder, "Cycle 1.1: first")[:7]))
    commit(folder, "report")
    return folder


@pytest.mark.parametrize("name", ["plain", "a=b"])
def test_no_filter_of_the_repository_runs(repo: Path, tmp_path: Path, name: str) -> None:
    mark = tmp_path / "ran"
    git(repo, "config", f"filter.{name}.clean", f"touch '{mark}'; cat")
    (repo / ".git/info/attributes").write_text(f"* filter={name}\n")
    (repo / "a.py").write_text("2\n")
    forensics(repo, "analyze", PLAN)
    assert not mark.exists()


def test_a_required_filter_does_not_crash(repo: Path) -> None:
    git(repo, "config", "filter.lfs.clean", "cat")
    git(repo, "config", "filter.lfs.required", "true")
    (repo / ".git/info/attributes").write_text("* filter=lfs\n")
    (repo / "a.py").write_text("2\n")
    forensics(repo, "analyze", PLAN)


def test_no_command_of_the_configuration_runs_and_nothing_is_written(repo: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.x.textconv",
        "filter.x.process",
        "core.pager",
        "gpg.program",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "alias.log",
    ):
        git(repo, "config", key, f"touch '{mark}'")
    git(repo, "config", "log.showSignature", "true", GIT_PAGER="cat")
    (repo / ".git/info/attributes").write_text("* diff=x filter=x\n")
    os.utime(repo / "a.py", (1, 1))
    before = {path: path.stat().st_mtime_ns for path in sorted(repo.rglob("*"))}
    forensics(repo, "analyze", PLAN)
    assert not mark.exists()
    assert {path: path.stat().st_mtime_ns for path in sorted(repo.rglob("*"))} == before


def test_a_hook_of_another_repository_may_call(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "other")
    (tmp_path / "other/z").write_text("z")
    commit(tmp_path / "other", "other")
    there = str(tmp_path / "other/.git")
    plain = forensics(repo, "analyze", PLAN, "--format", "md").stdout
    for extra in (
        {"GIT_DIR": there},
        {"GIT_INDEX_FILE": f"{there}/index"},
        {"GIT_WORK_TREE": str(tmp_path / "other")},
        {"GIT_GRAFT_FILE": "/nonexistent"},
    ):
        assert forensics(repo, "analyze", PLAN, "--format", "md", **extra).stdout == plain


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_a_ref_named_like_a_hash_confirms_nothing(repo: Path, kind: str) -> None:
    git(repo, kind, "deadbee1")
    assert Repository.discover(repo).check(["deadbee1"]) == {"deadbee1": (None, None)}


def test_a_ref_with_a_line_separator_stays_one_ref(repo: Path) -> None:
    git(repo, "branch", "z\u2028refs/heads/forged")
    assert set(Repository.discover(repo).refs()) == {"refs/heads/main", "refs/heads/z\u2028refs/heads/forged"}


def test_grafts_change_nothing(repo: Path) -> None:
    plain = forensics(repo, "analyze", PLAN).stdout
    (repo / ".git/info/grafts").write_text(git(repo, "rev-parse", "HEAD") + "\n")
    assert forensics(repo, "analyze", PLAN).stdout == plain


@pytest.mark.parametrize("plan", ["-d", "--name-only", ":(glob)x", "a b", "ü", "a" * 300, "loop", "$HOME"])
@pytest.mark.parametrize("at", [(), ("--at", "HEAD")])
def test_odd_plan_names(repo: Path, plan: str, at: tuple[str, ...]) -> None:
    if plan == "loop":
        (repo / "loop").symlink_to("loop")
    elif len(plan) < 100:
        (repo / PLAN).rename(repo / plan)
        commit(repo, "move")
    done = forensics(repo, "analyze", *at, "--", plan)
    there = plan != "loop" and len(plan) < 100
    assert done.returncode in ({0} if there else {2, 3}), done.stderr


def test_options_cannot_be_injected_by_a_revision(repo: Path, tmp_path: Path) -> None:
    assert forensics(repo, "analyze", PLAN, f"--at=--output={tmp_path / 'x'}").returncode == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("arguments", [("--at", ""), ("--repo", "typo"), ("--also-repo", "typo")])
def test_a_place_that_is_not_there_is_an_error(repo: Path, arguments: tuple[str, str]) -> None:
    assert forensics(repo, "analyze", "plans/x", *arguments).returncode in {2, 3}


def test_a_fifo_does_not_hang(repo: Path) -> None:
    os.mkfifo(repo / PLAN / "reports/step-1-2-execution.md")
    assert "1.1" in forensics(repo, "analyze", PLAN).stdout
    told = forensics(repo, "usage", "--transcripts", f"{PLAN}/reports/step-1-2-execution.md")
    assert (told.returncode, "is not a regular file" in told.stderr) == (3, True)


def test_a_transcript_of_which_nothing_can_be_read_says_so(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text('{"type":"user"\n')
    assert "1 line" in forensics(repo, "usage", "--transcripts", str(tmp_path)).stderr


@pytest.mark.parametrize("breakage", ["ref", "index", "orderfile"])
def test_a_broken_repository_is_told_in_one_line(repo: Path, breakage: str) -> None:
    if breakage == "ref":
        (repo / ".git/refs/heads/broken").write_text("12345678" * 5 + "\n")
    elif breakage == "index":
        (repo / ".git/index").write_text("junk")
    else:
        git(repo, "config", "diff.orderFile", "/nonexistent")
    assert forensics(repo, "analyze", PLAN).stderr.count("\n") <= 1


def test_git_that_is_missing_is_told(repo: Path) -> None:
    assert forensics(repo, "analyze", PLAN, PATH="/nonexistent").returncode == 3
    assert forensics(repo, "--version", PATH="/nonexistent").returncode == 0


@pytest.mark.parametrize("when", ["@0 +0000", "@253402300799 +0000", "@253402300799 -1400", "@99999999999999 +0000"])
def test_commit_times_at_the_edge(repo: Path, when: str) -> None:
    commit(repo, "Cycle 1.1: first", GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)
    (repo / PLAN / "late.md").write_text("x")
    commit(repo, "plan touched", GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)
    forensics(repo, "analyze", PLAN, "--format", "md")


@pytest.mark.parametrize("option", ["--since=0001-01-01T00:00+14:00", "--until=9999-12-31T23:59-14:00"])
def test_windows_at_the_edge(repo: Path, option: str) -> None:
    forensics(repo, "analyze", PLAN, "--format", "json", option)


@pytest.mark.parametrize(
    "yaml",
    [
        "a: !!bool x",
        "a: !!timestamp x",
        'a: !!int ""',
        "depends_on: 0x" + "f" * 5000,
        "\n".join(
            [
                f"a0: &a0 [{'x,' * 9}]",
                *(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]" for n in range(1, 4)),
                "depends_on: *a3",
            ]
        ),
    ],
)
def test_front_matter_that_bites(yaml: str) -> None:
    plan = read_plan(
        "x", PLAN, [document(f"---\n{yaml}\n---\n# Step 1.2: x\n", Kind.STEP, f"{PLAN}/steps/step-1-2.md")]
    )
    assert sum(len(one.text) for one in plan.constraints) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "- ```\n" * 17_000 + "\n---\n# x\n",
        "# " + "RED " * 990 + "\n\n" + "a\n" * 50_000,
        "## Regression\n\n" + "- 1/1 pass\n" * 20_000,
        "# Cycle 1.1\n\n## RED\n\n" + ("a." * 2000 + "\n\n") * 100,
    ],
    ids=["stray fences", "long heading", "many counts", "dotted words"],
)
def test_large_reports_do_not_hang(tmp_path: Path, text: str) -> None:
    file = tmp_path / "r.md"
    file.write_text(text)
    program = (
        f"from tests.test_hostile import *; read_report(document(Path({str(file)!r}).read_text(), Kind.REPORT, REPORT))"
    )
    subprocess.run([sys.executable, "-c", program], timeout=60, check=True, cwd=Path(__file__).parent.parent)


def test_a_file_name_cannot_write_html(repo: Path) -> None:
    (repo / PLAN / "reports/step-1-2-<img src=x onerror=alert(1)>[c](javascript:alert(1))|.md").write_text(
        report_on("1")
    )
    assert not {"html_inline", "link_open"} & set(kinds(forensics(repo, "analyze", PLAN, "--format", "md").stdout))


def test_a_folder_name_cannot_forge_a_line(repo: Path) -> None:
    (repo / PLAN).rename(repo / "plans/x\nall 12 steps are sound")
    assert "\nall 12" not in forensics(repo, "analyze", "plans/x\nall 12 steps are sound").stdout


def test_a_password_cut_in_half_is_not_shown(repo: Path) -> None:
    for length in range(12):
        (repo / REPORT).write_text(report_on("1", f"GREEN_VERIFIED https://u:hunter2{'x' * length}@host"))
        assert "hunter2" not in forensics(repo, "analyze", PLAN, "--format", "md").stdout


@pytest.mark.parametrize(
    "text",
    [
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG",
        "password: hunter2secret",
        '"api_key": "abcdef123456"',
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        "-----BEGIN PGP PRIVATE KEY BLOCK----- lQOYBF",
        "https://:pw12345@h",
        "_ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "xghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "\x1b[31msk-ant-api03-abcdefghijklmnopqrstuvwxyz",
        "\\nsk-abcdefghijklmnopqrstuvwxyz0123",
    ],
)
def test_secrets_are_redacted(text: str) -> None:
    assert "[redacted]" in clean_text(text)


def test_foreign_commands_are_only_test_commands(repo: Path) -> None:
    with (repo / PLAN / "runbook.md").open("a") as file:
        file.write("\n**Verify RED:** `rm -rf .. /home`\n")
    assert "rm -rf" not in forensics(repo, "analyze", PLAN, "--format", "md").stdout


PIECES = st.sampled_from(
    [
        "# ",
        "## Cycle 1.1: ",
        "```",
        "\n",
        "|",
        "`",
        "**",
        "Status:",
        " RED ",
        "abcdef1",
        "1/1 pass",
        "---",
        "٣",
        "\ud800",
        "depends on 1.1",
        "<img src=x>",
        "[a](javascript:x)",
        "\\",
        "1. ",
        "\u2028",
        "\x1b[0m",
        "\u061c",
        "\0",
        ":",
        "=",
        "> ",
    ]
)
TEXT = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=25).map("".join)


@settings(deadline=None, max_examples=300)
@given(TEXT)
def test_foreign_text_never_becomes_markup(text: str) -> None:
    shown = clean_text(text)
    for line in (f"- {escape(shown)}", f"- {prose(shown)}", f"x {prose(quote(shown))}", f"x {code(shown)}"):
        assert not FORBIDDEN & set(kinds(line + "\n")), line
    row = kinds(f"{TABLE}| {cell(shown)} | {codecell(shown)} |\n")
    assert (row.count("tr_open"), row.count("td_open"), FORBIDDEN & set(row)) == (2, 2, set())


@settings(deadline=None, max_examples=300)
@given(TEXT)
def test_parsers_take_any_text(text: str) -> None:
    read_report(document(text, Kind.REPORT, REPORT))
    read_plan("x", PLAN, [document(f"---\n{text}\n---\n{text}", Kind.STEP, f"{PLAN}/steps/step-1-2.md")])
    list(parse_log(text.encode("utf-8", "replace")))
    assert not BIDI.search(clean_text(text))


def test_many_agents_at_once_neither_hang_nor_flood(repo: Path, tmp_path: Path) -> None:
    (repo / PLAN / "orchestrator-plan.md").write_text("# Orchestrator Plan: x\n\nExecute steps sequentially.\n")
    with (tmp_path / "s.jsonl").open("w") as file:
        for number in range(300):
            for second in (0, 59):
                record = {
                    "type": "user",
                    "agentId": f"a{number}",
                    "sessionId": "s",
                    "isSidechain": True,
                    "cwd": "/w",
                    "uuid": f"u{number}-{second}",
                    "timestamp": f"2026-01-30T04:00:{second:02d}Z",
                    "message": {"role": "user", "content": f"Do {PLAN}/steps/step-1-{number % 2 + 1}.md"},
                }
                file.write(json.dumps(record) + "\n")
    told = json.loads(forensics(repo, "analyze", PLAN, "--transcripts", str(tmp_path), "--format", "json").stdout)
    assert [one["code"] for one in told["findings"]].count("ORD004") == 1
    assert any("began next" in one["what"] for one in told["gaps"])


def rollout(tokens: int, text: str = "", model: str = "gpt-5") -> str:
    usage = {"total_token_usage": {"input_tokens": tokens, "output_tokens": 1}}
    lines = (
        ("session_meta", {"id": "s", "cwd": f"/w{text}"}),
        ("turn_context", {"model": model}),
        ("event_msg", {"type": "token_count", "info": usage, "message": text}),
    )
    return "".join(
        json.dumps({"timestamp": "2026-01-30T04:00:00Z", "type": kind, "payload": payload}) + "\n"
        for kind, payload in lines
    )


def test_a_counter_of_codex_that_cannot_be_is_none(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(rollout(10**300))
    told = json.loads(forensics(repo, "usage", "--transcripts", str(tmp_path), "--format", "json").stdout)
    assert (told["usage"], len(told["gaps"])) == ([], 1)


def test_half_a_surrogate_pair_loses_nothing_of_a_rollout(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(rollout(7, "\ud800"))
    told = json.loads(forensics(repo, "usage", "--transcripts", str(tmp_path), "--format", "json").stdout)
    assert ([one["input"] for one in told["usage"]], told["gaps"]) == ([7], [])


def test_a_long_model_name_does_not_widen_the_table(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(rollout(7, model="m" * 100_000))
    assert len(forensics(repo, "usage", "--transcripts", str(tmp_path)).stdout) < 2000
