"""One session with Discord: what is heard goes to the desk, what the desk says goes back."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import discord
import structlog
from discord import app_commands

from bot.lanes import Lanes
from bot.platform import House
from bot.platforms.discord.answers import answer, say
from bot.platforms.discord.errands import Errands
from bot.platforms.discord.gaps import Gaps, missed
from bot.platforms.discord.home import Home
from bot.platforms.discord.messages import (
    chat_message,
    is_typed_by_a_person,
    is_within,
    slash_message,
)
from bot.platforms.discord.people import Ranks
from bot.platforms.discord.registration import Registration
from bot.platforms.discord.settings import Settings
from bot.platforms.discord.slash import Choice, Interaction, gift_choices, slash_command, written
from bot.platforms.discord.speech import Speech
from bot.platforms.discord.timing import Timing
from bot.platforms.discord.whereabouts import Whereabouts
from commands.chat import Chatter

_ELSEWHERE = "This bot serves another server."
_CHANGED = "This command has changed. Wait a minute and try again."

_log = structlog.get_logger()


def intents(*, text: bool) -> discord.Intents:
    """What Discord shall send: servers always; messages only if typed commands are read."""
    return discord.Intents(guilds=True, guild_messages=text, message_content=text)


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a session."""

    home: Home
    gaps: Gaps
    whereabouts: Whereabouts


class GiftClient(discord.Client):
    """discord.py's client with our desk behind it.

    It caches no messages, asks for no member lists and can mention nobody.
    """

    def __init__(
        self,
        settings: Settings,
        house: House,
        memory: Memory,
        timing: Timing,
        *,
        text: bool,
    ) -> None:
        super().__init__(
            intents=intents(text=text),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0,  # on_ready is not waited for; every server announces itself
            max_ratelimit_timeout=30.0,
        )
        self._settings = settings
        self._house = house
        self._memory = memory
        self._timing = timing
        self._ranks = Ranks(settings.creator_id, settings.moderator_role_id)
        self._errands = Errands()
        self._speech = Speech(self)
        self._lanes = Lanes(house.desk, self._speech.offer)
        self._registration = Registration(house.data_dir / "discord-commands.json")
        self._tree = self._new_tree()
        self.commands_refused = False
        self.has_begun = False
        self.lost_at: float | None = time.monotonic()

    @property
    def is_home_named(self) -> bool:
        """Whether the settings say which server is served."""
        return bool(self._settings.guild_id)

    @property
    def home_id(self) -> int | None:
        """The server that is served; None while it is not clear."""
        return self._memory.home.of(self.guilds, self._makers())

    async def setup_hook(self) -> None:
        """Between login and listening: the slash commands are registered."""
        self.commands_refused = not await self._registration.renew(self._tree)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Between a lost session and the next, as Discord asks."""
        if not initial:
            await asyncio.sleep(self._timing.identify_again_s)

    async def on_connect(self) -> None:
        """A new session has begun: what was typed since the last one is read up."""
        self.lost_at, self.has_begun = None, True
        if (marks := self._memory.gaps.marks()) and self.intents.message_content:
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
        self._memory.gaps.heard(message)
        if is_typed_by_a_person(message) and is_within(message, self._settings.channel_ids):
            self._hear(message)

    async def close(self) -> None:
        """Ends the session: what is under way may end, then everything is shut."""
        if not self.is_closed():
            patience_s = self._timing.close_s / 2
            await asyncio.gather(self._lanes.finish(patience_s), self._errands.close(patience_s))
            await self._speech.close()
        await super().close()

    def tell(self, viewer: Chatter, text: str) -> None:
        """Has somebody told something where they were last heard; returns at once."""
        channel_id = self._memory.whereabouts.of(viewer.user_id)
        if channel_id is not None and not self.is_closed():
            self._speech.tell(channel_id, viewer.name, text)

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

    def _hear(self, message: discord.Message) -> None:
        chat = chat_message(message, self._ranks, stage=self._house.stage, at=self._house.now())
        self._memory.whereabouts.note(chat.viewer.user_id, message.channel.id)
        self._lanes.put(chat)

    async def _catch_up(self, marks: dict[int, int]) -> None:
        if home_id := self.home_id:
            async for message in missed(self, home_id, marks):
                await self.on_message(message)

    async def _carry(
        self, interaction: Interaction, name: str, values: Mapping[str, object]
    ) -> None:
        if interaction.guild is None or interaction.guild.id != self.home_id:
            self._errands.start(say(interaction, _ELSEWHERE))
            return
        call = slash_message(
            interaction,
            written(name, values),
            self._ranks,
            stage=self._house.stage,
            at=self._house.now(),
        )
        if interaction.channel_id:
            self._memory.whereabouts.note(call.viewer.user_id, interaction.channel_id)
        work = partial(self._lanes.invoke, call, name, values)
        limit_s = self._timing.defer_after_s
        self._errands.start(answer(interaction, work, defer_after_s=limit_s))

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
