"""Clips: sounds that a page fetches once, under an address that nobody can guess."""

import secrets
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

CLIPS_MAX = 60
KEPT_S = 60.0


class Clips:
    """Kept in memory until they are fetched, or for a minute. clock: monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._clips: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def add(self, sound: bytes) -> str:
        """The address of a WAV, good once."""
        self._tidy()
        token = secrets.token_hex(16)
        self._clips[token] = (self._clock() + KEPT_S, sound)
        while len(self._clips) > CLIPS_MAX:
            self._clips.popitem(last=False)
        return f"/speech/{token}.wav"

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get(r"/speech/{token:[0-9a-f]{32}}.wav", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        self._tidy()
        _, sound = self._clips.pop(request.match_info["token"], (0.0, b""))
        if not sound:
            raise web.HTTPNotFound(reason="that has been fetched, or is too old")
        return web.Response(body=sound, content_type="audio/wav")

    def _tidy(self) -> None:
        now = self._clock()
        while self._clips and next(iter(self._clips.values()))[0] <= now:
            self._clips.popitem(last=False)
