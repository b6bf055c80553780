"""The libraries alone: the smallest bots that one would write with them, our yardstick."""

import asyncio
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    import twitchio
    from discord import app_commands
    from twitchio.eventsub import ChatMessageSubscription

    from bot.platforms.discord.addresses import addresses
    from bot.platforms.twitch.addresses import addressed
    from bot.platforms.twitch.settings import read


class Parser:
    """What everybody writes first: a prefix, words, numbers."""

    def __init__(self) -> None:
        self.gifts: Counter[str] = Counter()

    def takes(self, text: str) -> bool:
        """Whether it was a command; it is counted then."""
        if not text.startswith("!"):
            return False
        word, *rest = text[1:].split()
        if word == "gift" and rest:
            count = int(rest[1]) if len(rest) > 1 and rest[1].isdecimal() else 1
            self.gifts[rest[0]] += count
        return True


class BareTwitch(twitchio.Client):
    """twitchio with a parser."""

    def __init__(self, client_id: str, bot: str) -> None:
        super().__init__(client_id=client_id)
        self._bot, self._parser = bot, Parser()
        self.heard, self.replies = 0, False

    async def event_message(self, payload: twitchio.ChatMessage) -> None:
        """A line in the channel."""
        if payload.chatter.id == self._bot:
            return
        self._parser.takes(payload.text)
        if self.replies:
            await payload.broadcaster.send_message(
                f"@{payload.chatter.name} {payload.text}", sender=self._bot, token_for=self._bot
            )
        self.heard += 1


class BareDiscord(discord.Client):
    """discord.py with a parser and one slash command."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, message_content=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0,
        )
        self._parser = Parser()
        self.heard, self.replies = 0, False
        self.connected = asyncio.Event()
        self._tree = app_commands.CommandTree(self)
        self._tree.command(name="gift", description="Send a gift.")(self._gift)

    async def setup_hook(self) -> None:
        """Before it listens."""
        await self._tree.sync()

    async def on_connect(self) -> None:
        """It listens."""
        self.connected.set()

    async def on_message(self, message: discord.Message) -> None:
        """A line in a channel."""
        if message.author.bot:
            return
        self._parser.takes(message.content)
        if self.replies:
            await message.channel.send(message.content)
        self.heard += 1

    async def _gift(
        self,
        interaction: discord.Interaction["BareDiscord"],
        gift: str,
        count: app_commands.Range[int, 1, 99] = 1,
    ) -> None:
        self._parser.gifts[gift] += count
        await interaction.response.send_message("Sent.", ephemeral=True)
        self.heard += 1


@asynccontextmanager
async def bare_twitch(opened: Mapping[str, Any]) -> AsyncIterator[BareTwitch]:
    """Listening in the stand-in's channel."""
    settings = read(opened["section"])
    with addressed(settings):
        client = BareTwitch(settings.client_id, opened["bot"])
        async with client:
            await client.login(
                load_tokens=False, save_tokens=False, token=settings.bot_access_token
            )
            await client.add_token(settings.bot_access_token, settings.bot_refresh_token)
            topic = ChatMessageSubscription(
                broadcaster_user_id=opened["channel"], user_id=opened["bot"]
            )
            await client.subscribe_websocket(topic, as_bot=False, token_for=opened["bot"])
            yield client


@asynccontextmanager
async def bare_discord(opened: Mapping[str, Any]) -> AsyncIterator[BareDiscord]:
    """Listening on the stand-in's server."""
    section = opened["section"]
    with addresses(api_url=section["api_url"], gateway_url=section["gateway_url"]):
        client = BareDiscord()
        listening = asyncio.create_task(client.start(section["token"]))
        try:
            async with asyncio.timeout(10):
                await client.connected.wait()
            yield client
        finally:
            await client.close()
            await asyncio.gather(listening, return_exceptions=True)
