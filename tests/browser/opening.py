"""Opens a report in a browser that may load nothing but that file, and records whatever it tries."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

PHONE, DESK = 390, 1440
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "no Chromium: chromium, chromium-browser and google-chrome are not on the path (apt-get install chromium)"


@dataclass
class Opened:
    """A page, what it said on its console, and what it asked for besides itself."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def shown(self, selector: str) -> int:
        """Return how many elements can be seen."""
        return self.page.locator(f"{selector}:visible").count()


@contextmanager
def opened(browser: Browser, file: Path, *, width: int = DESK, **settings: Any) -> Iterator[Opened]:
    """Open a file; `settings` are the browser context's."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    page = context.new_page()
    it = Opened(page)
    page.on("console", lambda message: it.said.append(message.text))
    page.on("pageerror", lambda error: it.said.append(str(error)))
    page.on("dialog", lambda dialog: it.said.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: it.asked.append(request.url) if request.url != file.as_uri() else None)
    context.route("**/*", lambda route: route.continue_() if route.request.url == file.as_uri() else route.abort())
    try:
        page.goto(file.as_uri())
        yield it
    finally:
        context.close()
