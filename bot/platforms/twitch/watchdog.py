"""The watchdog: sees to it that chat keeps arriving."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from twitchio.eventsub import ChatMessageSubscription

from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.settings import Timing
from bot.platforms.twitch.sockets import hearing, mending
from bot.platforms.twitch.words import signed_out


class Watchdog:
    """Keeps one subscription alive. What it cannot mend comes out of `run`, unchanged.

    The library forgets a subscription when Twitch refuses it once, and leaves a connection
    closed whose welcome came late: it would be deaf for good and say nothing.
    """

    def __init__(
        self,
        ear: Ear,
        topic: ChatMessageSubscription,
        reader_id: str,
        timing: Timing,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ear = ear
        self._topic = topic
        self._reader_id = reader_id
        self._timing = timing
        self._clock = clock
        self._stirred = asyncio.Event()
        self._deaf_since: float | None = None
        self._verified = clock()

    @property
    def hearing(self) -> bool:
        """Whether chat arrives."""
        return any(hearing(socket) for socket in self._ear.sockets)

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

    async def subscribe(self) -> None:
        """Ask Twitch for the chat, on a new connection."""
        await self._ear.drop_sockets()
        if await self._ask() is None:
            # refused as a duplicate: left by a connection that died without a word
            await self._forget()
            await self._ear.drop_sockets()
            await self._ask()
        self._verified = self._clock()

    async def _look(self) -> None:
        if self._ear.tokens_of(self._reader_id) is None:
            raise signed_out()
        now = self._clock()
        if self.hearing:
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
        if not (patient and any(mending(socket) for socket in self._ear.sockets)):
            await self.subscribe()
            self.stir()

    async def _verify(self) -> None:
        await self._ear.keep_validating(self._reader_id)
        if not await self._known():
            structlog.get_logger().warning("twitch.subscription_lost")
            await self.subscribe()

    async def _ask(self) -> object:
        async with asyncio.timeout(self._timing.request_s):
            return await self._ear.subscribe_websocket(
                self._topic, as_bot=False, token_for=self._reader_id
            )

    async def _known(self) -> list[str]:
        """The ids under which Twitch says that it sends us the chat."""
        answer = await self._ear.fetch_eventsub_subscriptions(
            token_for=self._reader_id, status="enabled"
        )
        return [
            subscription.id
            async for subscription in answer.subscriptions
            if subscription.type == self._topic.type
            and subscription.condition == self._topic.condition
        ]

    async def _forget(self) -> None:
        for known in await self._known():
            await self._ear.delete_eventsub_subscription(known, token_for=self._reader_id)
