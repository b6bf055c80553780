"""Work begun for people in chat and not yet done."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

ERRANDS_MAX = 4_000  # more than are carried out at once, so that the others can be answered

_log = structlog.get_logger()


class Errands:
    """A bounded set of running tasks; they start in the order in which they were handed in."""

    def __init__(self, errands_max: int = ERRANDS_MAX) -> None:
        self._errands_max = errands_max
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, errand: Coroutine[Any, Any, None]) -> bool:
        """Begins an errand; false when there are too many, then it never began."""
        if len(self._tasks) >= self._errands_max:
            errand.close()
            _log.warning("discord.overloaded", under_way=len(self._tasks))
            return False
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return True

    async def close(self, grace_s: float) -> None:
        """Lets what is under way end, for a moment, and stops the rest."""
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=grace_s)
        finally:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("discord.errand_failed", exc_info=error)
