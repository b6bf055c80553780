"""Uploads: `/api/v1/gifts/{id}/art` and `/sound` for people and programs, `/gift-art` for pages."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from data.catalogue import Catalogue
from data.gifts import Gift
from overlay.answers import json_answer, refusal
from overlay.entry import Entry
from overlay.formats import ArtRefusedError
from overlay.formats.check import ART_MAX, examine
from overlay.formats.sound import SOUND_MAX
from overlay.gift_art import GiftArt, Record
from overlay.themes import POLICY

PATIENCE_S = 60.0


class Uploads:
    """Takes, describes and serves what gifts have of their own. One upload at a time."""

    def __init__(self, entry: Entry, catalogue: Catalogue, art: GiftArt) -> None:
        self._entry, self._catalogue, self._art = entry, catalogue, art
        self._turn = asyncio.Lock()

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/api/v1/gifts/art", self._list)
        app.router.add_put("/api/v1/gifts/{id}/art", self._put_art)
        app.router.add_put("/api/v1/gifts/{id}/sound", self._put_sound)
        app.router.add_delete("/api/v1/gifts/{id}/art", self._remove)
        app.router.add_post("/api/v1/gifts/{id}/art/undo", self._undo)
        app.router.add_get("/gift-art/{id}/{file}", self._serve)

    async def _list(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        return json_answer([described(id_, one) for id_, one in self._art.records().items()])

    async def _put_art(self, request: web.Request) -> web.Response:
        gift = await self._gift(request)
        confirmed = request.query.get("unmeasured_flashes_ok") == "1"

        def take(data: bytes) -> tuple[Record, tuple[str, ...]]:
            found = examine(data)
            return self._art.put_art(gift.id, data, found, confirmed=confirmed), found.notes

        return await self._take(request, gift, ART_MAX, take)

    async def _put_sound(self, request: web.Request) -> web.Response:
        gift = await self._gift(request)

        def take(data: bytes) -> tuple[Record, tuple[str, ...]]:
            return self._art.put_sound(gift.id, data), ()

        return await self._take(request, gift, SOUND_MAX, take)

    async def _take(
        self,
        request: web.Request,
        gift: Gift,
        most: int,
        take: Callable[[bytes], tuple[Record, tuple[str, ...]]],
    ) -> web.Response:
        data = await _received(request, most)
        if data is None:
            return refusal(413, f"It has more than {most:,} bytes.", "Make it smaller.")
        try:
            async with self._turn:
                record, notes = await asyncio.to_thread(take, data)
        except ArtRefusedError as error:
            return refusal(422, error.what, error.fix)
        self._art.changed()
        return json_answer({**described(gift.id, record), "notes": list(notes)})

    async def _remove(self, request: web.Request) -> web.Response:
        gift = await self._gift(request)
        async with self._turn:
            removed = await asyncio.to_thread(self._art.remove, gift.id)
        self._art.changed()
        return json_answer({"gift": gift.id, "removed": removed})

    async def _undo(self, request: web.Request) -> web.Response:
        gift = await self._gift(request)
        try:
            async with self._turn:
                record = await asyncio.to_thread(self._art.undo, gift.id)
        except ArtRefusedError as error:
            return refusal(409, error.what, error.fix)
        self._art.changed()
        return json_answer(described(gift.id, record or Record()))

    async def _gift(self, request: web.Request) -> Gift:
        """The gift that is meant, once it is clear who asks."""
        await self._entry.require(request)
        found = self._catalogue.find(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(reason="there is no such gift in catalogue.json")
        return found

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        found = self._art.file(request.match_info["id"], request.match_info["file"])
        if found is None:
            raise web.HTTPNotFound(reason="there is no such file")
        headers = {"Content-Security-Policy": POLICY, "Content-Type": found[1]}
        return web.FileResponse(found[0], headers=headers)


def described(gift_id: str, record: Record) -> dict[str, Any]:
    """What a person is told about a gift's own art."""
    return {
        "gift": gift_id,
        **record.model_dump(exclude={"version", "still", "art"}),
        "moves": record.moves,
    }


async def _received(request: web.Request, most: int) -> bytes | None:
    """The body; None as soon as it is larger. Whoever sends too slowly is let go."""
    if (request.content_length or 0) > most:
        return None
    data = bytearray()
    async with asyncio.timeout(PATIENCE_S):
        async for chunk in request.content.iter_any():
            data += chunk
            if len(data) > most:
                return None
    return bytes(data)
