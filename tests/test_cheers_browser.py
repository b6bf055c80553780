"""Cheers as they are seen: in a real browser, beside gifts and without harm to them."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import App
from commands.chat import Chatter, Role
from commands.cheers import Cheer
from tests.browser import connected, shows, window
from tests.page import MAIN, add_source, open_app, say, send, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
_numbers = count(1)


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def cheer(app: App, bits: int, name: str | None = "Ann", message: str = "") -> None:
    viewer = None if name is None else Chatter(name.casefold(), name)
    key = f"twitch:es:test-{next(_numbers)}"
    await app.cheers.cheered(Cheer(key, MAIN, "twitch", viewer, bits, message, app.now()))


async def text_of(page: Page) -> str:
    """What the open card of a cheer says."""
    return str(await page.locator(".cheer").first.inner_text())


async def state(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate("() => window.__giftcast.state()")
    return found


async def test_a_cheer_is_a_small_card_with_sparks(app: App, browser: Browser) -> None:
    """With what was said; markup of strangers is text. It goes by itself and settles nothing."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await cheer(app, 1_200, "Ann", "<img src=x onerror=alert(1)> hi")
        await page.locator(".cheer").wait_for()
        said = await text_of(page)
        assert "Ann" in said
        assert "cheered" in said
        assert "1,200" in said
        assert "<img src=x" in said
        await page.wait_for_function("() => window.__giftcast.state().sparks > 0")
        box = await page.locator(".cheer").bounding_box()
        assert box is not None
        assert box["height"] < 720 * 0.2
        assert box["width"] < 1280 * 0.6
        spoken = await page.locator("[aria-live]").inner_text()
        assert spoken.startswith("Ann cheered 1,200 Bits")
        await page.locator(".cheer").wait_for(state="detached")
        assert (await state(page))["cheers"] == {"open": None, "waiting": 0}
        assert await opened.found_fault() == []
    assert not [r for r in await app.journal.read(MAIN, after=0, limit=100) if r.kind == "settle"]


async def test_cheers_come_one_after_the_other_beside_gifts(app: App, browser: Browser) -> None:
    """An anonymous one names nobody; a gift meanwhile plays and settles as ever."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await cheer(app, 100, None)
        await cheer(app, 20_000, "Bob")
        await page.locator(".cheer").wait_for()
        assert "Somebody" in await text_of(page)
        gift_id = await send(app, "!gift rose 5")
        await shows(page, gift_id)
        await page.locator(".cheer >> text=Bob").wait_for()
        assert await page.locator(".cheer").count() <= 2  # the first is fading

        async def settled() -> bool:
            return await state_of(app, gift_id) == "settled"

        await until(settled)
        assert await opened.found_fault() == []


async def test_while_paused_and_after_a_reload_no_cheer_is_made_up_for(
    app: App, browser: Browser
) -> None:
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await say(app, "!alerts pause", role=Role.MODERATOR)
        await page.wait_for_function("() => window.__giftcast.state().paused")
        await cheer(app, 100)
        await say(app, "!alerts resume", role=Role.MODERATOR)
        await page.wait_for_function("() => !window.__giftcast.state().paused")
        assert (await state(page))["cheers"] == {"open": None, "waiting": 0}
        await cheer(app, 200)
        await page.locator(".cheer").wait_for()
        assert "200" in await text_of(page)
        await page.reload()
        await connected(page)
        gift_id = await send(app)
        await shows(page, gift_id)
        assert await page.locator(".cheer").count() == 0
        assert await opened.found_fault() == []


async def test_a_long_name_and_words_of_other_scripts_fit(app: App, browser: Browser) -> None:
    """On the right side too, in a calm overlay without sparks."""
    _, token = await add_source(app)
    async with window(browser, reduced_motion="reduce") as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await page.evaluate("() => document.getElementById('stage').classList.add('side-right')")
        await cheer(app, 10_000, "ليلى" * 16, "いつも見てます " * 9)
        await page.locator(".cheer").wait_for()
        box = await page.locator(".cheer").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert (await state(page))["sparks"] == 0
        assert await opened.found_fault() == []
