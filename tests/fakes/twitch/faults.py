"""What can be made to go wrong with any request, and how a test waits."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web


class Faults:
    """The ground of every layer: routes, ordered faults, ids.

    requests: what was asked, as in `GET /helix/users`; addresses: the same with their queries.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.addresses: list[str] = []
        self._faults: list[tuple[str, int, dict[str, str]]] = []
        self._numbers = itertools.count(1)
        self._held: dict[str, asyncio.Event] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._port = 0

    def routes(self) -> list[web.RouteDef]:
        """What this layer and those below answer."""
        return []

    def fault(self, where: str, status: int, times: int = 1, **headers: str) -> None:
        """Have the next requests there (`POST /helix/chat/messages`) fail; 0 cuts the line."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self._faults += [(where, status, named)] * times

    def hold(self, where: str) -> asyncio.Event:
        """Have requests there wait until the event that is returned is set."""
        return self._held.setdefault(where, asyncio.Event())

    async def until(self, holds: Callable[[], object], within_s: float = 5.0) -> None:
        """Wait until something is so; it is looked at whenever anything happens here."""
        async with asyncio.timeout(within_s):
            while not holds():
                change = asyncio.get_running_loop().create_future()
                self._waiting.append(change)
                await change

    def _note(self) -> None:
        for change in self._waiting:
            if not change.done():
                change.set_result(None)
        self._waiting.clear()

    def _uuid(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._numbers):012d}"

    def _guarded(self, handler: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            where = f"{request.method} {request.path}"
            self.requests.append(where)
            self.addresses.append(request.path_qs)
            self._note()
            for fault in self._faults:
                if fault[0] == where:
                    self._faults.remove(fault)
                    self._note()
                    return self._broken(request, fault[1], fault[2])
            if gate := self._held.get(where):
                await gate.wait()
            answer: web.StreamResponse = await handler(request)
            self._note()
            return answer

        return guarded

    @staticmethod
    def _broken(request: web.Request, status: int, headers: Mapping[str, str]) -> web.Response:
        if status == 0 and request.transport:
            request.transport.abort()
        body = {"error": "Fault", "status": status, "message": "a fault was ordered"}
        return web.json_response(body, status=status or 500, headers=headers)
