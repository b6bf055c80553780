"""The servers, channels and people of Discord's stand-in, as objects of its API."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import TypeVar

from tests.fakes.discord.parts import (
    EVERYONE_MAY,
    MODERATE_MEMBERS,
    Faults,
    Json,
    Person,
    timestamp,
)

T = TypeVar("T")

EPOCH_MS = 1_420_070_400_000


class World:
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
        self.history: list[Json] = []
        self.url = ""
        self._changed = asyncio.Condition()
        self._last_id = 0

    async def until(self, what: Callable[[], T], within_s: float = 5.0) -> T:
        """Waits until something has become true here, and returns it."""

        async def watch() -> T:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(what()))
            return what()

        return await asyncio.wait_for(watch(), within_s)

    def person(
        self,
        name: str,
        *roles: str,
        nick: str = "",
        bot: bool = False,
        boosts: bool = False,
        avatar: str = "",
    ) -> Person:
        """A new member of the server. avatar: the hash of theirs."""
        person = Person(self.snowflake(), name, nick, roles, bot, boosts, avatar)
        self.people[person.id] = person
        return person

    def snowflake(self) -> str:
        """A new id, larger than all before. reference, "Snowflakes"."""
        fresh = (int(time.time() * 1000) - EPOCH_MS) << 22
        self._last_id = max(fresh, self._last_id + 1)
        return str(self._last_id)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _user(self, person: Person) -> Json:
        """resources/user, "User Object"."""
        return {
            "id": person.id,
            "username": person.name,
            "discriminator": "0",
            "global_name": person.name.title(),
            "avatar": person.avatar or None,
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
            "premium_since": "2025-01-01T00:00:00+00:00" if person.boosts else None,
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
        here = [message["id"] for message in self.history if message["channel_id"] == channel_id]
        newest = max(here, key=int, default=None)
        return {
            "id": channel_id,
            "type": 0,
            "name": f"channel-{channel_id}",
            "position": 0,
            "permission_overwrites": [],
            "nsfw": False,
            "topic": None,
            "last_message_id": newest,
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
            "timestamp": timestamp(),
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
