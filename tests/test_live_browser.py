"""The widgets of what goes on right now, in a real browser: combo meter, hype train,
battle and vase."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import App
from tests.browser import window
from tests.house import MOD
from tests.page import open_app, say, send, until
from tests.test_panels import HOSTILE, RESTS, refund, seen, shown_page

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(tmp_path) as running:
        yield running


async def test_a_combo_counts_up_and_runs_out(app: App, browser: Browser) -> None:
    """The greatest leads; what is taken back leaves the count; its end needs no frame."""
    async with window(browser, viewport={"width": 420, "height": 480}) as opened:
        page = await shown_page(app, opened, "combo")
        await send(app, "!gift rose 5", by=HOSTILE)
        await seen(page, ".combo-name", [HOSTILE])
        gift_id = await send(app, "!gift rose 8", by=HOSTILE)
        await send(app, "!gift heart 4", by="Jo")
        await seen(page, ".combo-count span", ["×13"])
        await seen(page, ".combo-chip-name", ["Jo"])
        await refund(app, gift_id)
        await seen(page, ".combo-count span", ["×5"])
        await page.wait_for_function("() => window.__giftcast.state().lead === 0")
        await page.wait_for_function(RESTS)
        await seen(page, ".combo-card, .combo-chip", [])
        assert await page.evaluate("() => window.__giftcast.state().best") == 5
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []


async def test_a_train_sets_off_climbs_and_is_the_same_after_a_reload(
    app: App, browser: Browser
) -> None:
    """500 coins within two minutes, then 750; a refund takes a level away again."""
    async with window(browser, viewport={"width": 1000, "height": 200}) as opened:
        page = await shown_page(app, opened, "train")
        assert await page.evaluate("() => document.querySelector('.train-card').hidden")
        await send(app, "!gift rose 400", by=HOSTILE)
        await seen(page, ".train-title", ["All aboard!"])
        await seen(page, ".train-rider-name", [HOSTILE])
        await send(app, "!gift rose 120", by="Jo")
        await seen(page, ".train-level", ["Level 1"])
        gift_id = await send(app, "!gift rose 900", by="Mia")
        await seen(page, ".train-level", ["Level 2"])
        await seen(page, ".train-rider-name", ["Mia", HOSTILE, "Jo"])
        await page.wait_for_function("() => document.querySelectorAll('.train-wagon').length === 2")
        await page.reload()
        await seen(page, ".train-level", ["Level 2"])
        await seen(page, ".train-coins", ["170 / 1,125"])
        await refund(app, gift_id)
        await seen(page, ".train-level", ["Level 1"])
        await seen(page, ".train-coins", ["20 / 750"])
        await page.wait_for_function(
            "() => document.querySelectorAll('.train-wagon').length === 1"
            " && !window.__giftcast.state().sparks"
        )
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []


async def test_a_battle_is_fought_and_won(app: App, browser: Browser) -> None:
    """Begun in chat, pulled to and fro, twice as fast for a while, stopped, crowned; a page that
    comes later sees the same."""
    creators = [{"id": "ann", "name": "Ann"}, {"id": "bob", "name": HOSTILE}]
    (app.folder / "policy.json").write_text(json.dumps({"policy": {"1": {"creators": creators}}}))
    await until(lambda: len(app.policies.of("main").creators) == 2)
    async with window(browser, viewport={"width": 1000, "height": 200}) as opened:
        page = await shown_page(app, opened, "battle")
        assert await page.evaluate("() => document.querySelector('.battle-card').hidden")
        assert (await say(app, "!battle start ann bob 5", by="Mod", role=MOD)).ok
        await seen(page, ".battle-name", ["Ann", HOSTILE])
        await send(app, "!gift rose 30 @ann", by="Mia")
        await seen(page, ".battle-points", ["30", "0"])
        assert (await say(app, "!battle multiply 2 60", by="Mod", role=MOD)).ok
        await seen(page, ".battle-boost b", ["×2"])
        await send(app, "!gift rose 20 @bob", by=HOSTILE)
        await seen(page, ".battle-points", ["30", "40"])
        await seen(page, ".battle-best bdi", ["Mia", HOSTILE])
        assert (await say(app, "!battle stop", by="Mod", role=MOD)).ok
        await seen(page, ".battle-time", ["Final"])
        await page.wait_for_function("() => !document.querySelector('.battle-crown.right').hidden")
        await page.wait_for_function(RESTS)
        twin = await opened.page(page.url)
        await seen(twin, ".battle-points", ["30", "40"])
        await seen(twin, ".battle-time", ["Final"])
        assert await page.locator("img[src='x']").count() == 0
        assert await opened.found_fault() == []


async def test_a_vase_fills_is_the_same_after_a_reload_and_is_emptied(
    app: App, browser: Browser
) -> None:
    """What is taken back leaves it; once all lies still the canvas sleeps."""
    drawn = "() => document.querySelector('.vase-gifts').toDataURL()"
    inside = "(count) => { const now = window.__giftcast.state();"
    inside += " return now.pieces === count && !now.sparks; }"
    async with window(browser, viewport={"width": 300, "height": 440}) as opened:
        page = await shown_page(app, opened, "vase")
        await send(app, "!gift rose 30", by="Mia")
        await send(app, "!gift crown 2", by="Jo")
        gift_id = await send(app, "!gift heart 9", by="Mia")
        await page.wait_for_function(inside, arg=41)
        await seen(page, ".vase-label b", ["53 %"])
        before = await page.evaluate(drawn)
        await page.reload()
        await page.wait_for_function(inside, arg=41)
        await page.wait_for_function(f"(before) => ({drawn})() === before", arg=before)
        await refund(app, gift_id)
        await page.wait_for_function(inside, arg=32)
        assert await page.evaluate("() => document.querySelector('.vase-tag').hidden")
        await send(app, "!gift rose 50", by="Jo")
        await seen(page, ".vase-tag", ["×1"])
        await page.wait_for_function(inside, arg=4)
        assert await opened.found_fault() == []
