"""Pages for people, and the pages that OBS opens."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from data.access import Access, Source
from overlay.answers import body, json_answer, page, refusal, wants_page
from overlay.entry import ABSOLUTE_MS, COOKIE, PREVIEW, Entry
from overlay.hub import Hub
from overlay.socket import SocketHandler
from overlay.source_settings import Missing
from overlay.widget import Widget

GAPS_SHOWN = 3
DOCK = "/dock"  # in OBS, which is closed for days: a login that leads there is kept


class Code(BaseModel):
    """What the login page sends."""

    code: str = Field(max_length=100)
    next: str = Field(default="", max_length=40)


class Pages:
    """`/`, `/login`, `/o/<widget>` and the sources' socket.

    platforms: the state of each platform in words, for the front page; gaps: when one was not
    heard, newest first; effects: the connection to OBS, when there is one. missing: what a source
    cannot do without and has not. chat: whether there is the simulated one; trial: whether there
    is, and was, no other that counts. called: what to type for a command of ours.
    """

    def __init__(
        self,
        *,
        entry: Entry,
        access: Access,
        hub: Hub,
        widgets: Mapping[str, Widget],
        socket: SocketHandler,
        platforms: Callable[[], list[dict[str, str]]],
        gaps: Callable[[], list[str]],
        effects: Callable[[], dict[str, str] | None],
        missing: Callable[[Source], Missing | None],
        data_dir: Path,
        version: str,
        called: Callable[[str], str],
        chat: bool,
        trial: bool,
    ) -> None:
        self._entry, self._access, self._hub = entry, access, hub
        self._widgets, self._socket, self._platforms = widgets, socket, platforms
        self._gaps, self._effects, self._missing = gaps, effects, missing
        self._data_dir, self._version = data_dir, version
        self._called, self._chat, self._trial = called, chat, trial

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/", self._home)
        app.router.add_get("/login", self._login)
        app.router.add_post("/login", self._enter)
        app.router.add_post("/logout", self._leave)
        app.router.add_get("/o/socket", self._socket.serve)
        app.router.add_get("/o/{widget}", self._widget)

    async def _home(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        sources: list[dict[str, Any]] = [
            {
                "name": s.name,
                "widget": s.widget,
                "online": self._hub.connected(s),
                "active": self._hub.active(s),
                "missing": self._missing(s),
            }
            for s in self._access.sources()
            if s.name != PREVIEW
        ]
        return page(
            "home.html",
            version=self._version,
            platforms=self._platforms(),
            gaps=self._gaps()[:GAPS_SHOWN],
            effects=self._effects(),
            sources=sources,
            data_dir=str(self._data_dir),
            trial=self._trial,
            chat_url="/chat" if self._chat else "",
            stage="main",
            setup=self._called("obs setup"),
            by_hand=self._called("source add alerts"),
            backup=self._called("backup"),
        )

    async def _login(self, request: web.Request) -> web.Response:
        return self._door(200, "", request.query.get("next", ""))

    def _door(self, status: int, error: str, next_: str) -> web.Response:
        words = self._called("login")
        return page("login.html", status, error=error, csrf="", next=next_, login=words)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        if request.content_type == "application/json":
            sent = await body(request, Code)
            code, next_ = sent.code, sent.next
        else:
            form = await request.post()
            code, next_ = (str(form.get(name, ""))[:100] for name in ("code", "next"))
        token = await self._entry.redeem(code.strip(), keep=next_ == DOCK)
        again = self._called("login")
        if token is None and wants_page(request.headers):
            problem = f"That code has been used or is too old: run “{again}” for a new one."
            return self._door(401, problem, next_)
        if token is None:
            return refusal(
                401, "This link has been used or is too old.", f"Run “{again}” for a new one."
            )
        start = DOCK if next_ == DOCK else "/chat" if self._chat else "/"
        response: web.StreamResponse = json_answer({"ok": True, "next": start})
        if wants_page(request.headers):
            response = web.HTTPSeeOther(start)
        response.set_cookie(
            COOKIE, token, httponly=True, samesite="Strict", max_age=ABSOLUTE_MS // 1000, path="/"
        )
        if isinstance(response, web.HTTPException):
            raise response
        return response

    async def _leave(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        await self._entry.leave(request)
        response = json_answer({"ok": True})
        response.del_cookie(COOKIE, path="/")
        return response

    async def _widget(self, request: web.Request) -> web.Response:
        widget = self._widgets.get(request.match_info["widget"])
        if widget is None:
            raise web.HTTPNotFound(reason="there is no such widget")
        return page(
            "widget.html", widget=widget.name, title=widget.title, asset_version=self._version
        )
