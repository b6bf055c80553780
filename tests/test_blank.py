"""What a page shows while there is nothing to show: not a pixel; asked of the picture, not of the
elements, for an attribute says nothing about what is to be seen."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, Page

from benchmarks.camera import picture
from bot.app import App
from overlay.widget import discover
from tests.browser import HIDES, Window, connected, window
from tests.house import MOD
from tests.page import add_source, open_app, say, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What always shows something: an invitation, empty glass, dark cells, the goal that comes with it.
FULL = ("goal", "leaderboard", "vase", "wall")
SIZES = ((1280, 720), (640, 120), (240, 600), (400, 400))

LEFT = f"""(name) => [...document.querySelectorAll(name)]
  .filter((each) => !({HIDES})(each)).map((each) => each.className)"""


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def told_page(app: App, opened: Window, widget: str) -> Page:
    """A page of a new source that has drawn what its server had to say at first."""
    _, token = await add_source(app, widget, settles=False, widget=widget)
    page = await opened.page(app.overlay_url(widget, token))
    await connected(page)
    return page


async def drawn(page: Page) -> tuple[int, int, int, int] | None:
    """The box of everything that is to be seen, in pixels; none: nothing at all is."""
    await page.evaluate("() => document.fonts.ready")
    for _ in range(3):
        await page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
    shot = Image.open(io.BytesIO(await picture(page)))
    return shot.convert("RGBA").getchannel("A").getbbox()


@pytest.mark.parametrize("widget", sorted(set(discover()) - set(FULL)))
async def test_a_widget_at_rest_draws_nothing(app: App, browser: Browser, widget: str) -> None:
    async with window(browser) as opened:
        page = await told_page(app, opened, widget)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            assert await drawn(page) is None, (width, height)


@pytest.mark.parametrize("widget", ["combo", "ticker"])
async def test_a_gift_that_is_taken_back_leaves_nothing(
    app: App, browser: Browser, widget: str
) -> None:
    """Not even the pill of what was the longest combo."""
    async with window(browser) as opened:
        page = await told_page(app, opened, widget)
        gifts = [await send(app, "!gift rose", by="Mia") for _ in range(2)]
        await page.wait_for_function("() => document.querySelector('.panel').innerText.trim()")
        for gift_id in gifts:
            assert (await say(app, f"!refund {gift_id}", by="Mod", role=MOD)).ok
        await page.wait_for_function("() => !document.querySelector('.panel').innerText.trim()")
        await page.wait_for_function("() => !document.getAnimations().length")
        assert await drawn(page) is None


@pytest.mark.parametrize(
    ("address", "shows", "hides"),
    [
        ("combo?demo=still&record=false", ".combo-count", ".combo-record"),
        ("goal?demo=still&numbers=percent", ".goal-percent", ".goal-now, .goal-of"),
        ("goal?demo=still&numbers=numbers", ".goal-now", ".goal-percent"),
        ("leaderboard?demo=still&title=-", ".row-name", ".board-title"),
        ("leaderboard?demo=still&coins=false", ".row-name", ".row-coins"),
        ("wall?demo=still&title=-", ".cell-art", ".wall-head"),
        ("credits?demo=still&coins=false", ".credits-name", ".credits-coins"),
        ("vase?demo=still&label=none", ".panel", ".vase-label"),
        ("entrance?demo=still&avatars=false", ".panel", ".face"),
    ],
)
async def test_what_a_setting_takes_away_is_not_to_be_seen(
    app: App, browser: Browser, address: str, shows: str, hides: str
) -> None:
    """In every shape."""
    async with window(browser) as opened:
        page = await opened.page(app.address(f"/o/{address}"))
        await page.wait_for_selector(shows)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            for _ in range(3):
                await page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")
            assert await page.evaluate(LEFT, hides) == [], (width, height)
