"""The weekly HTML report in a browser: quiet, within the window, readable, and harmless."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from forensics.app.run_record import RecordChoice
from forensics.app.weekly import WeeklyPeriods, WeeklyScope, weekly, write
from forensics.metrics.periods import weeks
from forensics.model.weekly import WeeklyReport
from tests.browser.opening import DESK, PHONE, harmless, open_all, opened, serious
from tests.browser.poison import poisoned_week
from tests.unpack import SAMPLES, home_with, unpack

WEEKS = {
    "no-plan": "2026-W11",
    "parallel-tdd": "2026-W10",
    "sequential-tdd": "2026-W11",
    "shared-workspace": "2026-W16",
    "separate-workspaces": "2026-W16",
}


def _week(name: str, folder: Path) -> WeeklyReport:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    run = unpack(name, folder / name)
    survey = WeeklyScope((), None, RecordChoice(None, run, {"HOME": str(home_with(name, run, folder))}, none=True))
    return weekly(survey, WeeklyPeriods(weeks(WEEKS[name], UTC, now, 13), "UTC", now))


def test_every_sample_has_a_week_here() -> None:
    assert set(WEEKS) == {path.parent.name for path in SAMPLES.glob("*/history.fi")}


@pytest.mark.parametrize("name", sorted(WEEKS))
@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_a_sample_s_week_opens_quietly(browser: Browser, tmp_path: Path, name: str, width: int, scheme: str) -> None:
    write(_week(name, tmp_path), tmp_path / "week.html")
    with opened(browser, tmp_path / "week.html", width=width, color_scheme=scheme) as it:
        assert it.page.locator("#figure-table tbody tr").count() > 5
        open_all(it)
        assert it.overflow() <= 0
        assert serious(it) == []
        assert (it.said, it.asked) == ([], [])


def test_the_filter_narrows_the_plans(browser: Browser, tmp_path: Path) -> None:
    write(_week("shared-workspace", tmp_path), tmp_path / "week.html")
    with opened(browser, tmp_path / "week.html") as it:
        assert it.shown("#plan-table tbody tr") == 1
        it.page.locator("[data-filter=plan-table] input").fill("nothing of that name")
        assert it.shown("#plan-table tbody tr") == 0


@pytest.mark.parametrize(
    ("name", "width"), [("shared-workspace", PHONE), ("shared-workspace", DESK), ("no-plan", DESK)]
)
def test_hostile_text_is_shown_as_text(browser: Browser, tmp_path: Path, name: str, width: int) -> None:
    write(poisoned_week(_week(name, tmp_path)), tmp_path / "evil.html")
    with opened(browser, tmp_path / "evil.html", width=width) as it:
        open_all(it)
        harmless(it)
        assert it.overflow() <= 0
        assert "window.pwned=1" in it.page.inner_text("main")
