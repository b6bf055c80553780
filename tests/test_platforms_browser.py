"""A gift typed in Discord and one typed in Twitch, through the unmodified libraries and the whole
program, play on one real page; both viewers are answered where they wrote."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.app import App
from tests.browser import connected, shows, window
from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import TwitchStandIn
from tests.page import GIFT_ID, add_source, open_app, state_of, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

Sections = Mapping[str, Mapping[str, Any]]


@pytest_asyncio.fixture(loop_scope="module")
async def discord() -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn() as stand_in:
        yield stand_in


@pytest_asyncio.fixture(loop_scope="module")
async def twitch() -> AsyncIterator[TwitchStandIn]:
    async with TwitchStandIn() as stand_in:
        yield stand_in


def sections(discord: DiscordStandIn, twitch: TwitchStandIn) -> Sections:
    """What would stand in `giftcast.toml`."""
    streamer, bot = twitch.sign_in(twitch.streamer), twitch.sign_in(twitch.bot)
    return {
        "discord": {
            "token": discord.token,
            "api_url": discord.api_url,
            "gateway_url": discord.gateway_url,
            "moderator_role_id": discord.moderator_role_id,
        },
        "twitch": {
            **twitch.settings,
            "access_token": streamer.access,
            "refresh_token": streamer.refresh,
            "bot_access_token": bot.access,
            "bot_refresh_token": bot.refresh,
        },
    }


@pytest_asyncio.fixture(loop_scope="module")
async def app(tmp_path: Path, discord: DiscordStandIn, twitch: TwitchStandIn) -> AsyncIterator[App]:
    async with open_app(tmp_path, sections(discord, twitch)) as running:

        async def all_connected() -> bool:
            return {p.status().state for p in running.platforms.values()} == {"connected"}

        await until(all_connected)
        yield running
    gc.collect()  # what a library left open would warn in this test, not in a later one


async def see(app: App, page: Page, gift_id: str) -> None:
    """It is painted on the page and settled in the books."""
    await shows(page, gift_id)

    async def settled() -> bool:
        return await state_of(app, gift_id) == "settled"

    await until(settled)


def gift_in(text: str) -> str:
    """The gift that a reply tells of."""
    found = GIFT_ID.search(text)
    assert found, text
    return found.group()


async def test_gifts_from_both_chats_play_on_one_page(
    app: App, browser: Browser, discord: DiscordStandIn, twitch: TwitchStandIn
) -> None:
    """Moderators grant, viewers give, the page plays, replies go out; on both networks."""
    assert set(app.platforms) == {"discord", "twitch"}
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)

        dana = discord.person("dana", nick="Dana")
        mod = discord.person("mo", discord.moderator_role_id)
        await discord.message(mod, f"!addcoins <@{dana.id}> 500 welcome")
        await discord.until(lambda: len(discord.sent) == 1, 10)
        call = await discord.slash(dana, "gift", {"gift": "rose", "count": 5})
        await discord.until(lambda: call.words, 10)
        await see(app, page, gift_in(call.words[0]))
        assert "Dana" in await page.inner_text("#stage")

        tina = twitch.user("tina", "Tina")
        await twitch.chat(tina, "hello")  # so that she is known
        await twitch.chat(twitch.streamer, "!addcoins @tina 500 welcome", badges=["broadcaster"])
        await twitch.until(lambda: len(twitch.sent) == 1, 10)
        await twitch.chat(tina, "!gift panda 2 so cute")
        await twitch.until(lambda: len(twitch.sent) == 2, 10)
        await see(app, page, gift_in(twitch.sent[1].text))
        shown = await page.inner_text("#stage")
        assert "Tina" in shown
        assert "so cute" in shown
        assert await opened.found_fault() == []


async def test_a_typed_gift_is_answered_and_a_repeat_is_not(
    app: App, browser: Browser, discord: DiscordStandIn, twitch: TwitchStandIn
) -> None:
    """A message that the network delivers twice debits once and plays once."""
    _, token = await add_source(app)
    async with window(browser) as opened:
        page = await opened.page(app.overlay_url("alerts", token))
        await connected(page)
        await twitch.chat(twitch.streamer, "!addcoins @streamer 10 test", badges=["broadcaster"])
        await twitch.until(lambda: len(twitch.sent) == 1, 10)
        message = await twitch.chat(twitch.streamer, "!gift rose", badges=["broadcaster"])
        await twitch.until(lambda: len(twitch.sent) == 2, 10)
        await twitch.redeliver(message)
        await see(app, page, gift_in(twitch.sent[1].text))
        await twitch.chat(twitch.streamer, "!balance", badges=["broadcaster"])
        await twitch.until(lambda: len(twitch.sent) == 3, 10)
        assert "9 coins" in twitch.sent[2].text
        async with asyncio.timeout(5):
            await page.wait_for_function("() => window.__giftcast.shown.length === 1")
