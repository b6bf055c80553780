"""What waits, what is pinned and what is set, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import App
from tests.browser import connected, shown, shows, window
from tests.fakes.engines import engine_at
from tests.house import MOD
from tests.page import add_source, open_app, say, send, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = "<img src=x onerror=alert(1)>"
# Every name that stood in the tray.
_NAMED = """window.__named = new Set();
new MutationObserver(() => document.querySelectorAll(".tray-name").forEach(
  (each) => window.__named.add(each.textContent)
)).observe(document, { childList: true, subtree: true });"""
PEOPLE = ("Mia", "愛子さん", "مريم", "TheLongestNameInTheWholeChat", "🦊", HOSTILE, *"ABCDEFGH")


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
        await opened.context.add_init_script(_NAMED)
        page = await opened.page(app.overlay_url("alerts", token))
        await page.wait_for_selector(".tray-row .tray-name")
        assert await page.inner_text(".tray-count") == "28 gifts from 14 viewers"
        await page.wait_for_function("() => window.__giftcast.shown.length > 0")
        assert (await say(app, "!alerts pause", by="Mod", role=MOD)).ok
        await page.wait_for_function("() => window.__giftcast.state().paused")
        names = set(await page.evaluate("() => [...window.__named]"))
        first = set(await shown(page))
        assert first  # a page of the tray, or two where the machine is busy
        await until(lambda: _settled(app, first))
        await page.reload()
        await connected(page)
        assert (await say(app, "!alerts resume", by="Mod", role=MOD)).ok
        await shows(page, *gifts - first)
        names |= set(await page.evaluate("() => [...window.__named]"))
        assert names == set(PEOPLE)
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


async def test_words_are_heard_after_their_gift_and_silenced_at_once(
    tmp_path: Path, browser: Browser
) -> None:
    """Fetched once, from our own address; a skip stops them; with no volume nothing is fetched."""
    program, _ = engine_at(tmp_path)
    speech = {"engine": "espeak-ng", "program": program, "seconds_max": 60}
    saying = "(id) => window.__giftcast.state().speech.saying === id"
    async with open_app(tmp_path / "data", {"speech": speech}) as app, window(browser) as opened:
        source, token = await add_source(app)
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        gift = await send(app, "!gift rose a long hello")
        await page.wait_for_function(saying, arg=gift)
        assert (await say(app, "!alerts skip", by="Mod", role=MOD)).ok
        await page.wait_for_function(saying, arg=None)
        await app.edited.settings.put(source, {"speech_volume": 0})
        app.hub.refit()
        again = await send(app, "!gift panda a long hello")
        await shows(page, again)
        await until(lambda: len(app.screen.clips._clips) == 1)
        fetched = [url for url in opened.requests if "/speech/" in url]
        assert len(fetched) == 1
        assert await opened.found_fault() == []
