"""Opens a report in a browser that may load nothing but that file, and records whatever it tries."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
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


def open_all(it: Opened) -> None:
    """Open everything that can be opened."""
    it.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def serious(it: Opened) -> list[str]:
    """Return what an accessibility checker finds serious."""
    found = Axe().run(it.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


def harmless(it: Opened) -> None:
    """Hold an opened page to it that nothing foreign became anything but text."""
    page = it.page
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("img, iframe, object, embed, link, base, form, image, use, foreignObject").count() == 0
    handlers = "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on')))"
    assert page.evaluate(f"{handlers}.length") == 0
    links = page.evaluate("[...document.querySelectorAll('[href], [src]')].map(e => e.getAttribute('href') || '')")
    assert {link[:1] for link in links} == {"#"}
    assert (it.said, it.asked) == ([], [])
