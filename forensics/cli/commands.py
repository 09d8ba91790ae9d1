"""The commands: `analyze`, `recover`, `verify`, `explain`, `usage`. Each imports its use case when called, so that `--help` is quick."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics import __version__
from forensics.cli.options import (
    Alias,
    AlsoRepo,
    At,
    FailOn,
    NamedTranscripts,
    NoRecord,
    NoTranscripts,
    PlanFolder,
    RecordPlace,
    Repo,
    Since,
    TicketPattern,
    Until,
    here,
    scope_of,
    tickets_of,
)
from forensics.cli.weekly import weekly_command
from forensics.errors import UsageError
from forensics.model.finding import Finding, Severity
from forensics.model.prose import count, listing, quote

if TYPE_CHECKING:
    from forensics.app.verify import Verification
    from forensics.model.postmortem import Postmortem

app = typer.Typer(
    name="forensics",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Hold what coding agents reported against git and their transcripts, and write the postmortem.",
)


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"forensics {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold what coding agents reported against git and their transcripts, and write the postmortem."""


@app.command(
    name="analyze",
    epilog="Example: forensics analyze plans/claude-tools-rewrite -o postmortem.md -o postmortem.json",
)
def analyze_command(
    plan: PlanFolder,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write here too; .md, .html, .json or .txt chooses the format. Repeatable.",
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="text|md|html|json", help="What to print.")] = "text",
    at: At = None,
    repo: Repo = None,
    also_repo: AlsoRepo = None,
    since: Since = None,
    until: Until = None,
    tickets: TicketPattern = None,
    alias: Alias = None,
    transcripts: NamedTranscripts = None,
    no_transcripts: NoTranscripts = False,
    fail_on: FailOn = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit with 4 if something could not be examined; that there are no transcripts does not count.",
        ),
    ] = False,
    record: RecordPlace = None,
    no_record: NoRecord = False,
) -> None:
    """Write the postmortem of a finished run.

    Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage, 3 nothing to examine, 4 incomplete (--strict),
    5 internal failure.
    """
    from forensics.app.analyze import examine, format_of, postmortem_of, rendered, write
    from forensics.app.run_record import RecordChoice, append_to_record, store_of

    if form not in {"text", "md", "html", "json"}:
        raise UsageError(f"No format is called {quote(form)}.", try_="Try text, md, html or json.")
    threshold = _severity(fail_on)
    outputs = output or []
    for path in outputs:
        format_of(path)
    scope = scope_of(
        plan,
        at,
        repo,
        also_repo,
        window=(since, until),
        transcripts=None if no_transcripts else transcripts or (),
        tickets=tickets_of(tickets, alias or ()),
    )
    examined = examine(scope)
    store, warning = store_of(RecordChoice(record, scope.cwd, scope.environment, no_record), examined.repository)
    postmortem = postmortem_of(examined)
    for path in outputs:
        write(postmortem, path)
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if sys.stdout.isatty() else 100
    sys.stdout.write(rendered(postmortem, form, width))
    for fault in postmortem.faults:
        sys.stderr.write(f"forensics: {fault.code} failed: {fault.what}\n")
    sys.stdout.flush()  # the reader need not wait for the record
    for told in (warning, append_to_record(store, examined) if store else ""):
        _warn(told)
    raise typer.Exit(_code(postmortem.findings, threshold, incomplete=strict and _incomplete(postmortem)))


@app.command(
    name="recover",
    epilog="Example: forensics recover plans/claude-tools-rewrite --test 'pytest -q' --script recover.sh",
)
def recover_command(
    plan: PlanFolder,
    test: Annotated[
        str | None,
        typer.Option("--test", metavar="CMD", help="A shell command to run on the result, in the temporary work tree."),
    ] = None,
    test_timeout: Annotated[
        int, typer.Option("--test-timeout", metavar="SECONDS", min=1, help="How long the command may take.")
    ] = 600,
    script: Annotated[
        Path | None,
        typer.Option("--script", metavar="FILE", help="Write the picks that apply as a shell script, too."),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="text|json", help="What to print.")] = "text",
    at: At = None,
    repo: Repo = None,
    also_repo: AlsoRepo = None,
    since: Since = None,
    until: Until = None,
    tickets: TicketPattern = None,
    alias: Alias = None,
    transcripts: NamedTranscripts = None,
    no_transcripts: NoTranscripts = False,
) -> None:
    """Plan how to get sound work back, and prove the plan in a temporary work tree; nothing of yours is changed.

    Exit codes: 0 the plan holds, also if nothing is to be picked; 1 a pick does not apply or the tests fail; 2 usage,
    3 nothing to examine, 5 internal failure.
    """
    from forensics.app.recover import Test, ready, recover, refuse_foreign, write_script
    from forensics.render.recovery import render_recovery, render_recovery_json

    if form not in {"text", "json"}:
        raise UsageError(f"No format is called {quote(form)}.", try_="Try text or json.")
    if test is not None and not test.strip():
        raise UsageError("--test names no command.", try_="Try --test 'make test'.")
    if script:
        refuse_foreign(script)
    scope = scope_of(
        plan,
        at,
        repo,
        also_repo,
        window=(since, until),
        transcripts=None if no_transcripts else transcripts or (),
        tickets=tickets_of(tickets, alias or ()),
    )
    rescue = recover(scope, Test(test, scope.environment, test_timeout) if test else None)
    sys.stdout.write(render_recovery_json(rescue) if form == "json" else render_recovery(rescue))
    if script and not write_script(rescue, script):
        sys.stderr.write(f"forensics: no pick applies, so {quote(str(script))} was not written.\n")
    raise typer.Exit(0 if ready(rescue) else 1)


@app.command(name="verify", epilog="Example: forensics verify plans/x/reports/step-1-4-execution.md && git push")
def verify_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="One report of a plan.")],
    at: At = None,
    repo: Repo = None,
    fail_on: FailOn = "high",
) -> None:
    """Check one report against plan and git, quickly: no transcript is read, and no commit's lines are.

    Exit codes: 0 nothing serious contradicts it, 1 something does, 2 usage, 3 nothing to examine, 5 internal failure.
    """
    from forensics.app.verify import verify

    threshold = _severity(fail_on)
    checked = verify(report, here(), at=at, repo=repo)
    sys.stdout.write(_told(checked))
    raise typer.Exit(_code(checked.findings, threshold, incomplete=False))


@app.command(name="explain", epilog="Example: forensics explain RED001")
def explain_command(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A rule's code or name; without it, all rules.")
    ] = None,
) -> None:
    """Print a rule's page: what it means, why it matters, what to do."""
    from forensics.app.explain import explain

    sys.stdout.write(explain(code))


@app.command(
    name="usage", epilog="Example: forensics usage --transcripts ~/.claude/projects/-home-me-project --format csv"
)
def usage_command(
    transcripts: Annotated[
        list[str] | None,
        typer.Option(
            "--transcripts",
            metavar="PATH",
            help="A transcript, a folder of them, or a pattern. Repeatable. Without it: the agents' own for this folder.",
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="text|json|csv", help="What to print.")] = "text",
) -> None:
    """Count what agents used, each message once, and price it offline.

    Exit codes: 0 done, 2 usage, 3 no transcripts.
    """
    if form not in {"text", "json", "csv"}:
        raise UsageError(f"No format is called {quote(form)}.", try_="Try text, json or csv.")
    from forensics.app.usage import usage
    from forensics.render.usage import render_usage

    sys.stdout.write(render_usage(usage(transcripts or (), here(), os.environ), form))


def _warn(text: str) -> None:
    from forensics.render.cleaning import clean_text

    if text:
        sys.stderr.write(clean_text(f"forensics: {text}") + "\n")


app.command(name="weekly", epilog="Example: forensics weekly plans/ --week 2026-W05 --history -o weekly.md")(
    weekly_command
)


def _incomplete(postmortem: "Postmortem") -> bool:
    """Transcripts are a third witness, not a duty: that there are none is no gap."""
    skips = [skip for skip in postmortem.skips if "transcript" not in skip.why]
    return bool(postmortem.gaps or skips or postmortem.faults)


def _severity(text: str | None) -> Severity | None:
    if text is not None and text not in set(Severity):
        raise UsageError(f"No severity is called {quote(text)}.", try_=f"Try {listing(Severity)}.")
    return Severity(text) if text is not None else None


def _code(findings: tuple[Finding, ...], threshold: Severity | None, *, incomplete: bool) -> int:
    if threshold is not None and any(one.severity.rank >= threshold.rank for one in findings):
        return 1
    return 4 if incomplete else 0


def _told(checked: "Verification") -> str:
    rows = [f"{one.code} {one.severity} ({one.confidence}) {one.at}: {one.message}" for one in checked.findings]
    contradicted = sum(
        1 for one in checked.claims if one.verdict in {"missing", "contradicted", "misattributed", "altered"}
    )
    rows.append(
        f"{checked.path}: {count(len(checked.claims), 'claim')}, {contradicted} contradicted, {count(len(checked.findings), 'finding')}."
    )
    return "\n".join(rows) + "\n"
