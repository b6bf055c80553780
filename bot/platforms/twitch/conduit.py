"""A conduit: events of many channels, asked for with the application's own token.

dev.twitch.tv/docs/eventsub/handling-conduit-events/
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp
import structlog
from twitchio.exceptions import HTTPException

from bot.platforms.twitch import kept, words
from bot.platforms.twitch.client import Ear
from bot.platforms.twitch.helix import Helix
from bot.platforms.twitch.line import Message
from bot.platforms.twitch.settings import TwitchSettings
from bot.platforms.twitch.shard import Shard
from bot.platforms.twitch.subscriptions import Subscriptions
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.topics import Gap, Topic
from bot.platforms.twitch.vigil import Vigil

FILE_NAME = "twitch-conduit.json"
SHARDS_MIN = 2  # what one cannot deliver, Twitch tries with one other
TOPICS_PER_SHARD = 1_000
CONDUITS = "eventsub/conduits"
SHARDS = "eventsub/conduits/shards"


class Conduit:
    """`Listening` through a conduit of our own: found again after a restart, or made. It is
    never somebody else's, whose subscriptions would be taken away.

    names: of the channels, by their ids. wait_s: how long to wait when Twitch is asked too much.
    """

    def __init__(
        self,
        ear: Ear,
        topics: Sequence[Topic],
        names: dict[str, str],
        settings: TwitchSettings,
        *,
        timing: Timing,
        folder: Path,
        wait_s: Callable[[], float],
        vigil: Vigil,
        gap: Gap,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ear = ear
        self._helix = Helix(ear, "")
        self._settings = settings
        self._timing = timing
        self._path = folder / FILE_NAME
        self._vigil = vigil
        self._gap = gap
        self._clock = clock
        self._subscriptions = Subscriptions(self._helix, topics, names, wait_s)
        self._shard_count = settings.shards or max(SHARDS_MIN, -(-len(topics) // TOPICS_PER_SHARD))
        self._id = ""
        self._stirred = asyncio.Event()
        self._verified: float | None = None
        self._http: aiohttp.ClientSession | None = None
        self._shards: list[Shard] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def hearing(self) -> bool:
        """Whether chat arrives: what one shard does not deliver, Twitch tries with another."""
        return any(shard.session_id for shard in self._shards)

    @property
    def troubles(self) -> list[words.Trouble]:
        """The channels and kinds of events that Twitch does not allow."""
        return self._subscriptions.troubles

    def stir(self) -> None:
        """Look at once: something happened to a connection."""
        self._stirred.set()

    async def start(self) -> None:
        """Find or make the conduit, connect its shards and subscribe."""
        self._id = await self._find() or await self._make()
        kept.write(self._path, {"conduit_id": self._id}, sync=True)
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        for number in range(self._shard_count):
            shard = Shard(
                number,
                self._settings.eventsub_url,
                self._http,
                self._timing,
                assign=self._assign,
                take=self._take,
                lost=self._vigil.lost,
                stirred=self.stir,
            )
            self._shards.append(shard)
            self._tasks.append(asyncio.create_task(shard.run()))
        async with asyncio.timeout(self._timing.welcome_s + self._timing.request_s):
            while not all(shard.session_id for shard in self._shards):
                await self._stirred.wait()
                self._stirred.clear()
        await self._subscriptions.renew(self._id, chat_only=True)
        self._note_hearing()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            for task in self._tasks:
                if task.done():
                    task.result()  # only a fault of ours ends it
            self._note_hearing()
            now = self._clock()
            if self._verified is None or now - self._verified >= self._timing.verify_every_s:
                self._verified = now
                await self._verify()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.watch_every_s):
                    await self._stirred.wait()
            self._stirred.clear()

    async def stop(self) -> None:
        """Hear no more. The conduit stays, and so do its subscriptions, for three days."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(shard.drop() for shard in self._shards))
        if self._http:
            await self._http.close()

    def _note_hearing(self) -> None:
        if not all(shard.session_id for shard in self._shards):
            self._vigil.lost()
            return
        self._vigil.whole(self._gap)
        self._vigil.heard(max(shard.silence_s for shard in self._shards))

    async def _find(self) -> str:
        """The conduit that the settings name, or that we had; empty when there is none."""
        found = {str(row["id"]): row async for row in self._helix.rows(CONDUITS, {})}
        own = self._settings.conduit_id or kept.read(self._path).get("conduit_id", "")
        if own in found:
            if found[own]["shard_count"] != self._shard_count:
                size = {"id": own, "shard_count": self._shard_count}
                await self._helix.change("PATCH", CONDUITS, {}, size)
            return str(own)
        if self._settings.conduit_id:
            raise words.no_conduit(self._settings.conduit_id)
        return ""

    async def _make(self) -> str:
        try:
            made = await self._helix.change(
                "POST", CONDUITS, {}, {"shard_count": self._shard_count}
            )
        except HTTPException as error:
            if error.status == 429 and "limit" in words.said(error).lower():
                raise words.too_many_conduits() from None
            raise
        structlog.get_logger().info("twitch.conduit_made", shards=self._shard_count)
        return str(made[0]["id"])

    async def _assign(self, number: int, session_id: str) -> None:
        transport = {"method": "websocket", "session_id": session_id}
        shards = [{"id": str(number), "transport": transport}]
        asked = {"conduit_id": self._id, "shards": shards}
        assigned = await self._helix.change("PATCH", SHARDS, {}, asked)
        if not any(str(row.get("id")) == str(number) for row in assigned):
            raise HTTPException(status=502, extra="the shard was not assigned")

    async def _verify(self) -> None:
        """See what Twitch sends us, and over which connections. What fails is tried later: the
        connections are there. When the conduit itself is gone, there is no use in them."""
        try:
            await self._check_shards()
            await self._subscriptions.renew(self._id)
        except words.FAULTS as error:
            if isinstance(error, HTTPException) and error.status == 404:
                raise
            structlog.get_logger().warning("twitch.not_verified", error=words.describe(error))

    async def _check_shards(self) -> None:
        """Shards that Twitch calls down although we hold their line. Not by their session's name:
        which one is listed after a move, the documents do not say."""
        before = [shard.session_id for shard in self._shards]
        rows = self._helix.rows(SHARDS, {"conduit_id": self._id})
        enabled = {str(row["id"]) async for row in rows if row["status"] == "enabled"}
        for shard, session_id in zip(self._shards, before, strict=True):
            unchanged = shard.session_id == session_id
            if unchanged and session_id and str(shard.number) not in enabled:
                structlog.get_logger().warning("twitch.shard_lost", shard=shard.number)
                await shard.drop()

    def _take(self, message: Message) -> None:
        if message["metadata"]["message_type"] == "notification":
            self._ear.take(message)
        else:
            self._subscriptions.revoked(message["payload"]["subscription"])
