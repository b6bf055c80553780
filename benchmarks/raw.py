"""The yardstick of everything sent: a bare server that writes the same bytes to everybody."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from overlay.frames import on_wire

GIFT_BYTES = 413  # a gift's frame with its head
_STAMP_AT = b'"message":"t'


class RawServer:
    """Bare transports in a list. port: where it listens."""

    def __init__(self) -> None:
        self.port = 0
        self.transports: list[asyncio.WriteTransport] = []

    def broadcast(self, wire: bytes) -> None:
        """The same bytes to everybody."""
        for transport in self.transports:
            transport.write(wire)


class _Line(asyncio.Protocol):
    def __init__(self, server: RawServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._server.transports.append(transport)


@asynccontextmanager
async def raw_server() -> AsyncIterator[RawServer]:
    """Started on a free port."""
    raw = RawServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Line(raw), "127.0.0.1", 0, backlog=2_048)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        for transport in raw.transports:
            transport.abort()
        server.close()
        await server.wait_closed()


def stamped(size: int = GIFT_BYTES) -> bytes:
    """A frame on the wire as large as a gift's, sent now."""
    start = b'{"v":1,"type":"gift.sent",' + _STAMP_AT + str(time.perf_counter_ns()).encode()
    return on_wire(start + b'","rest":"' + b"x" * max(0, size - len(start) - 12) + b'"}')
