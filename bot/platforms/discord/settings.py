"""Section `[discord]`: which bot, which server, who moderates."""

from collections.abc import Mapping
from typing import Annotated, Any

import discord
import yarl
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from bot.errors import SettingsError
from bot.platforms.discord.timing import Timing

PORTAL = "discord.com/developers/applications"
_FIXES = {
    "token": f"make a bot under {PORTAL} → Bot → Reset Token and put its token there",
    "api_url": "remove the line to use Discord itself",
    "gateway_url": "remove the line to use Discord itself",
    "text_commands": "write true or false",
    "public_line": "write true or false",
    "moderator_permissions": (
        "write names of Discord's permissions, such as moderate_members or manage_guild"
    ),
    "standing": 'write role ids with a word for each, such as { "123" = "subscriber" }',
    "booster_is": "write a word such as subscriber, or nothing",
    "timing": "write a number of seconds, or remove the line",
}
_FIX_ID = (
    "in Discord switch on Settings → Advanced → Developer Mode, right-click the server, "
    "channel, role or person, choose Copy ID and paste the number"
)


def _text(value: object) -> object:
    """An id written as a number is meant as its digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _several(value: object) -> object:
    """Several ids may come as a list or, from the environment, with commas between them; or it
    is only one."""
    value = _text(value)
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _rest_address(value: object) -> object:
    """A bare host means Discord's own path on that host."""
    if not isinstance(value, str):
        return value
    address = yarl.URL(value.strip())
    if address.scheme not in {"http", "https"} or not address.host:
        raise ValueError("not an http or https address")
    whole = str(address).rstrip("/")
    completed = {"/": f"{whole}/api/v10", "/api": f"{whole}/v10"}
    return completed.get(address.path.rstrip("/") or "/", whole)


def _gateway_address(value: object) -> object:
    if isinstance(value, str):
        address = yarl.URL(value.strip())
        if address.scheme not in {"ws", "wss"} or not address.host:
            raise ValueError("not a ws or wss address")
    return value


def _permission(name: str) -> str:
    if name not in discord.Permissions.VALID_FLAGS:
        raise ValueError(f"Discord has no permission {name!r}")
    return name


Id = Annotated[str, BeforeValidator(_text), Field(pattern=r"^(\d{1,20})?$")]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_several)]
_ROLES = AliasChoices("moderator_role_ids", "moderator_role_id")  # once there was only one
RoleId = Annotated[str, BeforeValidator(_text), Field(pattern=r"^\d{1,20}$")]
Word = Annotated[str, Field(pattern=r"^[a-z_]{0,24}$")]
Permissions = Annotated[
    tuple[Annotated[str, AfterValidator(_permission)], ...], BeforeValidator(_several)
]


class Settings(BaseModel):
    """How this program enters Discord.

    guild_id: the server it serves; empty: the only one the bot is in, else its maker's own.
    channel_ids: where typed commands are heard; empty: everywhere the bot may read. Slash
        commands are limited in Discord itself (Server Settings → Integrations).
    moderator_permissions: whoever has one of these moderates (names as Discord's API has them);
        moderator_role_ids: roles whose holders do too.
    creator_id: who streams, beside the server's owner.
    text_commands: whether `!gift` is read; slash commands work without.
    public_line: whether gifts sent by slash command, answered to their sender alone, are also
        told in the channel, in one line for many.
    standing: what the holder of a role is when coins are earned, such as `subscriber`; by role
        id. booster_is: the same for whoever boosts the server; empty: nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    token: SecretStr = Field(min_length=1)
    api_url: Annotated[str, BeforeValidator(_rest_address)] = "https://discord.com/api/v10"
    gateway_url: Annotated[str, BeforeValidator(_gateway_address)] = "wss://gateway.discord.gg/"
    guild_id: Id = ""
    channel_ids: Ids = ()
    moderator_permissions: Permissions = ("moderate_members",)
    moderator_role_ids: Ids = Field((), validation_alias=_ROLES)
    creator_id: Id = ""
    text_commands: bool = True
    public_line: bool = True
    standing: dict[RoleId, Word] = {}
    booster_is: Word = "subscriber"
    timing: Timing = Timing()


def read(section: Mapping[str, Any]) -> Settings:
    """The settings in a section of `giftcast.toml`; refused with key, fault and fix."""
    try:
        return Settings.model_validate(dict(section))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        first, *inside = (str(part) for part in fault["loc"])
        key = f"{first}.{inside[0]}" if first == "timing" and inside else first
        if fault["type"] == "extra_forbidden":
            known = ", ".join((Timing if inside else Settings).model_fields)
            raise SettingsError(
                f"[discord] {key}: there is no such setting; known are {known}."
            ) from None
        fix = _FIXES.get(first, _FIX_ID)
        what = "is missing" if fault["type"] in {"missing", "too_short"} else fault["msg"]
        raise SettingsError(f"[discord] {key}: {what}; {fix}.") from None
