"""The commands except `weekly`. Each imports its use case when called, so that `--help` is quick."""

import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics import __version__
from forensics.app import outputs
from forensics.cli.options import (
    At,
    Branch,
    Everything,
    FailOn,
    NoRecord,
    NoTranscripts,
    PullRequest,
    RecordPlace,
    Repo,
    RunOptions,
    Session,
    Since,
    Transcripts,
    Until,
    format_option,
    here,
    output_option,
    severity_of,
    width,
    with_run_options,
)
from forensics.cli.weekly import weekly_command
from forensics.errors import UsageError
from forensics.model.finding import Fault, Finding, Severity
from forensics.model.prose import quote

if TYPE_CHECKING:
    from forensics.app.evidence import Progress
    from forensics.model.postmortem import Postmortem

_PATIENCE = 0.5  # seconds without a word: a call that is over by then needs no progress
_PURPOSE = """Check what coding agents reported against git and their transcripts, and write the postmortem.

Without a command: what agents said and did in the last 24 hours, and which of it is true.
"""

app = typer.Typer(
    name="forensics",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_PURPOSE,
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"forensics {__version__}\n")
        raise typer.Exit


@app.callback(help=_PURPOSE, invoke_without_command=True)
def _root(
    context: typer.Context,
    repo: Repo = None,
    since: Since = None,
    until: Until = None,
    session: Session = None,
    branch: Branch = None,
    pr: PullRequest = None,
    everything: Everything = False,
    transcripts: Transcripts = None,
    no_transcripts: NoTranscripts = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Check what agents said in the last 24 hours, where no command is named."""
    run = RunOptions(
        None, None, repo, None, since, until, session, branch, pr, everything, None, None, transcripts, no_transcripts
    )
    if context.invoked_subcommand is None:
        _analyze(run, (), "text", None, strict=False, choice=(None, True))  # looking around leaves no trace
    elif run != RunOptions():
        raise UsageError(f"Options before {context.invoked_subcommand} have no effect.", try_="Put them behind it.")


@app.command(
    name="analyze",
    epilog="Example: forensics analyze plans/claude-tools-rewrite -o postmortem.md -o postmortem.json",
)
@with_run_options
def analyze_command(
    run: RunOptions,
    output: Annotated[list[Path] | None, output_option("Postmortem")] = None,
    form: Annotated[str, format_option("Postmortem")] = "text",
    fail_on: FailOn = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit with 4 if any evidence could not be examined. Missing transcripts do not count."
        ),
    ] = False,
    record: RecordPlace = None,
    no_record: NoRecord = False,
) -> None:
    """Write the postmortem of a finished run, with a plan or without.

    Exit codes: 0 done; 1 findings at or above --fail-on; 2 invalid arguments; 3 nothing to examine; 4 incomplete
    evidence (--strict); 5 internal error.
    """
    _analyze(run, output or (), form, fail_on, strict=strict, choice=(record, no_record))


@app.command(
    name="recover",
    epilog="Example: forensics recover plans/claude-tools-rewrite --test 'pytest -q' --script recover.sh",
)
@with_run_options
def recover_command(
    run: RunOptions,
    test: Annotated[
        str | None,
        typer.Option("--test", metavar="CMD", help="Shell command to run on the result, in the temporary worktree."),
    ] = None,
    test_timeout: Annotated[
        int, typer.Option("--test-timeout", metavar="SECONDS", min=1, help="Time limit for the --test command.")
    ] = 600,
    script: Annotated[
        Path | None,
        typer.Option("--script", metavar="FILE", help="Also write the picks that apply as a shell script."),
    ] = None,
    from_transcripts: Annotated[
        bool,
        typer.Option(
            "--from-transcripts", help="Rebuild commits that git lacks from the agents' edits, and try them too."
        ),
    ] = False,
    patch: Annotated[
        Path | None,
        typer.Option("--patch", metavar="FILE", help="Also write the rebuilt commits that apply as mails for git am."),
    ] = None,
    form: Annotated[str, format_option("Rescue")] = "text",
) -> None:
    """Plan how to recover sound work, and try the plan.

    Every pick is tried in a temporary worktree. Your files, branches and index are not changed. Without PLAN,
    --from-transcripts rebuilds what sessions of the last 24 hours committed and git has lost.

    Exit codes: 0 the plan works, or nothing needs to be picked; 1 a pick does not apply or the tests fail; 2 invalid
    arguments; 3 nothing to examine; 5 internal error.
    """
    from forensics.app.brought_links import refuse_to_write
    from forensics.app.evidence import repository_of
    from forensics.app.recover import PATCH_MARK, Test, ready, recover, refuse_foreign, write_patches, write_script

    outputs.check_name("Rescue", form)
    if patch and not from_transcripts:
        raise UsageError("--patch needs --from-transcripts.", try_="Add --from-transcripts.")
    if patch:
        refuse_foreign(patch, PATCH_MARK)
    if test is not None and not test.strip():
        raise UsageError("--test is empty.", try_="Try --test 'make test'.")
    if script:
        refuse_foreign(script)
    if run.plan is None and run.tickets is None and not from_transcripts:
        raise UsageError(
            "No plan is named.", try_="Try forensics recover plans/x, or --from-transcripts without a plan."
        )
    scope = run.scope()
    if script or patch:
        refuse_to_write(filter(None, (script, patch)), scope.cwd, repository_of(scope))
    tests = Test(test, scope.environment, test_timeout) if test else None
    rescue = recover(scope, tests, from_transcripts=from_transcripts)
    sys.stdout.write(outputs.rendered(rescue, form))
    if script and not write_script(rescue, script):
        _warn(f"no pick applies, so {quote(str(script))} was not written.")
    if patch and not write_patches(rescue, patch):
        _warn(f"no rebuilt commit applies, so {quote(str(patch))} was not written.")
    raise typer.Exit(0 if ready(rescue) else 1)


@app.command(name="verify", epilog="Example: forensics verify plans/x/reports/step-1-4-execution.md && git push")
def verify_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="A step's report, in its plan's folder.")],
    at: At = None,
    repo: Repo = None,
    fail_on: FailOn = "high",
    form: Annotated[str, format_option("Verification")] = "text",
) -> None:
    """Check one report against its plan and git, quickly.

    Transcripts are not read, and the lines that commits change are not compared.

    Exit codes: 0 no finding at or above --fail-on; 1 such a finding; 2 invalid arguments; 3 nothing to examine;
    5 internal error.
    """
    from forensics.app.verify import verify

    outputs.check_name("Verification", form)
    threshold = severity_of(fail_on)
    checked = verify(report, here(), at=at, repo=repo)
    sys.stdout.write(outputs.rendered(checked, form))
    _warn_of(checked.faults)
    raise typer.Exit(_code(checked.findings, threshold, incomplete=False))


@app.command(name="check", epilog="Example: gh pr view 42 --json body --jq .body | forensics check -")
def check_command(
    text: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A message, description or commit message; - reads standard input.")
    ],
    repo: Repo = None,
    session: Annotated[
        str | None,
        typer.Option(
            "--session",
            metavar="ID",
            help="The session that wrote it; a prefix will do (default: the last one in this folder, if it said most of the text).",
        ),
    ] = None,
    transcripts: Transcripts = None,
    no_transcripts: NoTranscripts = False,
    fail_on: FailOn = "high",
    form: Annotated[str, format_option("Checked")] = "text",
) -> None:
    """Check any text that an agent wrote: its last message, a pull request's description, a commit message.

    Each claim is checked against git and, where its session is found, against the results of the session's tool calls.

    Exit codes: 0 no finding at or above --fail-on; 1 such a finding; 2 invalid arguments; 3 nothing to examine;
    5 internal error.
    """
    from forensics.app.check import LIMIT, Witnesses, check, text_of

    outputs.check_name("Checked", form)
    threshold = severity_of(fail_on)
    piped = sys.stdin.buffer.read(LIMIT + 1) if text == "-" else None
    witnesses = Witnesses(here(), repo, session, tuple(transcripts or ()), not no_transcripts, dict(os.environ))
    checked = check(text_of(text, witnesses.cwd, piped), witnesses)
    sys.stdout.write(outputs.rendered(checked, form))
    _warn_of(checked.faults)
    raise typer.Exit(_code(checked.findings, threshold, incomplete=False))


@app.command(name="explain", epilog="Example: forensics explain RED001")
def explain_command(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A rule's code or name (default: list all rules).")
    ] = None,
) -> None:
    """Print a rule's page: its meaning, and what to do.

    Exit codes: 0 done; 2 unknown rule; 5 internal error.
    """
    from forensics.app.explain import explain

    sys.stdout.write(explain(code))


@app.command(
    name="usage", epilog="Example: forensics usage --transcripts ~/.claude/projects/-home-me-project --format csv"
)
def usage_command(
    transcripts: Transcripts = None,
    form: Annotated[str, format_option("UsageReport")] = "text",
) -> None:
    """Count the tokens that agents used, and price them.

    Each message counts once. Prices come from a list that is part of the installation.

    Exit codes: 0 done; 2 invalid arguments; 3 no transcripts found; 5 internal error.
    """
    outputs.check_name("UsageReport", form)
    from forensics.app.usage import usage

    sys.stdout.write(outputs.rendered(usage(transcripts or (), here(), os.environ), form))


app.command(name="weekly", epilog="Example: forensics weekly plans/ --week 2026-W05 --history -o weekly.md")(
    weekly_command
)


def _analyze(
    run: RunOptions,
    output: Sequence[Path],
    form: str,
    fail_on: str | None,
    *,
    strict: bool,
    choice: tuple[str | None, bool] = (None, False),
) -> None:
    from forensics.app.analyze import examine, postmortem_of, write
    from forensics.app.brought_links import refuse_to_write
    from forensics.app.evidence import repository_of
    from forensics.app.run_record import RecordChoice, append_to_record, store_of

    outputs.check_name("Postmortem", form)
    threshold = severity_of(fail_on)
    for path in output:
        outputs.check_path("Postmortem", path)
    scope = replace(run.scope(), progress=_progress())
    if output:
        refuse_to_write(output, scope.cwd, repository_of(scope))
    examined = examine(scope)
    store, warning = store_of(RecordChoice(choice[0], scope.cwd, scope.environment, choice[1]), examined.repository)
    postmortem = postmortem_of(examined)
    for path in output:
        write(postmortem, path)
    sys.stdout.write(outputs.rendered(postmortem, form, width()))
    _warn_of(postmortem.faults)
    sys.stdout.flush()  # the reader need not wait for the record
    _warn(warning)
    _warn(append_to_record(store, examined) if store else "")
    raise typer.Exit(_code(postmortem.findings, threshold, incomplete=strict and _incomplete(postmortem)))


def _warn_of(faults: Iterable[Fault]) -> None:
    for fault in faults:
        _warn(f"rule {fault.code} failed: {fault.what}")


def _progress() -> "Progress | None":
    """Return what writes a line of progress to the terminal and takes it back at the end; None where nobody watches."""
    if not sys.stderr.isatty():
        return None
    began = time.monotonic()

    def show(done: int, of: int) -> None:
        if time.monotonic() - began > _PATIENCE:
            sys.stderr.write(f"\r\x1b[Kreading transcript {done + 1} of {of}" if done + 1 < of else "\r\x1b[K")
            sys.stderr.flush()

    return show


def _warn(text: str) -> None:
    from forensics.render.cleaning import clean_text

    if text:
        sys.stderr.write(clean_text(f"forensics: {text}") + "\n")


def _incomplete(postmortem: "Postmortem") -> bool:
    """Return whether evidence is missing; transcripts do not count, because many runs leave none."""
    skips = [skip for skip in postmortem.skips if "transcript" not in skip.why]
    return bool(postmortem.gaps or skips or postmortem.faults)


def _code(findings: tuple[Finding, ...], threshold: Severity | None, *, incomplete: bool) -> int:
    if threshold is not None and any(finding.severity.rank >= threshold.rank for finding in findings):
        return 1
    return 4 if incomplete else 0
