"""The socket of a browser source: a reader beside the writer, small messages, clear limits."""

import socket
from functools import partial
from typing import Annotated, Any, Literal

import structlog
from aiohttp import WSMessage, WSMsgType, web
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from data.access import Access
from overlay.hub import Hub
from overlay.link import BUFFER_MAX, Link
from overlay.receipts import Receipts
from overlay.widget import Widget

HELLO_S = 5.0
MESSAGE_MAX = 65_536
IDS_MAX = 2_000
BAD_TOKEN, BAD_MESSAGE, TOO_LATE = 4401, 4400, 4408

GiftId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}-[0-9a-f]{4}$")]
GiftIds = Annotated[list[GiftId], Field(max_length=IDS_MAX)]


class Hello(BaseModel):
    """The page's first message."""

    type: Literal["hello"]
    v: Literal[1]
    token: Annotated[str, StringConstraints(max_length=100)]
    shown: Annotated[list[str], Field(max_length=IDS_MAX)] = []


class Shown(BaseModel):
    """These are on screen."""

    type: Literal["shown"]
    gift_ids: GiftIds


class Dropped(BaseModel):
    """These were put away unseen."""

    type: Literal["dropped"]
    gift_ids: GiftIds


class State(BaseModel):
    """Whether the page can be seen."""

    type: Literal["state"]
    visible: bool
    active: bool = True


class Pong(BaseModel):
    """The page is there."""

    type: Literal["pong"]


Said = Annotated[Shown | Dropped | State | Pong, Field(discriminator="type")]
_SAID: TypeAdapter[Shown | Dropped | State | Pong] = TypeAdapter(Said)


class SocketHandler:
    """Serves `/o/socket`. clock: monotonic, in seconds."""

    def __init__(self, hub: Hub, access: Access, widgets: dict[str, Widget], clock: Any) -> None:
        self._hub, self._access, self._widgets, self._clock = hub, access, widgets, clock

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One page from its hello to its end."""
        ws = web.WebSocketResponse(compress=False, max_msg_size=MESSAGE_MAX)
        await ws.prepare(request)
        link = await self._greet(ws, request)
        if link is None:
            return ws
        receipts = Receipts(partial(self._hub.shown, link))
        try:
            async for message in ws:
                if not await self._hear(link, receipts, message):
                    await ws.close(code=BAD_MESSAGE, message=b"message not understood")
                    break
            await receipts.finish()
        finally:
            receipts.stop()
            self._hub.leave(link)
        return ws

    async def _greet(self, ws: web.WebSocketResponse, request: web.Request) -> Link | None:
        try:
            first = await ws.receive(timeout=HELLO_S)
            hello = Hello.model_validate_json(first.data)
        except TimeoutError:
            await ws.close(code=TOO_LATE, message=b"no hello")
            return None
        except (ValidationError, TypeError, ValueError):
            await ws.close(code=BAD_MESSAGE, message=b"no hello")
            return None
        source = self._access.by_token(hello.token)
        widget = self._widgets.get(source.widget) if source else None
        transport = request.transport
        if source is None or widget is None or transport is None:
            await ws.close(code=BAD_TOKEN, message=b"unknown token")
            return None
        transport.set_write_buffer_limits(high=2 * BUFFER_MAX)
        if sock := transport.get_extra_info("socket"):
            # the system would take megabytes for a page that reads nothing
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_MAX // 4)
        link = await self._hub.join(source, widget, transport, hello.shown)
        structlog.get_logger().info("overlay.joined", source=source.name, playing=link.playing)
        return link

    async def _hear(self, link: Link, receipts: Receipts, message: WSMessage) -> bool:
        """Act on what the page said; False when it makes no sense."""
        link.heard_at = self._clock()
        if message.type is not WSMsgType.TEXT:
            return message.type is WSMsgType.PONG
        try:
            said = _SAID.validate_json(message.data)
        except ValidationError:
            return False
        match said:
            case Shown():
                await receipts.add(said.gift_ids)
            case Dropped():
                await self._hub.dropped(link, said.gift_ids)
            case State():
                self._hub.look(link, visible=said.visible, active=said.active)
            case Pong():
                pass
        return True
