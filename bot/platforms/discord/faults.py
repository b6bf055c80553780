"""What can go wrong with Discord, in a streamer's words."""

from dataclasses import dataclass

import aiohttp
import discord

from bot.platform import PlatformStatus
from bot.platforms.discord.settings import PORTAL

FAULTS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
_AUTHENTICATION_FAILED = 4004
_BAN_WAIT_S = 60.0
_REFUSED_WAIT_S = 600.0  # Discord allows a bot 1,000 sessions a day

REFUSED_TOKEN = PlatformStatus(
    state="failed",
    cause="Discord refused the bot token.",
    fix=(
        f"Make a new one under {PORTAL} → your app → Bot → Reset Token, "
        "put it in [discord] token and start giftcast again."
    ),
)
REFUSED_INTENT = PlatformStatus(
    state="connected",
    cause="Typed commands are off: Discord does not let this bot read messages. /gift works.",
    fix=(
        f"Switch on Message Content Intent under {PORTAL} → your app → Bot and start giftcast "
        "again, or write text_commands = false under [discord]."
    ),
)
UNREACHABLE = PlatformStatus(
    state="reconnecting",
    cause="Discord cannot be reached.",
    fix="Check the internet connection; giftcast keeps trying.",
)
INTERRUPTED = PlatformStatus(
    state="reconnecting", cause="The connection to Discord was lost; it is being made again."
)
TROUBLED = PlatformStatus(
    state="reconnecting",
    cause="Discord has trouble at the moment; giftcast keeps trying.",
    fix="If it lasts, look at discordstatus.com.",
)
THROTTLED = PlatformStatus(
    state="reconnecting",
    cause="Discord asks this bot to slow down; giftcast waits and tries again.",
)
REFUSED = PlatformStatus(
    state="reconnecting",
    cause="Discord turned the bot away; giftcast keeps trying.",
    fix=f"See whether the app still exists and has a bot under {PORTAL}.",
)


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a session ended.

    for_good: only new settings can help, so it is not tried again.
    wait_s: how long Discord wants to be left alone.
    """

    status: PlatformStatus
    for_good: bool = False
    intent_refused: bool = False
    wait_s: float = 0.0


def ending(error: BaseException | None) -> Ending:
    """What the end of a session means."""
    match error:
        case discord.LoginFailure():
            return Ending(REFUSED_TOKEN, for_good=True)
        case discord.ConnectionClosed(code=code) if code == _AUTHENTICATION_FAILED:
            return Ending(REFUSED_TOKEN, for_good=True)
        case discord.PrivilegedIntentsRequired():
            return Ending(REFUSED_INTENT, intent_refused=True)
        case discord.RateLimited(retry_after=wait_s):
            return Ending(THROTTLED, wait_s=wait_s)
        case discord.HTTPException(status=429):
            return Ending(THROTTLED, wait_s=_BAN_WAIT_S)
        case discord.HTTPException(status=status) if status >= 500:
            return Ending(TROUBLED)
        case discord.HTTPException() | discord.ConnectionClosed():
            return Ending(REFUSED, wait_s=_REFUSED_WAIT_S)
        case aiohttp.ClientError() | OSError() | TimeoutError() | AttributeError():
            # AttributeError: discord.py 2.7 looks at the socket that its first attempt did not get
            return Ending(UNREACHABLE)
    return Ending(INTERRUPTED)
