"""What moderators do on the server, told to those who rule here.

Bans and time-outs are told only to a bot that may view the audit log (or ban members); without
that permission they go unnoticed, and moderators use `giftban`. A time-out by Discord's own
AutoMod comes without its end and is left out.
"""

from collections.abc import Iterable
from datetime import datetime

import discord

from bot.platform import House
from bot.platforms.discord.errands import Errands

_PLATFORM = "discord"


class Moderation:
    """Passes bans, time-outs and deleted messages on."""

    def __init__(self, house: House, errands: Errands) -> None:
        self._house = house
        self._errands = errands

    def banned(self, user_id: int) -> None:
        """Somebody was banned from the server."""
        stage, rulings, at = self._house.stage, self._house.rulings, self._house.now()
        self._errands.start(rulings.banned(stage, _PLATFORM, str(user_id), at, until=None))

    def unbanned(self, user_id: int) -> None:
        """A ban was lifted."""
        stage, rulings, at = self._house.stage, self._house.rulings, self._house.now()
        self._errands.start(rulings.unbanned(stage, _PLATFORM, str(user_id), at))

    def logged(self, entry: discord.AuditLogEntry) -> None:
        """Something was done to somebody: was it a time-out, or the end of one?"""
        if entry.action is not discord.AuditLogAction.member_update or entry.target is None:
            return
        until = getattr(entry.after, "timed_out_until", ...)
        if until is ...:
            return
        stage, rulings, at = self._house.stage, self._house.rulings, _ms(entry.created_at)
        user_id = str(entry.target.id)
        if until is None:
            self._errands.start(rulings.unbanned(stage, _PLATFORM, user_id, at))
        else:
            self._errands.start(rulings.banned(stage, _PLATFORM, user_id, at, until=_ms(until)))

    def deleted(self, message_ids: Iterable[int]) -> None:
        """Messages were deleted."""

        async def strike() -> None:
            for message_id in message_ids:
                await self._house.rulings.deleted(self._house.stage, f"discord:msg:{message_id}")

        self._errands.start(strike())


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
