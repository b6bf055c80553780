"""One wallet, two platforms: linked by typing on both, through the unmodified libraries and the
whole program."""

import gc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import STAGE, App
from tests.fakes.discord import Call, DiscordStandIn, Person
from tests.fakes.twitch import TwitchStandIn
from tests.linking import code_in
from tests.page import open_app, until


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
    sections: dict[str, dict[str, Any]] = {
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


async def answered(discord: DiscordStandIn, call: Call) -> str:
    """What is said to whoever made the call, alone."""
    await discord.until(lambda: call.words, 10)
    new = [answer["data"] for answer in call.answers if answer["type"] == 4]
    assert all(data["flags"] & 1 << 6 for data in new)  # EPHEMERAL
    return call.words[-1]


async def slashed(discord: DiscordStandIn, who: Person, name: str, **options: object) -> str:
    return await answered(discord, await discord.slash(who, name, options))


async def typed(twitch: TwitchStandIn, who: Any, text: str, **how: Any) -> str:
    """What a line of chat is answered, for all to see."""
    said = len(twitch.sent)
    await twitch.chat(who, text, **how)
    await twitch.until(lambda: len(twitch.sent) > said, 10)
    return twitch.sent[-1].text


async def test_a_viewer_links_spends_and_parts_on_both_platforms(
    app: App, discord: DiscordStandIn, twitch: TwitchStandIn
) -> None:
    """A code asked for in Discord is typed in Twitch; then both chats see one wallet."""
    dana, tina = discord.person("dana", nick="Dana"), twitch.user("tina", "Tina")
    mods = ["broadcaster"]
    await twitch.chat(tina, "hello")  # so that she is known
    granted = await typed(twitch, twitch.streamer, "!addcoins @tina 30 welcome", badges=mods)
    assert "30 coins" in granted

    code = code_in(await slashed(discord, dana, "link"))
    assert "Dana (Discord)" in await typed(twitch, tina, f"!link {code}")
    assert "Now as Dana (Discord)" in await typed(twitch, tina, "!link yes")
    shown = await slashed(discord, dana, "link")
    assert "Tina (Twitch) with 30 coins" in shown
    assert "Linked" in await slashed(discord, dana, "link", code="yes")

    assert "30 coins" in await slashed(discord, dana, "balance")
    assert "25 coins left" in await slashed(discord, dana, "gift", gift="rose", count=5)
    assert "25 coins" in await typed(twitch, tina, "!balance")
    seen = await typed(twitch, twitch.streamer, "!whois @tina", badges=mods)
    assert "Dana (Discord) is one person with Tina (Twitch)" in seen
    ended = await typed(twitch, twitch.streamer, "!unlink @tina not hers", badges=mods)
    assert "took along 25 coins" in ended
    assert "You have 0 coins" in await slashed(discord, dana, "balance")
    books = app.journal.books
    assert [len(await books.linked(STAGE, person)) for person in (1, 2, 3)] == [0, 0, 0]


async def test_on_discord_it_is_done_by_buttons(
    app: App, discord: DiscordStandIn, twitch: TwitchStandIn
) -> None:
    """Nobody has to remember what to write there."""
    dana, tina = discord.person("dana", nick="Dana"), twitch.user("tina", "Tina")
    call = await discord.slash(dana, "link")
    code = code_in(await answered(discord, call))
    call = await discord.press(dana, call.message, "Who typed it?")
    assert "Nobody has typed" in await answered(discord, call)
    await typed(twitch, tina, f"!link {code}")
    call = await discord.press(dana, call.message, "Who typed it?")
    assert "Tina (Twitch)" in await answered(discord, call)
    call = await discord.press(dana, call.message, "Yes, that is me")
    assert "Now as Tina (Twitch)" in await answered(discord, call)
    assert "Linked" in await typed(twitch, tina, "!link yes")
    assert len(await app.journal.books.linked(STAGE, 1)) == 1
