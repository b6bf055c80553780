"""Showtimes: when the channel goes live and offline."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import twitchio

from bot.platforms.twitch.activities import PLATFORM
from bot.platforms.twitch.helix import Helix
from commands.shows import Shows

LAG_MS = 180_000  # Twitch's list of streams may be behind its events by minutes


class Showtimes:
    """Tells the house about one channel's broadcasts: by events, and by asking, since an event
    may be lost. now: epoch milliseconds."""

    def __init__(
        self, stage: str, channel_id: str, shows: Shows, helix: Helix, now: Callable[[], int]
    ) -> None:
        self._stage = stage
        self._channel_id = channel_id
        self._shows = shows
        self._helix = helix
        self._now = now
        self._told_at: int | None = None

    async def take(self, event: Any) -> None:
        """An event said so."""
        match event:
            case twitchio.StreamOnline(type="live"):
                self._told_at = self._now()
                began = int(event.started_at.timestamp() * 1000)
                await self._shows.began(self._stage, PLATFORM, event.id, began)
            case twitchio.StreamOffline():
                self._told_at = self._now()
                await self._shows.ended(self._stage, PLATFORM, self._now())
            case _:
                return

    async def look(self) -> None:
        """Ask Twitch. Its faults come out unchanged, and `GiftError` of the journal."""
        if self._told_at is not None and self._now() - self._told_at < LAG_MS:
            return
        asked = {"user_id": self._channel_id, "type": "live"}
        async for row in self._helix.rows("streams", asked, pages=1):
            if row["type"] == "live":
                began = datetime.fromisoformat(str(row["started_at"]))
                at = int(began.timestamp() * 1000)
                await self._shows.began(self._stage, PLATFORM, str(row["id"]), at)
                return
        await self._shows.ended(self._stage, PLATFORM, self._now())
