"""Hearing each line once, in order, also what was typed while nobody listened.

After a short loss Discord replays by itself (RESUME). After a lost session it does not: then
the channels' history is read from the last line heard, but no further back than a few minutes:
nobody waits longer for a gift. Slash calls cannot be asked for again; their askers saw that
nothing answered.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import discord
import structlog

from bot.platform import House
from bot.platforms.discord.faults import FAULTS
from bot.platforms.discord.marks import Marks
from bot.platforms.discord.messages import is_within
from bot.platforms.discord.settings import Settings
from data.errors import GiftError

CHANNELS_MAX = 100
LINES_MAX = 1_000  # read up in each channel
HELD_MAX = 2_000

_log = structlog.get_logger()

Take = Callable[[discord.Message, bool], None]
Place = discord.TextChannel | discord.VoiceChannel | discord.Thread


class Ears:
    """What is typed on the server that is served.

    take: given each line, with whether it was typed just now. catch_up_s: how old a line may
    be that is read up; 0: nothing is.

    Lines typed while older ones are being read up wait for them, so that everybody's commands
    are carried out in their order.
    """

    def __init__(self, house: House, marks: Marks, take: Take, settings: Settings) -> None:
        self._house = house
        self._marks = marks
        self._take = take
        self._catch_up_s = settings.timing.catch_up_s
        self._channel_ids = settings.channel_ids
        self._held: list[discord.Message] = []
        self._missed: dict[int, int] | None = None
        self._gap: tuple[int, int] | None = None
        self._mended = ""
        self._task: asyncio.Task[None] | None = None

    @property
    def has_missed(self) -> bool:
        """Whether there may be lines to read up, and nobody reads yet."""
        return self._missed is not None and self._task is None

    def begin(self, *, reads: bool) -> None:
        """A new session has begun. reads: whether Discord lets us read what is typed.

        What was being read up for the last one is begun anew: nothing held was taken yet.
        """
        if not self._marks.alive_at:
            return
        began, _ = self._gap or (self._marks.alive_at, 0)
        self._gap, self._mended = (began, self._house.now()), ""
        self._held.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._missed = self._marks.last() if reads and self._catch_up_s else None

    def hear(self, message: discord.Message) -> None:
        """A line was typed."""
        if self._missed is None:
            self._heard(message, live=True)
        elif len(self._held) < HELD_MAX:
            self._held.append(message)
        else:
            self._mended = "some messages"

    def catch_up(self, guild: discord.Guild) -> None:
        """Reads up what was missed there; returns at once."""
        self._task = asyncio.create_task(self._catch_up(guild))

    async def look(self) -> None:
        """We are listening. Once all is read up, the time in which we did not is written down."""
        if self._missed is not None:
            return
        gap = self._gap
        if gap is not None:
            try:
                await self._house.gaps.record(self._house.stage, "discord", *gap, self._mended)
            except GiftError as error:  # tried again at the next look
                _log.warning("discord.gap_not_recorded", why=str(error))
                return
            self._gap = None if self._gap == gap else self._gap
        self._marks.alive_at = self._house.now()

    def close(self) -> None:
        """Reads no further; what was held is read up the next time."""
        if self._missed is None and self._gap is None and self._marks.alive_at:
            self._marks.alive_at = self._house.now()
        if self._task is not None:
            self._task.cancel()

    async def _catch_up(self, guild: discord.Guild) -> None:
        whole = True
        try:
            for channel, last in self._places(guild):
                whole = await self._read_up(channel, last) and whole
        except Exception:  # noqa: BLE001 - what was held goes on whatever happens to the reading
            _log.exception("discord.catch_up_failed")
            whole = False
        began, ended = self._gap or (0, 0)
        whole = whole and ended - began <= self._catch_up_s * 1000
        self._mended = self._mended or ("messages" if whole else "some messages")
        held, self._held = self._held, []
        self._missed, self._task = None, None
        for message in held:
            self._heard(message, live=True)
        await self.look()

    def _places(self, guild: discord.Guild) -> list[tuple[Place, int]]:
        """Where something was typed since, each with the last line heard before."""
        missed, (began, _) = self._missed or {}, self._gap or (0, 0)
        gone = discord.utils.time_snowflake(datetime.fromtimestamp(began / 1000, UTC))
        found: list[tuple[Place, int]] = []
        places: list[Place] = [*guild.text_channels, *guild.voice_channels, *guild.threads]
        for channel in places:
            last = missed.get(channel.id, gone)
            newest = channel.last_message_id or 0
            if newest > last and is_within(channel, self._channel_ids):
                found.append((channel, last))
        return found[:CHANNELS_MAX]

    async def _read_up(self, channel: Place, last: int) -> bool:
        """The lines typed since in one channel, oldest first; whether that was all."""
        age = timedelta(seconds=self._catch_up_s)
        oldest = discord.utils.time_snowflake(discord.utils.utcnow() - age)
        after, count = discord.Object(max(last, oldest)), 0
        try:
            async for message in channel.history(limit=LINES_MAX, after=after, oldest_first=True):
                self._heard(message, live=False)
                count += 1
        except FAULTS as error:
            _log.info("discord.history_unreadable", channel=channel.id, why=str(error))
            return False
        return count < LINES_MAX

    def _heard(self, message: discord.Message, *, live: bool) -> None:
        if self._marks.heard(message.channel.id, message.id):
            self._take(message, live)
