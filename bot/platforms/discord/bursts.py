"""What was given by slash command, told in the channel: one line for a burst of gifts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import discord
import structlog

from bot.platforms.discord.names import plain
from commands.quote import Quote

NAMED_MAX = 8
WAIT_MAX_S = 60.0

_log = structlog.get_logger()


@dataclass(slots=True)
class Given:
    """How many of one gift somebody sent."""

    name: str
    gift: str
    count: int = 0

    def __str__(self) -> str:
        times = f" ×{self.count:,}" if self.count > 1 else ""
        return f"@{self.name} sent {self.gift}{times}"


class Burst:
    """The gifts of a short while: the first few by name, the others as a number."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], Given] = {}
        self._more = 0

    def add(self, user_id: str, name: str, quote: Quote) -> None:
        """Somebody gave."""
        who = (user_id, quote.gift.id)
        if who not in self._given and len(self._given) >= NAMED_MAX:
            self._more += quote.count
            return
        given = self._given.setdefault(who, Given(name, quote.gift.name))
        given.count += quote.count

    def __str__(self) -> str:
        more = f" +{self._more:,} more" if self._more else ""
        return ", ".join(map(str, self._given.values())) + more


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

    def add(self, user_id: str, name: str, quote: Quote) -> None:
        """Somebody gave; returns at once."""
        if not self._news.is_set() and self._clock() - self._began_at > self._burst_s:
            self._burst, self._message, self._began_at = Burst(), None, self._clock()
        self._burst.add(user_id, name, quote)
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
