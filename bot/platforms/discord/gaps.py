"""What was typed while a session with Discord was lost.

After a short loss Discord replays by itself (RESUME). After a lost session it does not: then
the channels' history is read from the last line heard, but no further back than a few minutes:
nobody waits longer for a gift. Slash calls cannot be asked for again;
their askers saw that nothing answered.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import structlog

from bot.platforms.discord.faults import FAULTS

_CHANNELS_MAX = 100
_LINES_MAX = 100
_AGE_MAX = timedelta(minutes=10)

_log = structlog.get_logger()


class Gaps:
    """Remembers the last line heard in each channel."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, int] = OrderedDict()

    def heard(self, message: discord.Message) -> None:
        """Notes a line as the newest of its channel."""
        channel_id = message.channel.id
        self._last[channel_id] = max(message.id, self._last.get(channel_id, 0))
        self._last.move_to_end(channel_id)
        if len(self._last) > _CHANNELS_MAX:
            self._last.popitem(last=False)

    def marks(self) -> dict[int, int]:
        """The last line of each channel, as of now."""
        return dict(self._last)


async def missed(
    client: discord.Client, guild_id: int, marks: dict[int, int]
) -> AsyncIterator[discord.Message]:
    """The lines typed since, oldest first in each channel; a line may come a second time."""
    oldest = discord.utils.time_snowflake(discord.utils.utcnow() - _AGE_MAX)
    for channel_id, last in marks.items():
        channel = client.get_partial_messageable(channel_id, guild_id=guild_id)
        after = discord.Object(max(last, oldest))
        try:
            async for message in channel.history(limit=_LINES_MAX, after=after, oldest_first=True):
                yield message
        except FAULTS as error:
            _log.info("discord.history_unreadable", channel=channel_id, why=str(error))
