"""What templates print: times, periods and costs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forensics.app.analyze import composed
from forensics.detect.runner import Outcome
from forensics.model.postmortem import Metrics, UsageTotal
from forensics.model.transcript import Tokens
from forensics.render.html import render_html
from forensics.render.markdown import render_markdown
from forensics.render.templates import avoidable_costs, period, used, utc
from forensics.testing.script import case_of

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


def test_a_run_in_which_nothing_was_started_has_no_empty_table() -> None:
    for script, note in (
        ('plan: 1.1 "Title"\ncommit aaa1111: "Plan" plans/run/runbook.md', "Never started: 1 step."),
        ('plan: 1.1 "Title"', "No report, commit or transcript names this step."),
        ('commit aaa1111: "Begin" src/a.py', "The plan names no steps, and no report does."),
    ):
        postmortem = composed(case_of(script), Outcome((), (), ()))
        _check_empty(render_markdown(postmortem), render_html(postmortem), note)


def _check_empty(markdown: str, page: str, note: str) -> None:
    assert "| step | title |" not in markdown
    assert '<table id="witness-table"' not in page
    for text in (markdown, page):
        assert note in text
        assert "No findings." in text


def test_what_no_transcript_counts_is_not_known() -> None:
    assert used(UsageTotal("", Tokens(), None, (), lower_bound=False)) == "tokens and cost not known"
    assert used(UsageTotal("", Tokens(1_200), 0.5, (), lower_bound=False)) == "1,200 tokens, USD 0.50"
    assert used(UsageTotal("", Tokens(5), None, ("m",), lower_bound=False)) == "5 tokens, USD not known"
