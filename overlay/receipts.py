"""Receipts: what a page says it has shown, settled many at a time.

A page in a storm says so several times a frame, and each settling waits for the disk. While
one is on its way there, what comes in gathers for the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

GATHERED_MAX = 4_000  # then the page is not read until the disk has caught up


class Receipts:
    """Those of one page. settle: records that gifts were shown, and confirms it to the page."""

    def __init__(self, settle: Callable[[Sequence[str]], Awaitable[None]]) -> None:
        self._settle = settle
        self._gathered: dict[str, None] = {}
        self._settling: asyncio.Task[None] | None = None

    async def add(self, gift_ids: Sequence[str]) -> None:
        """Take some up. Returns at once, unless too many wait already. Raises what settling
        those before them has raised."""
        self._gathered.update(dict.fromkeys(gift_ids))
        if self._settling is None or self._settling.done():
            await self.finish()
            self._settling = asyncio.create_task(self._run())
        if len(self._gathered) >= GATHERED_MAX:
            await self.finish()

    async def finish(self) -> None:
        """Wait until all that was taken up is settled. Raises what settling has raised."""
        if self._settling is not None:
            await asyncio.shield(self._settling)

    def stop(self) -> None:
        """Nobody waits for the rest: the page says it again when it is back."""
        if self._settling is not None:
            self._settling.cancel()

    async def _run(self) -> None:
        while self._gathered:
            batch, self._gathered = list(self._gathered), {}
            await self._settle(batch)
