"""A page frame by frame: the real page of a widget on a clock that is turned by hand.

Nothing is waited for: the page's files come from the checkout, and `reel.js` stands in for the
page's surroundings.
"""

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page

from benchmarks.place import ROOT
from overlay.answers import page as answer
from overlay.qr import modules

# What a widget has to be given before it shows what it is for.
FULL: dict[str, dict[str, Any]] = {"qr": {"link": "https://example.org/discord"}}
OVERLAY = ROOT / "overlay"
_KEEP = {"Cache-Control": "max-age=3600, immutable"}
_PAGE = """<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="/static/stage/stage.css">
<main id="stage"></main><script type="module" src="/reel.js"></script>"""


class Reel:
    """A page that stands still until `step`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def film(self, art: str) -> dict[str, float]:
        """`length_ms` of the film of this art, and when each of its beats falls (ms)."""
        found: dict[str, float] = await self.page.evaluate("(art) => window.reel.film(art)", art)
        return found

    async def gift(self, gift: dict[str, Any], **more: Any) -> None:
        """A gift of the catalogue arrives, and its film or card begins."""
        await self.hear(sent(gift, **more))

    async def hear(self, frame: Any) -> None:
        """The page is told something, and what begins with it is there."""
        await self.page.evaluate("(frame) => window.reel.hear(frame)", frame)

    async def tell(self, frame: Any) -> None:
        """The page is told something that nothing begins with yet."""
        await self.page.evaluate("(frame) => window.reel.tell(frame)", frame)

    async def rate(self) -> float:
        """How fast the film runs that is playing. 1: its own pace."""
        found: float = await self.page.evaluate("() => window.reel.rate()")
        return found

    async def step(self, ms: float) -> None:
        """Turn the clock."""
        await self.page.evaluate("(ms) => window.reel.step(ms)", ms)

    async def run(self, ms: float, step_ms: float = 1000 / 30) -> None:
        """Turn the clock in steps, as frames would come."""
        while ms > 1e-6:
            await self.step(min(step_ms, ms))
            ms -= step_ms

    async def turn(self, ms: float, step_ms: float = 1000 / 30) -> None:
        """The same without a way to look between."""
        await self.page.evaluate("([ms, step]) => window.reel.turn(ms, step)", [ms, step_ms])

    async def demo(self, *, still: bool, moment: str = "") -> None:
        """The widget's own demonstration begins: one moment (of several), or for ever."""
        await self.page.evaluate("(how) => window.reel.demo(...how)", [still, moment])

    async def wear(self, theme: str) -> None:
        """The page puts on a theme that comes with giftcast."""
        await self.page.evaluate("(theme) => window.reel.wear(theme)", theme)


def sent(gift: dict[str, Any], *, count: int = 1, viewer: str = "Mira", **more: Any) -> Any:
    """The frame by which a page learns of a gift."""
    shown = {key: gift[key] for key in ("id", "name", "price_coins", "tier", "art", "alt")}
    data = {
        "gift_id": more.pop("gift_id", "1-reel"),
        "gift": shown,
        "count": count,
        "total_coins": gift["price_coins"] * count,
        "viewer": {"name": viewer, "platform": "twitch"},
        "creator": {"name": "Ada"},
        "message": "",
        "combo": None,
        "test": False,
        **more,
    }
    return {"v": 1, "seq": 1, "type": "gift.sent", "at": "2026-01-01T00:00:00Z", "data": data}


class Cinema:
    """Where reels are shown: in pages that serve one after the other, which costs a quarter of
    opening each anew."""

    def __init__(self, browser: Browser, context: BrowserContext, address: str) -> None:
        self.browser = browser
        self._context = context
        self._address = address
        self._free: list[Page] = []

    @classmethod
    @asynccontextmanager
    async def opened(cls, browser: Browser) -> AsyncIterator["Cinema"]:
        """One in this browser, with the files of the checkout."""
        house = web.Application()
        house.router.add_get("/{path:.*}", _serve)
        runner = web.AppRunner(house, access_log=None)
        await runner.setup()
        context = await browser.new_context()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0]
            yield cls(browser, context, f"http://{host}:{port}/")
        finally:
            await context.close()
            await runner.cleanup()

    @asynccontextmanager
    async def page(self, path: str, size: tuple[int, int]) -> AsyncIterator[Page]:
        """A page there, as if it had just been opened. size: pixels."""
        page = self._free.pop() if self._free else await self._context.new_page()
        try:
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            await page.goto(self._address + path)
            yield page
            await page.evaluate("() => sessionStorage.clear()")
            await page.goto("about:blank")
            await page.emulate_media(color_scheme="null", reduced_motion="null")
        except BaseException:
            await page.close()
            raise
        self._free.append(page)


@asynccontextmanager
async def reel(
    cinema: Cinema, size: tuple[int, int], *, widget: str = "alerts", **settings: Any
) -> AsyncIterator[Reel]:
    """The page of a widget with these settings. size: pixels."""
    settings = FULL.get(widget, {}) | settings
    async with cinema.page("?demo", size) as page:
        await page.wait_for_function("() => window.reel")
        await page.evaluate("([name, set]) => window.reel.start(name, set)", [widget, settings])
        yield Reel(page)


@asynccontextmanager
async def dock(cinema: Cinema, size: tuple[int, int]) -> AsyncIterator[Page]:
    """The moderators' dock in its demonstration, stood still. size: pixels."""
    async with cinema.page("dock?demo=still&more=replay,pin", size) as page:
        await page.wait_for_function(
            "() => window.__dock && document.fonts.status === 'loaded'"
            " && [...document.images].every((image) => image.complete)"
        )
        yield page


async def _serve(request: web.Request) -> web.Response:
    path = request.path
    if path == "/dock":
        made = answer("dock.html", page_data={"choices": [], "demo": True})
        return web.Response(text=made.text, content_type="text/html")
    if path == "/":
        return web.Response(text=_PAGE, content_type="text/html")
    if path == "/o/qr/modules":
        link = request.query["link"]
        return web.json_response({"link": link, "rows": modules(link)})
    file = ROOT / "benchmarks" / "reel.js" if path == "/reel.js" else OVERLAY / path[1:]
    if not file.is_file():
        return web.Response(status=404)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return web.Response(body=file.read_bytes(), content_type=kind, headers=_KEEP)
