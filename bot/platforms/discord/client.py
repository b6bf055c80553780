"""One session with Discord: what is heard goes to the desk, what the desk says goes back."""

import asyncio
import time
from dataclasses import dataclass

import discord
import structlog
from discord import app_commands

from bot.lanes import Lanes
from bot.platform import House
from bot.platforms.discord.answers import Interaction, Told, say
from bot.platforms.discord.counter import Counter
from bot.platforms.discord.errands import Errands
from bot.platforms.discord.gaps import Gaps, missed
from bot.platforms.discord.home import Home
from bot.platforms.discord.messages import chat_message, is_typed_by_a_person, is_within
from bot.platforms.discord.people import Ranks
from bot.platforms.discord.registration import Registration
from bot.platforms.discord.settings import Settings
from bot.platforms.discord.slash import slash_command
from bot.platforms.discord.speech import Speech
from bot.platforms.discord.whereabouts import Whereabouts
from bot.platforms.discord.wording import Wording, shipped
from commands.chat import Chatter
from commands.quote import Quote

_ELSEWHERE = Told("This bot serves another server.")
_CHANGED = Told("This command has changed. Wait a minute and try again.")

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

    def __init__(self, settings: Settings, house: House, memory: Memory, *, text: bool) -> None:
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
        self._ranks = Ranks(settings)
        self._errands = Errands()
        self.speech = Speech(self, settings.timing)
        self._lanes = Lanes(house.desk, self.speech.offer)
        self._counter = Counter(
            house,
            lanes=self._lanes,
            ranks=self._ranks,
            errands=self._errands,
            timing=settings.timing,
            guests=self,
        )
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
        await self._tree.set_translator(Wording(shipped()))
        self.commands_refused = not await self._registration.renew(self._tree)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Between a lost session and the next, as Discord asks."""
        if not initial:
            await asyncio.sleep(self._settings.timing.identify_again_s)

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

    async def on_interaction(self, interaction: Interaction) -> None:
        """A press of a button: they are heard here, so that none needs to be remembered."""
        if interaction.type is discord.InteractionType.component:
            self._counter.press(interaction)

    async def close(self) -> None:
        """Ends the session: what is under way may end, then everything is shut."""
        if not self.is_closed():
            patience_s = self._settings.timing.close_s / 2
            await asyncio.gather(self._lanes.finish(patience_s), self._errands.close(patience_s))
            await self.speech.close()
        await super().close()

    def tell(self, viewer: Chatter, text: str) -> None:
        """Has somebody told something where they were last heard; returns at once."""
        channel_id = self._memory.whereabouts.of(viewer.user_id)
        if channel_id is not None and not self.is_closed():
            self.speech.tell(channel_id, viewer.name, text)

    # --- bot.platforms.discord.counter.Guests ---

    def is_at_home(self, interaction: Interaction) -> bool:
        """Whether somebody comes from the server that is served; elsewhere they are told so."""
        if interaction.guild is not None and interaction.guild.id == self.home_id:
            return True
        if interaction.type is not discord.InteractionType.autocomplete:
            self._errands.start(say(interaction, _ELSEWHERE))
        return False

    def heard(self, interaction: Interaction, viewer: Chatter) -> None:
        """Somebody is in that channel."""
        if interaction.channel_id:
            self._memory.whereabouts.note(viewer.user_id, interaction.channel_id)

    def given(self, interaction: Interaction, viewer: Chatter, quote: Quote) -> None:
        """A gift was sent: the channel is told, where that is wanted."""
        if interaction.channel_id and self._settings.public_line:
            self.speech.given(interaction.channel_id, viewer, quote)

    def _new_tree(self) -> app_commands.CommandTree["GiftClient"]:
        tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        for command in self._house.desk.commands:
            slash = slash_command(
                command,
                carry=self._counter.call,
                suggest=self._counter.suggest,
                hint=self._ranks.hint,
            )
            tree.add_command(slash)
        tree.add_command(self._counter.menu_command())
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

    async def _misunderstood(
        self, interaction: Interaction, error: app_commands.AppCommandError
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
