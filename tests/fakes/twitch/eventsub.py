"""EventSub: subscriptions through Helix, and the websocket that notifies.

eventsub/handling-websocket-events/, eventsub/websocket-reference/
"""

import asyncio
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.twitch.kinds import KINDS, Kind
from tests.fakes.twitch.oauth import OAuth
from tests.fakes.twitch.shapes import CHAT, Grant, Link, Subscription, User, error, now


class EventSub(OAuth):
    """keep_session_id: whether a moved connection keeps its id; the pages do not say.

    conflict_across_sessions: whether a subscription of another socket is a duplicate (409).
    refused: kinds of events that nobody may have.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keep_session_id = False
        self.conflict_across_sessions = False
        self.refused: set[str] = set()
        self.unused_s = 10.0
        self.keepalives = True
        self.links: list[Link] = []
        self.subscriptions: dict[str, Subscription] = {}
        self.opened = self.welcomed = 0
        self._notifications: dict[str, dict[str, Any]] = {}
        self._welcomes, self._reads = asyncio.Event(), asyncio.Event()
        for gate in (self._welcomes, self._reads):
            gate.set()

    def routes(self) -> list[web.RouteDef]:
        subscriptions = "/helix/eventsub/subscriptions"
        return [
            *super().routes(),
            web.post(subscriptions, self._guarded(self._subscribe)),
            web.get(subscriptions, self._guarded(self._list)),
            web.delete(subscriptions, self._guarded(self._unsubscribe)),
            web.get("/ws", self._guarded(self._eventsub)),
        ]

    # what a test does

    async def happen(self, kind: str, event: dict[str, Any], message_id: str = "") -> str:
        """Notify all who want to know of such events; under which name `redeliver` knows it."""
        message_id = message_id or self._uuid()
        channel = event.get("broadcaster_user_id") or event["to_broadcaster_user_id"]
        for one in list(self.subscriptions.values()):
            if one.type == kind and one.status == "enabled" and channel in one.condition.values():
                await self._notify(one, event, message_id)
        return message_id

    def of_channel(self) -> dict[str, str]:
        """The channel as events name it."""
        return {
            "broadcaster_user_id": self.streamer.id,
            "broadcaster_user_login": self.streamer.login,
            "broadcaster_user_name": self.streamer.display_name,
        }

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

    def drop_tcp(self) -> None:
        """Every websocket breaks off without a word."""
        for link in self.links:
            link.transport.abort()

    async def revoke(self, reason: str = "authorization_revoked", kind: str = "") -> None:
        """Take the subscriptions away, all or those of a kind
        (eventsub/handling-websocket-events/#revocation-message)."""
        for subscription in list(self.subscriptions.values()):
            if kind not in ("", subscription.type):
                continue
            link = self._link(subscription.session_id)
            subscription.status = reason
            del self.subscriptions[subscription.id]
            if link:
                metadata = self._metadata("revocation") | {
                    "subscription_type": subscription.type,
                    "subscription_version": KINDS[subscription.type].version,
                }
                payload = {"subscription": self._shown(subscription)}
                await link.socket.send_json({"metadata": metadata, "payload": payload})
        self._note()

    def listening(self, kind: str = CHAT) -> bool:
        """Whether somebody would receive such events now."""
        return any(
            one.conduit_id or self._link(one.session_id)
            for one in self.subscriptions.values()
            if one.type == kind and one.status == "enabled"
        )

    def chats(self) -> list[Subscription]:
        """The subscriptions to chats."""
        return [one for one in self.subscriptions.values() if one.type == CHAT]

    def owner_of(self, link: Link) -> User | None:
        """Whose subscriptions a websocket carries."""
        for one in self.subscriptions.values():
            if one.session_id == link.session_id:
                return self._users[one.user_id]
        return None

    async def hang_up(self) -> None:
        """Every websocket is closed, and nothing is held back any more."""
        for gate in (self._welcomes, self._reads):
            gate.set()
        for link in list(self.links):
            await link.socket.close(code=WSCloseCode.GOING_AWAY)

    # Helix

    async def _subscribe(self, request: web.Request) -> web.Response:
        # api/reference/#create-eventsub-subscription,
        # eventsub/eventsub-subscription-types/
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        body = await request.json()
        if set(body) != {"type", "version", "condition", "transport"}:
            return error(400, "unexpected or missing fields")
        condition, transport = body["condition"], body["transport"]
        kind = KINDS.get(body["type"])
        if kind is None or body["version"] != kind.version:
            return error(400, "invalid subscription type and version")
        named = set(condition)
        if not kind.condition <= named or named - kind.condition - kind.also:
            return error(400, "invalid condition")
        if set(transport) != {"method", "session_id"} or transport["method"] != "websocket":
            return error(400, "invalid transport and auth combination")
        if body["type"] in self.refused or not self._allowed(grant, kind, condition):
            return error(403, "subscription missing proper authorization")
        link = self._link(transport["session_id"])
        if link is None:
            text = "websocket transport session does not exist or has already disconnected"
            return error(400, text)
        for known in self.subscriptions.values():
            same = known.session_id == link.session_id or self.conflict_across_sessions
            if same and (known.type, known.condition) == (body["type"], condition):
                return error(409, "subscription already exists")
        made = Subscription(
            self._uuid(), body["type"], condition, link.session_id, grant.user.id, now()
        )
        self.subscriptions[made.id] = made
        link.used.set()
        totals = {"total": len(self.subscriptions), "total_cost": 0, "max_total_cost": 10}
        return web.json_response({"data": [self._shown(made)], **totals}, status=202)

    def _allowed(self, grant: Grant, kind: Kind, condition: dict[str, str]) -> bool:
        owner = condition[kind.owner] if kind.owner else grant.user.id
        allowed = not kind.scopes or bool(kind.scopes & set(grant.scopes))
        return allowed and owner == grant.user.id and owner not in self.banned

    async def _list(self, request: web.Request) -> web.Response:
        # api/reference/#get-eventsub-subscriptions
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        if set(request.query) - {"status", "type", "user_id", "subscription_id", "after"}:
            return error(400, "unknown parameter")
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
            return error(404, "subscription not found")
        return web.Response(status=204)

    # the websocket

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
            self._moved(old.session_id, session_id)
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
                self._gone(link)
            self._note()
        return socket

    def _moved(self, old: str, new: str) -> None:
        """A connection took over what another had."""
        for subscription in self.subscriptions.values():
            if subscription.session_id == old:
                subscription.session_id = new

    def _gone(self, link: Link) -> None:
        """A connection is no more, and none has taken its place."""
        for subscription in list(self.subscriptions.values()):
            if subscription.session_id == link.session_id:
                self._disconnected(subscription)

    def _way(self, subscription: Subscription) -> Link | None:
        """The connection over which a subscription's events go now."""
        return self._link(subscription.session_id)

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
            "subscription_version": KINDS[subscription.type].version,
        }
        payload = {"subscription": self._shown(subscription), "event": event}
        message = {"metadata": metadata, "payload": payload}
        self._notifications[message_id] = message
        link = self._way(subscription)
        if link and not link.socket.closed:
            with suppress(ConnectionError):  # the line is breaking just now
                await link.socket.send_json(message)

    def _shown(self, subscription: Subscription) -> dict[str, Any]:
        return {
            "id": subscription.id,
            "status": subscription.status,
            "type": subscription.type,
            "version": KINDS[subscription.type].version,
            "condition": subscription.condition,
            "transport": {
                "method": "websocket",
                "session_id": subscription.session_id,
                "connected_at": subscription.created_at,
            },
            "created_at": subscription.created_at,
            "cost": 0,
        }
