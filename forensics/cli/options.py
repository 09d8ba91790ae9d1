"""The arguments that commands share, and what they mean."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.errors import NothingToExamine, UsageError
from forensics.model.prose import quote

if TYPE_CHECKING:
    from forensics.app.evidence import Scope

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
Until = Annotated[str | None, typer.Option("--until", metavar="T", help="The run ended at T.")]
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
PlanFolder = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="The plan's folder: the one that holds runbook.md, steps/ or reports/."),
]


def scope_of(
    plan: str,
    at: str | None,
    repo: Path | None,
    also_repo: Sequence[Path] | None,
    *,
    window: tuple[str | None, str | None],
    transcripts: Sequence[str] | None,
) -> "Scope":
    """Return what is to be examined; `transcripts` None: none are read."""
    from forensics.app.evidence import Scope

    return Scope(
        plan,
        here(),
        at,
        repo,
        tuple(also_repo or ()),
        moment(window[0], "--since"),
        moment(window[1], "--until"),
        tuple(transcripts or ()),
        transcripts is not None,
        dict(os.environ),
    )


def here() -> Path:
    """Return the current folder; raises NothingToExamine if it is gone."""
    try:
        return Path.cwd()
    except OSError:
        raise NothingToExamine("The current folder does not exist any more.", try_="Change to another one.") from None


def moment(text: str | None, option: str) -> datetime | None:
    """Return the time that an option names, aware; raises UsageError if it names none."""
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
