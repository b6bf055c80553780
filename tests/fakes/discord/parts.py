"""What Discord's stand-in is made of: people, faults, sessions, calls, links, refusals."""

import asyncio
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]

MODERATE_MEMBERS = 1 << 40
EVERYONE_MAY = 1 << 10 | 1 << 11 | 1 << 16 | 1 << 31
INTENT_GUILD_MODERATION = 1 << 2
INTENT_GUILD_MESSAGES, INTENT_MESSAGE_CONTENT = 1 << 9, 1 << 15
STRING, INTEGER, USER = 3, 4, 6


@dataclass(frozen=True, slots=True)
class Person:
    """A user and member of the server."""

    id: str
    name: str
    nick: str = ""
    roles: tuple[str, ...] = ()
    bot: bool = False
    boosts: bool = False
    avatar: str = ""


@dataclass(slots=True)
class Faults:
    """What goes wrong on purpose. Counters say how many more times.

    lost_answers: a message is stored, then 502 is answered.
    dead_gateway: closing handshakes are never answered and nothing more is sent.
    silent_gateway: it says no HELLO.
    hold_posts, hold_answers: messages, or answers to calls, are not answered until it is set.
    duplicates: everything that is dispatched is dispatched twice.
    lost_callbacks: an answer to a call is taken, then 502 is answered.
    refuse_posts, refuse_history: the bot may not write, or read history, in any channel.
    refuse_audit_log: nor the audit log.
    hold_history: history is not answered until it is set.
    """

    refuse_token: bool = False
    refuse_content: bool = False
    login_errors: int = 0
    lost_answers: int = 0
    throttled: int = 0
    refuse_search: bool = False
    refuse_commands: bool = False
    dead_gateway: bool = False
    silent_gateway: bool = False
    hold_posts: asyncio.Event | None = None
    hold_answers: asyncio.Event | None = None
    duplicates: bool = False
    lost_callbacks: int = 0
    refuse_posts: bool = False
    refuse_history: bool = False
    refuse_audit_log: bool = False
    hold_history: asyncio.Event | None = None


@dataclass(slots=True)
class Session:
    """A gateway session: its intents and what was dispatched to it, kept for RESUME."""

    id: str
    intents: int
    seq: int = 0
    backlog: list[Json] = field(default_factory=list)
    link: "Link | None" = None


@dataclass(slots=True)
class Call:
    """An interaction: when it was sent and what was answered.

    message: the one that was pressed, then the one that answers. words: all that its asker read.
    """

    id: str
    token: str
    type: int
    sent_at: float
    person: Person
    message: Json = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    followups: list[Json] = field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        """What can be pressed below the answer."""
        return [part.get("label") or part["placeholder"] for part in parts_of(self.message)]

    @property
    def choices(self) -> list[Json]:
        """What autocomplete offered."""
        return [c for a in self.answers if a["type"] == 8 for c in a["data"]["choices"]]


def parts_of(message: Json) -> list[Json]:
    """The buttons and menus of a message."""
    return [part for row in message.get("components", []) for part in row["components"]]


class RefusalError(Exception):
    """An error answer. topics/opcodes-and-status-codes, "JSON Error Codes"."""

    def __init__(self, status: int, code: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers


class Link:
    """One websocket to a bot. events/gateway, "Transport Compression": zlib-stream or text."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._transport = request.transport
        compress = request.query.get("compress") == "zlib-stream"
        self._stream = zlib.compressobj() if compress else None

    @property
    def is_open(self) -> bool:
        closing = self._transport is None or self._transport.is_closing()
        return not (closing or self.socket.closed)

    async def send(self, payload: Json) -> None:
        text = json.dumps(payload)
        if self._stream is None:
            await self.socket.send_str(text)
            return
        packed = self._stream.compress(text.encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)

    def abort(self) -> None:
        """Cuts the connection without a word."""
        if self._transport:
            self._transport.abort()


def timestamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def as_json(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )
