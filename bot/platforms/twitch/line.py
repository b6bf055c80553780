"""A line to Twitch's event service: one websocket, read until it ends.

dev.twitch.tv/docs/eventsub/handling-websocket-events/
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
from twitchio.exceptions import WebsocketConnectionException

SLACK_S = 5.0  # beside the keepalive time that Twitch promises
CLOSE_S = 0.3
Message = dict[str, Any]


class Line:
    """An open and welcomed websocket. session_id: its name at Twitch."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, session_id: str, keepalive_s: float
    ) -> None:
        self._socket = socket
        self._keepalive_s = keepalive_s
        self._heard = time.monotonic()
        self.session_id = session_id

    @property
    def silence_s(self) -> float:
        """Seconds since something came."""
        return time.monotonic() - self._heard

    async def messages(self) -> AsyncIterator[Message]:
        """What comes, until the line ends or has been silent for longer than Twitch ever is."""
        while True:
            try:
                async with asyncio.timeout(self._keepalive_s + SLACK_S):
                    message = await _next(self._socket)
            except TimeoutError:
                return
            if message is None:
                return
            self._heard = time.monotonic()
            yield message

    async def close(self) -> None:
        """End it, within moments also when the other end keeps silent."""
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(CLOSE_S):
                await self._socket.close()


async def open_line(http: aiohttp.ClientSession, url: str, welcome_s: float) -> Line:
    """A line that Twitch has welcomed. welcome_s: how long that may take.

    Raises `aiohttp.ClientError`, `OSError`, `TimeoutError` or twitchio's
    `WebsocketConnectionException`.
    """
    async with asyncio.timeout(welcome_s):
        socket = await http.ws_connect(url)
        try:
            welcome = await _next(socket)
            session = welcome["payload"]["session"] if welcome else {}
            return Line(socket, session["id"], float(session["keepalive_timeout_seconds"]))
        except BaseException as error:
            await socket.close()
            if isinstance(error, KeyError | TypeError | ValueError):
                raise WebsocketConnectionException("no welcome as documented") from None
            raise


async def _next(socket: aiohttp.ClientWebSocketResponse) -> Message | None:
    """The next message that makes sense; None when the line has ended."""
    while True:
        received = await socket.receive()
        if received.type in (
            aiohttp.WSMsgType.CLOSE,
            aiohttp.WSMsgType.CLOSING,
            aiohttp.WSMsgType.CLOSED,
            aiohttp.WSMsgType.ERROR,
        ):
            return None
        if received.type is aiohttp.WSMsgType.TEXT:
            with suppress(ValueError):
                message = json.loads(received.data)
                if isinstance(message, dict) and "metadata" in message:
                    return message
