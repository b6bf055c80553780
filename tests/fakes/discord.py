"""A stand-in for Discord: REST and gateway, version 10, on a free port of this machine.

It is strict where Discord is (tokens, intents, nonces, command payloads, one answer in time) and
keeps what it was sent. Each part names the page of Discord's documentation that it follows, as
found in github.com/discord/discord-api-docs (`developers/…`). Not modelled: channel permission
overwrites, threads, voice, shards, entitlements, the real numbers of rate-limit buckets.
"""

import asyncio
import json
import re
import time
import zlib
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from aiohttp import WSMsgType, web

Json = dict[str, Any]
T = TypeVar("T")

EPOCH_MS = 1_420_070_400_000
MODERATE_MEMBERS = 1 << 40
EVERYONE_MAY = 1 << 10 | 1 << 11 | 1 << 16 | 1 << 31
INTENT_GUILD_MESSAGES, INTENT_MESSAGE_CONTENT = 1 << 9, 1 << 15
STRING, INTEGER, USER = 3, 4, 6
NAME = re.compile(r"[-_'\w]{1,32}")


@dataclass(frozen=True, slots=True)
class Person:
    """A user and member of the server."""

    id: str
    name: str
    nick: str = ""
    roles: tuple[str, ...] = ()
    bot: bool = False


@dataclass(slots=True)
class Faults:
    """What goes wrong on purpose. Counters say how many more times.

    lost_answers: a message is stored, then 502 is answered.
    dead_gateway: closing handshakes are never answered and nothing more is sent.
    silent_gateway: it says no HELLO.
    hold_posts: messages are not answered until it is set.
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
    """An interaction: when it was sent and what was answered."""

    id: str
    token: str
    type: int
    sent_at: float
    answers: list[Json] = field(default_factory=list)
    followups: list[Json] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """All that its asker read."""
        first = [a["data"]["content"] for a in self.answers if a["type"] == 4]
        return first + [f["content"] for f in self.followups]

    @property
    def choices(self) -> list[Json]:
        """What autocomplete offered."""
        return [c for a in self.answers if a["type"] == 8 for c in a["data"]["choices"]]


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


class DiscordStandIn:
    """One application, one bot, some servers, two channels."""

    def __init__(self) -> None:
        self.token = "a-bot-token"
        self.application_id, self.bot_id = "800", "900"
        self.owner = Person("1", "olga")
        self.guild_id, self.channel_id, self.other_channel_id = "500", "510", "511"
        self.moderator_role_id, self.plain_role_id = "520", "521"
        self.guilds = {self.guild_id: self.owner}
        self.people: dict[str, Person] = {self.owner.id: self.owner}
        self.app_owner_id = self.owner.id
        self.endpoint_url: str | None = None
        self.faults = Faults()
        self.answer_within_s = 3.0
        self.heartbeat_ms = 41_250
        self.messages_per_period, self.period_s = 5, 5.0
        self.commands: list[Json] = []
        self.registrations = 0
        self.requests: Counter[str] = Counter()
        self.identifies: list[Json] = []
        self.connections = 0
        self.resumes = 0
        self.sent: list[Json] = []
        self.history: list[Json] = []
        self.calls: dict[str, Call] = {}
        self.url = ""
        self._sessions: dict[str, Session] = {}
        self._nonces: dict[str, Json] = {}
        self._posted: dict[str, deque[float]] = {}
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._last_id = 0

    # -- for tests ---------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/gateway"

    @property
    def links(self) -> list[Link]:
        """The gateway connections that are open now."""
        open_links = (s.link for s in self._sessions.values() if s.link)
        return [link for link in open_links if link.is_open]

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

    async def until(self, what: Callable[[], T], within_s: float = 5.0) -> T:
        """Waits until something has become true here, and returns it."""

        async def watch() -> T:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(what()))
            return what()

        return await asyncio.wait_for(watch(), within_s)

    async def ready(self) -> None:
        """Waits until a bot listens."""
        await self.until(lambda: self.links)

    def person(self, name: str, *roles: str, nick: str = "", bot: bool = False) -> Person:
        """A new member of the server."""
        person = Person(self.snowflake(), name, nick, roles, bot)
        self.people[person.id] = person
        return person

    async def message(
        self,
        person: Person,
        text: str,
        *,
        channel_id: str = "",
        guild_id: str = "",
        webhook: bool = False,
        type: int = 0,  # noqa: A002 - Discord's word
    ) -> str:
        """Somebody types; returns the message's id."""
        data = self._message(person, text, channel_id or self.channel_id)
        data |= {"type": type}
        if webhook:
            data |= {"webhook_id": self.snowflake()}
        self.history.append(data)
        guild = guild_id or self.guild_id
        gateway = {"guild_id": guild, "member": self._member(person, user=False)}
        await self.dispatch("MESSAGE_CREATE", data | gateway, INTENT_GUILD_MESSAGES)
        return str(data["id"])

    async def join(self, guild_id: str, owner: Person) -> None:
        """Somebody invites the bot to another server."""
        self.guilds[guild_id] = owner
        await self.dispatch("GUILD_CREATE", self._guild(guild_id))

    async def edit(self, message_id: str, text: str) -> None:
        """Somebody edits a message. events/gateway-events, "Message Update"."""
        data = next(m for m in self.history if m["id"] == message_id) | {"content": text}
        data |= {"edited_timestamp": _timestamp(), "guild_id": self.guild_id}
        await self.dispatch("MESSAGE_UPDATE", data, INTENT_GUILD_MESSAGES)

    async def delete(self, message_id: str) -> None:
        """Somebody deletes a message. events/gateway-events, "Message Delete"."""
        data = {"id": message_id, "channel_id": self.channel_id, "guild_id": self.guild_id}
        await self.dispatch("MESSAGE_DELETE", data, INTENT_GUILD_MESSAGES)

    async def slash(
        self,
        person: Person,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        guild_id: str = "",
        hint_lifted: bool = False,
    ) -> Call:
        """Somebody calls a command, as far as Discord lets them.

        hint_lifted: the server has allowed the command to everybody.
        """
        command = self._command(name)
        needed = int(command.get("default_member_permissions") or 0)
        if not hint_lifted:
            has = self._permissions(person, guild_id)
            assert has & needed == needed, f"Discord hides /{name} from {person.name}"
        filled = self._options(command, options or {})
        return await self._interact(2, person, command, filled, guild_id or self.guild_id)

    async def autocomplete(self, person: Person, name: str, option: str, typed: str) -> Call:
        """Somebody is typing an option."""
        command = self._command(name)
        known = next(o for o in command["options"] if o["name"] == option)
        assert known.get("autocomplete"), f"/{name} {option} has no autocomplete"
        focused = {"name": option, "type": known["type"], "value": typed, "focused": True}
        return await self._interact(4, person, command, [focused], self.guild_id)

    async def replay(self, call: Call) -> None:
        """Sends an interaction a second time, as an overlapping RESUME may."""
        for session in self._sessions.values():
            for event in session.backlog:
                if event["t"] == "INTERACTION_CREATE" and event["d"]["id"] == call.id:
                    link = session.link
                    if link and link.is_open:
                        await link.send(event)

    async def reconnect(self) -> None:
        """Asks bots to reconnect. events/gateway, "Reconnect" (opcode 7)."""
        for link in self.links:
            await link.send({"op": 7, "d": None, "s": None, "t": None})

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Ends sessions. events/gateway-events, "Invalid Session" (opcode 9)."""
        links = self.links
        if not resumable:
            self._sessions.clear()
        for link in links:
            await link.send({"op": 9, "d": resumable, "s": None, "t": None})

    def abort(self) -> None:
        """Cuts the connections, as a network does."""
        for link in self.links:
            link.abort()

    def snowflake(self) -> str:
        """A new id, larger than all before. reference, "Snowflakes"."""
        fresh = (int(time.time() * 1000) - EPOCH_MS) << 22
        self._last_id = max(fresh, self._last_id + 1)
        return str(self._last_id)

    # -- gateway -----------------------------------------------------------------------------

    async def dispatch(self, event: str, data: Json, intent: int = 0) -> None:
        """Sends an event to the sessions that want it, now or when they resume.

        events/gateway, "Gateway Intents" and "Message Content Intent": without the latter the
        text of others is empty.
        """
        for session in list(self._sessions.values()):
            if intent and not session.intents & intent:
                continue
            seen = dict(data)
            hidden = not session.intents & INTENT_MESSAGE_CONTENT
            if event == "MESSAGE_CREATE" and hidden and data["author"]["id"] != self.bot_id:
                seen["content"] = ""
            await self._to(session, event, seen)

    async def _to(self, session: Session, event: str, data: Json) -> None:
        session.seq += 1
        payload = {"op": 0, "t": event, "s": session.seq, "d": data}
        session.backlog.append(payload)
        if session.link and session.link.is_open:
            await session.link.send(payload)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        """events/gateway, "Connection Lifecycle"."""
        socket = web.WebSocketResponse(autoclose=not self.faults.dead_gateway)
        await socket.prepare(request)
        link = Link(socket, request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await socket.close(code=4012)
            return socket
        self.connections += 1
        await self._tell()
        if not self.faults.silent_gateway:
            await link.send({"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms}})
        session: Session | None = None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            payload = json.loads(frame.data)
            op, data = payload["op"], payload["d"]
            if op == 1:
                await link.send({"op": 11})
            elif op in {2, 6} and session is not None:
                await socket.close(code=4005)
            elif op in {2, 6}:
                session = await (self._identify if op == 2 else self._resume)(link, data)
            elif session is None:
                await socket.close(code=4003)
            elif op not in {3, 4, 8}:
                await socket.close(code=4001)
            await self._tell()
        if self.faults.dead_gateway:
            await asyncio.Event().wait()
        await self._tell()
        return socket

    async def _identify(self, link: Link, data: Json) -> Session | None:
        """events/gateway-events, "Identify", "Ready", "Guild Create"."""
        self.identifies.append(data)
        assert {"token", "intents", "properties"} <= data.keys()
        if data["token"] != self.token or self.faults.refuse_token:
            await link.socket.close(code=4004)
            return None
        if data["intents"] & INTENT_MESSAGE_CONTENT and self.faults.refuse_content:
            await link.socket.close(code=4014)
            return None
        session = Session(self.snowflake(), data["intents"], link=link)
        self._sessions[session.id] = session
        ready = {
            "v": 10,
            "user": self._bot(),
            "guilds": [{"id": guild_id, "unavailable": True} for guild_id in self.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.gateway_url,
            "application": {"id": self.application_id, "flags": 1 << 19},
        }
        await self._to(session, "READY", ready)
        for guild_id in self.guilds:
            await self._to(session, "GUILD_CREATE", self._guild(guild_id))
        return session

    async def _resume(self, link: Link, data: Json) -> Session | None:
        """events/gateway, "Resuming": what was missed, in order, then RESUMED."""
        session = self._sessions.get(data["session_id"])
        if data["token"] != self.token:
            await link.socket.close(code=4004)
            return None
        if session is None or data["seq"] > session.seq:
            await link.send({"op": 9, "d": False})
            return None
        self.resumes += 1
        session.link = link
        for payload in [p for p in session.backlog if p["s"] > data["seq"]]:
            await link.send(payload)
        await self._to(session, "RESUMED", {})
        return session

    # -- REST --------------------------------------------------------------------------------

    def _routes(self) -> list[web.RouteDef]:
        api = "/api/v10"
        return [
            web.get("/gateway", self._gateway),
            web.get(f"{api}/users/@me", self._me),
            web.get(f"{api}/oauth2/applications/@me", self._application),
            web.put(f"{api}/applications/{{app}}/commands", self._register),
            web.post(f"{api}/interactions/{{id}}/{{token}}/callback", self._answer),
            web.post(f"{api}/webhooks/{{app}}/{{token}}", self._follow_up),
            web.get(f"{api}/channels/{{channel}}", self._get_channel),
            web.get(f"{api}/channels/{{channel}}/messages", self._get_history),
            web.post(f"{api}/channels/{{channel}}/messages", self._post_message),
            web.get(f"{api}/guilds/{{guild}}/members/search", self._search),
        ]

    @web.middleware
    async def _errors(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """reference, "Error Messages": a code and words, as `application/json` and no more."""
        resource = request.match_info.route.resource
        self.requests[f"{request.method} {resource.canonical if resource else '?'}"] += 1
        try:
            response: web.StreamResponse = await handler(request)
        except RefusalError as refusal:
            body: Json = {"code": refusal.code, "message": refusal.message}
            if refusal.status == 429:
                body |= {"retry_after": float(refusal.headers["Retry-After"]), "global": False}
            response = _json(body, status=refusal.status, headers=refusal.headers)
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
        return _json(self._bot())

    async def _application(self, request: web.Request) -> web.Response:
        """topics/oauth2, "Get Current Bot Application Information"."""
        self._authorised(request)
        return _json(
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
        return _json(self.commands)

    async def _answer(self, request: web.Request) -> web.Response:
        """interactions/receiving-and-responding, "Create Interaction Response".

        It wants no bot token: the interaction's own token is in the path. Not bound to the
        global rate limit (topics/rate-limits, "Global Rate Limit").
        """
        call = self.calls.get(request.match_info["id"])
        known = call is not None and call.token == request.match_info["token"]
        if call is None or not known or self._is_late(call):
            raise RefusalError(404, 10062, "Unknown interaction")
        if call.answers:
            raise RefusalError(400, 40060, "Interaction has already been acknowledged.")
        body = await request.json()
        allowed = {8} if call.type == 4 else {4, 5}
        if body["type"] not in allowed:
            raise RefusalError(400, 50035, "Invalid Form Body: type")
        _check_answer(body)
        call.answers.append(body)
        ephemeral = bool(body.get("data", {}).get("flags", 0) & 1 << 6)
        told = {"id": call.id, "type": call.type, "response_message_ephemeral": ephemeral}
        return _json({"interaction": told | {"response_message_loading": body["type"] == 5}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        """interactions/receiving-and-responding, "Create Followup Message"."""
        token = request.match_info["token"]
        call = next((c for c in self.calls.values() if c.token == token), None)
        if call is None or not call.answers or request.match_info["app"] != self.application_id:
            raise RefusalError(404, 10015, "Unknown Webhook")
        body = await request.json()
        _check_text(body)
        call.followups.append(body)
        return _json(self._message(self._bot_person(), body["content"], self.channel_id))

    async def _get_channel(self, request: web.Request) -> web.Response:
        """resources/channel, "Get Channel"."""
        self._authorised(request)
        return _json(self._channel(self._known_channel(request)) | {"guild_id": self.guild_id})

    async def _get_history(self, request: web.Request) -> web.Response:
        """resources/message, "Get Channel Messages": newest first, without `member`."""
        self._authorised(request)
        channel_id = self._known_channel(request)
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise RefusalError(400, 50035, "Invalid Form Body: limit")
        found = [m for m in self.history if m["channel_id"] == channel_id and int(m["id"]) > after]
        return _json(found[:limit][::-1])

    async def _post_message(self, request: web.Request) -> web.Response:
        """resources/message, "Create Message"; topics/rate-limits, "Header Format"."""
        self._authorised(request)
        channel_id = self._known_channel(request)
        if self.faults.hold_posts:
            await self.faults.hold_posts.wait()
        headers = self._spend(channel_id)
        body = await request.json()
        _check_text(body)
        nonce = str(body.get("nonce", ""))
        if len(nonce) > 25:
            raise RefusalError(400, 50035, "Invalid Form Body: nonce")
        earlier = self._nonces.get(nonce) if body.get("enforce_nonce") and nonce else None
        if earlier is None:
            self.sent.append(body | {"channel_id": channel_id})
            earlier = self._message(self._bot_person(), body["content"], channel_id)
            self._nonces[nonce] = earlier
            echo = earlier | {"guild_id": self.guild_id, "nonce": nonce}
            self.history.append(earlier)
            await self.dispatch("MESSAGE_CREATE", echo, INTENT_GUILD_MESSAGES)
        if self.faults.lost_answers:
            self.faults.lost_answers -= 1
            raise RefusalError(502, 0, "502: Bad Gateway")
        return _json(earlier, headers=headers)

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
        return _json(found[: int(request.query.get("limit", 1))])

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

    # -- objects -----------------------------------------------------------------------------

    def _user(self, person: Person) -> Json:
        """resources/user, "User Object"."""
        return {
            "id": person.id,
            "username": person.name,
            "discriminator": "0",
            "global_name": person.name.title(),
            "avatar": None,
            "bot": person.bot,
        }

    def _bot_person(self) -> Person:
        return Person(self.bot_id, "gifts", bot=True)

    def _bot(self) -> Json:
        return self._user(self._bot_person())

    def _member(self, person: Person, *, user: bool = True) -> Json:
        """resources/guild, "Guild Member Object"; partial in a message, there without `user`."""
        member: Json = {
            "nick": person.nick or None,
            "avatar": None,
            "roles": list(person.roles),
            "joined_at": "2024-01-01T00:00:00+00:00",
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
        }
        return member | {"user": self._user(person)} if user else member

    def _permissions(self, person: Person, guild_id: str = "") -> int:
        """topics/permissions, "Permission Hierarchy": the owner may do anything."""
        if self.guilds[guild_id or self.guild_id].id == person.id:
            return (1 << 51) - 1
        may = EVERYONE_MAY
        if self.moderator_role_id in person.roles:
            may |= MODERATE_MEMBERS
        return may

    def _guild(self, guild_id: str) -> Json:
        """resources/guild, "Guild Object", and events/gateway-events, "Guild Create"."""
        roles = {guild_id: EVERYONE_MAY}
        if guild_id == self.guild_id:
            roles |= {
                self.moderator_role_id: EVERYONE_MAY | MODERATE_MEMBERS,
                self.plain_role_id: EVERYONE_MAY,
            }
        channels = [self.channel_id, self.other_channel_id] if guild_id == self.guild_id else []
        return {
            "id": guild_id,
            "name": f"Server {guild_id}",
            "owner_id": self.guilds[guild_id].id,
            "unavailable": False,
            "member_count": len(self.people) + 1,
            "large": False,
            "roles": [
                _role(role_id, may, place) for place, (role_id, may) in enumerate(roles.items())
            ],
            "channels": [self._channel(channel_id) for channel_id in channels],
            "members": [self._member(self._bot_person())],
            "emojis": [],
            "features": [],
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _channel(self, channel_id: str) -> Json:
        """resources/channel, "Channel Object": a text channel."""
        return {
            "id": channel_id,
            "type": 0,
            "name": f"channel-{channel_id}",
            "position": 0,
            "permission_overwrites": [],
            "nsfw": False,
            "topic": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "parent_id": None,
        }

    def _message(self, person: Person, text: str, channel_id: str) -> Json:
        """resources/message, "Message Object"."""
        named = [self.people[i] for i in re.findall(r"<@!?(\d+)>", text) if i in self.people]
        return {
            "id": self.snowflake(),
            "channel_id": channel_id,
            "author": self._user(person),
            "content": text,
            "timestamp": _timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [self._user(p) | {"member": self._member(p, user=False)} for p in named],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
        }

    # -- interactions ------------------------------------------------------------------------

    async def _interact(
        self, kind: int, person: Person, command: Json, options: list[Json], guild_id: str
    ) -> Call:
        """interactions/receiving-and-responding, "Interaction Structure"."""
        call = Call(self.snowflake(), f"token-{self.snowflake()}", kind, time.monotonic())
        self.calls[call.id] = call
        named = [self.people[str(o["value"])] for o in options if o["type"] == USER]
        resolved = {
            "users": {p.id: self._user(p) for p in named},
            "members": {p.id: self._member(p, user=False) | {"permissions": "0"} for p in named},
        }
        permissions = str(self._permissions(person, guild_id))
        data: Json = {
            "id": command["id"],
            "name": command["name"],
            "type": 1,
            "options": options,
        }
        await self.dispatch(
            "INTERACTION_CREATE",
            {
                "id": call.id,
                "application_id": self.application_id,
                "type": kind,
                "data": data | ({"resolved": resolved} if named and kind == 2 else {}),
                "guild": {"id": guild_id, "locale": "en-US", "features": []},
                "guild_id": guild_id,
                "channel": self._channel(self.channel_id),
                "channel_id": self.channel_id,
                "member": self._member(person) | {"permissions": permissions},
                "token": call.token,
                "version": 1,
                "app_permissions": str(EVERYONE_MAY),
                "locale": "en-US",
                "guild_locale": "en-US",
                "entitlements": [],
                "authorizing_integration_owners": {"0": guild_id},
                "context": 0,
                "attachment_size_limit": 10_485_760,
            },
        )
        return call

    def _is_late(self, call: Call) -> bool:
        return time.monotonic() - call.sent_at > self.answer_within_s

    def _command(self, name: str) -> Json:
        command = next((c for c in self.commands if c["name"] == name), None)
        assert command is not None, f"Discord knows no /{name}"
        return command

    def _options(self, command: Json, given: Mapping[str, object]) -> list[Json]:
        """What Discord's own program lets a person fill in.

        interactions/application-commands, "Application Command Option Structure".
        """
        known = {option["name"]: option for option in command.get("options", [])}
        assert given.keys() <= known.keys(), f"unknown options {given.keys() - known.keys()}"
        missing = {name for name, o in known.items() if o.get("required")} - given.keys()
        assert not missing, f"required options missing: {missing}"
        filled = []
        for name, value in given.items():
            option = known[name]
            if option["type"] == INTEGER:
                assert isinstance(value, int)
                assert option["min_value"] <= value <= option["max_value"]
            elif option["type"] == STRING:
                listed = [choice["value"] for choice in option.get("choices", [])]
                assert not listed or value in listed
                assert len(str(value)) <= option.get("max_length", 6_000)
            filled.append({"name": name, "type": option["type"], "value": value})
        return filled

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def command_faults(commands: list[Json]) -> list[str]:
    """What is wrong with a list of commands.

    interactions/application-commands, "Application Command Naming", "Application Command Option
    Structure", "Registering a Command" and "Slash Commands".
    """
    faults = []
    if len(commands) > 100 or len({c["name"] for c in commands}) != len(commands):
        faults.append("too many commands, or two of one name")
    for command in commands:
        options = command.get("options", [])
        for thing in [command, *options]:
            name, description = thing["name"], thing["description"]
            if not NAME.fullmatch(name) or name != name.lower():
                faults.append(f"name {name!r}")
            if not 1 <= len(description) <= 100:
                faults.append(f"description of {name!r}")
        needed = [bool(option.get("required")) for option in options]
        if needed != sorted(needed, reverse=True):
            faults.append(f"required options of {command['name']!r} after optional ones")
        if len(options) > 25 or any(len(o.get("choices", [])) > 25 for o in options):
            faults.append(f"too many options or choices in {command['name']!r}")
        if any(o.get("autocomplete") and o.get("choices") for o in options):
            faults.append(f"autocomplete beside choices in {command['name']!r}")
        if len(json.dumps([(t["name"], t["description"]) for t in [command, *options]])) > 8_000:
            faults.append(f"{command['name']!r} is too long")
    return faults


def _check_text(body: Json) -> None:
    if not 1 <= len(body.get("content") or "") <= 2_000:
        raise RefusalError(400, 50035, "Invalid Form Body: content")


def _check_answer(body: Json) -> None:
    """receiving-and-responding, "Interaction Callback Data Structure"."""
    if body["type"] == 4:
        _check_text(body["data"])
    if body["type"] == 8:
        choices = body["data"]["choices"]
        lengths = [len(str(text)) for c in choices for text in (c["name"], c["value"])]
        if len(choices) > 25 or not all(1 <= length <= 100 for length in lengths):
            raise RefusalError(400, 50035, "Invalid Form Body: choices")


def _role(role_id: str, permissions: int, position: int) -> Json:
    """topics/permissions, "Role Object"."""
    return {
        "id": role_id,
        "name": f"role-{role_id}",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": position,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _timestamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def _json(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )
