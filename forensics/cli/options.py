"""The arguments that commands share, and what they mean."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import listing, quote

if TYPE_CHECKING:
    from forensics.app.evidence import Scope
    from forensics.formats.tickets import Tickets

_A_DAY = len("2026-01-30")

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
AlsoRepo = Annotated[
    list[Path] | None,
    typer.Option(
        "--also-repo",
        metavar="DIR",
        help="A further repository in which claimed commits may lie. Repeatable.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="T", help="The run began at T (ISO 8601, UTC if no offset)."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="T", help="The run ended at T; a bare date is included.")]
NamedTranscripts = Annotated[
    list[str] | None,
    typer.Option(
        "--transcripts",
        metavar="PATH",
        help="Agents' transcripts: files, folders, patterns. Repeatable. "
        "Without it they are looked for in the agents' own stores and in git.",
    ),
]
NoTranscripts = Annotated[bool, typer.Option("--no-transcripts", help="Read no transcript.")]
RecordPlace = Annotated[
    str | None,
    typer.Option(
        "--record",
        metavar="DIR",
        help="Where the record of all runs lies: a folder, or a URL that fsspec opens. Without it: the user's data folder.",
    ),
]
NoRecord = Annotated[bool, typer.Option("--no-record", help="Write nothing to the record.")]
TicketPattern = Annotated[
    str | None,
    typer.Option(
        "--tickets",
        metavar="PATTERN",
        help="There is no plan: the run is the tickets of the time from --since to --until, whose ids are like 'R\\d+'.",
    ),
]
Alias = Annotated[
    list[str] | None,
    typer.Option("--alias", metavar="ID=ID", help="Two ids of one ticket; the second one is shown. Repeatable."),
]
PlanFolder = Annotated[
    str,
    typer.Argument(
        metavar="PLAN",
        help="The plan's folder (with runbook.md, steps/ or reports/; a GSD phase; a ledger; a track; a spec-kit feature), or with --tickets the repository.",
    ),
]


def scope_of(
    plan: str,
    at: str | None,
    repo: Path | None,
    also_repo: Sequence[Path] | None,
    *,
    window: tuple[str | None, str | None],
    transcripts: Sequence[str] | None,
    tickets: "Tickets | None",
) -> "Scope":
    """Return what is to be examined; `transcripts` None: none are read; `tickets` None: there is a plan."""
    from forensics.app.evidence import Scope

    since, until = moment(window[0], "--since"), moment(window[1], "--until")
    if until is not None and window[1] and len(window[1].strip()) <= _A_DAY:
        until += timedelta(days=1, microseconds=-1)  # a bare date is a day, to its end
    if since and until and since > until:
        raise UsageError("--since is after --until.", try_="Try them the other way round.")
    return Scope(
        plan,
        here(),
        at,
        repo,
        tuple(also_repo or ()),
        since,
        until,
        tuple(transcripts or ()),
        transcripts is not None,
        dict(os.environ),
        tickets,
    )


def tickets_of(pattern: str | None, aliases: Sequence[str]) -> "Tickets | None":
    """Return how tickets are written, None without --tickets; raises UsageError for what is no pattern or no pair."""
    if pattern is None:
        if aliases:
            raise UsageError("--alias needs --tickets.", try_=r"Try --tickets 'R\d+' --alias R279=R236-F.")
        return None
    from forensics.formats.tickets import Tickets

    pairs = [(first, second) for one in aliases for first, _, second in [one.upper().partition("=")]]
    if not all(first and second for first, second in pairs):
        raise UsageError(f"--alias {quote(listing(aliases))} is no pair of ids.", try_="Try --alias R279=R236-F.")
    return Tickets(pattern, tuple(pairs))


def here() -> Path:
    """Return the current folder; raises NothingToExamine if it is gone."""
    try:
        return Path.cwd()
    except OSError:
        raise NothingToExamine("The current folder does not exist any more.", try_="Change to another one.") from None


def moment(text: str | None, option: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the time that an option names, in `zone` if it names no other; raises UsageError if it names none."""
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
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
