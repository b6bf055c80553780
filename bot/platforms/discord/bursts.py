"""What was given by slash command, told in the channel: one line for a burst of gifts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import discord
import structlog

from bot.merging import merged
from bot.platforms.discord.names import LENGTH_MAX, plain
from commands.chat import Brief

NAMED_MAX = 8
WAIT_MAX_S = 60.0

_log = structlog.get_logger()


class Burst:
    """The gifts of a short while: the first few by name, the others as a number."""

    def __init__(self) -> None:
        self._named: list[tuple[str, Brief]] = []
        self._more = 0

    def add(self, name: str, gift: Brief) -> None:
        """Somebody gave."""
        for place, (other, given) in enumerate(self._named):
            if (other, given.what) == (name, gift.what):
                self._named[place] = (name, Brief(given.what, given.count + gift.count))
                return
        if len(self._named) < NAMED_MAX:
            self._named.append((name, gift))
        else:
            self._more += 1

    def __str__(self) -> str:
        return f"🎁 {merged(self._named, LENGTH_MAX // 4, unsaid=self._more)}"


class Posted(Protocol):
    """A message that can be rewritten."""

    async def edit(self, *, content: str) -> object:
        """Put these words in its place."""


class PublicLine:
    """The line of one channel: posted with the first gift of a burst, rewritten as it grows.

    post: puts a new message into the channel; None when it could not.
    """

    def __init__(
        self,
        post: Callable[[str], Awaitable[Posted | None]],
        *,
        burst_s: float,
        rewrite_s: float,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._post = post
        self._burst_s = burst_s
        self._rewrite_s = rewrite_s
        self._clock = clock
        self._pause = pause
        self._burst = Burst()
        self._began_at = clock()
        self._message: Posted | None = None
        self._news = asyncio.Event()

    def add(self, name: str, gift: Brief) -> None:
        """Somebody gave; returns at once."""
        if not self._news.is_set() and self._clock() - self._began_at > self._burst_s:
            self._burst, self._message, self._began_at = Burst(), None, self._clock()
        self._burst.add(name, gift)
        self._news.set()

    async def run(self) -> None:
        """Tells what is new until cancelled, with a pause after each time."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._pause(max(await self._tell(), self._rewrite_s))

    async def _tell(self) -> float:
        """One message or rewriting; the seconds Discord wants to be left alone then."""
        text = plain(str(self._burst))
        try:
            if self._message is None:
                self._message = await self._post(text)
            else:
                await self._message.edit(content=text)
        except discord.RateLimited as slow:
            self._news.set()  # told with what came meanwhile
            return min(slow.retry_after, WAIT_MAX_S)
        except discord.NotFound:  # somebody took the line away
            self._message = None
        except Exception as error:  # noqa: BLE001 - the next line may succeed
            _log.warning("discord.public_line_refused", why=str(error))
        return 0.0
