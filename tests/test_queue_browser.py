"""What waits, what is pinned and what is set, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import App
from tests.browser import connected, launched, shown, shows, window
from tests.house import MOD
from tests.page import add_source, open_app, say, send, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = "<img src=x onerror=alert(1)>"
PEOPLE = ("Mia", "愛子さん", "مريم", "TheLongestNameInTheWholeChat", "🦊", HOSTILE, *"ABCDEFGH")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def test_a_tray_names_everybody_over_a_reload_and_each_gift_is_settled(
    app: App, browser: Browser
) -> None:
    """What was on a page before the reload is not told again; names are text."""
    source, token = await add_source(app)
    gifts = {
        await send(app, f"!gift {gift}", by=name) for name in PEOPLE for gift in ("rose", "panda")
    }
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await page.wait_for_selector(".tray-row .tray-name")
        title = await page.inner_text(".tray-count")
        assert title == "28 gifts from 14 viewers"
        await page.wait_for_function("() => window.__giftcast.shown.length > 0")
        names = await page.locator(".tray-name").all_inner_texts()
        first = set(await shown(page))
        assert 0 < len(first) < len(gifts)
        await until(lambda: _settled(app, first))
        await page.reload()
        await page.wait_for_selector(".tray-row .tray-name")
        while len(first | set(await shown(page))) < len(gifts):
            names += await page.locator(".tray-name").all_inner_texts()
            await page.wait_for_timeout(200)
        names += await page.locator(".tray-name").all_inner_texts()
        assert set(names) == set(PEOPLE)
        assert first & set(await shown(page)) == set()
        await until(lambda: _settled(app, gifts))
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []
    assert await app.access.shown(source) == {int(gift.partition("-")[0]) for gift in gifts}


async def _settled(app: App, gifts: set[str]) -> bool:
    return all([await state_of(app, gift) == "settled" for gift in gifts])


async def test_a_pin_and_new_settings_reach_an_open_page(app: App, browser: Browser) -> None:
    """Without a reload; a reload shows the pin again; unpinned, the page rests."""
    source, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift = await send(app, "!gift panda 3 so good", by=HOSTILE)
        await shows(page, gift)
        await until(lambda: _settled(app, {gift}))
        assert (await say(app, f"!alerts pin {gift} 60", by="Mod", role=MOD)).ok
        await page.wait_for_selector(".pin")
        assert (await page.inner_text(".pin-name")).startswith("<img src=x")
        assert await page.inner_text(".pin-line") == "so good"
        await app.edited.settings.put(source, {"side": "right", "messages": False})
        app.hub.refit()
        await page.wait_for_selector(".side-right .pin")
        assert await shown(page) == [gift]
        await page.reload()
        await page.wait_for_selector(".side-right .pin")
        assert await page.inner_text(".pin-line") == "Panda ×3"
        assert (await say(app, "!alerts replay @Mia", by="Mod", role=MOD)).ok is False
        assert (await say(app, f"!alerts replay {gift}", by="Mod", role=MOD)).ok
        await page.wait_for_selector(".card .again")
        assert await shown(page) == [], "a replay is no showing"
        assert (await say(app, "!alerts unpin", by="Mod", role=MOD)).ok
        await page.wait_for_selector(".pin", state="detached")
        assert await opened.found_fault() == []
