"""Shared fixtures: the unpacked sample runs."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.unpack import unpack

os.environ["FORENSICS_NO_RECORD"] = "1"  # no test writes to the user's own record; processes inherit it


@pytest.fixture(scope="session")
def failed_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("parallel-tdd", tmp_path_factory.mktemp("failed") / "repository")


@pytest.fixture(scope="session")
def clean_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("sequential-tdd", tmp_path_factory.mktemp("clean") / "repository")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly where the HTML reports were not opened in a browser."""
    unseen = [one for one in terminalreporter.stats.get("skipped", ()) if "no Chromium" in str(one.longrepr)]
    if unseen:
        terminalreporter.section("NOT TESTED: the HTML reports in a browser", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(unseen)} tests were skipped: {unseen[0].longrepr[-1]}", red=True, bold=True)


# Machines differ in speed; CI sees the same examples each time.
settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("project")
