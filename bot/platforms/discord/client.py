"""One session with Discord: what is heard goes to the desk, what the desk says goes back."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import discord
import structlog

from bot.lanes import Lanes
from bot.platform import House
from bot.platforms.discord.answers import Interaction, Told, say
from bot.platforms.discord.counter import Counter
from bot.platforms.discord.ears import Ears
from bot.platforms.discord.errands import Errands
from bot.platforms.discord.home import Home
from bot.platforms.discord.marks import Marks
from bot.platforms.discord.messages import chat_message, is_by_a_person, is_within
from bot.platforms.discord.moderation import Moderation
from bot.platforms.discord.people import Ranks
from bot.platforms.discord.registration import Registration
from bot.platforms.discord.settings import Settings
from bot.platforms.discord.speech import Speech
from bot.platforms.discord.tree import Tree
from bot.platforms.discord.whereabouts import Whereabouts
from bot.platforms.discord.wording import Wording, shipped
from commands.chat import Brief, Chatter

_ELSEWHERE = Told("This bot serves another server.")

_log = structlog.get_logger()


def intents(*, text: bool) -> discord.Intents:
    """What Discord shall send. text: also what is typed, not only that something is; that is the
    only one of these for which a bot needs to be granted more."""
    return discord.Intents(guilds=True, moderation=True, guild_messages=True, message_content=text)


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a session."""

    home: Home
    marks: Marks
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
        self._ears = Ears(house, memory.marks, self._take, settings)
        self._moderation = Moderation(house, self._errands)
        self._registration = Registration(house.data_dir / "discord-commands.json")
        self._tree = Tree(
            self,
            house.desk.commands,
            counter=self._counter,
            hint=self._ranks.hint,
            forget=self._registration.forget,
        )
        self.commands_refused = False
        self.has_begun = False
        self.has_decided = False  # whether all was that was heard, once it is closed
        self._is_leaving = False
        self._unheard_since = 0
        self.lost_at: float | None = time.monotonic()

    @property
    def is_home_named(self) -> bool:
        """Whether the settings say which server is served."""
        return bool(self._settings.guild_id)

    @property
    def home_id(self) -> int | None:
        """The server that is served; None while it is not clear."""
        return self._memory.home.of(self.guilds, self._makers())

    def unseen_channels(self, guild: discord.Guild) -> list[str]:
        """Channels of the settings that are not there, or hidden from the bot."""
        if guild.unavailable:
            return []
        wanted = (number for number in self._settings.channel_ids if number)
        return [number for number in wanted if not guild.get_channel_or_thread(int(number))]

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
        self._unheard_since = self._memory.marks.alive_at
        self._ears.begin(reads=self.intents.message_content)
        self._read_up()
        await self.look()

    async def on_guild_available(self, _: discord.Guild) -> None:
        """A server has told what there is on it."""
        self._read_up()

    async def on_guild_join(self, _: discord.Guild) -> None:
        """Somebody has invited the bot."""
        self._read_up()

    async def on_resumed(self) -> None:
        """The session goes on; Discord has replayed what was missed."""
        self.lost_at = None
        await self.look()

    async def on_disconnect(self) -> None:
        """The connection is lost; discord.py is making it again."""
        await self.look()
        self.lost_at = self.lost_at or time.monotonic()

    async def on_message(self, message: discord.Message) -> None:
        """A line in a channel. Edits change nothing."""
        if self._is_home(message.guild):
            self._ears.hear(message)

    async def on_member_ban(self, guild: discord.Guild, user: discord.abc.User) -> None:
        """Somebody was banned from the server."""
        if self._is_home(guild):
            self._moderation.banned(user.id)

    async def on_member_unban(self, guild: discord.Guild, user: discord.abc.User) -> None:
        """A ban was lifted."""
        if self._is_home(guild):
            self._moderation.unbanned(user.id)

    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        """A moderator did something."""
        if self._is_home(entry.guild):
            self._moderation.logged(entry)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        if gone.guild_id is not None and gone.guild_id == self.home_id:
            self._moderation.deleted([gone.message_id])

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        if gone.guild_id is not None and gone.guild_id == self.home_id:
            self._moderation.deleted(sorted(gone.message_ids))

    async def on_interaction(self, interaction: Interaction) -> None:
        """A press of a button: they are heard here, so that none needs to be remembered."""
        if interaction.type is discord.InteractionType.component:
            self._counter.press(interaction)

    async def close(self) -> None:
        """Ends the session: what is under way may end, then everything is shut.

        What comes in meanwhile is left: lines are read up the next time.
        """
        if not self._is_leaving:
            self._is_leaving = True
            self._ears.close()
            patience_s = self._settings.timing.close_s / 2
            try:
                self.has_decided, _ = await asyncio.gather(
                    self._lanes.finish(patience_s), self._errands.close(patience_s)
                )
            finally:
                self.speech.close()
        await super().close()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Passes an event on, unless we are leaving: discord.py 2.7 would lose its handler."""
        if not self._is_leaving:
            super().dispatch(event, *args, **kwargs)

    def tell(self, viewer: Chatter, text: str) -> None:
        """Has somebody told something where they were last heard; returns at once."""
        channel_id = self._memory.whereabouts.of(viewer.user_id)
        if channel_id is not None and not self.is_closed():
            self.speech.tell(channel_id, viewer.name, text)

    async def look(self) -> None:
        """Notes that we are listening, from time to time."""
        if self.lost_at is None and self.home_id is not None:
            await self._ears.look()

    # --- bot.platforms.discord.counter.Guests ---

    def is_at_home(self, interaction: Interaction) -> bool:
        """Whether somebody comes from the server that is served; elsewhere they are told so."""
        if self._is_leaving:
            return False
        if self._is_home(interaction.guild):
            return True
        if interaction.type is not discord.InteractionType.autocomplete:
            self._errands.start(say(interaction, _ELSEWHERE))
        return False

    def heard(self, interaction: Interaction, viewer: Chatter) -> None:
        """Somebody is in that channel."""
        if interaction.channel_id:
            self._memory.whereabouts.note(viewer.user_id, interaction.channel_id)

    def given(self, interaction: Interaction, viewer: Chatter, gift: Brief) -> None:
        """A gift was sent: the channel is told, where that is wanted."""
        if interaction.channel_id and self._settings.public_line:
            self.speech.given(interaction.channel_id, viewer, gift)

    def _take(self, message: discord.Message, live: bool) -> None:
        """A line that was typed, just now or while nobody listened."""
        house, channel_ids = self._house, self._settings.channel_ids
        if not is_by_a_person(message) or not is_within(message.channel, channel_ids):
            return
        chat = chat_message(message, self._ranks, stage=house.stage, at=house.now())
        self._memory.whereabouts.note(chat.viewer.user_id, message.channel.id)
        if live:
            house.earner.spoke(house.stage, "discord", chat.viewer, chat.standing, chat.at)
        if self.intents.message_content and chat.text:
            self._lanes.put(chat)

    def _read_up(self) -> None:
        """What was missed can be read once the server has told its channels."""
        guild = self.get_guild(self.home_id or 0)
        if guild is None or guild.unavailable:
            return
        if since := self._unheard_since:
            self._unheard_since = 0
            self._moderation.catch_up(guild, since)
        if self._ears.has_missed:
            self._ears.catch_up(guild)

    def _is_home(self, guild: discord.Guild | None) -> bool:
        return guild is not None and guild.id == self.home_id

    def _makers(self) -> set[int]:
        app = self.application
        if app is None:
            return set()
        return {m.id for m in app.team.members} if app.team else {app.owner.id}
