"""Duties: what is done again and again while giftcast runs."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog


async def every(seconds: float, duty: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again; a failure is logged and does not end it."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await duty()
        except Exception:  # noqa: BLE001 - see above
            structlog.get_logger().exception("duty.failed")
