"""The watchdog: sees to it that events keep arriving over a user's websocket."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from twitchio.eventsub.websockets import Websocket
from twitchio.exceptions import HTTPException

from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.sockets import SafeWebsocket, hearing, mending
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.topics import Gap, Topic
from bot.platforms.twitch.vigil import Vigil
from bot.platforms.twitch.words import Trouble, describe, signed_out, without

REFUSED = (400, 401, 403)


class Watchdog:
    """Keeps the subscriptions of some topics alive; one websocket for each of their owners.

    The library forgets a subscription when Twitch refuses it once, and leaves a connection
    closed whose welcome came late: it would be deaf for good and say nothing. What the
    watchdog cannot mend comes out of `run`, unchanged. A topic that Twitch does not allow is
    a trouble and no end, except the chat.
    """

    def __init__(
        self,
        ear: Ear,
        topics: Sequence[Topic],
        timing: Timing,
        *,
        vigil: Vigil,
        gap: Gap,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ear = ear
        self._topics = topics
        self._owners = list(dict.fromkeys(topic.owner_id for topic in topics))
        self._timing = timing
        self._vigil = vigil
        self._gap = gap
        self._clock = clock
        self._stirred = asyncio.Event()
        self._refused: dict[Topic, HTTPException] = {}
        self._deaf_since: float | None = None
        self._verified = clock()

    @property
    def hearing(self) -> bool:
        """Whether chat arrives."""
        return all(topic.deed for topic in self._missing())

    @property
    def troubles(self) -> list[Trouble]:
        """The topics that Twitch does not allow."""
        return [without(topic.deed, error) for topic, error in self._refused.items()]

    def stir(self) -> None:
        """Look at once: something happened to a connection."""
        self._stirred.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.watch_every_s):
                    await self._stirred.wait()
            self._stirred.clear()
            await self._look()

    async def start(self) -> None:
        """Ask Twitch for everything, on new connections."""
        self._refused.clear()
        for owner_id in self._owners:
            await self._renew(owner_id)
        self._verified = self._clock()
        self._note_hearing()

    async def stop(self) -> None:
        """Hear no more."""
        await self._ear.drop_sockets()

    def _missing(self, owner_id: str = "") -> list[Topic]:
        """The topics that no connection carries, of one owner or of all."""
        carried = [
            (data["type"].value, data["condition"])
            for socket in self._ear.sockets
            if hearing(socket)
            for data in list(socket._subscriptions.values())  # noqa: SLF001
        ]
        return [
            topic
            for topic in self._topics
            if owner_id in ("", topic.owner_id)
            and topic not in self._refused
            and not any(topic.is_of(*one) for one in carried)
        ]

    def _sockets(self, owner_id: str) -> set[Websocket]:
        return {s for s in self._ear.sockets if s._token_for == owner_id}  # noqa: SLF001

    async def _look(self) -> None:
        if any(self._ear.tokens_of(owner_id) is None for owner_id in self._owners):
            raise signed_out()
        now = self._clock()
        if self._note_hearing():
            if self._deaf_since is not None:
                structlog.get_logger().warning(
                    "twitch.deaf", seconds=round(now - self._deaf_since, 2)
                )
            self._deaf_since = None
            if now - self._verified >= self._timing.verify_every_s:
                self._verified = now
                await self._verify()
            return
        if self._deaf_since is None:
            self._deaf_since = now
        patient = now - self._deaf_since < self._timing.grace_s
        for owner_id in self._owners:
            sockets = self._sockets(owner_id)
            if self._missing(owner_id) and not (patient and any(map(mending, sockets))):
                await self._renew(owner_id)
                self.stir()

    def _note_hearing(self) -> bool:
        """Whether everything arrives that may; the vigil is told, also since when."""
        if self._missing():
            self._vigil.lost()
            return False
        self._vigil.whole(self._gap)
        safe = [s for s in self._ear.sockets if isinstance(s, SafeWebsocket)]
        silences = [socket.silence_s for socket in safe if socket.hearing]
        self._vigil.heard(max(silences, default=0.0))
        return True

    async def _verify(self) -> None:
        """Ask Twitch what it sends us, which may have stopped without a word; and for the rest."""
        for owner_id in self._owners:
            await self._ear.keep_validating(owner_id)
            known = await self._known(owner_id)
            wanted = {topic for topic in self._topics if topic.owner_id == owner_id}
            if wanted - known.keys() - self._refused.keys():
                structlog.get_logger().warning("twitch.subscription_lost")
                await self._renew(owner_id)
        for topic in list(self._refused):
            del self._refused[topic]
            await self._allowed(topic)

    async def _renew(self, owner_id: str) -> None:
        """All of an owner's topics again, on a connection of its own."""
        await self._ear.drop_sockets(owner_id)
        topics = [topic for topic in self._topics if topic.owner_id == owner_id]
        doubles = [topic for topic in topics if not await self._allowed(topic)]
        if doubles:
            # refused as duplicates: left by a connection that died without a word
            known = await self._known(owner_id)
            for topic in doubles:
                for known_id in known.get(topic, ()):
                    await self._ear.delete_eventsub_subscription(known_id, token_for=owner_id)
                await self._allowed(topic)

    async def _allowed(self, topic: Topic) -> bool:
        """Ask for a topic; False when Twitch says that it is sending it already."""
        try:
            async with asyncio.timeout(self._timing.request_s):
                answer = await self._ear.subscribe_websocket(
                    topic.payload, as_bot=False, token_for=topic.owner_id
                )
        except HTTPException as error:
            if not topic.deed or error.status not in REFUSED:
                raise
            structlog.get_logger().warning(
                "twitch.topic_refused", topic=topic.payload.type, error=describe(error)
            )
            self._refused[topic] = error
            return True
        return answer is not None

    async def _known(self, owner_id: str) -> dict[Topic, list[str]]:
        """The topics that Twitch says it sends, with the ids of their subscriptions."""
        answer = await self._ear.fetch_eventsub_subscriptions(token_for=owner_id, status="enabled")
        known: dict[Topic, list[str]] = {}
        async for subscription in answer.subscriptions:
            for topic in self._topics:
                if topic.owner_id == owner_id and topic.is_of(
                    subscription.type, subscription.condition
                ):
                    known.setdefault(topic, []).append(subscription.id)
        return known
