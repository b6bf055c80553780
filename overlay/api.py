"""What programs may ask, such as our own command line while this program runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import BaseModel, Field

from data.access import Access, Source, new_token
from data.errors import DocumentError
from data.journal import Books, Journal
from overlay.answers import body, json_answer, refusal
from overlay.entry import PREVIEW, Entry
from overlay.hub import Hub
from overlay.left_behind import left_behind
from overlay.source_named import source_named
from overlay.source_settings import SourceSettings
from overlay.stages import no_stage
from overlay.widget import Widget


class NewSource(BaseModel):
    """A browser source to register."""

    widget: str = Field(max_length=40)
    name: str = Field(default="", max_length=40)
    stage: str = Field(default="main", pattern=r"^[a-z0-9-]{1,32}$")


class Lookup(BaseModel):
    """Whose token is this? In a body, for addresses stand in logs."""

    token: str = Field(max_length=200)


class Api:
    """`/healthz` and `/api/v1`.

    health: what `/healthz` adds, and whether all is usable. address: the page of a widget with
    a token. given: called when a link was given out; the port that links named before, when
    that was another. stages: all that there are. removed: called with a stage whose last settling
    source has gone. settings: of each source; forgotten with it.
    """

    def __init__(
        self,
        *,
        entry: Entry,
        access: Access,
        hub: Hub,
        journal: Journal,
        books: Books,
        widgets: Mapping[str, Widget],
        health: Callable[[], tuple[bool, dict[str, Any]]],
        backup: Callable[[], Awaitable[Path]],
        given: Callable[[], int | None],
        stages: Callable[[], Awaitable[list[str]]],
        removed: Callable[[str], Awaitable[int]],
        settings: SourceSettings,
        address: Callable[[str, str], str],
    ) -> None:
        self._entry, self._access, self._hub = entry, access, hub
        self._journal, self._books, self._widgets = journal, books, widgets
        self._health, self._backup = health, backup
        self._given, self._removed, self._address = given, removed, address
        self._settings, self._stages = settings, stages

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/healthz", self._healthz)
        app.router.add_post("/api/v1/login-codes", self._login_code)
        app.router.add_get("/api/v1/sources", self._sources)
        app.router.add_post("/api/v1/sources", self._add_source)
        app.router.add_post("/api/v1/sources/{name}/token", self._rotate_source)
        app.router.add_delete("/api/v1/sources/{name}", self._remove_source)
        app.router.add_post("/api/v1/source-lookups", self._look_up)
        app.router.add_post("/api/v1/backups", self._make_backup)

    async def _healthz(self, request: web.Request) -> web.Response:
        usable, more = self._health()
        stages = {stage: self._journal.head(stage) for stage in await self._books.stages()}
        sources = {
            "registered": len(self._access.sources()),
            "online": sum(self._hub.connected(s) for s in self._access.sources()),
        }
        answer = {
            "status": "ok" if usable else "failing",
            **more,
            "sources": sources,
            "journal": {"stages": stages},
        }
        return json_answer(answer, 200 if usable else 503)

    async def _login_code(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        return json_answer({"code": self._entry.new_code()})

    async def _sources(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        sources = (source for source in self._access.sources() if source.name != PREVIEW)
        return json_answer([self._described(source) for source in sources])

    async def _add_source(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        asked = await body(request, NewSource)
        widget = self._widgets.get(asked.widget)
        if widget is None:
            names = ", ".join(sorted(self._widgets))
            return refusal(404, f"there is no widget {asked.widget!r}", f"Choose one of: {names}.")
        if asked.name == PREVIEW:
            return refusal(
                409, f"the name {PREVIEW!r} is kept for the chat page", "Choose another."
            )
        if asked.stage not in (stages := await self._stages()):
            return refusal(404, *no_stage(asked.stage, stages))
        token = new_token()
        try:
            source = await self._access.add(
                asked.stage,
                widget.name,
                asked.name or widget.name,
                settles=widget.settles,
                after=self._journal.head(asked.stage),
                token=token,
            )
        except DocumentError as error:
            return refusal(409, str(error))
        return json_answer(self._linked(source, token), 201)

    async def _look_up(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        source = self._access.by_token((await body(request, Lookup)).token)
        return json_answer({"source": self._described(source) if source else None})

    async def _rotate_source(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        source = source_named(self._access, request)
        token = new_token()
        changed = await self._access.rotate(source, token)
        self._hub.drop_source(source)
        return json_answer(self._linked(changed, token))

    async def _remove_source(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        source = source_named(self._access, request)
        await self._access.remove(source)
        self._hub.drop_source(source)
        await self._settings.forget(source)
        returned = 0
        if source.settles and not self._access.settling(source.stage):
            returned = await self._removed(source.stage)
        return json_answer({"removed": source.name, "gifts_returned": returned})

    async def _make_backup(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        return json_answer({"path": str(await self._backup())}, 201)

    def _linked(self, source: Source, token: str) -> dict[str, Any]:
        """With the link that is given out now, and what becomes of earlier ones."""
        linked = {**self._described(source), "url": self._address(source.widget, token)}
        port, before = urlsplit(linked["url"]).port or 0, self._given()
        others = (s for s in self._access.sources() if s.id != source.id)
        if note := left_behind(port, before, others):
            linked["note"] = note
        return linked

    def _described(self, source: Source) -> dict[str, Any]:
        missing = self._settings.missing(source)
        return {
            "name": source.name,
            "widget": source.widget,
            "stage": source.stage,
            "settles": source.settles,
            "online": self._hub.connected(source),
            "active": self._hub.active(source),
            "missing": asdict(missing) if missing else None,
        }
