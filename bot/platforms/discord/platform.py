"""The Discord platform: keeps a session alive and says how it fares."""

import asyncio
import time
from collections.abc import Mapping, Sequence

import structlog

from bot.platform import House, PlatformStatus
from bot.platforms.discord import faults
from bot.platforms.discord.addresses import addresses
from bot.platforms.discord.client import GiftClient, Memory
from bot.platforms.discord.conditions import condition
from bot.platforms.discord.home import Home
from bot.platforms.discord.marks import Marks
from bot.platforms.discord.members import avatars_of, find_member
from bot.platforms.discord.settings import Settings
from bot.platforms.discord.shutdown import shut
from bot.platforms.discord.whereabouts import Whereabouts
from commands.chat import Chatter

_log = structlog.get_logger()


class DiscordPlatform:
    """One bot on one server."""

    name = "discord"

    def __init__(self, settings: Settings, house: House) -> None:
        self._settings = settings
        self._house = house
        self._timing = settings.timing
        self._memory = Memory(
            Home(settings.guild_id, settings.creator_id),
            Marks(house.data_dir / "discord-heard.json"),
            Whereabouts(settings.channel_ids),
        )
        self._client: GiftClient | None = None
        self._ending = PlatformStatus(state="starting")
        self._text = settings.text_commands

    def status(self) -> PlatformStatus:
        """How it fares now."""
        client = self._client
        if client is None or not client.has_begun:
            return self._ending
        if client.lost_at is not None:
            return faults.INTERRUPTED
        return condition(client, typed_refused=self._text != self._settings.text_commands)

    async def run(self) -> None:
        """Listens and answers until cancelled."""
        wait_s = self._timing.retry_first_s
        with addresses(api_url=self._settings.api_url, gateway_url=self._settings.gateway_url):
            while True:
                ending, was_connected = await self._session()
                if ending.intent_refused and self._text:
                    self._text = False
                    continue
                self._ending = ending.status
                if ending.for_good:
                    await asyncio.Event().wait()
                wait_s = self._timing.retry_first_s if was_connected else wait_s
                await asyncio.sleep(max(wait_s, ending.wait_s))
                wait_s = min(2 * wait_s, self._timing.retry_max_s)

    async def find(self, name: str) -> Chatter | None:
        """Whoever goes by that name on the server, for a moderator who names one not yet seen."""
        client = self._client
        if client is None or client.lost_at is not None or client.home_id is None:
            return None
        return await find_member(client, client.home_id, name)

    async def portraits(self, user_ids: Sequence[str]) -> Mapping[str, str]:
        """See `bot.avatars.Portraits`."""
        client = self._client
        if client is None or client.lost_at is not None:
            return {}
        return await avatars_of(client, user_ids)

    async def tell(self, viewer: Chatter, text: str) -> None:
        """Tells somebody something where they were last heard, in turn with what else is said."""
        if self._client is not None and self._client.has_begun:
            self._client.tell(viewer, text)

    async def _session(self) -> tuple[faults.Ending, bool]:
        """One client from login to its end: why it ended and whether it was ever connected.

        discord.py makes lost connections again by itself, but in time with ever longer
        pauses; after `patience_s` a new client starts afresh.
        """
        timing = self._timing
        client = GiftClient(self._settings, self._house, self._memory, text=self._text)
        self._client = client
        token = self._settings.token.get_secret_value()
        listening = asyncio.create_task(client.start(token))
        try:
            while not listening.done() and not _is_given_up(client, timing.patience_s):
                await asyncio.wait({listening}, timeout=timing.look_s)
                await client.look()
                self._memory.marks.save()
            error = listening.exception() if listening.done() else TimeoutError()
        finally:
            self._client = None
            await shut(client, listening, within_s=timing.close_s)
            self._memory.marks.end(decided=client.has_decided)
        _log.warning("discord.session_ended", why=repr(error))
        return faults.ending(error), client.has_begun


def _is_given_up(client: GiftClient, patience_s: float) -> bool:
    return client.lost_at is not None and time.monotonic() - client.lost_at > patience_s
