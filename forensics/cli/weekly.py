"""The command `forensics weekly`: which week, in which time zone, of which plans."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forensics.app import outputs
from forensics.cli.options import NoRecord, RecordPlace, Repo, format_option, here, moment, output_option, width
from forensics.errors import UsageError

if TYPE_CHECKING:
    from forensics.app.weekly import WeeklyPeriods

_CLEAR = "\r\x1b[K"


def weekly_command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Folders to search for plans (default: the whole repository, with sessions and pull requests).",
        ),
    ] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", metavar="WEEK", help="ISO week such as 2026-W05 (default: the last complete one)."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Start of the period, instead of --week (ISO 8601).")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="End of the period (default: now).")
    ] = None,
    tz: Annotated[str, typer.Option("--tz", metavar="ZONE", help="Time zone in which weeks begin.")] = "UTC",
    output: Annotated[list[Path] | None, output_option("WeeklyReport")] = None,
    form: Annotated[str, format_option("WeeklyReport")] = "text",
    repo: Repo = None,
    record: RecordPlace = None,
    no_record: NoRecord = False,
    history: Annotated[
        bool, typer.Option("--history", help="Include plans that were deleted, and the sessions of all weeks shown.")
    ] = False,
) -> None:
    """Report on one week: sessions, plans, truthfulness, cost, trends.

    Exit codes: 0 done; 2 invalid arguments; 3 nothing to examine; 5 internal error.
    """
    from forensics.app.brought_links import refuse_to_write
    from forensics.app.run_record import RecordChoice
    from forensics.app.weekly import WeeklyScope, repository_of, weekly, write

    outputs.check_name("WeeklyReport", form)
    for path in output or ():
        outputs.check_path("WeeklyReport", path)
    wish = RecordChoice(record, here(), dict(os.environ), no_record)
    survey = WeeklyScope(tuple(paths or ()), repo, wish, history)
    if output:
        refuse_to_write(output, wish.cwd, repository_of(survey))
    weeks = _weeks(week, (since, until), tz, datetime.now(UTC))
    talking = sys.stderr.isatty()
    report = weekly(survey, weeks, _progress if talking else lambda _: None)
    if talking:
        sys.stderr.write(_CLEAR)
    for path in output or ():
        write(report, path)
    sys.stdout.write(outputs.rendered(report, form, width()))


def _weeks(week: str | None, window: tuple[str | None, str | None], tz: str, now: datetime) -> "WeeklyPeriods":
    from forensics.app.weekly import WeeklyPeriods
    from forensics.metrics.periods import SHOWN, spans, weeks, zone_of

    zone = zone_of(tz)
    since, until = moment(window[0], "--since", zone), moment(window[1], "--until", zone)
    if since is None and until is None:
        return WeeklyPeriods(weeks(week, zone, now, SHOWN + 1), tz, now)
    if week is not None or since is None:
        raise UsageError("Use --week, or --since with an optional --until.", try_="Try --week 2026-W05.")
    return WeeklyPeriods(spans(since, until or now, SHOWN + 1), tz, now)


def _progress(what: str) -> None:
    from forensics.render.cleaning import clean_text

    sys.stderr.write(f"{_CLEAR}{clean_text(what)[:78]}")
    sys.stderr.flush()
