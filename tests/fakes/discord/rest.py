"""The stand-in as a whole: REST and gateway on one port."""

import time
from collections import Counter, deque
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord.calls import Calls
from tests.fakes.discord.parts import INTENT_GUILD_MESSAGES, Json, Person, RefusalError, as_json
from tests.fakes.discord.rules import check_text, command_faults


class DiscordStandIn(Calls):
    """Discord on a free port of this machine; enter it, and point a bot at its addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.messages_per_period, self.period_s = 5, 5.0
        self.registrations = 0
        self.requests: Counter[str] = Counter()
        self.sent: list[Json] = []
        self.edits: list[Json] = []
        self._nonces: dict[str, Json] = {}
        self._posted: dict[str, deque[float]] = {}
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._errors])
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for link in self.links:
            link.abort()
        if self._runner:
            await self._runner.cleanup()

    def _routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        return [
            web.get("/gateway", self._gateway),
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/users/{{user}}", self._get_user),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.put(f"{api}/applications/{{app}}/commands", self._register),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._answer),
            web.post(f"{api}/webhooks/{{app}}/{{token}}", self._follow_up),
            web.patch(f"{api}/webhooks/{{app}}/{{token}}/messages/@original", self._edit_original),
            web.get(f"{api}/channels/{{channel}}", self._get_channel),
            web.get(f"{api}/channels/{{channel}}/messages", self._get_history),
            web.post(f"{api}/channels/{{channel}}/messages", self._post_message),
            web.patch(f"{api}/channels/{{channel}}/messages/{{message}}", self._edit_message),
            web.get(f"{api}/guilds/{{guild}}/members/search", self._search),
            web.get(f"{api}/guilds/{{guild}}/audit-logs", self._get_audit_log),
        ]

    @web.middleware
    async def _errors(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """reference, "Error Messages": a code and words, as `application/json` and no more."""
        resource = request.match_info.route.resource
        self.requests[f"{request.method} {resource.canonical if resource else '?'}"] += 1
        await self._tell()
        try:
            response: web.StreamResponse = await handler(request)
        except RefusalError as refusal:
            body: Json = {"code": refusal.code, "message": refusal.message}
            if refusal.status == 429:
                body |= {"retry_after": float(refusal.headers["Retry-After"]), "global": False}
            response = as_json(body, status=refusal.status, headers=refusal.headers)
        await self._tell()
        return response

    def _authorised(self, request: web.Request) -> None:
        """reference, "Authentication"."""
        told = request.headers.get("Authorization")
        if told != f"Bot {self.token}" or self.faults.refuse_token:
            raise RefusalError(401, 0, "401: Unauthorized")

    async def _me(self, request: web.Request) -> web.Response:
        """resources/user, "Get Current User"."""
        self._authorised(request)
        if self.faults.login_errors:
            self.faults.login_errors -= 1
            raise RefusalError(503, 0, "503: Service Unavailable")
        return as_json(self._bot())

    async def _application(self, request: web.Request) -> web.Response:
        """topics/oauth2, "Get Current Bot Application Information"."""
        self._authorised(request)
        return as_json(
            {
                "id": self.application_id,
                "name": "Gifts",
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "owner": self._user(Person(self.app_owner_id, "maker")),
                "team": None,
                "flags": 1 << 19,
                "interactions_endpoint_url": self.endpoint_url,
            }
        )

    async def _register(self, request: web.Request) -> web.Response:
        """interactions/application-commands, "Bulk Overwrite Global Application Commands"."""
        self._authorised(request)
        commands = await request.json()
        if self.faults.refuse_commands:
            raise RefusalError(403, 50001, "Missing Access")
        for fault in command_faults(commands):
            raise RefusalError(400, 50035, f"Invalid Form Body: {fault}")
        self.registrations += 1
        self.commands = [
            command
            | {"id": self.snowflake(), "application_id": self.application_id, "version": "1"}
            for command in commands
        ]
        return as_json(self.commands)

    async def _get_channel(self, request: web.Request) -> web.Response:
        """resources/channel, "Get Channel"."""
        self._authorised(request)
        return as_json(self._channel(self._known_channel(request)) | {"guild_id": self.guild_id})

    async def _get_history(self, request: web.Request) -> web.Response:
        """resources/message, "Get Channel Messages": newest first, without `member`."""
        self._authorised(request)
        channel_id = self._known_channel(request)
        if self.faults.hold_history:
            await self.faults.hold_history.wait()
        if self.faults.refuse_history:
            raise RefusalError(403, 50013, "Missing Permissions")
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise RefusalError(400, 50035, "Invalid Form Body: limit")
        found = [m for m in self.history if m["channel_id"] == channel_id and int(m["id"]) > after]
        return as_json(found[:limit][::-1])

    async def _post_message(self, request: web.Request) -> web.Response:
        """resources/message, "Create Message"; topics/rate-limits, "Header Format"."""
        self._authorised(request)
        channel_id = self._known_channel(request)
        if self.faults.refuse_posts:
            raise RefusalError(403, 50013, "Missing Permissions")
        if self.faults.hold_posts:
            await self.faults.hold_posts.wait()
        headers = self._spend(channel_id)
        body = await request.json()
        check_text(body)
        nonce = str(body.get("nonce", ""))
        if len(nonce) > 25:
            raise RefusalError(400, 50035, "Invalid Form Body: nonce")
        earlier = self._nonces.get(nonce) if body.get("enforce_nonce") and nonce else None
        if earlier is None:
            earlier = self._message(self._bot_person(), body["content"], channel_id)
            self.sent.append(body | {"channel_id": channel_id, "id": earlier["id"]})
            self._nonces[nonce] = earlier
            echo = earlier | {"guild_id": self.guild_id, "nonce": nonce}
            self.history.append(earlier)
            await self.dispatch("MESSAGE_CREATE", echo, INTENT_GUILD_MESSAGES)
        if self.faults.lost_answers:
            self.faults.lost_answers -= 1
            raise RefusalError(502, 0, "502: Bad Gateway")
        return as_json(earlier, headers=headers)

    async def _edit_message(self, request: web.Request) -> web.Response:
        """resources/message, "Edit Message"."""
        self._authorised(request)
        channel_id, message_id = self._known_channel(request), request.match_info["message"]
        headers = self._spend(channel_id)
        body = await request.json()
        check_text(body)
        found = next((m for m in self.history if m["id"] == message_id), None)
        if found is None:
            raise RefusalError(404, 10008, "Unknown Message")
        assert body["allowed_mentions"] == {"parse": []}
        found |= {"content": body["content"]}
        self.edits.append(body | {"id": message_id})
        return as_json(found, headers=headers)

    async def _get_audit_log(self, request: web.Request) -> web.Response:
        """resources/audit-log, "Get Guild Audit Log": with `after`, the oldest first."""
        self._authorised(request)
        guild, after = request.match_info["guild"], int(request.query["after"])
        if self.faults.refuse_audit_log or guild not in self.guilds:
            raise RefusalError(403, 50013, "Missing Permissions")
        here = [e for e in self.audit_log if e["guild_id"] == guild and int(e["id"]) > after]
        others = ("application_commands", "auto_moderation_rules", "integrations", "webhooks")
        lists: Json = {name: [] for name in (*others, "users", "threads", "guild_scheduled_events")}
        entries = here[: int(request.query["limit"])]
        return as_json(lists | {"audit_log_entries": entries})

    async def _get_user(self, request: web.Request) -> web.Response:
        """resources/user, "Get User"."""
        self._authorised(request)
        person = self.people.get(request.match_info["user"])
        if person is None:
            raise RefusalError(404, 10013, "Unknown User")
        return as_json(self._user(person))

    async def _search(self, request: web.Request) -> web.Response:
        """resources/guild, "Search Guild Members": user names and nicknames by their start."""
        self._authorised(request)
        if self.faults.refuse_search or request.match_info["guild"] not in self.guilds:
            raise RefusalError(403, 50001, "Missing Access")
        query = request.query["query"].lower()
        found = [
            self._member(person)
            for person in self.people.values()
            if person.name.lower().startswith(query) or person.nick.lower().startswith(query)
        ]
        return as_json(found[: int(request.query.get("limit", 1))])

    def _spend(self, channel_id: str) -> dict[str, str]:
        """Takes one message from the channel's allowance; 429 when it is used up.

        `Via` is there because an answer of Discord passes through its proxies; one without it
        is Cloudflare's and means a ban.
        """
        now = time.monotonic()
        posted = self._posted.setdefault(channel_id, deque())
        while posted and now - posted[0] >= self.period_s:
            posted.popleft()
        left = self.messages_per_period - len(posted)
        wait_s = self.period_s - (now - posted[0]) if posted else self.period_s
        if self.faults.throttled:
            self.faults.throttled -= 1
            left, wait_s = 0, 0.05
        headers = {
            "X-RateLimit-Limit": str(self.messages_per_period),
            "X-RateLimit-Remaining": str(max(left - 1, 0)),
            "X-RateLimit-Reset": f"{time.time() + wait_s:.3f}",
            "X-RateLimit-Reset-After": f"{wait_s:.3f}",
            "X-RateLimit-Bucket": "create-message",
            "Via": "1.1 google",
        }
        if left <= 0:
            headers |= {"Retry-After": f"{wait_s:.3f}", "X-RateLimit-Scope": "user"}
            raise RefusalError(429, 0, "You are being rate limited.", **headers)
        posted.append(now)
        return headers

    def _known_channel(self, request: web.Request) -> str:
        channel_id = request.match_info["channel"]
        if channel_id not in {self.channel_id, self.other_channel_id}:
            raise RefusalError(404, 10003, "Unknown Channel")
        return channel_id
