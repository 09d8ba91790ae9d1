"""One browser for each worker, and the reports that it opens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from forensics.app.analyze import analyze, write
from tests.browser.opening import CHROMIUM, MISSING
from tests.regenerate import sample_scope
from tests.unpack import unpack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> "Reports":
    return Reports(tmp_path_factory.mktemp("reports"))


class Reports:
    """The samples' reports, each written once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, name: str) -> Path:
        path = self._folder / f"{name}.html"
        if not path.exists():
            write(analyze(sample_scope(name, unpack(name, self._folder / name))), path)
        return path
