"""EventSub connections that lose nothing when Twitch moves them: cures for twitchio's reader.

The cures use names private to the library, so they are applied only to versions of it that
they were tried with. On any other the library runs as it is, and the watchdog has to do.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Protocol, runtime_checkable

import structlog
import twitchio
import twitchio.client
from twitchio.eventsub.websockets import Websocket
from twitchio.exceptions import WebsocketConnectionException

TRIED = frozenset({"3.3.2"})
CLOSE_S = 0.3
SLACK_S = 5.0  # beside the time after which Twitch gives a sign of life


@runtime_checkable
class Listener(Protocol):
    """What a client of these connections may want to know."""

    def lost(self, silence_s: float) -> None:
        """A connection that carried something broke off, or was closed; it was silent then."""

    def resumed(self) -> None:
        """A connection is back by itself, with its subscriptions."""


class SafeWebsocket(Websocket):
    """One EventSub connection.

    What differs from the library: when Twitch asks us to move, the old connection is read on
    until a while after the new one was welcomed; it does not strike its successor off the
    list; and it can be closed for good at any moment, with all it started.
    """

    def __init__(self, *, live: set["SafeWebsocket"], linger_s: float, **options: Any) -> None:
        super().__init__(**options)
        self._live = live
        self._linger_s = linger_s
        self._moving = False
        self._retired = False
        self._farewell: asyncio.Task[None] | None = None

    @property
    def hearing(self) -> bool:
        """Whether chat arrives here, as far as this end can tell."""
        reader = self._listen_task
        alive = reader is not None and not reader.done()
        settled = not self._connecting and not self._retired
        speaks = self.silence_s <= self._keep_alive_timeout + SLACK_S
        return alive and settled and speaks and self.connected and bool(self._subscriptions)

    @property
    def silence_s(self) -> float:
        """Seconds since something was heard here; the library notes it by the wall clock."""
        last = self._last_keepalive
        return max(0.0, (datetime.now() - last).total_seconds()) if last else 0.0  # noqa: DTZ005

    @property
    def mending(self) -> bool:
        """Whether it is connecting again by itself."""
        return self._connecting and not self._closed

    async def connect(
        self, *, url: str | None = None, reconnect: bool = False, fail_once: bool = False
    ) -> None:
        """Connect, or connect again. Nobody awaits the latter, so its failure closes us."""
        if not self._closed:
            self._live.add(self)
        try:
            await super().connect(url=url, reconnect=reconnect, fail_once=fail_once)
        except Exception as error:
            await self.close()
            if not reconnect:
                raise
            structlog.get_logger().warning("twitch.reconnect_failed", error=type(error).__name__)
        else:
            if reconnect and isinstance(self._client, Listener):
                self._client.resumed()

    async def close(self, cleanup: bool = True, *, reassociate: bool = True) -> None:
        """Close within moments, also when the other end keeps silent.

        Without `cleanup` only the line is closed: `connect` goes on with another one.
        """
        if not cleanup:
            await self._hang_up(cleanup=False)
            return
        if self._farewell is None:
            self._tell_lost()
            self._farewell = asyncio.create_task(self._leave(asyncio.current_task()))
        await asyncio.shield(self._farewell)

    async def _leave(self, caller: asyncio.Task[Any] | None) -> None:
        tasks = self._connection_tasks - {caller}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._closing = False  # one of them may have been about to close the line
        await self._hang_up(cleanup=True)
        self._live.discard(self)

    async def _hang_up(self, *, cleanup: bool) -> None:
        try:
            async with asyncio.timeout(CLOSE_S):
                await super().close(cleanup)
        except TimeoutError:
            if self._listen_task:
                self._listen_task.cancel()
            self._listen_task = self._socket = None
            self._closing = False

    async def _process_reconnect(self, data: Any) -> None:
        if self._moving:
            return
        self._moving = True
        move = asyncio.create_task(self._reconnect(data["payload"]["session"]["reconnect_url"]))
        self._connection_tasks.add(move)
        move.add_done_callback(self._connection_tasks.discard)

    async def _reconnect(self, url: str) -> None:
        successor = SafeWebsocket(
            live=self._live,
            linger_s=self._linger_s,
            keep_alive_timeout=self._keep_alive_timeout,
            reconnect_attempts=self._original_attempts,
            client=self._client,
            token_for=self._token_for,
            http=self._http,
        )
        successor._subscriptions = dict(self._subscriptions)
        try:
            await successor.connect(url=url, fail_once=True)
        except (WebsocketConnectionException, OSError):
            self._moving = False
            return await self.connect(reconnect=True)
        self._retired = True
        if self._client and self._token_for and successor.session_id:
            sockets = self._client._websockets[self._token_for]  # noqa: SLF001
            sockets[successor.session_id] = successor
        # what was sent to us before the welcome may still be on its way
        await asyncio.sleep(self._linger_s)
        return await self.close()

    async def _create_connection_task(self) -> None:
        if self._retired:
            await self.close()
        else:
            self._tell_lost()
            await super()._create_connection_task()

    def _tell_lost(self) -> None:
        """What this connection carried does not arrive any more, unless it was moved."""
        carries = bool(self._subscriptions) and not self._retired
        if carries and isinstance(self._client, Listener):
            self._client.lost(self.silence_s)

    def _cleanup(self, closed: bool = True) -> None:
        sockets: dict[str, Websocket] = {}
        if self._client and self._token_for:
            sockets = self._client._websockets[self._token_for]  # noqa: SLF001
        successor = sockets.get(self.session_id or "")
        super()._cleanup(closed)
        if successor is not None and successor is not self:
            sockets[self.session_id or ""] = successor
        for listed in [number for number, socket in sockets.items() if socket is self]:
            del sockets[listed]  # after a break, by the session that it had before


def known(tried: frozenset[str] = TRIED) -> bool:
    """Whether this is a version of the library that the cures were tried with."""
    return twitchio.__version__ in tried


def hearing(socket: Websocket) -> bool:
    """Whether chat arrives at this connection."""
    if isinstance(socket, SafeWebsocket):
        return socket.hearing
    return socket.connected and socket.subscription_count > 0


def mending(socket: Websocket) -> bool:
    """Whether this connection is helping itself."""
    return socket.mending if isinstance(socket, SafeWebsocket) else not socket.connected


@contextmanager
def cured(linger_s: float, tried: frozenset[str] = TRIED) -> Iterator[set[SafeWebsocket]]:
    """Has twitchio use `SafeWebsocket`; gives the set of those that are not closed."""
    live: set[SafeWebsocket] = set()
    if not known(tried):
        structlog.get_logger().warning("twitch.library_not_tried", version=twitchio.__version__)
        yield live
        return
    library = vars(twitchio.client)
    own = library["Websocket"]
    library["Websocket"] = partial(SafeWebsocket, live=live, linger_s=linger_s)
    try:
        yield live
    finally:
        library["Websocket"] = own
