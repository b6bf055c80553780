"""Section `[discord]`: which bot, which server, who moderates."""

from collections.abc import Mapping
from typing import Annotated, Any

import yarl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import SettingsError

PORTAL = "discord.com/developers/applications"
_FIXES = {
    "token": f"make a bot under {PORTAL} → Bot → Reset Token and put its token there",
    "api_url": "remove the line to use Discord itself",
    "gateway_url": "remove the line to use Discord itself",
    "text_commands": "write true or false",
}
_FIX_ID = (
    "in Discord switch on Settings → Advanced → Developer Mode, right-click the server, "
    "channel, role or person, choose Copy ID and paste the number"
)


def _text(value: object) -> object:
    """An id written as a number is meant as its digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _several(value: object) -> object:
    """Several ids may come as a list or, from the environment, with commas between them."""
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


Id = Annotated[str, BeforeValidator(_text), Field(pattern=r"^(\d{1,20})?$")]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_several)]


class Settings(BaseModel):
    """How this program enters Discord.

    guild_id: the server it serves; empty: the only one the bot is in, else its maker's own.
    channel_ids: where typed commands are heard; empty: everywhere the bot may read. Slash
        commands are limited in Discord itself (Server Settings → Integrations).
    moderator_role_id: a role whose holders moderate, beside those whom Discord lets moderate.
    creator_id: who streams, beside the server's owner.
    text_commands: whether `!gift` is read; slash commands work without.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    token: SecretStr = Field(min_length=1)
    api_url: Annotated[str, BeforeValidator(_rest_address)] = "https://discord.com/api/v10"
    gateway_url: Annotated[str, BeforeValidator(_gateway_address)] = "wss://gateway.discord.gg/"
    guild_id: Id = ""
    channel_ids: Ids = ()
    moderator_role_id: Id = ""
    creator_id: Id = ""
    text_commands: bool = True


def read(section: Mapping[str, Any]) -> Settings:
    """The settings in a section of `giftcast.toml`; refused with key, fault and fix."""
    try:
        return Settings.model_validate(dict(section))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        key = str(fault["loc"][0])
        if fault["type"] == "extra_forbidden":
            known = ", ".join(Settings.model_fields)
            raise SettingsError(
                f"[discord] {key}: there is no such setting; known are {known}."
            ) from None
        fix = _FIXES.get(key, _FIX_ID)
        what = "is missing" if fault["type"] in {"missing", "too_short"} else fault["msg"]
        raise SettingsError(f"[discord] {key}: {what}; {fix}.") from None
