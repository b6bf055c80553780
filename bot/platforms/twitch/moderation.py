"""Moderation: what Twitch's moderators did, told to the house."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import twitchio
from commands.rulings import Rulings

from bot.platforms.twitch.activities import PLATFORM

Act = Callable[[], Awaitable[None]]


def ruling(event: Any, rulings: Rulings, stage: str, at: int) -> Act | None:
    """What has to be done about an event; None when it is no ruling. at: when it was heard."""
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
            return lambda: rulings.cleared(stage, PLATFORM, event.user.id)
        case twitchio.ChatMessageDelete():
            return lambda: rulings.deleted(stage, f"twitch:chat:{event.message_id}")
        case _:
            return None


def _ms(time: datetime) -> int:
    return int(time.timestamp() * 1000)
