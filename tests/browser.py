"""A real browser: Chromium as OBS shows it without a graphics card, watched for every complaint."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    async_playwright,
)

FLAGS = (
    "--font-render-hinting=none",  # letters as a browser with windows draws them
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",  # as OBS starts it
)
WAIT_MS = 15_000
# In every frame, before any script of ours: what the browser refused, and what would have run.
_WATCH = """
window.__refused = [];
window.__ran = 0;
addEventListener("securitypolicyviolation", (event) =>
  window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
# Whether nothing of an element is to be seen, whyever: neither attributes nor classes are asked.
HIDES = """(each) => {
  if (!each.getClientRects().length || getComputedStyle(each).visibility !== "visible") return true;
  for (let up = each; up; up = up.parentElement)
    if (Number(getComputedStyle(up).opacity) === 0) return true;
  return false;
}"""


def chromium() -> str:
    """The browser of this machine; without windows if it has that one too. It shows pages with the
    same engine, and a new page costs it a tenth of what a window costs."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "these tests need Chromium: make test installs it, or apt-get install chromium"
    return path


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser that is closed again."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=list(FLAGS)
        )
        try:
            yield browser
        finally:
            await browser.close()


class Window:
    """A browser's own storage and pages. complaints: errors and warnings of its console."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.requests: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} {message.location}")

    async def page(self, url: str) -> Page:
        """A new page at an address."""
        page = await self.context.new_page()
        page.set_default_timeout(WAIT_MS)
        await page.goto(url)
        return page

    async def found_fault(self) -> list[str]:
        """Everything that the browser complained about, in all frames of all pages."""
        found = list(self.complaints)
        for page in self.context.pages:
            for frame in page.frames:
                found += await frame.evaluate("() => window.__refused ?? []")
        return found


@asynccontextmanager
async def window(browser: Browser, **options: Any) -> AsyncIterator[Window]:
    """A window of a size like a stream's."""
    options.setdefault("viewport", {"width": 1280, "height": 720})
    context = await browser.new_context(**options)
    await context.add_init_script(_WATCH)
    try:
        yield Window(context)
    finally:
        await context.close()


async def overlay_in(page: Page) -> Frame:
    """The overlay inside the chat page, once it is connected."""
    element = await page.wait_for_selector("#overlay")
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    await connected(frame)
    return frame


async def connected(place: Page | Frame) -> None:
    """Wait until the overlay there has its socket."""
    await place.wait_for_function(
        "() => window.__giftcast?.state().link === 'open'", timeout=WAIT_MS
    )


async def shown(place: Page | Frame) -> list[str]:
    """The gifts that the page itself says it has painted, in order."""
    found: list[str] = await place.evaluate("() => window.__giftcast.shown.map((one) => one.id)")
    return found


async def shows(place: Page | Frame, *gift_ids: str, within_s: float = 15) -> None:
    """Wait until the page has painted these."""
    await place.wait_for_function(
        "(ids) => { const shown = new Set(window.__giftcast.shown.map((one) => one.id));"
        " return ids.every((id) => shown.has(id)); }",
        arg=list(gift_ids),
        timeout=within_s * 1000,
    )
