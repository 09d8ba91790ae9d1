from datetime import UTC, datetime, timedelta

import pytest

from forensics.errors import UsageError
from forensics.metrics.periods import spans, weeks, zone_of
from forensics.model.record import week_of

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_a_week_in_utc_and_those_before_it() -> None:
    found = weeks("2026-W05", UTC, NOW, 3)
    assert [one.label for one in found] == ["2026-W03", "2026-W04", "2026-W05"]
    assert (found[-1].start, found[-1].end) == (datetime(2026, 1, 26, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC))


def test_without_a_week_it_is_the_last_one_that_is_over() -> None:
    assert weeks(None, UTC, datetime(2026, 2, 1, 23, 59, tzinfo=UTC))[-1].label == "2026-W04"
    assert weeks(None, UTC, datetime(2026, 2, 2, tzinfo=UTC))[-1].label == "2026-W05"
    assert weeks(None, zone_of("Asia/Tokyo"), datetime(2026, 2, 1, 15, tzinfo=UTC))[-1].label == "2026-W05"


@pytest.mark.parametrize(("label", "hours"), [("2026-W12", 168), ("2026-W13", 167), ("2026-W43", 169)])
def test_weeks_in_which_the_clock_is_changed(label: str, hours: int) -> None:
    *_, week = weeks(label, zone_of("Europe/Berlin"), NOW)
    assert week.end - week.start == timedelta(hours=hours)
    assert week.start.astimezone(zone_of("Europe/Berlin")).hour == 0


def test_the_53rd_week_lies_in_two_years() -> None:
    found = weeks("2027-W01", UTC, NOW, 2)
    assert found[0].label == "2026-W53"
    assert (found[0].start, found[0].end) == (datetime(2026, 12, 28, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC))
    assert week_of(datetime(2027, 1, 3, 23, tzinfo=UTC)) == "2026-W53"
    assert week_of(None) == "unknown"


@pytest.mark.parametrize("label", ["2027-W53", "2026-W00", "2026-W54", "W05", "2026-5", "", "0001-W01", "9999-W52"])
def test_what_is_no_week(label: str) -> None:
    with pytest.raises(UsageError):
        weeks(label or "x", UTC, NOW)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/passwd", "Europe", "a\0b"])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(UsageError):
        zone_of(name)


def test_a_span_and_the_equally_long_ones_before_it() -> None:
    found = spans(datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 2, 12, tzinfo=UTC), 3)
    assert [one.start.day for one in found] == [6, 8, 10]
    assert found[-1].end == datetime(2026, 2, 12, tzinfo=UTC)
    assert spans(datetime(1971, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(UsageError):
        spans(NOW, NOW)
