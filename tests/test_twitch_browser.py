"""The page `/twitch` in a real browser, which keeps a strict cookie back as real ones do."""

import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import App
from tests.browser import window
from tests.fakes.twitch import TwitchStandIn
from tests.page import open_app, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def twitch() -> AsyncIterator[TwitchStandIn]:
    async with TwitchStandIn() as stand_in:
        stand_in.client_secret = "client-secret"
        stand_in.interval_s = 1
        yield stand_in


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path, twitch: TwitchStandIn) -> AsyncIterator[App]:
    async with open_app(tmp_path, {"twitch": twitch.settings}) as running:
        twitch.redirect_urls.add(running.address("/twitch/callback"))
        yield running
    gc.collect()


async def test_a_streamer_signs_in_with_the_browser_and_a_bot_with_a_code(
    app: App, browser: Browser, twitch: TwitchStandIn
) -> None:
    async with window(browser) as opened:
        page = await opened.page(app.address(f"/login#{app.entry.new_code()}"))
        await page.wait_for_url(app.address("/"))
        await page.click("text=Twitch")
        streamer = page.locator('[data-account="streamer"]')
        await streamer.locator(".code").wait_for()
        assert await streamer.locator(".code").inner_text() == twitch.devices[0].user_code
        await page.wait_for_function("() => document.images[0].naturalWidth > 100")
        assert "Nobody is signed in" in await page.inner_text("#cause")

        assert await streamer.get_by_text("Cancel").count() == 0  # it is needed
        twitch.consenting = twitch.streamer
        await streamer.get_by_text("Sign in with this browser").click()
        await page.wait_for_url(app.address("/twitch"))
        await page.get_by_text("Listening in the chat of Streamer.").wait_for()
        assert await streamer.locator("h3").inner_text() == "Streamer: streamer"

        bot = page.locator('[data-account="bot"]')
        await bot.get_by_text("Sign in as bot").click()
        await bot.get_by_text("Cancel").click()
        await bot.get_by_text("Sign in as bot").click()
        await bot.locator(".code").wait_for()
        twitch.activate(await bot.locator(".code").inner_text(), twitch.bot)
        await bot.get_by_text("Bot: giftbot").wait_for()
        await bot.get_by_text("Sign out").click()
        await bot.get_by_text("Bot: nobody").wait_for()
        assert "false" not in await page.inner_text("main")
        assert await opened.found_fault() == []
        assert [url for url in opened.requests if "access-secret" in url] == []

    async def quiet() -> bool:
        return app.platforms["twitch"].status().state == "connected"

    await until(quiet)
