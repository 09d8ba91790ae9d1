"""What templates print: times, periods and costs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forensics.model.postmortem import Metrics, UsageTotal
from forensics.model.transcript import Tokens
from forensics.render.templates import avoidable_costs, period, utc

_MORNING = datetime(2026, 3, 4, 8, 42, 26, tzinfo=UTC)
_METRICS = Metrics(
    UsageTotal("all", Tokens(), 0.44, (), lower_bound=False),
    by_step=(),
    by_model=(),
    wall_seconds=1.0,
    active_seconds=1.0,
    waited_for_person=0.0,
    waited_for_api=0.0,
    agents=1,
    most_at_once=1,
    retry_share=None,
    recovery_share=None,
)


def test_the_date_appears_where_the_day_changes() -> None:
    moments = [_MORNING, _MORNING + timedelta(seconds=32), _MORNING + timedelta(hours=20)]
    rows = [utc(moment, previous) for moment, previous in zip(moments, [None, *moments], strict=False)]
    assert rows == ["2026-03-04 08:42:26", "08:42:58", "2026-03-05 04:42:26"]
    assert (utc(None), utc(None, _MORNING)) == ("–", "–")


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (_MORNING + timedelta(hours=2, minutes=38), "2026-03-04 08:42 to 11:20 (2 h 38 min)"),
        (_MORNING + timedelta(days=7), "2026-03-04 08:42 to 2026-03-11 08:42 (7 days)"),
        (None, "from 2026-03-04 08:42"),
    ],
)
def test_a_period_has_its_length(end: datetime | None, text: str) -> None:
    assert period(_MORNING, end) == text


def test_avoidable_costs_are_amounts_and_only_what_is_known() -> None:
    assert list(avoidable_costs(_METRICS)) == []
    assert list(avoidable_costs(replace(_METRICS, retry_share=0.25, recovery_share=0.5))) == [
        "USD 0.11 of 0.44 was spent on attempts that were repeated.",
        "USD 0.22 of 0.44 was spent after the first violation.",
    ]
