"""A duty: something to be done again and again while we are on Twitch."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from twitchio.exceptions import HTTPException

from bot.platforms.twitch import words
from bot.platforms.twitch.speech import Brake
from bot.platforms.twitch.timing import Timing
from data.errors import GiftError

DENIED = (401, 403)


class Duty:
    """Does `act` every so often; what fails is tried again later, and later still.

    deed: it in words, as in “see who watches”. trouble: why Twitch does not allow it, or None.
    """

    def __init__(
        self,
        deed: str,
        act: Callable[[], Awaitable[None]],
        every_s: float,
        timing: Timing,
        brake: Brake,
    ) -> None:
        self._deed = deed
        self._act = act
        self._every_s = every_s
        self._timing = timing
        self._brake = brake
        self._failures = 0
        self.trouble: words.Trouble | None = None

    async def run(self) -> None:
        """Do it until cancelled."""
        while True:
            wait_s = await self._once()
            await asyncio.sleep(wait_s)

    async def _once(self) -> float:
        """Try it; the seconds until the next time."""
        try:
            await self._act()
        except (*words.FAULTS, GiftError) as error:
            return self._failed(error)
        except Exception as error:  # noqa: BLE001 - other duties go on
            log = structlog.get_logger()
            log.error("twitch.duty_failed", deed=self._deed, place=words.place(error))
            return self._failed(error)
        self._failures, self.trouble = 0, None
        return self._every_s

    def _failed(self, error: Exception) -> float:
        self._failures += 1
        log = structlog.get_logger()
        log.warning("twitch.duty_waits", deed=self._deed, error=words.describe(error))
        status = error.status if isinstance(error, HTTPException) else 0
        if isinstance(error, HTTPException) and status in DENIED:
            self.trouble = words.without(self._deed, error)
        wait_s = self._timing.retry_first_s * 2.0 ** min(self._failures, 10)
        wait_s = min(wait_s, self._timing.retry_most_s)
        return max(wait_s, self._brake.wait_s) if status == 429 else wait_s
