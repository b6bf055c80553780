"""What the section `[twitch]` may say."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from bot.errors import SettingsError
from bot.platforms.twitch.timing import Timing

CONSOLE = "dev.twitch.tv/console/apps"
_REAL = "leave it out to use the real Twitch"
FIXES = {
    "client_id": f"copy it from your application at {CONSOLE}",
    "channel": "put the name at the end of the channel's address, twitch.tv/<name>",
    "channels": 'name each stage and its channel, as in channels = { main = "ann" }',
    "helix_url": _REAL,
    "id_url": _REAL,
    "eventsub_url": _REAL,
    "redirect_url": f"write it exactly as at {CONSOLE}, or leave it out",
    "transport": "write websocket (one channel) or conduit (many)",
}


def _login(channel: str) -> str:
    login = channel.rstrip("/").rpartition("/")[2].lstrip("@#").lower()
    if not (login.isascii() and login.replace("_", "").isalnum() and len(login) <= 25):
        raise ValueError("this is not the name of a Twitch channel")
    return login


Stage = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
Channel = Annotated[str, AfterValidator(_login)]


class TwitchSettings(BaseModel):
    """The settings of Twitch.

    client_id: of an application made at the console; without one the page `/twitch` tells how.
    client_secret: only for an application registered as confidential.
    channel: login name (or user id) of the channel; or, for hosts, channels: stage → channel.
    transport: `websocket` for one channel; `conduit` (with client_secret) for many.
    shards: of the conduit; 0: as many as the channels need. conduit_id: the conduit to use;
        empty: the one used before, else a new one.
    redirect_url: where Twitch sends browsers back to; empty: this server at `localhost`.
    access_token, refresh_token: the streamer's; they seed the token file once.
    bot_access_token, bot_refresh_token: of the account that speaks; without them the
        streamer's own account speaks.
    replies, moderator_replies: lines within 30 s; Twitch allows 20, and moderators 100.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
    )

    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    channel: str = ""
    channels: dict[Stage, Channel] = Field(default_factory=dict, max_length=1_000)
    transport: Literal["websocket", "conduit"] = "websocket"
    shards: int = Field(default=0, ge=0, le=100)
    conduit_id: str = ""
    access_token: str = Field(default="", repr=False)
    refresh_token: str = Field(default="", repr=False)
    bot_access_token: str = Field(default="", repr=False)
    bot_refresh_token: str = Field(default="", repr=False)
    helix_url: str = "https://api.twitch.tv/helix/"
    id_url: str = "https://id.twitch.tv/"
    eventsub_url: str = "wss://eventsub.wss.twitch.tv/ws"
    redirect_url: str = ""
    replies: int = Field(default=16, ge=1, le=20)
    moderator_replies: int = Field(default=80, ge=1, le=100)
    timing: Timing = Timing()

    @field_validator("channel")
    @classmethod
    def _name(cls, channel: str) -> str:
        return channel and _login(channel)

    @field_validator("access_token", "bot_access_token")
    @classmethod
    def _bare(cls, token: str) -> str:
        return token.removeprefix("oauth:")

    @field_validator("helix_url", "id_url")
    @classmethod
    def _folder(cls, url: str) -> str:
        return _http(url).rstrip("/") + "/"

    @field_validator("redirect_url")
    @classmethod
    def _page(cls, url: str) -> str:
        return url and _http(url)

    @field_validator("eventsub_url")
    @classmethod
    def _socket(cls, url: str) -> str:
        if not url.startswith(("wss://", "ws://")):
            raise ValueError("this is not a websocket address")
        return url

    def stages(self, usual: str) -> dict[str, str]:
        """The channel of each stage. usual: the stage of a single `channel`."""
        return self.channels or ({usual: self.channel} if self.channel else {})


def _http(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("this is not an http address")
    return url


def _mismatch(given: TwitchSettings) -> tuple[str, str, str] | None:
    """A key, what is wrong with it beside the others, and the fix."""
    if given.channel and given.channels:
        return "channels", "channel is named as well", "leave one of the two out"
    if len(given.channels) > 1 and given.transport != "conduit":
        return "channels", "several need a conduit", 'write transport = "conduit"'
    if len(set(given.channels.values())) < len(given.channels):
        return "channels", "a channel belongs to two stages", "name each channel once"
    if given.transport == "conduit" and not given.client_secret:
        fix = f"copy it from your application at {CONSOLE}"
        return "client_secret", "a conduit needs it", fix
    return None


def read(section: Mapping[str, Any]) -> TwitchSettings:
    """The settings as checked values. Raises `SettingsError` with the key, the fault, the fix."""
    try:
        given = TwitchSettings.model_validate(dict(section))
    except ValidationError as refused:
        fault = refused.errors(include_input=False, include_url=False, include_context=False)[0]
        place = [str(part) for part in fault["loc"]]
        fix = FIXES.get(place[0], "correct it, or remove it")
        words = fault["msg"].removeprefix("Value error, ")
        raise SettingsError(f"[twitch] {'.'.join(place)}: {words}. Fix: {fix}.") from None
    if mismatch := _mismatch(given):
        key, words, fix = mismatch
        raise SettingsError(f"[twitch] {key}: {words}. Fix: {fix}.")
    return given
