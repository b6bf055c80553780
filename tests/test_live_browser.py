"""The widgets of what goes on right now, in a real browser: combo meter and hype train."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import App
from tests.browser import launched, window
from tests.page import open_app, send
from tests.test_panels import HOSTILE, RESTS, refund, seen, shown_page

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as opened:
        yield opened


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
