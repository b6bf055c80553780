"""The audience: who is in the chat room, asked for once in each time slot of the watch rule."""

from collections.abc import Callable, Sequence

import structlog

from bot.platforms.twitch.activities import PLATFORM
from bot.platforms.twitch.helix import Helix, Params
from bot.platforms.twitch.standings import Standings, of_tier
from commands.chat import Chatter
from commands.earning import Earner
from commands.policy import StagePolicy
from commands.shows import Shows
from commands.slots import begin_of

PRESENT_MAX = 20_000
PAGE = 1_000
ASKED_MAX = 1_000  # whose subscription is asked for at once
KNOWN_FOR_MS = 3_600_000


class Audience:
    """Lists those who are there, with what is known of their standing.

    helix: with a sign-in that may see the list; subscribers: with the streamer's, where it may
    see subscriptions, or None.
    """

    def __init__(
        self,
        stage: str,
        channel_id: str,
        helix: Helix,
        subscribers: Helix | None,
        standings: Standings,
        *,
        earner: Earner,
        shows: Shows,
        policies: Callable[[str], StagePolicy],
        now: Callable[[], int],
    ) -> None:
        self._stage = stage
        self._channel_id = channel_id
        self._helix = helix
        self._subscribers = subscribers
        self._standings = standings
        self._earner = earner
        self._shows = shows
        self._policies = policies
        self._now = now
        self._asked: int | None = None

    async def look(self) -> None:
        """Ask, when a slot has begun in which being there earns something, which depends on
        whether the channel is live. Faults of Twitch come out unchanged; the slot is then asked
        for again."""
        rule, now = self._policies(self._stage).earning.watch, self._now()
        slot = begin_of(now, rule.minutes)
        live = self._shows.live(self._stage)
        if live is None or slot == self._asked or not rule.worth(rule.minutes, 1, live=live):
            return
        present = await self._present()
        await self._learn([viewer.user_id for viewer in present], now)
        self._asked = slot
        there = [(viewer, self._standings.of(viewer.user_id)) for viewer in present]
        await self._earner.watched(self._stage, PLATFORM, there, now)

    async def _present(self) -> list[Chatter]:
        params: Params = {
            "broadcaster_id": self._channel_id,
            "moderator_id": self._helix.user_id,
            "first": PAGE,
        }
        rows = self._helix.rows("chat/chatters", params, pages=PRESENT_MAX // PAGE)
        return [
            Chatter(row["user_id"], row["user_name"] or row["user_login"]) async for row in rows
        ]

    async def _learn(self, user_ids: Sequence[str], now: int) -> None:
        """Ask who of them subscribes: a list of chatters has no badges."""
        if self._subscribers is None:
            return
        unknown = self._standings.older(user_ids, now - KNOWN_FOR_MS)[:ASKED_MAX]
        for begin in range(0, len(unknown), 100):
            some = unknown[begin : begin + 100]
            params: Params = {
                "broadcaster_id": self._channel_id,
                "user_id": some,
                "first": 100,
            }
            rows = self._subscribers.rows("subscriptions", params, pages=1)
            tiers = {row["user_id"]: row["tier"] async for row in rows}
            for who in some:
                told = of_tier(tiers[who]) if who in tiers else frozenset[str]()
                self._standings.note(who, self._standings.of(who) | told, now)
        structlog.get_logger().debug("twitch.audience", present=len(user_ids), asked=len(unknown))
