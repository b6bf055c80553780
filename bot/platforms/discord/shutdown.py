"""The end of a session."""

import asyncio
import threading
from typing import Any

import discord
from discord.gateway import KeepAliveHandler


async def shut(client: discord.Client, listening: asyncio.Task[Any], *, within_s: float) -> None:
    """Closes a client and all it holds, whatever state it is in, in bounded time.

    It is closed before it is cancelled: a connection only half made is then still found.
    """
    try:
        async with asyncio.timeout(within_s):
            await client.close()
            await asyncio.wait({listening})
    except TimeoutError:
        listening.cancel()
        await client.http.close()
        await asyncio.wait({listening}, timeout=within_s)
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws._connection is client._connection:  # noqa: SLF001
            thread.stop()  # of a connection half made, which discord.py 2.7 forgets
    if listening.done() and not listening.cancelled():
        listening.exception()
