"""A window that the user gives: a bare date is a whole day, and what it leaves out is said."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.cli.options import RunOptions
from forensics.errors import NothingToExamine, UsageError
from tests.unpack import PLAN


def _scope(since: str | None, until: str | None) -> Scope:
    return RunOptions(".", since=since, until=until, no_transcripts=True).scope()


def test_a_bare_date_is_included() -> None:
    assert _scope("2026-03-04", "2026-03-04").until == datetime(2026, 3, 4, 23, 59, 59, 999_999, UTC)
    assert _scope(None, "2026-03-04T10:00").until == datetime(2026, 3, 4, 10, tzinfo=UTC)
    with pytest.raises(UsageError, match="after --until"):
        _scope("2026-03-05", "2026-03-01")


def test_what_a_window_leaves_out_is_said(failed_run: Path) -> None:
    whole = analyze(Scope(PLAN, failed_run, until=datetime(2026, 3, 5, tzinfo=UTC)))
    assert whole.impact.sound == ("1.1", "1.2")
    cut = analyze(Scope(PLAN, failed_run, until=datetime(2026, 3, 4, 9, tzinfo=UTC)))
    assert any("outside --since and --until" in gap.what for gap in cut.gaps)
    with pytest.raises(NothingToExamine, match="No commit of"):
        analyze(Scope(PLAN, failed_run, since=datetime(2027, 1, 1, tzinfo=UTC)))
