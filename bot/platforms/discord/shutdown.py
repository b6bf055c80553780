"""The end of a session."""

import asyncio
import threading
from contextlib import suppress
from typing import Any

import discord
from discord.gateway import KeepAliveHandler


async def shut(client: discord.Client, listening: asyncio.Task[Any], *, within_s: float) -> None:
    """Closes a client and all it holds, whatever state it is in, in bounded time.

    It is closed before it is cancelled: a connection only half made is then still found.
    """
    await _shut_half_made(client, within_s / 2)
    try:
        async with asyncio.timeout(within_s):
            await client.close()
            await asyncio.wait({listening})
    except TimeoutError:
        listening.cancel()
        await client.http.close()
        await asyncio.wait({listening}, timeout=within_s)
    await _shut_half_made(client, within_s / 2)  # what was greeted meanwhile
    if listening.done() and not listening.cancelled():
        listening.exception()


async def _shut_half_made(client: discord.Client, within_s: float) -> None:
    """Connections between greeting and identifying: discord.py 2.7 does not hold them yet, only
    the thread that keeps each alive does, which would go on for ever."""
    beating = [t.ws for t in threading.enumerate() if isinstance(t, KeepAliveHandler)]
    ours = client._connection  # noqa: SLF001 - by it a connection knows whose it is
    for ws in beating:
        if ws._connection is ours and ws is not client.ws:  # noqa: SLF001
            with suppress(TimeoutError):
                await asyncio.wait_for(ws.close(code=1000), within_s)
