"""The options that commands share, and what their values mean."""

import inspect
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forensics.app import outputs
from forensics.errors import NothingToExamine, UsageError
from forensics.model.finding import Severity
from forensics.model.prose import listing, quote

if TYPE_CHECKING:
    from forensics.app.evidence import Scope
    from forensics.casework.attribution.sessions import Selection
    from forensics.formats.tickets import Tickets

_DAY = timedelta(hours=24)  # what a call without arguments looks at: last night
_DATE_ONLY = len("2026-01-30")
_WIDEST = 120  # columns; longer lines of prose are hard to read


def format_option(result: str) -> Any:
    """Return the `--format` of a command that prints this type of result."""
    names = outputs.names(result)
    return typer.Option("--format", metavar="|".join(names), help="Format to print.", autocompletion=lambda: names)


def output_option(result: str) -> Any:
    """Return the `-o` of a command that writes this type of result to files."""
    endings = listing(outputs.endings(result), limit=len(outputs.FORMATS))
    text = f"Also write to FILE; its ending chooses the format ({endings}). Repeatable."
    return typer.Option("-o", "--output", metavar="FILE", help=text)


Repo = Annotated[
    Path | None,
    typer.Option(
        "--repo",
        metavar="DIR",
        help="Repository to examine; paths are relative to its root (default: the one around the current folder).",
    ),
]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="REV", help="Examine the plan as of this revision; later commits do not count."),
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help=f"Exit with 1 if any finding is at least this severe: {', '.join(Severity)}. "
        "Commits that exist nowhere are critical or high, those that a rewrite may have dropped medium; "
        "at low, claimed commits that nothing shows fail, too.",
        autocompletion=lambda: list(Severity),
    ),
]
RecordPlace = Annotated[
    str | None,
    typer.Option(
        "--record",
        metavar="DIR",
        help="Record of all runs: a folder, or a URL that fsspec can open (default: in the user's data folder).",
    ),
]
NoRecord = Annotated[bool, typer.Option("--no-record", help="Do not use the record of runs.")]
Transcripts = Annotated[
    list[str] | None,
    typer.Option(
        "--transcripts",
        metavar="PATH",
        help="Agent transcripts: files, folders or glob patterns. Repeatable. (default: search the agents' own folders)",
    ),
]
PlanFolder = Annotated[
    str | None,
    typer.Argument(
        metavar="[PLAN]",
        help="Plan folder: one with runbook.md, steps/ or reports/, a GSD phase, a Superpowers ledger, a Conductor "
        "track, or a spec-kit feature (default: no plan; what agents did in the last 24 hours). With --tickets: the "
        "repository.",
        show_default=False,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="Start (ISO 8601, UTC without an offset; default without a plan: 24 hours ago)."
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="End; a bare date includes that day (default: now).")
]
Session = Annotated[
    str | None,
    typer.Option(
        "--session", metavar="ID", help="Without a plan: only this session and its subagents (a prefix will do)."
    ),
]
Branch = Annotated[
    str | None, typer.Option("--branch", metavar="NAME", help="Without a plan: only the work of this branch.")
]
PullRequest = Annotated[
    int | None,
    typer.Option(
        "--pr", metavar="N", min=1, show_default=False, help="Without a plan: only the work of this pull request."
    ),
]
Everything = Annotated[bool, typer.Option("--all", help="Without a plan: all there is, not only the last 24 hours.")]
NoTranscripts = Annotated[bool, typer.Option("--no-transcripts", help="Do not read transcripts.")]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The arguments that name a run and its evidence, as `analyze` and `recover` take them."""

    plan: PlanFolder = None
    at: At = None
    repo: Repo = None
    also_repo: Annotated[
        list[Path] | None,
        typer.Option(
            "--also-repo", metavar="DIR", help="Another repository to search for claimed commits. Repeatable."
        ),
    ] = None
    since: Since = None
    until: Until = None
    session: Session = None
    branch: Branch = None
    pr: PullRequest = None
    everything: Everything = False
    tickets: Annotated[
        str | None,
        typer.Option(
            "--tickets",
            metavar="PATTERN",
            help="Analyse a run without a plan: treat every ticket matching PATTERN (a regex such as 'R\\d+') worked on "
            "between --since and --until as a step.",
        ),
    ] = None
    alias: Annotated[
        list[str] | None,
        typer.Option("--alias", metavar="ID=ID", help="Two ids of the same ticket; the second is shown. Repeatable."),
    ] = None
    transcripts: Transcripts = None
    no_transcripts: NoTranscripts = False

    def scope(self) -> "Scope":
        """Return what is to be examined; raises UsageError for values that make no sense."""
        from forensics.app.evidence import Scope

        since, until = moment(self.since, "--since"), moment(self.until, "--until")
        if until is not None and self.until and len(self.until.strip()) <= _DATE_ONLY:
            until += timedelta(days=1, microseconds=-1)  # "--until 2026-01-30" means to the end of that day
        if since and until and since > until:
            raise UsageError("--since is after --until.", try_="Swap them.")
        selection = self._selection()
        named = selection is None or selection.of_git or selection.session or self.everything
        if not (named or since or until):
            since = datetime.now(UTC) - _DAY
        return Scope(
            self.plan or ".",
            here(),
            self.at,
            self.repo,
            tuple(self.also_repo or ()),
            since,
            until,
            tuple(self.transcripts or ()),
            not self.no_transcripts,
            dict(os.environ),
            tickets_of(self.tickets, self.alias or ()),
            sessions=selection,
        )

    def _selection(self) -> "Selection | None":
        """Return which units are wanted where no plan is named; raises UsageError for options that need one or none."""
        choice = {"--session": self.session, "--branch": self.branch, "--pr": self.pr, "--all": self.everything or None}
        given = [name for name, value in choice.items() if value is not None]
        if len(given) > 1:
            raise UsageError(f"{listing(given)} exclude each other.", try_="Use one of them.")
        if self.plan is None and self.tickets is None:
            from forensics.casework.attribution.sessions import Selection

            return Selection(self.session, self.branch, self.pr)
        if given:
            raise UsageError(f"{given[0]} is for runs without a plan.", try_="Leave out the plan.")
        return None


def with_run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command whose first parameter is a RunOptions the options of that class.

    Typer reads a function's signature, so it is shown one in which the fields replace the parameter.
    """
    shared = inspect.signature(RunOptions).parameters
    own = list(inspect.signature(command).parameters.values())[1:]

    @wraps(command)
    def called(**values: Any) -> None:
        command(RunOptions(**{name: values.pop(name) for name in shared}), **values)

    plan, *rest = shared.values()
    parameters = [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in (plan, *own, *rest)]
    vars(called)["__signature__"] = inspect.Signature(parameters)
    return called


def tickets_of(pattern: str | None, aliases: Sequence[str]) -> "Tickets | None":
    """Return how tickets are written, None without --tickets; raises UsageError for an invalid pattern or alias."""
    if pattern is None:
        if aliases:
            raise UsageError("--alias needs --tickets.", try_=r"Try --tickets 'R\d+' --alias R279=R236-F.")
        return None
    from forensics.formats.tickets import Tickets

    pairs = [(first, second) for alias in aliases for first, _, second in [alias.upper().partition("=")]]
    if not all(first and second for first, second in pairs):
        raise UsageError(
            f"--alias {quote(listing(aliases))} is not of the form ID=ID.", try_="Try --alias R279=R236-F."
        )
    return Tickets(pattern, tuple(pairs))


def severity_of(text: str | None) -> Severity | None:
    """Return the severity that an option names; raises UsageError if there is no such severity."""
    if text is not None and text not in set(Severity):
        raise UsageError(f"Unknown severity {quote(text)}.", try_=f"Try {', '.join(Severity)}.")
    return Severity(text) if text is not None else None


def here() -> Path:
    """Return the current folder; raises NothingToExamine if it was deleted."""
    try:
        return Path.cwd()
    except OSError:
        raise NothingToExamine("The current folder no longer exists.", try_="Change to another folder.") from None


def width() -> int:
    """Return the terminal's width in columns, within limits; a fixed one where output does not go to a terminal."""
    if not sys.stdout.isatty():
        return outputs.WIDTH
    return min(shutil.get_terminal_size((outputs.WIDTH, 24)).columns, _WIDEST)


def moment(text: str | None, option: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the time that an option names, in `zone` unless it has an offset; raises UsageError if it is not a time."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {quote(text)} is not a time.", try_="Try 2026-01-30 or 2026-01-30T04:00+01:00."
        ) from None
    if not 1970 < found.year < 2200:  # outside, arithmetic with zones and weeks can overflow
        raise UsageError(f"{option} {quote(text)} is out of range.", try_="Try a year from 1971 to 2199.")
    return found if found.tzinfo else found.replace(tzinfo=zone)
