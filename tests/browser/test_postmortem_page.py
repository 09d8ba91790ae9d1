"""The HTML postmortem as a reader meets it: in a browser, on a phone and a desk, by day and by night."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from forensics.app.analyze import analyze, write
from forensics.app.evidence import Scope
from tests.browser.conftest import Reports
from tests.browser.opening import DESK, PHONE, harmless, open_all, opened, serious
from tests.browser.poison import poisoned
from tests.regenerate import sample_scope
from tests.unpack import SAMPLES, commit, repository

NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/history.fi"))
PLAN = "plans/x"
EVIL = "<script>window.pwned=1</script>"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_a_sample_opens_quietly(browser: Browser, reports: Reports, name: str, width: int, scheme: str) -> None:
    with opened(browser, reports.of(name), width=width, color_scheme=scheme) as it:
        assert it.overflow() <= 0
        open_all(it)
        assert it.overflow() <= 0
        assert serious(it) == []
        assert (it.said, it.asked) == ([], [])


def test_the_filter_narrows_the_witness_table(browser: Browser, reports: Reports) -> None:
    with opened(browser, reports.of("parallel-tdd")) as it:
        rows = "#witness-table tbody tr"
        assert it.shown(rows) == 5
        it.page.get_by_label("Text").fill("B3E91C7")
        assert it.page.locator(f"{rows}:visible th").all_inner_texts() == ["1.4"]
        assert "1 of 5 steps" in it.page.locator("output").inner_text()
        it.page.get_by_label("Text").fill("")
        it.page.get_by_label("Verdict").select_option("sound")
        assert it.page.locator(f"{rows}:visible th").all_inner_texts() == ["1.1", "1.2"]
        it.page.get_by_label("Verdict").select_option("")
        assert it.shown(rows) == 5
        assert it.said == []


def test_a_row_leads_to_its_evidence_and_findings(browser: Browser, reports: Reports) -> None:
    with opened(browser, reports.of("parallel-tdd")) as it:
        it.page.get_by_label("evidence of step 1.4").click()
        it.page.locator("#step-4 table").wait_for(state="visible")
        it.page.locator("#witness-table a", has_text="CLM015").first.click()
        assert "CLM015" in it.page.locator(":target h3").inner_text()
        targets = (
            "[...document.querySelectorAll('a[href]')].filter(a => !document.querySelector(a.getAttribute('href')))"
        )
        assert it.page.evaluate(f"{targets}.map(a => a.outerHTML)") == []


def test_it_works_without_scripts_and_by_keyboard(browser: Browser, reports: Reports) -> None:
    with opened(browser, reports.of("parallel-tdd"), java_script_enabled=False) as it:
        assert it.page.locator("#witness-table tbody tr").count() == it.shown("#witness-table tbody tr") == 5
        assert it.shown(".filter") == it.shown("button") == 0
        it.page.keyboard.press("Tab")
        assert it.page.locator("a.skip:focus").is_visible()


def test_commands_can_be_copied(browser: Browser, reports: Reports) -> None:
    with opened(browser, reports.of("parallel-tdd"), permissions=["clipboard-read", "clipboard-write"]) as it:
        it.page.get_by_role("button", name="Copy the commands").click()
        it.page.get_by_role("button", name="Copied").wait_for()
        assert "git switch -c resume-1.3" in it.page.evaluate("getSelection().toString()")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_hostile_text_is_shown_as_text(browser: Browser, failed_run: Path, tmp_path: Path, width: int) -> None:
    write(poisoned(analyze(sample_scope("parallel-tdd", failed_run))), tmp_path / "evil.html")
    with opened(browser, tmp_path / "evil.html", width=width) as it:
        open_all(it)
        harmless(it)
        assert it.overflow() <= 0
        assert it.page.locator("h3", has_text="{{ 7 * 7 }}").count() or EVIL in it.page.inner_text("main")
        assert "\u202e" not in it.page.content()


def test_a_hostile_repository_is_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    named = "src/<img src=x onerror=window.pwned=1> \u202e.py"
    sha = commit(folder, f"Cycle 1.1: {EVIL} [x](javascript:window.pwned=1) </script> {'W' * 10_000}", {named: "1\n"})
    report = (
        f"# Cycle 1.1: {EVIL}\n\n**Status:** GREEN_VERIFIED {EVIL}\n\n## Files\n- `{named}`\n\n"
        f"## Commits\n- `{sha[:7]}` - Cycle 1.1: {EVIL}\n- `deadbee` - </script>{EVIL}\n"
    )
    runbook = f"# Runbook\n\n## Cycle 1.1: </title>{EVIL}{'W' * 10_000}\n"
    files = {f"{PLAN}/runbook.md": runbook, f"{PLAN}/reports/step-1-1-execution.md": report}
    commit(folder, f"report {EVIL}", files, authored="10:05")
    write(analyze(Scope(PLAN, folder, read_transcripts=False)), tmp_path / "evil.html")
    with opened(browser, tmp_path / "evil.html", width=PHONE) as it:
        open_all(it)
        harmless(it)
        assert it.overflow() <= 0
        assert EVIL in it.page.inner_text("main")


@pytest.mark.parametrize("kind", ["a[href]", "button", "summary", "select", "label", "th", "td", "code", "svg *"])
def test_clicks_in_a_hostile_page_go_nowhere(browser: Browser, failed_run: Path, tmp_path: Path, kind: str) -> None:
    """Forty of each kind, in the middle and by keyboard; the page stays itself and asks for nothing."""
    file = tmp_path / "evil.html"
    write(poisoned(analyze(sample_scope("parallel-tdd", failed_run))), file)
    with opened(browser, file) as it:
        open_all(it)
        targets = it.page.locator(kind)
        for place in range(0, targets.count(), max(1, targets.count() // 40)):
            targets.nth(place).dispatch_event("click")
        it.page.keyboard.press("Enter")
        assert it.page.url.partition("#")[0] == file.as_uri()
        assert len(it.page.context.pages) == 1
        harmless(it)
