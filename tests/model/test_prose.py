"""Durations and times as sentences show them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from forensics.model.prose import clock, duration

_MORNING = datetime(2026, 3, 4, 8, 51, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (42.4, "42 s"),
        (66, "66 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (688, "11 min"),
        (3_570, "1 h"),
        (7_620, "2 h 7 min"),
        (7_200, "2 h"),
        (47 * 3_600, "47 h"),
        (48 * 3_600 - 1, "2 days"),
        (71 * 3_600, "3 days"),
    ],
)
def test_a_duration_is_given_in_its_largest_sensible_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text
    assert duration(timedelta(seconds=seconds)) == text


def test_a_time_alone_has_its_date() -> None:
    assert clock(_MORNING) == "2026-03-04 08:51"


def test_a_second_time_of_the_same_day_has_none() -> None:
    assert clock(_MORNING + timedelta(seconds=66), after=_MORNING) == "08:53:04"


def test_a_time_of_another_day_has_its_date() -> None:
    assert clock(_MORNING + timedelta(days=1), after=_MORNING) == "2026-03-05 08:51"


def test_times_are_utc_whatever_their_zone() -> None:
    after_midnight = datetime(2026, 3, 5, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert clock(after_midnight) == "2026-03-04 22:30"
    assert clock(after_midnight, after=_MORNING) == "22:30:00"
