"""The commands: `analyze`, `verify`, `explain`, `usage`. Each imports its use case when called, so that `--help` is quick."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics import __version__
from forensics.errors import NothingToExamine, UsageError
from forensics.model.finding import Finding, Severity
from forensics.model.prose import count, listing, quote

if TYPE_CHECKING:
    from forensics.app.verify import Verification
    from forensics.formats.tickets import Tickets
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

Repo = Annotated[
    Path | None,
    typer.Option("--repo", metavar="DIR", help="The repository; paths are then relative to its root."),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="REV",
        help="Read plan and reports out of this revision; what was committed after it does not count.",
    ),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Exit with 1 if a finding is at least this severe: critical, high, medium, low, info.",
    ),
]


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
    plan: Annotated[
        str,
        typer.Argument(metavar="PLAN", help="The plan's folder: the one that holds runbook.md, steps/ or reports/."),
    ],
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write here too; .md, .json or .txt chooses the format. Repeatable.",
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="text|md|json", help="What to print.")] = "text",
    at: At = None,
    repo: Repo = None,
    also_repo: Annotated[
        list[Path] | None,
        typer.Option(
            "--also-repo",
            metavar="DIR",
            help="A further repository in which claimed commits may lie. Repeatable.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="T", help="The run began at T (ISO 8601, UTC if no offset)."),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="T", help="The run ended at T.")] = None,
    tickets: Annotated[
        str | None,
        typer.Option(
            "--tickets",
            metavar="PATTERN",
            help="There is no plan: the run is the tickets of the time from --since to --until, whose ids are like 'R\\d+'.",
        ),
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option("--alias", metavar="ID=ID", help="Two ids of one ticket; the second one is shown. Repeatable."),
    ] = None,
    transcripts: Annotated[
        list[str] | None,
        typer.Option(
            "--transcripts",
            metavar="PATH",
            help="Agents' transcripts: files, folders, patterns. Repeatable. "
            "Without it they are looked for in the agents' own stores and in git.",
        ),
    ] = None,
    no_transcripts: Annotated[bool, typer.Option("--no-transcripts", help="Read no transcript.")] = False,
    fail_on: FailOn = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 4 if something could not be examined.")] = False,
) -> None:
    """Write the postmortem of a finished run.

    Exit codes: 0 done, 1 findings at or above --fail-on, 2 usage, 3 nothing to examine, 4 incomplete (--strict),
    5 internal failure.
    """
    from forensics.app.analyze import analyze, format_of, rendered, write
    from forensics.app.evidence import Scope

    if form not in {"text", "md", "json"}:
        raise UsageError(f"No format is called {quote(form)}.", try_="Try text, md or json.")
    threshold = _severity(fail_on)
    outputs = output or []
    for path in outputs:
        format_of(path)
    scope = Scope(
        plan,
        _cwd(),
        at,
        repo,
        tuple(also_repo or ()),
        _time(since, "--since"),
        _time(until, "--until"),
        tuple(transcripts or ()),
        not no_transcripts,
        dict(os.environ),
        _tickets(tickets, alias or []),
    )
    postmortem = analyze(scope)
    for path in outputs:
        write(postmortem, path)
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if sys.stdout.isatty() else 100
    sys.stdout.write(rendered(postmortem, form, width))
    for fault in postmortem.faults:
        sys.stderr.write(f"forensics: {fault.code} failed: {fault.what}\n")
    raise typer.Exit(_code(postmortem.findings, threshold, incomplete=strict and _incomplete(postmortem)))


@app.command(name="verify", epilog="Example: forensics verify plans/x/reports/step-1-4-execution.md && git push")
def verify_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="One report of a plan.")],
    at: At = None,
    repo: Repo = None,
    fail_on: FailOn = "high",
) -> None:
    """Check one report and answer by exit code: 0 if nothing serious contradicts it, 1 if something does."""
    from forensics.app.verify import verify

    threshold = _severity(fail_on)
    checked = verify(report, _cwd(), at=at, repo=repo)
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

    sys.stdout.write(render_usage(usage(transcripts or (), _cwd(), os.environ), form))


def _tickets(pattern: str | None, aliases: list[str]) -> "Tickets | None":
    if pattern is None:
        if aliases:
            raise UsageError("--alias needs --tickets.", try_=r"Try --tickets 'R\d+' --alias R279=R236-F.")
        return None
    from forensics.formats.tickets import Tickets

    pairs = [one.upper().partition("=")[::2] for one in aliases]
    if not all(first and second for first, second in pairs):
        raise UsageError(f"--alias {quote(listing(aliases))} is no pair of ids.", try_="Try --alias R279=R236-F.")
    return Tickets(pattern, tuple(pairs))


def _cwd() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise NothingToExamine("The current folder does not exist any more.", try_="Change to another one.") from None


def _time(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {quote(text)} is not a time.", try_="Try 2026-01-30 or 2026-01-30T04:00+01:00."
        ) from None
    if not 1970 < moment.year < 2200:
        raise UsageError(f"{option} {quote(text)} is out of range.", try_="Try a year from 1971 to 2199.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
