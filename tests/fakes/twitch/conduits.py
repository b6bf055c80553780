"""Conduits: subscriptions of an application that reach it over several websockets.

eventsub/handling-conduit-events/, api/reference/#create-conduits and the entries after it
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.twitch.chat import Chat
from tests.fakes.twitch.kinds import CHAT_SCOPES, KINDS
from tests.fakes.twitch.shapes import CHAT, READ, Grant, Link, Subscription, User, error, now

CONDUITS_MAX = 5


@dataclass
class Shard:
    """One of a conduit's ways to us. status: as #get-conduit-shards lists them."""

    status: str = "websocket_disconnected"
    session_id: str = ""
    connected_at: str = ""
    disconnected_at: str = ""


@dataclass
class Conduit:
    id: str
    shards: list[Shard] = field(default_factory=list)

    def resize(self, count: int) -> None:
        del self.shards[count:]
        self.shards += [Shard() for _ in range(count - len(self.shards))]


class Conduits(Chat):
    """reroutes: whether what a broken shard cannot deliver goes to one other shard.

    lists_old_session: whether a shard that was moved is listed under the session it had before;
    the pages do not say.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reroutes = True
        self.lists_old_session = False
        self._first_sessions: dict[str, str] = {}
        self.conduits: dict[str, Conduit] = {}
        self.lost: list[str] = []

    def routes(self) -> list[web.RouteDef]:
        conduits, shards = "/helix/eventsub/conduits", "/helix/eventsub/conduits/shards"
        return [
            *super().routes(),
            web.get(conduits, self._guarded(self._get_conduits)),
            web.post(conduits, self._guarded(self._create_conduit)),
            web.patch(conduits, self._guarded(self._resize_conduit)),
            web.delete(conduits, self._guarded(self._delete_conduit)),
            web.get(shards, self._guarded(self._get_shards)),
            web.patch(shards, self._guarded(self._assign_shards)),
        ]

    # what a test does

    async def say_in(self, channel: User, user: User, text: str) -> str:
        """Somebody types into the chat of a channel; the message's id."""
        message_id = self._uuid()
        event = self._chat_event(
            message_id, user, text, badges=(), shared_from=None, reply_to=""
        ) | {
            "broadcaster_user_id": channel.id,
            "broadcaster_user_login": channel.login,
            "broadcaster_user_name": channel.display_name,
        }
        self._said[message_id] = (user, text)
        for subscription in list(self.subscriptions.values()):
            wanted = subscription.condition.get("broadcaster_user_id")
            if subscription.type == CHAT and wanted == channel.id:
                await self._notify(subscription, event, message_id)
        return message_id

    def shard_of(self, channel: User) -> int:
        """Over which shard a channel's chat comes."""
        found = next(
            one
            for one in self.subscriptions.values()
            if one.type == CHAT and one.condition["broadcaster_user_id"] == channel.id
        )
        return self._shard_number(found)

    def link_of(self, number: int) -> Link:
        """The connection of a shard of the only conduit."""
        (conduit,) = self.conduits.values()
        link = self._link(conduit.shards[number].session_id)
        assert link is not None
        return link

    async def revoke_in(self, channel: User, reason: str = "authorization_revoked") -> None:
        """The people of one channel take their permission back."""
        for grant in self.grants:
            if grant.user == channel:
                grant.valid, grant.refresh = False, ""
        for subscription in list(self.subscriptions.values()):
            if subscription.condition.get("broadcaster_user_id") == channel.id:
                subscription.status = reason
                link = self._way(subscription)
                if link:
                    metadata = self._metadata("revocation") | {
                        "subscription_type": subscription.type,
                        "subscription_version": KINDS[subscription.type].version,
                    }
                    payload = {"subscription": self._shown(subscription)}
                    await link.socket.send_json({"metadata": metadata, "payload": payload})
        self._note()

    def enabled_shards(self) -> int:
        """How many shards could deliver now."""
        return sum(
            shard.status == "enabled"
            for conduit in self.conduits.values()
            for shard in conduit.shards
        )

    # Helix

    def _app(self, request: web.Request) -> Grant | web.Response:
        grant = self._who(request)
        if isinstance(grant, Grant) and not grant.is_app:
            return error(401, "an app access token is required")
        return grant

    async def _given(self, request: web.Request) -> dict[str, Any]:
        """The documents show a body; twitchio puts the same into the query."""
        body = await request.json() if request.can_read_body else {}
        return {**request.query, **body}

    async def _get_conduits(self, request: web.Request) -> web.Response:
        # #get-conduits
        app = self._app(request)
        if isinstance(app, web.Response):
            return app
        return web.json_response({"data": [_described(one) for one in self.conduits.values()]})

    async def _create_conduit(self, request: web.Request) -> web.Response:
        # #create-conduits
        app = self._app(request)
        if isinstance(app, web.Response):
            return app
        count = int((await self._given(request)).get("shard_count", 0))
        if not 1 <= count <= 20_000:
            return error(400, "The parameter shard_count must be 1 to 20000")
        if len(self.conduits) >= CONDUITS_MAX:
            return error(429, "Conduit limit reached. Maximum of 5 conduits allowed.")
        made = Conduit(self._uuid())
        made.resize(count)
        self.conduits[made.id] = made
        return web.json_response({"data": [_described(made)]})

    async def _resize_conduit(self, request: web.Request) -> web.Response:
        # #update-conduits
        app = self._app(request)
        if isinstance(app, web.Response):
            return app
        given = await self._given(request)
        conduit = self.conduits.get(given.get("id", ""))
        if conduit is None:
            return error(404, "Conduit not found")
        conduit.resize(int(given["shard_count"]))
        return web.json_response({"data": [_described(conduit)]})

    async def _delete_conduit(self, request: web.Request) -> web.Response:
        # #delete-conduit
        app = self._app(request)
        if isinstance(app, web.Response):
            return app
        gone = self.conduits.pop(request.query.get("id", ""), None)
        if gone is None:
            return error(404, "Conduit not found")
        for one in [s for s in self.subscriptions.values() if s.conduit_id == gone.id]:
            del self.subscriptions[one.id]
        return web.Response(status=204)

    async def _get_shards(self, request: web.Request) -> web.Response:
        # #get-conduit-shards
        app = self._app(request)
        if isinstance(app, web.Response):
            return app
        conduit = self.conduits.get(request.query.get("conduit_id", ""))
        if conduit is None:
            return error(404, "Conduit not found")
        rows = [_shard(number, shard) for number, shard in enumerate(conduit.shards)]
        if self.lists_old_session:
            for row in rows:
                now_named = row["transport"]["session_id"]
                row["transport"]["session_id"] = self._first_sessions.get(now_named, now_named)
        return web.json_response({"data": rows, "pagination": {}})

    async def _assign_shards(self, request: web.Request) -> web.Response:
        # #update-conduit-shards
        app = self._app(request)
        if isinstance(app, web.Response):
            return app
        given = await self._given(request)
        conduit = self.conduits.get(given.get("conduit_id", ""))
        if conduit is None:
            return error(404, "Conduit not found")
        rows, errors = [], []
        for asked in given["shards"]:
            number, transport = int(asked["id"]), asked["transport"]
            if number >= len(conduit.shards):
                errors.append(_failure(asked["id"], "The shard id is outside of the range"))
                continue
            link = self._link(transport.get("session_id", ""))
            if transport.get("method") != "websocket" or link is None:
                errors.append(_failure(asked["id"], "The websocket session does not exist"))
                continue
            link.used.set()
            conduit.shards[number] = Shard("enabled", link.session_id, now())
            rows.append(_shard(number, conduit.shards[number]))
        self._note()
        return web.json_response({"data": rows, "errors": errors}, status=202)

    # EventSub

    async def _subscribe(self, request: web.Request) -> web.Response:
        # api/reference/#create-eventsub-subscription, with an app access token
        grant = self._who(request)
        body = await request.json()
        if isinstance(grant, web.Response) or not grant.is_app:
            return await super()._subscribe(request)
        conduit = self.conduits.get(body["transport"].get("conduit_id", ""))
        if body["transport"].get("method") != "conduit" or conduit is None:
            return error(400, "invalid transport and auth combination")
        condition = body["condition"]
        if not self._app_allowed(body["type"], condition):
            return error(403, "subscription missing proper authorization")
        for known in self.subscriptions.values():
            same = (known.type, known.condition) == (body["type"], condition)
            if same and known.conduit_id == conduit.id and known.status == "enabled":
                return error(409, "subscription already exists")
        made = Subscription(
            self._uuid(), body["type"], condition, "", "", now(), conduit_id=conduit.id
        )
        self.subscriptions[made.id] = made
        totals = {"total": len(self.subscriptions), "total_cost": 0, "max_total_cost": 10_000}
        return web.json_response({"data": [self._shown(made)], **totals}, status=202)

    def _app_allowed(self, kind: str, condition: dict[str, str]) -> bool:
        """eventsub/eventsub-subscription-types/: the owner has given the scopes. For what is
        read in the chat the reader gave two, and the channel one, or made the reader a
        moderator."""
        asked = KINDS.get(kind)
        if asked is None or kind in self.refused:
            return False
        if asked.scopes != CHAT_SCOPES:
            return not asked.scopes or bool(asked.scopes & self._scopes(condition[asked.owner]))
        reader, channel = condition["user_id"], condition["broadcaster_user_id"]
        lets_in = reader in (channel, *self.moderators) or "channel:bot" in self._scopes(channel)
        return {READ, "user:bot"} <= self._scopes(reader) and lets_in

    def _scopes(self, user_id: str) -> set[str]:
        return {s for g in self.grants if g.valid and g.user.id == user_id for s in g.scopes}

    async def _list(self, request: web.Request) -> web.Response:
        # api/reference/#get-eventsub-subscriptions, with an app access token: in pages
        grant = self._who(request)
        if isinstance(grant, web.Response) or not grant.is_app:
            return await super()._list(request)
        rows = [self._shown(one) for one in self.subscriptions.values() if one.conduit_id]
        begin = int(request.query.get("after", "0"))
        some = rows[begin : begin + 100]
        more = {"cursor": str(begin + 100)} if begin + 100 < len(rows) else {}
        totals = {"total": len(rows), "total_cost": 0, "max_total_cost": 10_000}
        return web.json_response({"data": some, **totals, "pagination": more})

    def _shown(self, subscription: Subscription) -> dict[str, Any]:
        shown = super()._shown(subscription)
        if subscription.conduit_id:
            shown["transport"] = {"method": "conduit", "conduit_id": subscription.conduit_id}
        return shown

    def _shard_number(self, subscription: Subscription) -> int:
        conduit = self.conduits[subscription.conduit_id]
        return zlib.crc32(subscription.id.encode()) % len(conduit.shards)

    def _way(self, subscription: Subscription) -> Link | None:
        """The connection over which a subscription's events go now."""
        if not subscription.conduit_id:
            return super()._way(subscription)
        conduit = self.conduits[subscription.conduit_id]
        first = self._shard_number(subscription)
        order: Sequence[int] = [first]
        if self.reroutes and len(conduit.shards) > 1:
            order = [first, (first + 1) % len(conduit.shards)]
        for number in order:
            link = self._link(conduit.shards[number].session_id)
            if link and not link.socket.closed and not link.transport.is_closing():
                return link
        self.lost.append(subscription.id)
        return None

    def _moved(self, old: str, new: str) -> None:
        super()._moved(old, new)
        self._first_sessions[new] = self._first_sessions.get(old, old)
        for conduit in self.conduits.values():
            for shard in conduit.shards:
                if shard.session_id == old:
                    shard.session_id = new

    def _gone(self, link: Link) -> None:
        super()._gone(link)
        for conduit in self.conduits.values():
            for shard in conduit.shards:
                if shard.session_id == link.session_id:
                    shard.status, shard.disconnected_at = "websocket_disconnected", now()


def _described(conduit: Conduit) -> dict[str, Any]:
    return {"id": conduit.id, "shard_count": len(conduit.shards)}


def _shard(number: int, shard: Shard) -> dict[str, Any]:
    transport: dict[str, Any] = {"method": "websocket", "session_id": shard.session_id}
    transport["connected_at"] = shard.connected_at or None
    transport["disconnected_at"] = shard.disconnected_at or None
    return {"id": str(number), "status": shard.status, "transport": transport}


def _failure(shard_id: str, message: str) -> dict[str, str]:
    return {"id": shard_id, "message": message, "code": "invalid_parameter"}
