"""Interactions of Discord's stand-in: what people call, and what bots answer."""

import time
from collections.abc import Mapping

from aiohttp import web

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.parts import (
    EVERYONE_MAY,
    INTEGER,
    STRING,
    USER,
    Call,
    Json,
    Person,
    RefusalError,
    as_json,
)
from tests.fakes.discord.rules import check_answer, check_text


class Calls(Gateway):
    """Commands as registered, calls as made and answered."""

    def __init__(self) -> None:
        super().__init__()
        self.answer_within_s = 3.0
        self.commands: list[Json] = []
        self.calls: dict[str, Call] = {}

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
        check_answer(body)
        call.answers.append(body)
        ephemeral = bool(body.get("data", {}).get("flags", 0) & 1 << 6)
        told = {"id": call.id, "type": call.type, "response_message_ephemeral": ephemeral}
        return as_json({"interaction": told | {"response_message_loading": body["type"] == 5}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        """interactions/receiving-and-responding, "Create Followup Message"."""
        token = request.match_info["token"]
        call = next((c for c in self.calls.values() if c.token == token), None)
        if call is None or not call.answers or request.match_info["app"] != self.application_id:
            raise RefusalError(404, 10015, "Unknown Webhook")
        body = await request.json()
        check_text(body)
        call.followups.append(body)
        return as_json(self._message(self._bot_person(), body["content"], self.channel_id))
