"""A stand-in for Twitch on 127.0.0.1: id.twitch.tv, Helix and the EventSub websocket.

It speaks the protocol as documented; each message names the page it follows, by its path under
dev.twitch.tv/docs. Where the pages leave something open there is a switch.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.allowance import Allowance

READ = "user:read:chat"
WRITE = "user:write:chat"
CHAT = "channel.chat.message"


@dataclass(frozen=True)
class User:
    id: str
    login: str
    display_name: str


@dataclass
class Grant:
    """What one sign-in gave: a pair of tokens for a user and an application."""

    user: User
    access: str
    refresh: str
    scopes: tuple[str, ...]
    client_id: str
    expires_in: int
    valid: bool = True


@dataclass
class Subscription:
    id: str
    type: str
    condition: dict[str, str]
    session_id: str
    user_id: str
    created_at: str
    status: str = "enabled"


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


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


class TwitchStandIn:
    """Use it as an async context manager; `settings` points a platform at it.

    client_secret: empty for an application registered as public.
    keep_session_id: whether a moved connection keeps its id; the pages do not say.
    conflict_across_sessions: whether a subscription of another socket is a duplicate (409).
    moderators, banned: user ids in the channel.
    allowance, staff_allowance: lines that the bot may say, as anybody and as a moderator.
    """

    def __init__(self) -> None:
        self.client_id = "giftcast-client"
        self.client_secret = ""
        self.keep_session_id = False
        self.conflict_across_sessions = False
        self.unused_s = 10.0
        self.keepalives = True
        self.moderators: set[str] = set()
        self.banned: set[str] = set()
        self.sent: list[Sent] = []
        self.allowance, self.staff_allowance = Allowance(20, 30.0), Allowance(100, 30.0)
        self.requests: list[str] = []
        self.grants: list[Grant] = []
        self.links: list[Link] = []
        self.subscriptions: dict[str, Subscription] = {}
        self.opened = self.welcomed = 0
        self._users: dict[str, User] = {}
        self._said: dict[str, tuple[User, str]] = {}
        self._notifications: dict[str, dict[str, Any]] = {}
        self._faults: list[tuple[str, int, dict[str, str]]] = []
        self._numbers = itertools.count(1)
        self._waiting: list[asyncio.Future[None]] = []
        self._welcomes, self._reads, self._sends = (asyncio.Event() for _ in range(3))
        for gate in (self._welcomes, self._reads, self._sends):
            gate.set()
        self._port = 0
        self.streamer = self.user("streamer", "Streamer")
        self.bot = self.user("giftbot", "GiftBot")

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.get("/oauth2/validate", self._guarded(self._validate)),
                web.post("/oauth2/token", self._guarded(self._token)),
                web.get("/helix/users", self._guarded(self._get_users)),
                web.post("/helix/eventsub/subscriptions", self._guarded(self._subscribe)),
                web.get("/helix/eventsub/subscriptions", self._guarded(self._list)),
                web.delete("/helix/eventsub/subscriptions", self._guarded(self._unsubscribe)),
                web.post("/helix/chat/messages", self._guarded(self._send)),
                web.get("/ws", self._guarded(self._eventsub)),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for gate in (self._welcomes, self._reads, self._sends):
            gate.set()
        for link in list(self.links):
            await link.socket.close(code=WSCloseCode.GOING_AWAY)
        await self._runner.cleanup()

    @property
    def settings(self) -> dict[str, object]:
        """The section `[twitch]`, without tokens."""
        base = f"http://127.0.0.1:{self._port}"
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "channel": self.streamer.login,
            "helix_url": f"{base}/helix/",
            "id_url": f"{base}/",
            "eventsub_url": f"ws://127.0.0.1:{self._port}/ws",
        }

    # what a test does

    def user(self, login: str, display_name: str = "") -> User:
        """Somebody with an account."""
        user = User(str(1000 + len(self._users)), login, display_name or login)
        self._users[user.id] = user
        return user

    def sign_in(
        self, user: User, scopes: Sequence[str] = (READ, WRITE), *, expires_in: int = 14_000
    ) -> Grant:
        """Somebody lets the application in."""
        number = next(self._numbers)
        grant = Grant(
            user,
            f"access-secret-{number}",
            f"refresh-secret-{number}%/+",  # real ones hold characters that must be escaped
            tuple(scopes),
            self.client_id,
            expires_in,
        )
        self.grants.append(grant)
        return grant

    def fault(self, where: str, status: int, times: int = 1, **headers: str) -> None:
        """Have the next requests there (`POST /helix/chat/messages`) fail; 0 cuts the line."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self._faults += [(where, status, named)] * times

    async def chat(
        self,
        user: User,
        text: str,
        *,
        badges: Sequence[str] = (),
        shared_from: User | None = None,
        reply_to: str = "",
    ) -> str:
        """Somebody types into the chat; the message's id."""
        message_id = self._uuid()
        self._said[message_id] = (user, text)
        event = self._chat_event(
            message_id, user, text, badges=badges, shared_from=shared_from, reply_to=reply_to
        )
        for subscription in list(self.subscriptions.values()):
            if subscription.type == CHAT and subscription.status == "enabled":
                await self._notify(subscription, event, message_id)
        return message_id

    async def redeliver(self, message_id: str) -> None:
        """Send a notification again, under its own id (eventsub/#handling-duplicate-events)."""
        for link in self.links:
            await link.socket.send_json(self._notifications[message_id])

    def notification(self, message_id: str) -> dict[str, Any]:
        """How a chat message went over the wire last."""
        return self._notifications[message_id]

    async def reconnect(self) -> None:
        """Ask every client to move (eventsub/handling-websocket-events/#reconnect-message)."""
        for link in self.links:
            query = f"?challenge=x&id={link.session_id}"
            session = self._session(link, "reconnecting")
            session["keepalive_timeout_seconds"] = None
            session["reconnect_url"] = f"ws://127.0.0.1:{self._port}/ws{query}"
            await link.socket.send_json(
                {"metadata": self._metadata("session_reconnect"), "payload": {"session": session}}
            )

    def hold_welcomes(self) -> None:
        """Accept connections, but do not welcome them yet."""
        self._welcomes.clear()

    def release_welcomes(self) -> None:
        self._welcomes.set()

    def hold_reads(self) -> None:
        """From now on, do not read what websockets send, not even that they close."""
        self._reads.clear()

    def hold_sends(self) -> None:
        """Take chat messages, but do not answer yet."""
        self._sends.clear()

    def release_sends(self) -> None:
        self._sends.set()

    def drop_tcp(self) -> None:
        """Every websocket breaks off without a word."""
        for link in self.links:
            link.transport.abort()

    async def revoke(self, reason: str = "authorization_revoked") -> None:
        """Take the subscriptions away (eventsub/handling-websocket-events/#revocation-message)."""
        for subscription in list(self.subscriptions.values()):
            link = self._link(subscription.session_id)
            subscription.status = reason
            del self.subscriptions[subscription.id]
            if link:
                metadata = self._metadata("revocation") | {
                    "subscription_type": subscription.type,
                    "subscription_version": "1",
                }
                payload = {"subscription": self._shown(subscription)}
                await link.socket.send_json({"metadata": metadata, "payload": payload})
        self._note()

    def listening(self) -> bool:
        """Whether somebody would receive chat now."""
        return any(self._link(one.session_id) for one in self.subscriptions.values())

    async def until(self, holds: Callable[[], object], within_s: float = 5.0) -> None:
        """Wait until something is so; it is looked at whenever anything happens here."""
        async with asyncio.timeout(within_s):
            while not holds():
                change = asyncio.get_running_loop().create_future()
                self._waiting.append(change)
                await change

    def _note(self) -> None:
        for change in self._waiting:
            if not change.done():
                change.set_result(None)
        self._waiting.clear()

    def _uuid(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._numbers):012d}"

    # id.twitch.tv

    def _guarded(self, handler: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            where = f"{request.method} {request.path}"
            self.requests.append(where)
            self._note()
            for fault in self._faults:
                if fault[0] == where:
                    self._faults.remove(fault)
                    self._note()
                    return self._broken(request, fault[1], fault[2])
            answer: web.StreamResponse = await handler(request)
            self._note()
            return answer

        return guarded

    @staticmethod
    def _broken(request: web.Request, status: int, headers: Mapping[str, str]) -> web.Response:
        if status == 0 and request.transport:
            request.transport.abort()
        body = {"error": "Fault", "status": status, "message": "a fault was ordered"}
        return web.json_response(body, status=status or 500, headers=headers)

    async def _validate(self, request: web.Request) -> web.Response:
        # authentication/validate-tokens/
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return _id_error(401, "missing authorization token")
        grant = self._grant(token)
        if scheme not in ("OAuth", "Bearer") or grant is None:
            return _id_error(401, "invalid access token")
        return web.json_response(
            {
                "client_id": grant.client_id,
                "login": grant.user.login,
                "scopes": list(grant.scopes),
                "user_id": grant.user.id,
                "expires_in": grant.expires_in,
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        # authentication/refresh-tokens/, errors as in authentication/getting-tokens-oauth/
        given = {**request.query, **await request.post()}
        if given.get("client_id") != self.client_id:
            return _id_error(400, "invalid client")
        if given.get("grant_type") != "refresh_token":
            return _id_error(400, "unsupported grant type")
        if self.client_secret and "client_secret" not in given:
            return _id_error(400, "missing client secret")
        if given.get("client_secret", "") != self.client_secret:
            return _id_error(403, "invalid client secret")
        if not given.get("refresh_token"):
            return _id_error(400, "missing refresh token")
        old = next((one for one in self.grants if one.refresh == given["refresh_token"]), None)
        if old is None:
            return _id_error(400, "Invalid refresh token")
        fresh = self.sign_in(old.user, old.scopes)
        old.valid = False
        if not self.client_secret:
            old.refresh = ""  # a public client's refresh token works once
        return web.json_response(
            {
                "access_token": fresh.access,
                "expires_in": fresh.expires_in,
                "refresh_token": fresh.refresh,
                "scope": list(fresh.scopes),
                "token_type": "bearer",
            }
        )

    def _grant(self, access: str) -> Grant | None:
        return next((one for one in self.grants if one.valid and one.access == access), None)

    # Helix: api/reference/, errors as in api/guide/

    def _who(self, request: web.Request) -> Grant | web.Response:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not token:
            return _error(401, "OAuth token is missing")
        grant = self._grant(token)
        if scheme != "Bearer" or grant is None:
            return _error(401, "Invalid OAuth token")
        if request.headers.get("Client-Id") != grant.client_id:
            return _error(401, "Client ID and OAuth token do not match")
        return grant

    async def _get_users(self, request: web.Request) -> web.Response:
        # api/reference/#get-users
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        ids, logins = request.query.getall("id", []), request.query.getall("login", [])
        if set(request.query) - {"id", "login"} or len(ids) + len(logins) > 100:
            return _error(400, "Too many or unknown parameters")
        if any(not login.replace("_", "").isalnum() for login in logins):
            return _error(400, "Invalid username(s), email(s), or ID(s). Bad Identifiers.")
        found = [user for user in self._users.values() if user.id in ids or user.login in logins]
        return web.json_response(
            {"data": [_profile(user) for user in (found if ids or logins else [grant.user])]}
        )

    async def _subscribe(self, request: web.Request) -> web.Response:
        # api/reference/#create-eventsub-subscription,
        # eventsub/eventsub-subscription-types/#channelchatmessage
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        body = await request.json()
        if set(body) != {"type", "version", "condition", "transport"}:
            return _error(400, "unexpected or missing fields")
        condition, transport = body["condition"], body["transport"]
        if (body["type"], body["version"]) != (CHAT, "1"):
            return _error(400, "invalid subscription type and version")
        if set(condition) != {"broadcaster_user_id", "user_id"}:
            return _error(400, "invalid condition")
        if set(transport) != {"method", "session_id"} or transport["method"] != "websocket":
            return _error(400, "invalid transport and auth combination")
        reader = condition["user_id"]
        if reader != grant.user.id or READ not in grant.scopes or reader in self.banned:
            return _error(403, "subscription missing proper authorization")
        link = self._link(transport["session_id"])
        if link is None:
            text = "websocket transport session does not exist or has already disconnected"
            return _error(400, text)
        for known in self.subscriptions.values():
            same = known.session_id == link.session_id or self.conflict_across_sessions
            if same and known.condition == condition:
                return _error(409, "subscription already exists")
        made = Subscription(self._uuid(), CHAT, condition, link.session_id, grant.user.id, now())
        self.subscriptions[made.id] = made
        link.used.set()
        totals = {"total": len(self.subscriptions), "total_cost": 0, "max_total_cost": 10}
        return web.json_response({"data": [self._shown(made)], **totals}, status=202)

    async def _list(self, request: web.Request) -> web.Response:
        # api/reference/#get-eventsub-subscriptions
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        if set(request.query) - {"status", "type", "user_id", "subscription_id", "after"}:
            return _error(400, "unknown parameter")
        status = request.query.get("status")
        own = [
            self._shown(one)
            for one in self.subscriptions.values()
            if one.user_id == grant.user.id and status in (None, one.status)
        ]
        totals = {"total": len(own), "total_cost": 0, "max_total_cost": 10}
        return web.json_response({"data": own, **totals, "pagination": {}})

    async def _unsubscribe(self, request: web.Request) -> web.Response:
        # api/reference/#delete-eventsub-subscription
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        if self.subscriptions.pop(request.query.get("id", ""), None) is None:
            return _error(404, "subscription not found")
        return web.Response(status=204)

    async def _send(self, request: web.Request) -> web.Response:
        # api/reference/#send-chat-message
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        await self._sends.wait()
        body = await request.json()
        text, parent = body.get("message", ""), body.get("reply_parent_message_id", "")
        if not {"broadcaster_id", "sender_id", "message"} <= set(body) or not text:
            return _error(400, "a required field is missing")
        if set(body) - {"broadcaster_id", "sender_id", "message", "reply_parent_message_id"}:
            return _error(400, "for_source_only and pin need other rights")
        if parent and parent not in self._said:
            return _error(400, "the message replied to does not exist")
        if body["sender_id"] != grant.user.id:
            return _error(401, "The ID in sender_id must match the user ID in the access token")
        if WRITE not in grant.scopes:
            return _error(401, "Missing scope: user:write:chat")
        if grant.user.id in self.banned:
            return _error(403, "The sender is not permitted to send chat messages here")
        if len(text) > 500:
            return _error(422, "The message is too large")
        return await self._speak(grant, text, parent)

    async def _speak(self, grant: Grant, text: str, parent: str) -> web.Response:
        staff = {self.streamer.id, *self.moderators}
        allowance = self.staff_allowance if grant.user.id in staff else self.allowance
        if wait_s := allowance.wait_s():
            # docs/chat/#rate-limits; the header as in api/guide/#twitch-rate-limits
            reset = {"Ratelimit-Reset": str(int(time.time() + wait_s) + 1)}
            body = {"error": "Error", "status": 429, "message": "Too many messages"}
            return web.json_response(body, status=429, headers=reset)
        message_id = self._uuid()
        said = {"message_id": message_id, "is_sent": True, "drop_reason": None}
        if grant.user.id not in staff and any(one.text == text for one in self.sent):
            reason = {"code": "msg_duplicate", "message": "Your message is identical"}
            return web.json_response(
                {"data": [said | {"message_id": "", "is_sent": False, "drop_reason": reason}]}
            )
        self.sent.append(Sent(grant.user, text, parent))
        badges = ["moderator"] if grant.user.id in self.moderators else []
        if grant.user == self.streamer:
            badges = ["broadcaster"]
        if parent:  # Twitch puts the name of whom it answers before the text
            text = f"@{self._said[parent][0].display_name} {text}"
        await self.chat(grant.user, text, badges=badges, reply_to=parent)
        return web.json_response({"data": [said]})

    # EventSub: eventsub/handling-websocket-events/, eventsub/websocket-reference/

    def _link(self, session_id: str) -> Link | None:
        return next((one for one in self.links if one.session_id == session_id), None)

    async def _eventsub(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=0.1)
        await socket.prepare(request)
        transport = request.transport
        assert isinstance(transport, asyncio.Transport)
        self.opened += 1
        self._note()
        await self._welcomes.wait()
        asked = int(request.query.get("keepalive_timeout_seconds", "10"))
        old = self._link(request.query.get("id", ""))
        session_id = old.session_id if old and self.keep_session_id else f"session-{self._uuid()}"
        keepalive_s = max(10, min(asked, 600))
        link = Link(socket, transport, session_id, keepalive_s, now())
        if old:
            old.moved = True
            link.used.set()
            for subscription in self.subscriptions.values():
                if subscription.session_id == old.session_id:
                    subscription.session_id = session_id
        self.links.insert(0, link)
        tasks = [
            asyncio.create_task(self._keep_alive(link)),
            asyncio.create_task(self._close_unused(link)),
        ]
        try:
            # #welcome-message
            welcome = {"session": self._session(link, "connected")}
            await socket.send_json(
                {"metadata": self._metadata("session_welcome"), "payload": welcome}
            )
            self.welcomed += 1
            self._note()
            await self._reads.wait()
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await socket.close(code=4001, message=b"client sent inbound traffic")
        except ConnectionError:
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.links.remove(link)
            if not link.moved:
                for subscription in list(self.subscriptions.values()):
                    if subscription.session_id == link.session_id:
                        self._disconnected(subscription)
            self._note()
        return socket

    def _disconnected(self, subscription: Subscription) -> None:
        if self.conflict_across_sessions:  # it stays behind, as after a dirty end
            return
        del self.subscriptions[subscription.id]

    async def _keep_alive(self, link: Link) -> None:
        # #keepalive-message
        while self.keepalives:
            await asyncio.sleep(link.keepalive_s)
            message = {"metadata": self._metadata("session_keepalive"), "payload": {}}
            await link.socket.send_json(message)

    async def _close_unused(self, link: Link) -> None:
        # #close-message, 4003: connection unused
        try:
            async with asyncio.timeout(self.unused_s):
                await link.used.wait()
        except TimeoutError:
            await link.socket.close(code=4003, message=b"connection unused")

    def _session(self, link: Link, status: str) -> dict[str, Any]:
        return {
            "id": link.session_id,
            "status": status,
            "connected_at": link.since,
            "keepalive_timeout_seconds": link.keepalive_s,
            "reconnect_url": None,
            "recovery_url": None,
        }

    def _metadata(self, kind: str) -> dict[str, Any]:
        return {
            "message_id": self._uuid(),
            "message_type": kind,
            "message_timestamp": now(),
        }

    async def _notify(
        self, subscription: Subscription, event: dict[str, Any], message_id: str
    ) -> None:
        # #notification-message
        metadata = self._metadata("notification") | {
            "subscription_type": subscription.type,
            "subscription_version": "1",
        }
        payload = {"subscription": self._shown(subscription), "event": event}
        message = {"metadata": metadata, "payload": payload}
        self._notifications[message_id] = message
        link = self._link(subscription.session_id)
        if link and not link.socket.closed:
            await link.socket.send_json(message)

    def _shown(self, subscription: Subscription) -> dict[str, Any]:
        return {
            "id": subscription.id,
            "status": subscription.status,
            "type": subscription.type,
            "version": "1",
            "condition": subscription.condition,
            "transport": {
                "method": "websocket",
                "session_id": subscription.session_id,
                "connected_at": subscription.created_at,
            },
            "created_at": subscription.created_at,
            "cost": 0,
        }

    def _chat_event(
        self,
        message_id: str,
        user: User,
        text: str,
        *,
        badges: Sequence[str],
        shared_from: User | None,
        reply_to: str,
    ) -> dict[str, Any]:
        # eventsub/eventsub-reference/#channel-chat-message-event
        source: dict[str, object] = {
            "source_broadcaster_user_id": shared_from and shared_from.id,
            "source_broadcaster_user_login": shared_from and shared_from.login,
            "source_broadcaster_user_name": shared_from and shared_from.display_name,
            "source_message_id": self._uuid() if shared_from else None,
            "source_badges": [] if shared_from else None,
            "is_source_only": None,
        }
        return {
            "broadcaster_user_id": self.streamer.id,
            "broadcaster_user_login": self.streamer.login,
            "broadcaster_user_name": self.streamer.display_name,
            "chatter_user_id": user.id,
            "chatter_user_login": user.login,
            "chatter_user_name": user.display_name,
            "message_id": message_id,
            "message": {"text": text, "fragments": self._fragments(text)},
            "color": "#00FF7F",
            "badges": [{"set_id": badge, "id": "1", "info": ""} for badge in badges],
            "message_type": "text",
            "cheer": None,
            "reply": self._parent(reply_to) if reply_to else None,
            "channel_points_custom_reward_id": None,
            "channel_points_animation_id": None,
            **source,
        }

    def _parent(self, message_id: str) -> dict[str, str]:
        author, text = self._said[message_id]
        names = {
            f"{part}_user_{what}": value
            for part in ("parent", "thread")
            for what, value in (
                ("id", author.id),
                ("login", author.login),
                ("name", author.display_name),
            )
        }
        return names | {
            "parent_message_id": message_id,
            "parent_message_body": text,
            "thread_message_id": message_id,
        }

    def _fragments(self, text: str) -> list[dict[str, Any]]:
        """The text in pieces; a name after `@` that exists is a piece of its own."""
        pieces: list[dict[str, Any]] = []
        by_name = {user.login: user for user in self._users.values()}
        for word in text.split(" "):
            user = by_name.get(word[1:].lower()) if word.startswith("@") else None
            mention = user and {
                "user_id": user.id,
                "user_login": user.login,
                "user_name": user.display_name,
            }
            kind = "mention" if user else "text"
            pieces.append(
                {"type": kind, "text": word, "cheermote": None, "emote": None, "mention": mention}
            )
        return pieces


def _profile(user: User) -> dict[str, object]:
    empty = ("type", "broadcaster_type", "description", "profile_image_url", "offline_image_url")
    return {
        "id": user.id,
        "login": user.login,
        "display_name": user.display_name,
        **dict.fromkeys(empty, ""),
        "view_count": 0,
        "created_at": "2016-12-14T20:32:28Z",
    }


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    body = {"error": "Error", "status": status, "message": message}
    return web.json_response(body, status=status, headers=headers)


def _id_error(status: int, message: str) -> web.Response:
    return web.json_response({"status": status, "message": message}, status=status)
