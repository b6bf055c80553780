"""Who is there, who subscribes, and whether the channel is live."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from tests.fakes.twitch.eventsub import EventSub
from tests.fakes.twitch.shapes import User, error, now


class Audience(EventSub):
    """present: in the chat room. subscribers: their tier by user id. stream: the id of the
    broadcast, empty while offline. offline_has_id: whether `stream.offline` names the broadcast;
    the page does not list it, the library reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.present: list[User] = []
        self.subscribers: dict[str, str] = {}
        self.stream = ""
        self.stream_since = ""
        self.offline_has_id = True

    def routes(self) -> list[web.RouteDef]:
        return [
            *super().routes(),
            web.get("/helix/chat/chatters", self._guarded(self._get_chatters)),
            web.get("/helix/subscriptions", self._guarded(self._get_subscriptions)),
            web.get("/helix/streams", self._guarded(self._get_streams)),
        ]

    # what a test does

    async def go_live(self, *, unheard: bool = False) -> str:
        """The channel goes live; the id of its broadcast."""
        self.stream, self.stream_since = self._uuid(), now()
        event = {
            "id": self.stream,
            **self.of_channel(),
            "type": "live",
            "started_at": self.stream_since,
        }
        if not unheard:
            await self.happen("stream.online", event)
        return self.stream

    async def go_offline(self, *, unheard: bool = False) -> None:
        ended, self.stream = self.stream, ""
        event = {**self.of_channel(), **({"id": ended} if self.offline_has_id else {})}
        if not unheard:
            await self.happen("stream.offline", event)

    # Helix

    async def _get_chatters(self, request: web.Request) -> web.Response:
        # api/reference/#get-chatters
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        query = request.query
        if not {"broadcaster_id", "moderator_id"} <= set(query):
            return error(400, "broadcaster_id and moderator_id are required")
        if query["moderator_id"] != grant.user.id:
            return error(401, "The ID in moderator_id must match the user ID in the token")
        if "moderator:read:chatters" not in grant.scopes:
            return error(401, "Missing scope: moderator:read:chatters")
        if grant.user.id not in {self.streamer.id, *self.moderators}:
            return error(403, "The user is not one of the broadcaster's moderators")
        if not 1 <= int(query.get("first", "100")) <= 1000:
            return error(400, "first must be 1 to 1000")
        rows = [_person(user) for user in self.present]
        page, pagination = _page(rows, query.get("after"), int(query.get("first", "100")))
        return web.json_response({"data": page, "pagination": pagination, "total": len(rows)})

    async def _get_subscriptions(self, request: web.Request) -> web.Response:
        # api/reference/#get-broadcaster-subscriptions
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        if request.query.get("broadcaster_id") != grant.user.id:
            return error(401, "The ID in broadcaster_id must match the user ID in the token")
        if "channel:read:subscriptions" not in grant.scopes:
            return error(401, "Missing scope: channel:read:subscriptions")
        asked = request.query.getall("user_id", [])
        if len(asked) > 100:
            return error(400, "at most 100 user ids")
        rows = [
            {
                "broadcaster_id": self.streamer.id,
                "broadcaster_login": self.streamer.login,
                "broadcaster_name": self.streamer.display_name,
                "is_gift": False,
                "gifter_id": "",
                "gifter_login": "",
                "gifter_name": "",
                "plan_name": "Channel Subscription",
                "tier": self.subscribers[user.id],
                **_person(user),
            }
            for user in self._users.values()
            if user.id in self.subscribers and (not asked or user.id in asked)
        ]
        totals = {"total": len(rows), "points": len(rows)}
        return web.json_response({"data": rows, "pagination": {}, **totals})

    async def _get_streams(self, request: web.Request) -> web.Response:
        # api/reference/#get-streams
        grant = self._who(request)
        if isinstance(grant, web.Response):
            return grant
        rows: list[dict[str, Any]] = []
        if self.stream and self.streamer.id in request.query.getall("user_id", []):
            rows.append(
                {
                    "id": self.stream,
                    **_person(self.streamer),
                    "game_id": "509658",
                    "game_name": "Just Chatting",
                    "type": "live",
                    "title": "hello",
                    "tags": [],
                    "viewer_count": len(self.present),
                    "started_at": self.stream_since,
                    "language": "en",
                    "thumbnail_url": "https://cdn.example/{width}x{height}.jpg",
                    "tag_ids": [],
                    "is_mature": False,
                }
            )
        return web.json_response({"data": rows, "pagination": {}})


def _person(user: User) -> dict[str, str]:
    return {"user_id": user.id, "user_login": user.login, "user_name": user.display_name}


def _page(
    rows: Sequence[dict[str, str]], after: str | None, size: int
) -> tuple[Sequence[dict[str, str]], dict[str, str]]:
    begin = int(after or "0")
    more = begin + size < len(rows)
    return rows[begin : begin + size], {"cursor": str(begin + size)} if more else {}
