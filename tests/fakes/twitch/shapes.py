"""What the layers of the stand-in hand to each other."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

READ = "user:read:chat"
WRITE = "user:write:chat"
CHAT = "channel.chat.message"
ALL = (  # authentication/scopes/
    READ,
    WRITE,
    "user:bot",
    "channel:bot",
    "channel:manage:redemptions",
    "bits:read",
    "channel:read:subscriptions",
    "moderator:read:followers",
    "moderator:read:chatters",
    "channel:moderate",
)


@dataclass(frozen=True)
class User:
    id: str
    login: str
    display_name: str
    profile_image_url: str = ""


@dataclass
class Grant:
    """What one sign-in gave: a pair of tokens for a user and an application.

    is_app: the token of the application itself, of nobody and without a refresh token.
    """

    user: User
    access: str
    refresh: str
    scopes: tuple[str, ...]
    client_id: str
    expires_in: int
    valid: bool = True
    is_app: bool = False


@dataclass
class Subscription:
    id: str
    type: str
    condition: dict[str, str]
    session_id: str
    user_id: str
    created_at: str
    status: str = "enabled"
    conduit_id: str = ""


@dataclass
class Link:
    """One websocket. `moved`: a newer one has taken over its subscriptions."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport
    session_id: str
    keepalive_s: int
    since: str
    moved: bool = False
    used: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Sent:
    """A message that the bot put into the chat."""

    sender: User
    text: str
    reply_to: str
    channel_id: str = ""


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def profile(user: User) -> dict[str, object]:
    empty = ("type", "broadcaster_type", "description", "offline_image_url")
    return {
        "id": user.id,
        "login": user.login,
        "display_name": user.display_name,
        **dict.fromkeys(empty, ""),
        "profile_image_url": user.profile_image_url,
        "view_count": 0,
        "created_at": "2016-12-14T20:32:28Z",
    }


def error(status: int, message: str) -> web.Response:
    body = {"error": "Error", "status": status, "message": message}
    return web.json_response(body, status=status)


def id_error(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "message": message}, status=status)
