"""One session with Discord: what is heard goes to the desk, what the desk says goes back."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.platform import House
from bot.platforms.discord.answers import answer, say
from bot.platforms.discord.errands import Errands
from bot.platforms.discord.gaps import Gaps, missed
from bot.platforms.discord.home import Home
from bot.platforms.discord.messages import chat_message, is_typed_by_a_person, is_within
from bot.platforms.discord.people import Ranks
from bot.platforms.discord.registration import Registration
from bot.platforms.discord.settings import Settings
from bot.platforms.discord.slash import Choice, Interaction, gift_choices, slash_command, written
from bot.platforms.discord.speech import Speech
from commands.chat import ChatMessage

_ELSEWHERE = "This bot serves another server."
_CHANGED = "This command has changed. Wait a minute and try again."

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things may take, in seconds."""

    guild_ready_s: float = 2.0
    defer_after_s: float = 1.5
    identify_again_s: float = 5.0
    close_s: float = 0.4
    retry_first_s: float = 2.0
    retry_max_s: float = 60.0
    patience_s: float = 90.0
    look_s: float = 5.0


def intents(*, text: bool) -> discord.Intents:
    """What Discord shall send: servers always; messages only if typed commands are read."""
    return discord.Intents(guilds=True, guild_messages=text, message_content=text)


class GiftClient(discord.Client):
    """discord.py's client with our desk behind it.

    It caches no messages, asks for no member lists and can mention nobody.
    """

    def __init__(
        self, settings: Settings, house: House, gaps: Gaps, home: Home, pace: Pace, *, text: bool
    ) -> None:
        super().__init__(
            intents=intents(text=text),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=pace.guild_ready_s,
            max_ratelimit_timeout=30.0,
        )
        self._settings = settings
        self._house = house
        self._gaps = gaps
        self._home = home
        self._pace = pace
        self._ranks = Ranks(settings.creator_id, settings.moderator_role_id)
        self._errands = Errands()
        self._speech = Speech(self)
        self._registration = Registration(house.data_dir / "discord-commands.json")
        self._tree = self._new_tree()
        self.commands_refused = False
        self.has_begun = False
        self.lost_at: float | None = time.monotonic()

    @property
    def home_id(self) -> int | None:
        """The server that is served; None while it is not clear."""
        return self._home.of(self.guilds, self._makers())

    async def setup_hook(self) -> None:
        """Between login and listening: the slash commands are registered."""
        self.commands_refused = not await self._registration.renew(self._tree)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Between a lost session and the next, as Discord asks."""
        if not initial:
            await asyncio.sleep(self._pace.identify_again_s)

    async def on_connect(self) -> None:
        """A new session has begun: what was typed since the last one is read up."""
        self.lost_at, self.has_begun = None, True
        if (marks := self._gaps.marks()) and self.intents.message_content:
            self._errands.start(self._catch_up(marks))

    async def on_resumed(self) -> None:
        """The session goes on; Discord has replayed what was missed."""
        self.lost_at = None

    async def on_disconnect(self) -> None:
        """The connection is lost; discord.py is making it again."""
        self.lost_at = self.lost_at or time.monotonic()

    async def on_message(self, message: discord.Message) -> None:
        """A line in a channel. Edits and deletions change nothing."""
        if message.guild is None or message.guild.id != self.home_id:
            return
        self._gaps.heard(message)
        if is_typed_by_a_person(message) and is_within(message, self._settings.channel_ids):
            self._errands.start(self._hear(message))

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Passes an event on; after the end a late READY is of no interest."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def close(self) -> None:
        """Ends the session: what is under way may end, then everything is shut."""
        if not self.is_closed():
            await self._errands.close(self._pace.close_s / 2)
            await self._speech.close()
        await super().close()

    def _new_tree(self) -> app_commands.CommandTree["GiftClient"]:
        tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        for command in self._house.desk.commands:
            tree.add_command(slash_command(command, carry=self._carry, suggest=self._suggest))
        tree.error(self._misunderstood)
        return tree

    async def _hear(self, message: discord.Message) -> None:
        chat = chat_message(message, self._ranks, stage=self._house.stage, at=self._house.now())
        if reply := await self._house.desk.hear(chat):
            self._speech.offer(message, chat.viewer.name, reply)

    async def _catch_up(self, marks: dict[int, int]) -> None:
        if home_id := self.home_id:
            async for message in missed(self, home_id, marks):
                await self.on_message(message)

    async def _carry(
        self, interaction: Interaction, name: str, values: Mapping[str, object]
    ) -> None:
        call = self._call(interaction, written(name, values))
        if call is None:
            self._errands.start(say(interaction, _ELSEWHERE))
            return
        work = self._house.desk.invoke(call, name, values)
        limit_s = self._pace.defer_after_s
        self._errands.start(answer(interaction, work, defer_after_s=limit_s))

    def _call(self, interaction: Interaction, text: str) -> ChatMessage | None:
        """A slash call as a message; None when it comes from a server that is not served."""
        guild = interaction.guild
        if guild is None or guild.id != self.home_id:
            return None
        viewer = self._ranks.chatter(
            interaction.user, owner_id=guild.owner_id, permissions=interaction.permissions
        )
        return ChatMessage(
            id=f"discord:int:{interaction.id}",
            stage=self._house.stage,
            platform="discord",
            channel=str(interaction.channel_id or ""),
            viewer=viewer,
            text=text,
            at=self._house.now(),
        )

    async def _suggest(self, interaction: Interaction, typed: str) -> list[Choice]:
        if interaction.guild_id is None or interaction.guild_id != self.home_id:
            return []
        return gift_choices(self._house.desk.suggest_gifts(self._house.stage, typed))

    async def _misunderstood(
        self, interaction: discord.Interaction["GiftClient"], error: app_commands.AppCommandError
    ) -> None:
        """Discord shows a command that we no longer have in that form: it is told anew."""
        _log.warning("discord.command_unknown", why=str(error))
        self._registration.forget()
        self._errands.start(say(interaction, _CHANGED))

    def _makers(self) -> set[int]:
        app = self.application
        if app is None:
            return set()
        return {m.id for m in app.team.members} if app.team else {app.owner.id}


async def shut(client: GiftClient, listening: asyncio.Task[None], *, within_s: float) -> None:
    """Closes a client and all it holds, whatever state it is in, in bounded time.

    It is closed before it is cancelled: a connection only half made is then still found.
    """
    try:
        async with asyncio.timeout(within_s):
            await client.close()
            await asyncio.wait({listening})
    except TimeoutError:
        listening.cancel()
        await client.http.close()
        await asyncio.wait({listening}, timeout=within_s)
    if listening.done() and not listening.cancelled():
        listening.exception()
