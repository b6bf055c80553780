"""The Twitch platform on a stand-in for Twitch, and a desk that listens: for the tests of it."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from bot.platform import House, PlatformStatus
from bot.platforms.twitch.platform import TwitchPlatform
from bot.platforms.twitch.settings import read
from bot.platforms.twitch.timing import Timing
from commands.chat import ChatMessage, Reply
from commands.policy import StagePolicy
from commands.turns import Turn
from tests.fakes.earning import RecordingCheers, RecordingEarner, RecordingShows
from tests.fakes.rulings import RecordingGaps, RecordingRulings
from tests.fakes.twitch import READ, WRITE, Grant, TwitchStandIn

QUICK = Timing(
    watch_every_s=0.02, grace_s=0.5, verify_every_s=3600, linger_s=0.05, retry_first_s=0.01
)
NOW_MS = 1_700_000_000_000
TOKEN_FILE = "twitch-tokens.json"


class RecordingDesk:
    """A desk that notes what it hears and answers as told."""

    def __init__(self) -> None:
        self.heard: list[ChatMessage] = []
        self.answer: Callable[[ChatMessage], Reply | None] = lambda _: None
        self.gates: dict[str, asyncio.Event] = {}
        self.decided: asyncio.Queue[ChatMessage] = asyncio.Queue()

    def addressed(self, _: ChatMessage) -> bool:
        return True

    async def hear(self, message: ChatMessage, _: Turn | None = None) -> Reply | None:
        self.heard.append(message)
        if gate := self.gates.get(message.text):
            await gate.wait()
        self.decided.put_nowait(message)
        return self.answer(message)

    async def next(self) -> ChatMessage:
        async with asyncio.timeout(5):
            return await self.decided.get()

    async def texts(self, count: int) -> list[str]:
        return [(await self.next()).text for _ in range(count)]


def section(twitch: TwitchStandIn, streamer: Grant | None, bot: Grant | None) -> dict[str, Any]:
    given = dict(twitch.settings)
    if streamer:
        given |= {"access_token": streamer.access, "refresh_token": streamer.refresh}
    if bot:
        given |= {"bot_access_token": bot.access, "bot_refresh_token": bot.refresh}
    return given


def house_of(desk: RecordingDesk, data_dir: Path) -> House:
    """What a platform is lent, with nothing behind it but a desk that listens."""
    return House(
        cast("Any", desk),
        "main",
        data_dir,
        lambda: NOW_MS,
        earner=cast("Any", RecordingEarner()),
        shows=cast("Any", RecordingShows()),
        policies=lambda _: StagePolicy(),
        cheers=cast("Any", RecordingCheers()),
        rulings=cast("Any", RecordingRulings()),
        gaps=cast("Any", RecordingGaps()),
    )


def make(
    given: dict[str, Any],
    desk: RecordingDesk,
    data_dir: Path,
    timing: Timing = QUICK,
    **how: Any,
) -> TwitchPlatform:
    house = house_of(desk, data_dir)
    return TwitchPlatform(read(given), house, timing=timing, **how)


class Pauses:
    """Waits of the platform that end when a test says so. waited: their lengths, in seconds."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self._ends: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        await self._ends.get()

    def end(self, count: int = 1) -> None:
        """So many waits are over, those to come included."""
        for _ in range(count):
            self._ends.put_nowait(None)


async def until(holds: Callable[[], object]) -> None:
    """Lets everybody else go on until something is so."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


async def status_is(platform: TwitchPlatform, state: str) -> PlatformStatus:
    """Waits until the platform says so."""
    await until(lambda: platform.status().state == state)
    return platform.status()


@asynccontextmanager
async def running(platform: TwitchPlatform, state: str = "connected") -> AsyncIterator[None]:
    task = asyncio.create_task(platform.run())
    try:
        await status_is(platform, state)
        yield
    finally:
        assert not task.done(), "run() ended by itself"
        began = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert time.monotonic() - began < 1
        assert task.cancelled()
        assert platform.status().state == "off"
        gc.collect()  # a socket left open would warn here, and warnings are errors


@asynccontextmanager
async def with_bot(
    twitch: TwitchStandIn, desk: RecordingDesk, data_dir: Path, **how: Any
) -> AsyncIterator[TwitchPlatform]:
    """The usual for talk: a streamer and a bot account, both signed in."""
    streamer = twitch.sign_in(twitch.streamer, (READ, WRITE))
    given = section(twitch, streamer, twitch.sign_in(twitch.bot, (READ, WRITE)))
    platform = make(given, desk, data_dir, **how)
    async with running(platform):
        yield platform
