"""One wallet, two platforms: linked by typing on both, through the unmodified libraries and the
whole program."""

import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import STAGE, App
from tests.fakes.discord import DiscordStandIn, Person
from tests.fakes.twitch import TwitchStandIn
from tests.linking import code_in
from tests.page import open_app, until

CHEERED = 10  # seconds


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def twitch() -> AsyncIterator[TwitchStandIn]:
    async with TwitchStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def app(tmp_path: Path, discord: DiscordStandIn, twitch: TwitchStandIn) -> AsyncIterator[App]:
    streamer, bot = twitch.sign_in(twitch.streamer), twitch.sign_in(twitch.bot)
    sections = {
        "discord": {
            "token": discord.token,
            "api_url": discord.api_url,
            "gateway_url": discord.gateway_url,
        },
        "twitch": {
            **twitch.settings,
            "access_token": streamer.access,
            "refresh_token": streamer.refresh,
            "bot_access_token": bot.access,
            "bot_refresh_token": bot.refresh,
        },
    }
    async with open_app(tmp_path, sections) as running:

        async def all_connected() -> bool:
            return {p.status().state for p in running.platforms.values()} == {"connected"}

        await until(all_connected)
        yield running
    gc.collect()


async def slashed(discord: DiscordStandIn, who: Person, name: str, **options: object) -> str:
    """What a slash call is answered, to whoever made it alone."""
    call = await discord.slash(who, name, options)
    await discord.until(lambda: call.words, 10)
    assert call.ephemeral
    return call.words[0]
