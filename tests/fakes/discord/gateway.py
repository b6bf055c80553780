"""The gateway of Discord's stand-in: sessions, dispatches, resuming, and what people do in chat."""

import asyncio
import json

from aiohttp import WSMsgType, web

from tests.fakes.discord.parts import (
    INTENT_GUILD_MESSAGES,
    INTENT_GUILD_MODERATION,
    INTENT_MESSAGE_CONTENT,
    Json,
    Link,
    Person,
    Session,
    timestamp,
)
from tests.fakes.discord.world import World


class Gateway(World):
    """Sessions of bots, each with what was dispatched to it."""

    def __init__(self) -> None:
        super().__init__()
        self.heartbeat_ms = 41_250
        self.identifies: list[Json] = []
        self.connections = 0
        self.resumes = 0
        self.audit_log: list[Json] = []
        self._sessions: dict[str, Session] = {}

    @property
    def gateway_url(self) -> str:
        return f"{self.url.replace('http', 'ws', 1)}/gateway"

    @property
    def links(self) -> list[Link]:
        """The gateway connections that are open now."""
        open_links = (s.link for s in self._sessions.values() if s.link)
        return [link for link in open_links if link.is_open]

    async def ready(self) -> None:
        """Waits until a bot listens."""
        await self.until(lambda: self.links)

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
        data |= {"edited_timestamp": timestamp(), "guild_id": self.guild_id}
        await self.dispatch("MESSAGE_UPDATE", data, INTENT_GUILD_MESSAGES)

    async def delete(self, message_id: str) -> None:
        """Somebody deletes a message. events/gateway-events, "Message Delete"."""
        self.history = [message for message in self.history if message["id"] != message_id]
        data = {"id": message_id, "channel_id": self.channel_id, "guild_id": self.guild_id}
        await self.dispatch("MESSAGE_DELETE", data, INTENT_GUILD_MESSAGES)

    async def delete_many(self, *message_ids: str) -> None:
        """A moderator cleans up. events/gateway-events, "Message Delete Bulk"."""
        self.history = [message for message in self.history if message["id"] not in message_ids]
        data = {"ids": message_ids, "channel_id": self.channel_id, "guild_id": self.guild_id}
        await self.dispatch("MESSAGE_DELETE_BULK", data, INTENT_GUILD_MESSAGES)

    async def ban(self, person: Person, *, guild_id: str = "", lifted: bool = False) -> None:
        """events/gateway-events, "Guild Ban Add", "Guild Ban Remove": for bots that may view the
        audit log or ban members."""
        await self.log(23 if lifted else 22, person, guild_id=guild_id)
        event = "GUILD_BAN_REMOVE" if lifted else "GUILD_BAN_ADD"
        data = {"guild_id": guild_id or self.guild_id, "user": self._user(person)}
        await self.dispatch(event, data, INTENT_GUILD_MODERATION)

    async def log(self, action: int, person: Person, *changes: Json, guild_id: str = "") -> None:
        """events/gateway-events, "Guild Audit Log Entry Create"; resources/audit-log, "Audit Log
        Entry Object": for bots that may view the audit log."""
        data = {
            "id": self.snowflake(),
            "guild_id": guild_id or self.guild_id,
            "user_id": self.owner.id,
            "target_id": person.id,
            "action_type": action,
            "changes": list(changes),
        }
        self.audit_log.append(data)
        await self.dispatch("GUILD_AUDIT_LOG_ENTRY_CREATE", data, INTENT_GUILD_MODERATION)

    async def time_out(self, person: Person, until: str | None, *, guild_id: str = "") -> None:
        """A time-out, or the end of one: "MEMBER_UPDATE" of `communication_disabled_until`."""
        change = {"key": "communication_disabled_until"} | ({"new_value": until} if until else {})
        await self.log(24, person, change, guild_id=guild_id)

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
        for _ in range(2 if self.faults.duplicates else 1):
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
