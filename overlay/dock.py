"""The moderator dock: a narrow page for people who are logged in, and the acts of theirs.

What it shows are states (`overlay/kinds/desk.py`) over a socket that the login's cookie opens;
what it does are lines of chat, said at the one desk by a moderator.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from commands.chat import ChatMessage, Chatter, Role
from commands.desk import Desk
from commands.grammar import clean
from commands.policies import Policies
from data.access import Access, Source
from data.gifts import fold
from overlay.answers import body, json_answer, page, refusal
from overlay.entry import PREVIEW, Entry
from overlay.frames import greeting, notice
from overlay.hub import Hub
from overlay.link import Link
from overlay.source_settings import Missing
from overlay.states import States
from overlay.widget import Widget

DOCKS_MAX = 20
MESSAGE_MAX = 1_024
TICK_S = 1.0
PING_S = 10.0
SILENT_S = 35.0
ADMIT_S = 60.0  # so often it is asked whether the login still holds
LOGGED_OUT, TOO_MANY = 4401, 4429
PLATFORM = "dock"
_DOCK = Widget(
    name="dock", title="Moderator dock", events=frozenset({"desk.changed", "pin.changed"})
)


class Act(BaseModel):
    """What somebody does. id: of this act, the same when it is sent again."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,60}$")]
    line: str = Field(min_length=1, max_length=300)
    name: str = Field(default="", max_length=40)
    stage: str = Field(default="main", max_length=32)


@dataclass(eq=False, slots=True)
class _Visit:
    """A connected dock. Times in seconds on the monotonic clock. told: about sources."""

    link: Link
    ticked: float
    pinged: float
    admitted: float
    told: dict[str, Any] | None = None


class Dock:
    """`/dock`, its socket and its acts. now: epoch ms; clock: monotonic, in seconds."""

    def __init__(
        self,
        *,
        entry: Entry,
        access: Access,
        hub: Hub,
        desk: Desk,
        states: States,
        policies: Policies,
        missing: Callable[[Source], Missing | None],
        now: Callable[[], int],
        platforms: Callable[[], list[dict[str, str]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entry, self._access, self._hub, self._desk = entry, access, hub, desk
        self._states, self._policies, self._now = states, policies, now
        self._platforms, self._missing, self._clock = platforms, missing, clock
        self._visits: set[_Visit] = set()

    def mount(self, app: web.Application) -> None:
        """See `overlay.server.Routes`."""
        app.router.add_get("/dock", self._page)
        app.router.add_get("/dock/socket", self._socket)
        app.router.add_post("/dock/acts", self._act)

    # --- the page ---

    async def _page(self, request: web.Request) -> web.Response:
        if "demo" in request.query:  # made-up data; nothing of this house is in it
            return page("dock.html", page_data={"choices": list(self._choices()), "demo": True})
        try:
            await self._entry.require(request)
        except web.HTTPUnauthorized:
            raise web.HTTPSeeOther("/login?next=/dock") from None
        stage = self._stage(request.query.get("stage", "main"))
        page_data = {
            "stage": stage,
            "csrf": self._entry.csrf(request),
            "choices": list(self._choices()),
            "demo": False,
        }
        return page("dock.html", page_data=page_data)

    def _choices(self) -> Sequence[str]:
        """What the command `alerts` offers: the page has buttons for these."""
        alerts = next(command for command in self._desk.commands if command.name == "alerts")
        return alerts.arguments[0].choices

    def _stage(self, name: str) -> str:
        if name != "main" and not self._policies.knows(name):
            raise web.HTTPNotFound(reason="there is no such stage")
        return name

    # --- what it does ---

    async def _act(self, request: web.Request) -> web.Response:
        await self._entry.require(request)
        asked = await body(request, Act)
        stage, line = self._stage(asked.stage), clean(asked.line)
        name = clean(asked.name) or "Moderator"
        verb = line.partition(" ")[0].lower()
        if verb not in {c.name for c in self._desk.commands if c.role == Role.MODERATOR}:
            return refusal(400, f"“{verb[:20]}” is nothing that moderators do", "See: help")
        message = ChatMessage(
            id=f"{PLATFORM}:{asked.id}",
            stage=stage,
            platform=PLATFORM,
            channel=PLATFORM,
            viewer=Chatter(fold(name) or name.casefold(), name, Role.MODERATOR),
            text=f"{self._policies.of(stage).prefix}{line}",
            at=self._now(),
        )
        reply = await self._desk.hear(message)
        if reply is None:
            return refusal(400, "that is no command here", "Reload the page.")
        answer: Mapping[str, Any] = {"reply": reply.text, "ok": reply.ok, "code": reply.code}
        match reply.code:
            case "key_reused":
                return json_answer({**answer, "error": reply.text, "fix": "Use a new id."}, 409)
            case "busy" | "journal_down":
                fix = "Send the same act again with the same id."
                return json_answer({**answer, "error": reply.text, "fix": fix}, 503)
            case _:
                return json_answer(answer)

    # --- what it shows ---

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        stage = self._stage(request.query.get("stage", "main"))
        ws = web.WebSocketResponse(compress=False, max_msg_size=MESSAGE_MAX)
        await ws.prepare(request)
        transport = request.transport
        if transport is None or not await self._entry.is_person(request):
            await ws.close(code=LOGGED_OUT, message=b"log in first")
            return ws
        if len(self._visits) >= DOCKS_MAX:
            await ws.close(code=TOO_MANY, message=b"too many docks")
            return ws
        now = self._clock()
        source = Source(0, stage, _DOCK.name, _DOCK.name, False, 0, b"")
        link = Link(source, _DOCK, transport, 0, now)
        visit = _Visit(link, ticked=now, pinged=now, admitted=now)
        self._visits.add(visit)
        link.send(greeting("welcome", stage=stage))
        self._tell_sources(visit)
        self._states.join(link, {})
        try:
            while not link.closed and await self._heard(ws, link):
                if not await self._tick(visit, request):
                    await ws.close(code=LOGGED_OUT, message=b"logged out")
        finally:
            link.closed = True
            self._states.leave(link)
            self._visits.discard(visit)
        return ws

    async def _heard(self, ws: web.WebSocketResponse, link: Link) -> bool:
        """Wait a moment for what the page says; False when it is gone."""
        try:
            message = await ws.receive(timeout=TICK_S)
        except TimeoutError:
            return True
        link.heard_at = self._clock()
        return message.type is WSMsgType.TEXT

    async def _tick(self, visit: _Visit, request: web.Request) -> bool:
        """What has to be looked at now and then; False when the login has ended."""
        now, link = self._clock(), visit.link
        if now - visit.ticked < TICK_S:
            return True
        visit.ticked = now
        self._tell_sources(visit)
        if now - link.heard_at > SILENT_S:
            link.cut()
        elif now - visit.pinged >= PING_S:
            visit.pinged = now
            link.send(greeting("ping"))
        if now - visit.admitted >= ADMIT_S:
            visit.admitted = now
            return await self._entry.is_person(request)
        return True

    def _tell_sources(self, visit: _Visit) -> None:
        """Which sources and chats are there; when that is not what the page knows."""
        stage = visit.link.source.stage
        sources = [
            {
                "name": source.name,
                "widget": source.widget,
                "settles": source.settles,
                "online": self._hub.connected(source),
                "active": self._hub.active(source),
                "missing": asdict(missing) if (missing := self._missing(source)) else None,
            }
            for source in self._access.sources(stage)
            if source.name != PREVIEW
        ]
        told = {"sources": sources, "platforms": self._platforms()}
        if told != visit.told:
            visit.told = told
            visit.link.send(notice("sources.changed", self._now(), **told))
