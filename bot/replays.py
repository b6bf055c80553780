"""Replays: a recording played in a giftcast that is running already, one at a time."""

import asyncio
from typing import Any

from aiohttp import web

from bot.discovery import REPLAY
from bot.errors import SettingsError
from bot.platform import House, Platform
from bot.platforms.replay import AGAIN, DONE, Replay, ReplaySettings, build
from overlay.answers import body, json_answer, refusal
from overlay.entry import Entry


def report(replay: Replay) -> dict[str, Any]:
    """How far a replay is, for whoever waits for its end."""
    status = replay.status()
    return {
        "state": status.state,
        "told": status.cause,
        "remarks": replay.remarks,
        "played": replay.counts[DONE] + replay.counts[AGAIN],
        "over": replay.over,
    }


class Replays:
    """`/api/v1/replay`, for programs alone: a recording is a file of whoever runs giftcast.

    A replay joins the platforms and stays among them until the next one, so that what became of
    it can be read.
    """

    def __init__(self, entry: Entry, platforms: dict[str, Platform], house: House) -> None:
        self._entry, self._platforms, self._house = entry, platforms, house
        self._running: asyncio.Task[None] | None = None

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_post("/api/v1/replay", self._start)
        app.router.add_get("/api/v1/replay", self._look)
        app.router.add_delete("/api/v1/replay", self._end)
        app.on_shutdown.append(self._close)

    async def _start(self, request: web.Request) -> web.Response:
        self._admit(request)
        asked = await body(request, ReplaySettings)
        now = self._platforms.get(REPLAY)
        if isinstance(now, Replay) and not now.over:
            return refusal(409, "a recording is being played", "End it: giftcast replay --stop")
        try:
            replay = build(asked.model_dump(exclude_unset=True), self._house)
        except SettingsError as error:
            return refusal(409, str(error))
        await self._close()
        self._platforms[REPLAY] = replay
        self._running = asyncio.create_task(replay.run(), name="platform replay")
        return json_answer(report(replay), 201)

    async def _look(self, request: web.Request) -> web.Response:
        self._admit(request)
        return json_answer(report(self._replay()))

    async def _end(self, request: web.Request) -> web.Response:
        self._admit(request)
        replay = self._replay()
        await replay.stop()
        return json_answer(report(replay))

    def _replay(self) -> Replay:
        found = self._platforms.get(REPLAY)
        if isinstance(found, Replay):
            return found
        raise web.HTTPNotFound(reason="no recording has been played")

    def _admit(self, request: web.Request) -> None:
        if not self._entry.is_program(request):
            raise web.HTTPForbidden(reason="only for programs with the api-token")

    async def _close(self, _: object = None) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
