"""What moderators do on the server, told to those who rule here.

Bans and time-outs are told only to a bot that may view the audit log (or ban members); without
that permission they go unnoticed, and moderators use `giftban`. A time-out by Discord's own
AutoMod comes without its end and is left out.
"""

from collections.abc import Coroutine, Iterable
from datetime import UTC, datetime
from typing import Any

import discord
import structlog

from bot.platform import House
from bot.platforms.discord.errands import Errands
from bot.platforms.discord.faults import FAULTS

ENTRIES_MAX = 500  # of the audit log, read up after a time in which nobody listened

_PLATFORM = "discord"
_log = structlog.get_logger()


class Moderation:
    """Passes bans, time-outs and deleted messages on."""

    def __init__(self, house: House, errands: Errands) -> None:
        self._house = house
        self._errands = errands

    def banned(self, user_id: int) -> None:
        """Somebody was banned from the server just now."""
        self._errands.start(self._banned(user_id, self._house.now()))

    def unbanned(self, user_id: int) -> None:
        """A ban was lifted just now."""
        self._errands.start(self._unbanned(user_id, self._house.now()))

    def logged(self, entry: discord.AuditLogEntry) -> None:
        """Something was done to somebody. Bans come as events of their own, too."""
        if ruling := self._time_out(entry):
            self._errands.start(ruling)

    def deleted(self, message_ids: Iterable[int]) -> None:
        """Messages were deleted."""

        async def strike() -> None:
            for message_id in message_ids:
                await self._house.rulings.deleted(self._house.stage, f"discord:msg:{message_id}")

        self._errands.start(strike())

    def catch_up(self, guild: discord.Guild, since: int) -> None:
        """Reads up what was done there since then (epoch milliseconds), where we may."""
        self._errands.start(self._catch_up(guild, datetime.fromtimestamp(since / 1000, UTC)))

    async def _catch_up(self, guild: discord.Guild, since: datetime) -> None:
        try:
            async for entry in guild.audit_logs(limit=ENTRIES_MAX, after=since, oldest_first=True):
                if ruling := self._ban(entry) or self._time_out(entry):
                    await ruling
        except FAULTS as error:
            _log.info("discord.audit_log_unreadable", why=str(error))

    def _ban(self, entry: discord.AuditLogEntry) -> Coroutine[Any, Any, None] | None:
        if entry.target is None:
            return None
        if entry.action is discord.AuditLogAction.ban:
            return self._banned(int(entry.target.id), _ms(entry.created_at))
        if entry.action is discord.AuditLogAction.unban:
            return self._unbanned(int(entry.target.id), _ms(entry.created_at))
        return None

    def _time_out(self, entry: discord.AuditLogEntry) -> Coroutine[Any, Any, None] | None:
        """The ruling in an entry that begins or ends a time-out; None in all others."""
        if entry.action is not discord.AuditLogAction.member_update or entry.target is None:
            return None
        until = getattr(entry.after, "timed_out_until", ...)
        if until is ...:
            return None
        user_id, at = int(entry.target.id), _ms(entry.created_at)
        if until is None:
            return self._unbanned(user_id, at)
        return self._banned(user_id, at, _ms(until))

    async def _banned(self, user_id: int, at: int, until: int | None = None) -> None:
        house = self._house
        await house.rulings.banned(house.stage, _PLATFORM, str(user_id), at, until=until)

    async def _unbanned(self, user_id: int, at: int) -> None:
        house = self._house
        await house.rulings.unbanned(house.stage, _PLATFORM, str(user_id), at)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
