"""ISO weeks and other stretches of time in a zone: pure, the clock is an argument."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate
from zoneinfo import ZoneInfo

from forensics.errors import UsageError
from forensics.model.prose import quote
from forensics.model.record import week_of
from forensics.model.weekly import Period

# Periods in a trend: a quarter of weeks.
SHOWN = 12
# ISO 8601 writes 2026-W05 or 2026W05.
_WEEK = re.compile(r"(\d{4})-?W(\d{2})")


def zone_of(name: str) -> tzinfo:
    """Return a zone by its IANA name; raises UsageError if there is none."""
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; a path; a folder of zones
        raise UsageError(f"Unknown time zone {quote(name)}.", try_="Try UTC or Europe/Berlin.") from None


def weeks(label: str | None, zone: tzinfo, now: datetime, many: int = SHOWN) -> tuple[Period, ...]:
    """Return a week and those before it, oldest first; without a label, the last week that was over at `now` (aware).

    Weeks begin on Monday at midnight of the zone, so the one in which a clock is changed has 167 or 169 hours.
    """
    monday = _monday(label) if label else _monday(week_of(now.astimezone(zone))) - timedelta(days=7)
    return tuple(_week(monday - timedelta(days=7 * back), zone) for back in reversed(range(many)))


def spans(since: datetime, until: datetime, many: int = SHOWN) -> tuple[Period, ...]:
    """Return the time from `since` to `until` (aware) and the equally long ones before it, oldest first."""
    if since >= until:
        raise UsageError("--since must be before --until.", try_="Try --since 2026-02-01 --until 2026-02-15.")
    length = until - since
    starts = [
        since - length * back for back in reversed(range(many)) if since.timestamp() > (length * back).total_seconds()
    ]
    return tuple(Period(_label(start, start + length), _utc(start), _utc(start + length)) for start in starts)


def most_at_once(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """Return how many stretches of time overlap at most; where one ends as another starts, they do not."""
    marks = sorted(mark for start, end in spans for mark in ((start, 1), (end, -1)))
    return max(accumulate((change for _, change in marks), initial=0))


def _label(start: datetime, end: datetime) -> str:
    return f"{start:%Y-%m-%dT%H:%M} to {end:%Y-%m-%dT%H:%M}"


def _monday(label: str) -> date:
    match = _WEEK.fullmatch(label)
    try:
        if match and 1971 < int(match[1]) < 2200:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        pass
    raise UsageError(f"{quote(label)} is not an ISO week.", try_="Try 2026-W05.")


def _week(monday: date, zone: tzinfo) -> Period:
    start, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (monday, monday + timedelta(days=7)))
    return Period(week_of(start), _utc(start), _utc(end))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
