"""The command `forensics weekly`: which week, in which zone, of which plans."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.cli.options import NoRecord, RecordPlace, Repo, here, moment
from forensics.errors import UsageError
from forensics.model.prose import quote

if TYPE_CHECKING:
    from forensics.app.weekly import WeeklyPeriods

_CLEAR = "\r\x1b[K"


def weekly_command(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]…", help="Folders to look for plans in; else the repository.")
    ] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", metavar="WEEK", help="An ISO week, 2026-W05. Else the last one that is over."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="T", help="Instead of a week: from T (ISO 8601) …")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="T", help="… to T, else until now.")] = None,
    tz: Annotated[str, typer.Option("--tz", metavar="ZONE", help="The zone in which weeks begin.")] = "UTC",
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write here too; .md, .html, .json, .txt, .csv or .parquet chooses the format. Repeatable.",
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="text|md|json", help="What to print.")] = "text",
    repo: Repo = None,
    record: RecordPlace = None,
    no_record: NoRecord = False,
    history: Annotated[
        bool, typer.Option("--history", help="Also the plans that were deleted since, read out of history.")
    ] = False,
) -> None:
    """Report on a week: what got done, how much of what was said is true, what it cost, and whether it gets better.

    Exit codes: 0 done, 2 usage, 3 no repository, 5 internal failure.
    """
    from forensics.app.run_record import RecordChoice
    from forensics.app.weekly import WeeklyScope, format_of, rendered, weekly, write

    if form not in {"text", "md", "json"}:
        raise UsageError(f"No format is called {quote(form)}.", try_="Try text, md or json.")
    outputs = output or []
    for path in outputs:
        format_of(path)
    wish = RecordChoice(record, here(), dict(os.environ), no_record)
    weeks = _weeks(week, (since, until), tz, datetime.now(UTC))
    talking = sys.stderr.isatty()
    report = weekly(
        WeeklyScope(tuple(paths or ()), repo, wish, history), weeks, _progress if talking else lambda _: None
    )
    if talking:
        sys.stderr.write(_CLEAR)
    for path in outputs:
        write(report, path)
    width = min(shutil.get_terminal_size((100, 24)).columns, 120) if sys.stdout.isatty() else 100
    sys.stdout.write(rendered(report, form, width).decode())


def _weeks(week: str | None, window: tuple[str | None, str | None], tz: str, now: datetime) -> "WeeklyPeriods":
    from forensics.app.weekly import WeeklyPeriods
    from forensics.metrics.periods import SHOWN, spans, weeks, zone_of

    zone = zone_of(tz)
    since, until = moment(window[0], "--since", zone), moment(window[1], "--until", zone)
    if since is None and until is None:
        return WeeklyPeriods(weeks(week, zone, now, SHOWN + 1), tz, now)
    if week is not None or since is None:
        raise UsageError("--until needs --since, and neither goes with --week.", try_="Try --week 2026-W05.")
    return WeeklyPeriods(spans(since, until or now, SHOWN + 1), tz, now)


def _progress(what: str) -> None:
    from forensics.render.cleaning import clean_text

    sys.stderr.write(f"{_CLEAR}{clean_text(what)[:78]}")
    sys.stderr.flush()
