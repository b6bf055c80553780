"""Pages for benchmarks: plain sockets that say hello and take the time of each gift.

As a program (`python -m benchmarks.client`, see `benchmarks/clients.py`) it holds many of them
in a process of its own. Orders come as lines of JSON on its standard input, answers go out as
lines of JSON. A gift tells in its message when it was sent (`t` and nanoseconds).
"""

import asyncio
import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from benchmarks.helper import obey
from benchmarks.measure import percentile

_MARK = re.compile(rb'"message":"t([0-9]+)')
_GIFT = b'"type":"gift.sent"'
_MASK = bytes(4)  # RFC 6455 asks for a mask; zeros are one
_RECEIVE_BUFFER = 65_536


class Page(asyncio.Protocol):
    """One connection. raw: frames come without a handshake. acks: every gift is answered with
    `shown`, as a page does once it has painted it."""

    def __init__(self, token: str, *, raw: bool = False, acks: bool = False) -> None:
        self._token, self._raw, self.acks = token, raw, acks
        self._bytes = bytearray()
        self._open = raw
        self.welcomed = asyncio.get_running_loop().create_future()
        self.gifts = asyncio.Event()
        self.took_ns: list[int] = []
        self.received = 0
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._raw:
            self.welcomed.set_result(None)
            return
        host, port = transport.get_extra_info("peername")[:2]
        transport.write(
            f"GET /o/socket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of what has come."""
        now = time.perf_counter_ns()
        self._bytes += data
        if not self._open:
            _, found, rest = bytes(self._bytes).partition(b"\r\n\r\n")
            if not found:
                return
            self._open = True
            self._bytes = bytearray(rest)
            self._say({"v": 1, "type": "hello", "token": self._token, "shown": []})
        while (frame := self._next()) is not None:
            self._hear(frame, now)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has ended it."""
        self.closed = True
        if not self.welcomed.done():
            self.welcomed.set_exception(ConnectionError("not welcomed"))

    def _next(self) -> bytes | None:
        have = self._bytes
        if len(have) < 2:
            return None
        size, start = have[1], 2
        if size == 126:
            size, start = int.from_bytes(have[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(have[2:10], "big"), 10
        if len(have) < start + size:
            return None
        frame = bytes(have[start : start + size])
        del have[: start + size]
        return frame

    def _hear(self, frame: bytes, now: int) -> None:
        if _GIFT in frame:
            self.received += 1
            self.gifts.set()
            if found := _MARK.search(frame):
                self.took_ns.append(now - int(found[1]))
            if self.acks:
                self._say({"type": "shown", "gift_ids": [json.loads(frame)["data"]["gift_id"]]})
        elif b'"type":"ping"' in frame:
            self._say({"type": "pong"})
        elif not self.welcomed.done():
            self.welcomed.set_result(None)

    def _say(self, message: dict[str, Any]) -> None:
        text = json.dumps(message).encode()
        size = len(text)
        head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
        self.transport.write(head + _MASK + text)


async def connect(port: int, page: Callable[[], Page]) -> Page:
    """A page that has been welcomed, on a socket with a small buffer."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    sock.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(sock, ("127.0.0.1", port))
        _, made = await loop.create_connection(page, sock=sock)
    except OSError:
        sock.close()
        raise
    await asyncio.wait_for(made.welcomed, 30)
    return made


async def first_gift(port: int, token: str, *, gift: bool = True) -> None:
    """Knock until let in, and wait for the first gift, or only for the welcome."""
    async with asyncio.timeout(60):
        while True:
            with suppress(OSError):
                page = await connect(port, lambda: Page(token))
                break
            await asyncio.sleep(0.002)
        if gift:
            await page.gifts.wait()
        page.transport.abort()


class Crowd:
    """The pages of a client process."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.stalled: list[Page] = []

    async def obey(self, order: dict[str, Any]) -> Any:
        """Carry out one order."""
        match order["do"]:
            case "connect":
                for token in order["tokens"]:
                    make = partial(Page, token, raw=order["raw"], acks=order["acks"])
                    self.pages.append(await connect(order["port"], make))
            case "acks":
                for page in self.pages:
                    page.acks = order["on"]
            case "stall":
                self.stalled.append(self.pages.pop())
                self.stalled[-1].transport.pause_reading()
            case "clear":
                for page in self.pages:
                    page.took_ns.clear()
                    page.received = 0
            case "report":
                return self.report()
            case "say":
                return await say(order)
            case "stalled":
                return await self.look_at_stalled()
        return None

    def report(self) -> dict[str, Any]:
        """What came since the last `clear`."""
        took = [ns / 1e6 for page in self.pages for ns in page.took_ns]
        return {
            "p50_ms": percentile(took, 0.5),
            "p99_ms": percentile(took, 0.99),
            "most_ms": max(took, default=float("nan")),
            "least_received": min((page.received for page in self.pages), default=0),
            "received": sum(page.received for page in self.pages),
            "closed": sum(page.closed for page in self.pages),
        }

    async def look_at_stalled(self) -> bool:
        """Whether the server has cut the page that does not read."""
        page = self.stalled[-1]
        page.transport.resume_reading()
        for _ in range(200):
            if page.closed:
                return True
            await asyncio.sleep(0.01)
        return False


async def say(order: dict[str, Any]) -> dict[str, Any]:
    """Lines of chat through the server's own address for them, at those times."""
    import aiohttp  # only those who talk need it

    url = f"http://127.0.0.1:{order['port']}/api/v1/chat"
    headers = {"Authorization": f"Bearer {order['token']}"}
    took: list[float] = []
    async with aiohttp.ClientSession(
        headers=headers, connector=aiohttp.TCPConnector(limit=100)
    ) as session:

        async def one(number: int) -> None:
            at = time.perf_counter_ns()
            line = {
                "id": f"{order['run']}-{number}",
                "viewer": f"viewer{number % order['viewers']}",
                "text": f"!gift rose 1 t{at}",
            }
            async with session.post(url, json=line) as answer:
                said = await answer.json()
                assert said["ok"], said
            took.append((time.perf_counter_ns() - at) / 1e6)

        await paced(order["times"], one)
    return {"p50_ms": percentile(took, 0.5), "p99_ms": percentile(took, 0.99)}


async def paced(times: list[float], act: Callable[[int], Any]) -> None:
    """Begin an act at each of these times (seconds from now), however long the others take."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    tasks: list[asyncio.Task[Any]] = []
    for number, at in enumerate(times):
        await asyncio.sleep(max(0.0, began + at - loop.time()))
        tasks.append(loop.create_task(act(number)))
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(obey(Crowd().obey))
