"""What the section `[twitch]` may say."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import SettingsError
from bot.platforms.twitch.timing import Timing

CONSOLE = "dev.twitch.tv/console/apps"
FIXES = {
    "client_id": f"copy it from your application at {CONSOLE}",
    "channel": "put the name at the end of the channel's address, twitch.tv/<name>",
    "helix_url": "leave it out to use the real Twitch",
    "id_url": "leave it out to use the real Twitch",
    "eventsub_url": "leave it out to use the real Twitch",
}


class TwitchSettings(BaseModel):
    """The settings of one Twitch channel.

    channel: login name (or user id) of the channel.
    access_token, refresh_token: the streamer's; they seed the token file once.
    bot_access_token, bot_refresh_token: of the account that speaks; without them the
        streamer's own account speaks.
    client_secret: only for an application registered as confidential.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
    )

    client_id: str = Field(min_length=1)
    channel: str = Field(min_length=1)
    client_secret: str = Field(default="", repr=False)
    access_token: str = Field(default="", repr=False)
    refresh_token: str = Field(default="", repr=False)
    bot_access_token: str = Field(default="", repr=False)
    bot_refresh_token: str = Field(default="", repr=False)
    helix_url: str = "https://api.twitch.tv/helix/"
    id_url: str = "https://id.twitch.tv/"
    eventsub_url: str = "wss://eventsub.wss.twitch.tv/ws"
    timing: Timing = Timing()

    @field_validator("channel")
    @classmethod
    def _login(cls, channel: str) -> str:
        login = channel.rstrip("/").rpartition("/")[2].lstrip("@#").lower()
        if not (login.isascii() and login.replace("_", "").isalnum() and len(login) <= 25):
            raise ValueError("this is not the name of a Twitch channel")
        return login

    @field_validator("access_token", "bot_access_token")
    @classmethod
    def _bare(cls, token: str) -> str:
        return token.removeprefix("oauth:")

    @field_validator("helix_url", "id_url")
    @classmethod
    def _folder(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("this is not an http address")
        return url.rstrip("/") + "/"

    @field_validator("eventsub_url")
    @classmethod
    def _socket(cls, url: str) -> str:
        if not url.startswith(("wss://", "ws://")):
            raise ValueError("this is not a websocket address")
        return url


def read(section: Mapping[str, Any]) -> TwitchSettings:
    """The settings as checked values. Raises `SettingsError` with the key, the fault, the fix."""
    try:
        return TwitchSettings.model_validate(dict(section))
    except ValidationError as refused:
        fault = refused.errors(include_input=False, include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in fault["loc"])
        fix = FIXES.get(key, "correct it, or remove it")
        words = fault["msg"].removeprefix("Value error, ")
        raise SettingsError(f"[twitch] {key}: {words}. Fix: {fix}.") from None
