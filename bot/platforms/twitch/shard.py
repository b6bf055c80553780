"""A shard: one of a conduit's websockets, which comes back by itself."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import structlog

from bot.platforms.twitch.line import Line, Message, open_line
from bot.platforms.twitch.timing import Timing
from bot.platforms.twitch.words import FAULTS, describe


class Shard:
    """Keeps one line open and assigned to the conduit.

    When Twitch asks it to move, the old line is read on until the new one is welcomed and a
    while longer; the shard then needs no new assignment. When a line breaks, another is opened
    and assigned.

    assign: tells Twitch that this shard has this session. take: gets each notification and
    revocation. lost: the line broke off, silent for so many seconds. stirred: something changed.
    """

    def __init__(
        self,
        number: int,
        url: str,
        http: aiohttp.ClientSession,
        timing: Timing,
        *,
        assign: Callable[[int, str], Awaitable[None]],
        take: Callable[[Message], None],
        lost: Callable[[float], None],
        stirred: Callable[[], None],
    ) -> None:
        self.number = number
        self._url = url
        self._http = http
        self._timing = timing
        self._assign = assign
        self._take = take
        self._lost = lost
        self._stirred = stirred
        self._line: Line | None = None
        self._old: set[asyncio.Task[None]] = set()

    @property
    def session_id(self) -> str:
        """The session that is assigned now; empty when none is."""
        return self._line.session_id if self._line else ""

    @property
    def silence_s(self) -> float:
        """Seconds since something came."""
        return self._line.silence_s if self._line else 0.0

    async def run(self) -> None:
        """Listen until cancelled."""
        failures = 0
        try:
            while True:
                try:
                    line = await open_line(self._http, self._url, self._timing.welcome_s)
                    try:
                        await self._assign(self.number, line.session_id)
                    except BaseException:
                        await line.close()
                        raise
                    failures = 0
                    await self._stay(line)
                except FAULTS as error:
                    log = structlog.get_logger()
                    log.warning("twitch.shard_down", shard=self.number, error=describe(error))
                failures += 1
                wait_s = self._timing.retry_first_s * 2.0 ** min(failures - 1, 10)
                await asyncio.sleep(min(wait_s, self._timing.retry_most_s))
        finally:
            for task in self._old:
                task.cancel()
            await asyncio.gather(*self._old, return_exceptions=True)

    async def drop(self) -> None:
        """Give the line up: another takes its place."""
        if self._line:
            await self._line.close()

    async def _stay(self, line: Line) -> None:
        """Read a line and those that follow it, until one breaks."""
        self._line = line
        self._stirred()
        try:
            while (successor := await self._follow(line)) is not None:
                line = self._line = successor
        finally:
            self._line = None
            self._lost(line.silence_s)
            self._stirred()

    async def _follow(self, line: Line) -> Line | None:
        """Read a line to its end; or until Twitch has moved us to another, which it gives."""
        moves: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        reader = asyncio.create_task(self._read(line, moves))
        try:
            await asyncio.wait((reader, moves), return_when=asyncio.FIRST_COMPLETED)
            if not moves.done():
                return None
            try:
                successor = await open_line(self._http, moves.result(), self._timing.welcome_s)
            except FAULTS as error:
                structlog.get_logger().warning("twitch.move_failed", error=describe(error))
                await reader  # Twitch closes it before long
                return None
            lingering = asyncio.create_task(self._linger(reader, line))
            self._old.add(lingering)
            lingering.add_done_callback(self._old.discard)
        except BaseException:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            raise
        return successor

    async def _read(self, line: Line, moves: asyncio.Future[str]) -> None:
        try:
            async for message in line.messages():
                try:
                    self._hear(message, moves)
                except Exception as error:  # noqa: BLE001 - the next one may make sense
                    structlog.get_logger().error("twitch.message_odd", error=describe(error))
        finally:
            await line.close()

    def _hear(self, message: Message, moves: asyncio.Future[str]) -> None:
        match message["metadata"].get("message_type"):
            case "notification" | "revocation":
                self._take(message)
            case "session_reconnect" if not moves.done():
                moves.set_result(str(message["payload"]["session"]["reconnect_url"]))

    async def _linger(self, reader: asyncio.Task[None], line: Line) -> None:
        """What was sent to us before the new line was welcomed may still be on its way."""
        try:
            await asyncio.wait((reader,), timeout=self._timing.linger_s)
        finally:
            reader.cancel()
            await line.close()
