"""Interactions of Discord's stand-in: what people call, and what bots answer."""

import copy
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
    parts_of,
)
from tests.fakes.discord.rules import check_answer, check_components, check_text

EPHEMERAL = 1 << 6
ALLOWED = {2: {4, 5}, 3: {4, 5, 6, 7}, 4: {8}}  # "Interaction Callback Type"


class Calls(Gateway):
    """Commands as registered, calls as made and answered."""

    def __init__(self) -> None:
        super().__init__()
        self.answer_within_s = 3.0
        self.commands: list[Json] = []
        self.calls: dict[str, Call] = {}
        self.private: dict[str, str] = {}

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
        data = _command_data(command, filled)
        return await self._interact(2, person, data, guild_id or self.guild_id)

    async def autocomplete(self, person: Person, name: str, option: str, typed: str) -> Call:
        """Somebody is typing an option."""
        command = self._command(name)
        known = next(o for o in command["options"] if o["name"] == option)
        assert known.get("autocomplete"), f"/{name} {option} has no autocomplete"
        focused = {"name": option, "type": known["type"], "value": typed, "focused": True}
        data = _command_data(command, [focused])
        return await self._interact(4, person, data, self.guild_id)

    async def press(
        self, person: Person, message: Json, label: str, *, picked: str = "", guild_id: str = ""
    ) -> Call:
        """Somebody presses a button, or picks from a menu, by the beginning of what stands on it.

        receiving-and-responding, "Message Component Data Structure". An ephemeral message is
        seen by its asker alone.
        """
        owner = self.private.get(message["id"])
        assert owner in {None, person.id}, f"{person.name} does not see this message"
        found = [p for p in parts_of(message) if _caption(p).startswith(label)]
        assert found, f"there is no {label!r} but {[_caption(p) for p in parts_of(message)]}"
        part = found[0]
        data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": 1}
        if part["type"] == 3:
            option = next(o for o in part["options"] if o["label"] == picked)
            data |= {"values": [option["value"]]}
        return await self._interact(3, person, data, guild_id or self.guild_id, message)

    async def replay(self, call: Call) -> None:
        """Sends an interaction a second time, as an overlapping RESUME may."""
        for session in self._sessions.values():
            for event in session.backlog:
                if event["t"] == "INTERACTION_CREATE" and event["d"]["id"] == call.id:
                    link = session.link
                    if link and link.is_open:
                        await link.send(event)

    async def _interact(
        self, kind: int, person: Person, data: Json, guild_id: str, message: Json | None = None
    ) -> Call:
        """interactions/receiving-and-responding, "Interaction Structure"."""
        call = Call(self.snowflake(), f"token-{self.snowflake()}", kind, time.monotonic(), person)
        self.calls[call.id] = call
        if message is not None:
            call.message = message
        options = data.get("options", [])
        named = [self.people[str(o["value"])] for o in options if o["type"] == USER]
        resolved = {
            "users": {p.id: self._user(p) for p in named},
            "members": {p.id: self._member(p, user=False) | {"permissions": "0"} for p in named},
        }
        permissions = str(self._permissions(person, guild_id))
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
            }
            | ({} if message is None else {"message": copy.deepcopy(message)}),
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
        if self.faults.hold_answers:
            await self.faults.hold_answers.wait()
        call = self.calls.get(request.match_info["id"])
        known = call is not None and call.token == request.match_info["token"]
        if call is None or not known or self._is_late(call):
            raise RefusalError(404, 10062, "Unknown interaction")
        if call.answers:
            raise RefusalError(400, 40060, "Interaction has already been acknowledged.")
        body = await request.json()
        if body["type"] not in ALLOWED[call.type]:
            raise RefusalError(400, 50035, "Invalid Form Body: type")
        check_answer(body)
        call.answers.append(body)
        data = body.get("data") or {}
        ephemeral = bool(data.get("flags", 0) & EPHEMERAL)
        if body["type"] in {4, 5}:
            self._show(call, data, ephemeral=ephemeral)
        elif body["type"] == 7:
            _change(call, data)
        if self.faults.lost_callbacks:
            self.faults.lost_callbacks -= 1
            raise RefusalError(502, 0, "502: Bad Gateway")
        told = {"id": call.id, "type": call.type, "response_message_ephemeral": ephemeral}
        return as_json({"interaction": told | {"response_message_loading": body["type"] == 5}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        """interactions/receiving-and-responding, "Create Followup Message"."""
        call = self._answered(request)
        body = await request.json()
        check_text(body)
        check_components(body)
        call.followups.append(body)
        self._show(call, body, ephemeral=bool(body.get("flags", 0) & EPHEMERAL))
        return as_json(call.message)

    async def _edit_original(self, request: web.Request) -> web.Response:
        """interactions/receiving-and-responding, "Edit Original Interaction Response"."""
        call = self._answered(request)
        body = await request.json()
        check_text(body)
        check_components(body)
        _change(call, body)
        return as_json(call.message)

    def _answered(self, request: web.Request) -> Call:
        token = request.match_info["token"]
        call = next((c for c in self.calls.values() if c.token == token), None)
        if call is None or not call.answers or request.match_info["app"] != self.application_id:
            raise RefusalError(404, 10015, "Unknown Webhook")
        return call

    def _show(self, call: Call, data: Json, *, ephemeral: bool) -> None:
        """A new message that answers a call."""
        text = data.get("content") or ""
        shown = self._message(self._bot_person(), text, self.channel_id)
        flags = EPHEMERAL if ephemeral else 0
        call.message = shown | {"components": data.get("components") or [], "flags": flags}
        if ephemeral:
            self.private[shown["id"]] = call.person.id
        else:
            self.history.append(call.message)
        if text:
            call.words.append(text)


def _change(call: Call, data: Json) -> None:
    """The message that was pressed, or that answers, gets other words and buttons."""
    assert data["allowed_mentions"] == {"parse": []}
    call.message |= {key: data[key] or [] for key in ("content", "components") if key in data}
    call.words.append(data["content"])


def _caption(part: Json) -> str:
    return str(part.get("label") or part["placeholder"])


def _command_data(command: Json, options: list[Json]) -> Json:
    """receiving-and-responding, "Application Command Data Structure"."""
    return {"id": command["id"], "name": command["name"], "type": 1, "options": options}
