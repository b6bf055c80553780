"""The subscriptions of a conduit: kept as the topics want them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from twitchio.exceptions import HTTPException

from bot.platforms.twitch import words
from bot.platforms.twitch.helix import Helix
from bot.platforms.twitch.topics import Topic

AT_ONCE = 8
REFUSED = (400, 401, 403)
PATH = "eventsub/subscriptions"
PATIENCE = 60
WAIT_MOST_S = 60.0


class Subscriptions:
    """What a conduit delivers. A topic that Twitch refuses or revokes is a trouble and no end:
    the other channels go on, and it is asked for again with the next renewal.

    helix: asks with the application's own token. names: of the channels, by their ids.
    wait_s: how long to wait when Twitch says that it is asked too much.
    """

    def __init__(
        self,
        helix: Helix,
        topics: Sequence[Topic],
        names: Mapping[str, str],
        wait_s: Callable[[], float],
    ) -> None:
        self._helix = helix
        self._topics = topics
        self._names = names
        self._wait_s = wait_s
        self._refused: dict[Topic, HTTPException] = {}

    @property
    def troubles(self) -> list[words.Trouble]:
        """What Twitch does not allow: a channel's chat, or a kind of event of some channels."""
        found: dict[str, words.Trouble] = {}
        for topic, error in list(self._refused.items()):
            name = self._names.get(topic.channel_id, topic.channel_id)
            if topic.deed:
                found.setdefault(topic.deed, words.without(topic.deed, error))
            else:
                found[name] = words.not_let_in(name, error)
        return list(found.values())

    async def renew(self, conduit_id: str, *, chat_only: bool = False) -> None:
        """Have exactly what is wanted, or at first the chat of each channel, which matters most.

        Faults that pass come out unchanged.
        """
        known, useless = await self._known(conduit_id)
        refused: dict[Topic, HTTPException] = {}
        turn = asyncio.Semaphore(AT_ONCE)
        asked = [t for t in self._topics if t not in known and not (chat_only and t.deed)]
        results = await asyncio.gather(
            *(self._remove(one, turn) for one in useless),
            *(self._ask(topic, conduit_id, turn, refused) for topic in asked),
            return_exceptions=True,
        )
        self._refused = refused
        for result in results:
            if isinstance(result, BaseException):
                raise result

    def revoked(self, subscription: Mapping[str, Any]) -> None:
        """Twitch says that it will not deliver something any more."""
        why = str(subscription.get("status", ""))
        structlog.get_logger().warning(
            "twitch.subscription_revoked", topic=subscription.get("type"), why=why
        )
        for topic in self._topics:
            if topic.is_of(str(subscription.get("type")), subscription.get("condition", {})):
                self._refused[topic] = HTTPException(status=403, extra=why)

    async def _known(self, conduit_id: str) -> tuple[set[Topic], list[str]]:
        """The topics that this conduit delivers, and the ids of what it should not have."""
        known: set[Topic] = set()
        useless: list[str] = []
        async for row in self._helix.rows(PATH, {}):
            if row["transport"].get("conduit_id") != conduit_id:
                continue
            topic = next((t for t in self._topics if t.is_of(row["type"], row["condition"])), None)
            if topic and row["status"] == "enabled":
                known.add(topic)
            else:
                useless.append(row["id"])
        return known, useless

    async def _ask(
        self,
        topic: Topic,
        conduit_id: str,
        turn: asyncio.Semaphore,
        refused: dict[Topic, HTTPException],
    ) -> None:
        asked = {
            "type": topic.payload.type,
            "version": topic.payload.version,
            "condition": dict(topic.payload.condition),
            "transport": {"method": "conduit", "conduit_id": conduit_id},
        }
        async with turn:
            try:
                await self._patiently(asked)
            except HTTPException as error:
                if error.status == 409:
                    return
                if error.status not in REFUSED:
                    raise
                structlog.get_logger().warning(
                    "twitch.topic_refused",
                    topic=topic.payload.type,
                    channel=self._names.get(topic.channel_id, ""),
                    error=words.describe(error),
                )
                refused[topic] = error

    async def _patiently(self, asked: Mapping[str, Any]) -> None:
        """Subscribe; when that was too much at once, wait as long as Twitch wants."""
        for _ in range(PATIENCE):
            try:
                await self._helix.change("POST", PATH, {}, asked)
            except HTTPException as error:
                if error.status != 429:
                    raise
                await asyncio.sleep(min(self._wait_s(), WAIT_MOST_S))
            else:
                return
        raise HTTPException(status=429, extra="too many requests for too long")

    async def _remove(self, subscription_id: str, turn: asyncio.Semaphore) -> None:
        async with turn:
            try:
                await self._helix.change("DELETE", PATH, {"id": subscription_id})
            except HTTPException as error:
                if error.status != 404:
                    raise
