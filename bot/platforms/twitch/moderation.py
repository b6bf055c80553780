"""Moderation: what Twitch's moderators did, told to the house."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import twitchio

from bot.platforms.twitch.activities import PLATFORM
from commands.rulings import Rulings

Act = Callable[[], Awaitable[None]]


class Moderation:
    """Turns events into rulings. sees_bans: whether Twitch tells of them; else that somebody's
    messages are cleared is all that it tells of a ban or a timeout."""

    def __init__(self, stage: str, rulings: Rulings, *, sees_bans: bool) -> None:
        self._stage = stage
        self._rulings = rulings
        self._sees_bans = sees_bans

    def act(self, event: Any, at: int) -> Act | None:
        """What has to be done about an event; None when it is no ruling. at: when it was heard."""
        stage, rulings = self._stage, self._rulings
        match event:
            case twitchio.ChannelBan():
                began, ends = _ms(event.banned_at), event.ends_at
                until = _ms(ends) if ends and not event.permanent else None
                return lambda: rulings.banned(stage, PLATFORM, event.user.id, began, until=until)
            case twitchio.ChannelUnban():
                # Twitch names no time for it; when it sent the message comes closest
                lifted = _ms(event.timestamp) if event.timestamp else at
                return lambda: rulings.unbanned(stage, PLATFORM, event.user.id, lifted)
            case twitchio.ChannelChatClearUserMessages():
                return lambda: self._clear(event.user.id, at)
            case twitchio.ChatMessageDelete():
                return lambda: rulings.deleted(stage, f"twitch:chat:{event.message_id}")
            case _:
                return None

    async def _clear(self, user_id: str, at: int) -> None:
        if not self._sees_bans:  # what is on the way comes back; for how long, nobody knows
            await self._rulings.banned(self._stage, PLATFORM, user_id, at, until=at)
        await self._rulings.cleared(self._stage, PLATFORM, user_id)


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)
