"""What is fuzzed: each parser of `forensics/formats`, git's output, and the doors of every view; with the seeds of each."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from forensics.errors import FormatError
from forensics.formats import (
    outcomes,
    promotions,
    red_demands,
    removal_words,
    repairs,
    reverts,
    step_ids,
    test_lines,
    tickets,
)
from forensics.formats.dialects import DIALECTS, dialect_of, plan_of, steps_of_commit
from forensics.formats.markdown import lines_of
from forensics.formats.messages import read_message
from forensics.formats.patches import parse_patches
from forensics.formats.reports.details import moment_in, paths_in
from forensics.formats.tickets import Tickets
from forensics.formats.transcripts import (
    apply_patches,
    checks,
    commit_calls,
    git_calls,
    hooks,
    printed_commits,
    prompts,
    reading_calls,
    run_scope,
    shell,
    shell_effects,
    test_commands,
    test_output,
    test_scopes,
)  # fmt: skip
from forensics.formats.transcripts.file_acts import read_acts
from forensics.formats.transcripts.readers import read, read_usage, usage_of
from forensics.model.source import Document, FileRef, Source
from forensics.model.transcript import Message
from forensics.sources.checkpoints import _note
from forensics.sources.git_log import parse_log
from hostile import seeds, views

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
_FOLDERS = {
    "gsd": (".planning/phases/03-tolls", ("03-02-PLAN.md", "03-02-SUMMARY.md", "03-VERIFICATION.md")),
    "superpowers": (".superpowers/sdd", ("progress.md", "task-1-report.md")),
    "conductor": ("conductor/tracks/tolls_20260304", ("plan.md",)),
    "spec-kit": ("specs/003-tolls", ("tasks.md",)),
    "step-reports": (
        "plans/x",
        ("runbook.md", "steps/step-1-2.md", "reports/step-1-1-execution.md", "orchestrator-plan.md"),
    ),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A part of the tool with its seeds; `run` takes one input and raises AssertionError if an output is not safe.

    `often` is how many inputs it gets for each one of those that take ten times as long.
    """

    name: str
    seeds: Sequence[bytes]
    run: Callable[[bytes], object]
    often: int = 5


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _plans(folder: str, names: Sequence[str]) -> Callable[[bytes], None]:
    def run(content: bytes) -> None:
        text = _text(content)
        paths = [f"{folder}/{name}" for name in names]
        dialect = dialect_of(paths)
        documents = [
            Document(Source(f"S{place}", dialect.kind_of(path), path, "", len(text)), text)
            for place, path in enumerate(paths)
        ]
        with contextlib.suppress(FormatError):
            dialect.read_plan(folder.rpartition("/")[2], folder, documents)
        for document in documents:
            with contextlib.suppress(FormatError):
                dialect.read_report(document)
            dialect.plans_named(document)

    return run


def _transcripts(*paths: str) -> Callable[[bytes], None]:
    def run(content: bytes) -> None:
        cut = content.rfind(b"\n", 0, len(content) // 2) + 1
        for path in paths:
            read([(path, [content[:cut], content[cut:]] if cut else [content])])
        totals, left = read_usage([(paths[0], [content])])
        usage_of(totals, [(path, [content]) for path in left])
        read_acts([(paths[0], [content])])

    return run


def _message(content: bytes) -> None:
    read_message(Message(NOW, FileRef("m.md", 1), _text(content)), "1.1", "Sort the cart")


def _subject(content: bytes) -> None:
    subject, _, body = _text(content).partition("\n")
    subject, body = subject[:500], body[:20_000]
    known = Tickets(r"[A-Z]+-?\d+")
    known.of_subject(subject), known.of_body(body), known.among(subject), known.of_branch(subject)
    of_text: tuple[Callable[[str], object], ...] = (
        steps_of_commit, step_ids.steps_of_subject, step_ids.steps_in, step_ids.plans_in, step_ids.step_of_heading, step_ids.step_of_file,
        step_ids.phase_in, step_ids.scopes_in, tickets.pull_of_subject, tickets.branch_merged_into, tickets.without_pull, repairs.is_repair,
        repairs.second_part, promotions.is_promotion, promotions.is_development_ref, plan_of, paths_in, red_demands.grants_pass,
        red_demands.excuses_pass, red_demands.denies_marker,
    )  # fmt: skip
    for function in of_text:
        function(subject)
    for function in (
        tickets.closed_issues,
        tickets.bullets,
        tickets.sections,
        reverts.reverted_commits,
        removal_words.means_to_remove,
    ):
        function(body)
    for dialect in DIALECTS:
        dialect.sniff(subject)
        dialect.kind_of(subject)
    moment_in(subject, FileRef("m.md", 1))


def _shell(content: bytes) -> None:
    command = _text(content)
    of_command: tuple[Callable[[str], object], ...] = (
        shell.simple_commands, shell.links, shell.redirected, shell.ends_with_another, git_calls.commits, git_calls.pushes,
        git_calls.switched_to, git_calls.may_switch, git_calls.renames_branch, git_calls.is_plain, git_calls.brings_files, git_calls.staged,
        git_calls.in_one_place, git_calls.git_calls, hooks.bypassed, reading_calls.only_looks, run_scope.scope_of, test_commands.runs_tests,
        test_commands.test_calls, test_commands.runs_tests_or_recipe, test_scopes.packages_of, checks.checks_in,
    )  # fmt: skip
    for function in of_command:
        function(command)
    for placed in (shell.folder_of, git_calls.worktrees_added, git_calls.repositories_made, commit_calls.commit_calls, commit_calls.staging,
                   shell_effects.effects):  # fmt: skip
        placed(command, "/srv/shop")


def _output(content: bytes) -> None:
    text = _text(content)
    for code in (0, 1, None):
        test_output.result_of(text, code)
    test_output.exceptions(text)
    checks.check_runs("ruff check . && tsc; echo $?", 1, text)
    printed_commits.printed_commits("git commit -m x && git log --oneline", text)
    commit_calls.printed_summaries("git commit -m x", text)
    outcomes.exceptions_in(text), outcomes.red_outcome(text), outcomes.status_of(text), outcomes.counts_in(text)


def _lines(content: bytes) -> None:
    text = _text(content)
    lines_of(text)
    for prompt in (prompts.given_by_person, prompts.typed_by_person, prompts.words_of_person, prompts.title_of):
        prompt(text)
    test_lines.weakened_in_patch(text, "tests/test_a.py")
    for row in text.splitlines()[:50]:
        test_lines.is_assertion(row), test_lines.name_of_test(row), test_lines.comparison(row)


def _patch(content: bytes) -> None:
    for patch in apply_patches.file_patches(_text(content)):
        apply_patches.patched("old\nsame\n", patch.hunks)


def _git(content: bytes) -> None:
    """Git prints names and messages as they are, and everything else itself."""
    words = content.replace(b"\0", b"")
    fields = [words if field in seeds.FOREIGN else field for field in seeds.LOG.split(b"\0")]
    assert len(list(parse_log(b"\0".join(fields)))) == 2
    list(parse_patches(b"\0" + b"a" * 40 + b"\n" + words))


def targets(only: str = "") -> tuple[Target, ...]:
    """Return all targets whose name holds a word."""
    documents = seeds.plan_documents()
    found: Iterable[Target] = (
        *(Target(f"plans: {name}", documents[name], _plans(*place), 1) for name, place in _FOLDERS.items()),
        Target("transcripts: Claude Code", seeds.claude_transcripts(), _transcripts("s.jsonl")),
        Target("transcripts: Codex", seeds.codex_transcripts(), _transcripts("rollout-2026.jsonl")),
        Target("transcripts: OpenCode", seeds.opencode_transcripts(), _transcripts(
            "x.json", "storage/session/p/ses_a.json", "storage/message/ses_a/msg_000.json", "storage/part/msg_000/prt_0.json")),
        Target("transcripts: Gemini CLI", seeds.gemini_transcripts(), _transcripts("session-1.json")),
        Target("transcripts: SpecStory", seeds.specstory_transcripts(), _transcripts(".specstory/history/2026-03-04_09-15-00Z-x.md")),
        Target("transcripts: Entire", seeds.entire_metadata(), _note),
        Target("messages", (*seeds.texts(*seeds.MESSAGES), *seeds.sample_documents()), _message, 1),
        Target("subjects and paths", seeds.texts(*seeds.SUBJECTS), _subject),
        Target("shell commands", seeds.texts(*seeds.SHELL), _shell),
        Target("outputs of commands", seeds.texts(*seeds.OUTPUTS), _output),
        Target("lines and prompts", (*seeds.texts(*seeds.MESSAGES), seeds.PATCH), _lines),
        Target("patches of Codex", seeds.texts(seeds.PATCHED), _patch),
        Target("git's log and patches", (seeds.PATCH, *seeds.texts(*seeds.SUBJECTS)), _git),
        *(Target(f"views: {name}", tuple(text.encode() for text in views.SEEDS), run) for name, run in views.VIEWS.items()),
    )  # fmt: skip
    return tuple(target for target in found if only.casefold() in target.name.casefold())
