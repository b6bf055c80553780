"""Duties: what is done again and again while the program is up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from commands.settle import Settler
from data.documents import Watched

SLEPT_MS = 30_000  # between two ticks: then the machine was asleep
Duty = Callable[[], Awaitable[None]]


async def every(seconds: float, duty: Duty) -> None:
    """Do it again and again; a failure is logged and does not end it."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await duty()
        except Exception:  # noqa: BLE001 - see above
            structlog.get_logger().exception("duty.failed")


def settling(settler: Settler, now: Callable[[], int]) -> Duty:
    """Lets time pass for open gifts; after a sleep, pages first have a moment to come back."""
    ticked = now()

    async def settle() -> None:
        nonlocal ticked
        slept, ticked = now() - ticked > SLEPT_MS, now()
        if slept:
            settler.begin_grace()
        await settler.tick()

    return settle


def looking(watched: Sequence[Watched], changed: Callable[[], None]) -> Duty:
    """Reads edited documents again. changed: called after something new is in force."""

    async def look() -> None:
        for document in watched:
            if not document.look():
                continue
            log = structlog.get_logger()
            if document.problem:
                kept = "what was in force stays so"
                log.warning("document.refused", problem=document.problem, meanwhile=kept)
            else:
                log.info("document.in_force", name=f"{document.name}.json")
                changed()

    return look
