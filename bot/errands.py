"""Errands: what a platform's events ask of the house, done as soon as the journal can."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from data.errors import Code, GiftError

Deed = Callable[[], Awaitable[object]]
WAITING_MAX = 1_000
RETRY_S = (0.5, 30.0)
LATER = (Code.BUSY, Code.JOURNAL_DOWN)


class Errands:
    """Runs deeds in the order they came, a few at a time.

    A deed about which nothing was decided (`GiftError` BUSY or JOURNAL_DOWN) is tried again
    until it is; its key makes a second time harmless. What comes while too many wait is let
    go, with a line in the log: memory is bounded.

    hands: how many are under way together; with one, each is done before the next begins.
    retry_s: the pause before the second try, doubled each time up to the other.
    """

    def __init__(
        self,
        *,
        hands: int = 1,
        most: int = WAITING_MAX,
        retry_s: tuple[float, float] = RETRY_S,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._dropped = 0
        self._retry_s = retry_s
        self._hands = hands
        self._pause = pause
        self._queue: asyncio.Queue[tuple[str, Deed]] = asyncio.Queue(most)

    def add(self, what: str, deed: Deed) -> bool:
        """Take a deed and return at once; False when there is no room. what: for the log."""
        try:
            self._queue.put_nowait((what, deed))
        except asyncio.QueueFull:
            self._dropped += 1
            if self._dropped.bit_count() == 1:  # a flood must not become one of log lines
                log = structlog.get_logger()
                log.error("errand.dropped", what=what, why="too many wait", count=self._dropped)
            return False
        return True

    async def run(self) -> None:
        """Do what comes until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._hands):
                group.create_task(self._work())

    async def finish(self, patience_s: float) -> None:
        """Wait until all is done, but not for long. Only while `run` runs."""
        try:
            async with asyncio.timeout(patience_s):
                await self._queue.join()
        except TimeoutError:
            structlog.get_logger().warning("errand.unfinished", count=self._queue.qsize())

    async def _work(self) -> None:
        while True:
            what, deed = await self._queue.get()
            try:
                await self._do(what, deed)
            finally:
                self._queue.task_done()

    async def _do(self, what: str, deed: Deed) -> None:
        pause_s, most_s = self._retry_s
        while True:
            try:
                await deed()
            except GiftError as error:
                if error.code not in LATER:
                    structlog.get_logger().warning("errand.refused", what=what, code=error.code)
                    return
            except Exception:  # noqa: BLE001 - the next errand may succeed
                structlog.get_logger().exception("errand.failed", what=what)
                return
            else:
                return
            await self._pause(pause_s)
            pause_s = min(2 * pause_s, most_s)
