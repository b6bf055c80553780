"""What programs and people ask about the settings of a source."""

from collections.abc import Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from data.access import Access
from data.errors import DocumentError
from overlay.answers import body, json_answer, refusal
from overlay.entry import Entry
from overlay.source_named import source_named
from overlay.source_settings import CHANGES_MAX, SourceSettings


class Wanted(BaseModel):
    """Values by setting; null: as the widget declares it."""

    settings: dict[str, Any] = Field(max_length=CHANGES_MAX)


class SettingsApi:
    """`/api/v1/sources/{name}/settings`: GET tells all; PUT sets all, what is left out is as
    declared; PATCH sets those that are named. changed: called when they are in force."""

    def __init__(
        self, entry: Entry, access: Access, settings: SourceSettings, changed: Callable[[], None]
    ) -> None:
        self._entry, self._access = entry, access
        self._settings, self._changed = settings, changed

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        path = "/api/v1/sources/{name}/settings"
        app.router.add_get(path, self._tell)
        app.router.add_put(path, self._set)
        app.router.add_patch(path, self._set)

    async def _tell(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        source = source_named(self._access, request)
        try:
            settings = self._settings.described(source)
        except DocumentError as error:
            return refusal(404, str(error), "Put its file back, or remove the source.")
        return json_answer(
            {
                "name": source.name,
                "widget": source.widget,
                "stage": source.stage,
                "settings": settings,
            }
        )

    async def _set(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        source = source_named(self._access, request)
        wanted = await body(request, Wanted)
        try:
            await self._settings.put(source, wanted.settings, whole=request.method == "PUT")
        except DocumentError as error:
            return refusal(400, str(error), "Nothing was changed.")
        self._changed()
        return await self._tell(request)
