"""What goes wrong with Twitch, in plain words with the fix."""

import traceback
from collections.abc import Collection
from pathlib import Path

import aiohttp
from twitchio.exceptions import HTTPException, TwitchioException, WebsocketConnectionException

from bot.platforms.twitch.scopes import BOT, DEEDS, STREAMER
from bot.platforms.twitch.settings import CONSOLE

FAULTS = (TwitchioException, aiohttp.ClientError, OSError, TimeoutError)
WAIT = "Nothing to do: giftcast keeps trying."
SIGN_IN = "Sign in on giftcast's page /twitch."

WHOSE = {BOT: "the bot account", STREAMER: "the streamer's account"}


class Trouble(Exception):  # noqa: N818 - a state more than an error
    """Why the platform does not work.

    lasting: trying again is no use until somebody signs in or changes the settings.
    account: whose new sign-in would mend it, by the name in the token file; or empty.
    """

    def __init__(self, cause: str, fix: str, *, lasting: bool = False, account: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.fix = fix
        self.lasting = lasting
        self.account = account


def whose(account: str) -> str:
    """An account in words, by its name in the token file."""
    return WHOSE.get(account) or f"the streamer of {account.partition(':')[2]}"


def said(error: HTTPException) -> str:
    """Twitch's own short message about a failed request: never an address, never a token."""
    return str(error.extra.get("message", ""))[:200]


def place(error: BaseException) -> str:
    """Where an error arose: a traceback without values, which may be secret."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))


def describe(error: BaseException) -> str:
    """An error for the log, without anything secret."""
    if isinstance(error, HTTPException):
        return f"HTTP {error.status}: {said(error)}"
    return type(error).__name__


def unreachable(error: BaseException) -> Trouble:
    """The network's fault, or Twitch's own."""
    if isinstance(error, HTTPException):
        if error.status == 429:
            return Trouble("Twitch asks for a pause: too many requests.", WAIT)
        if error.status >= 500:
            return Trouble(f"Twitch has a fault of its own (HTTP {error.status}).", WAIT)
        return Trouble(f"Twitch refused a request ({describe(error)}).", WAIT)
    if isinstance(error, WebsocketConnectionException):
        return Trouble("Twitch's event service does not answer.", WAIT)
    return Trouble(
        f"Twitch cannot be reached ({type(error).__name__}).",
        "Check the internet connection; giftcast keeps trying.",
    )


def sign_in(error: BaseException, account: str) -> Trouble:
    """A sign-in that did not work."""
    if not isinstance(error, HTTPException) or error.status == 429 or error.status >= 500:
        return unreachable(error)
    message = said(error).lower()
    if "client secret" in message:
        cause = "Twitch does not accept the client secret."
        if "missing" in message:
            cause = "This Twitch application needs its client secret to renew a sign-in."
        return Trouble(cause, f"Copy it from {CONSOLE} into [twitch] client_secret.", lasting=True)
    if "invalid client" in message:
        return Trouble(
            "Twitch does not know this client id.",
            f"Copy it from {CONSOLE} into [twitch] client_id.",
            lasting=True,
        )
    return Trouble(
        f"Twitch sign-in has expired: {whose(account)} has to sign in again.",
        SIGN_IN,
        lasting=True,
        account=account,
    )


def nobody() -> Trouble:
    """No tokens at all."""
    return Trouble("Nobody is signed in to Twitch.", SIGN_IN, lasting=True, account=STREAMER)


def enter_code(address: str, code: str) -> str:
    """What to do with the code of a device."""
    plain = address.partition("?")[0].partition("://")[2]
    return f"Open {plain} and enter {code}."


def unfinished(cause: str) -> Trouble:
    """A sign-in on a page that came to nothing."""
    return Trouble(cause, "Begin again on giftcast's page /twitch.")


def no_client_id(page: str) -> Trouble:
    """Settings without an application."""
    return Trouble(
        "There is no Twitch client id in the settings.",
        f"Open {page}: it says how to get one.",
        lasting=True,
    )


def no_channel_named() -> Trouble:
    """Settings without a channel."""
    return Trouble(
        "No Twitch channel is named.",
        'Add channel = "<name>" to the section [twitch] of giftcast.toml and restart.',
        lasting=True,
    )


def other_person(login: str, channel: str) -> Trouble:
    """Somebody who signed in as the streamer of another's channel."""
    return Trouble(
        f"{login} is signed in as the streamer, but the channel is {channel}.",
        f"Sign out on giftcast's page /twitch, and sign in as {channel}.",
    )


def signed_out() -> Trouble:
    """Tokens that Twitch withdrew while we used them."""
    return Trouble("Twitch has ended the sign-in.", WAIT)


def other_application(account: str) -> Trouble:
    """Tokens made for another client id."""
    return Trouble(
        f"The Twitch sign-in of {whose(account)} belongs to another application than client_id.",
        SIGN_IN,
        lasting=True,
        account=account,
    )


def lacks(scope: str, account: str) -> Trouble:
    """A sign-in without a right that we need."""
    return Trouble(
        f"The Twitch sign-in of {whose(account)} may not {DEEDS[scope]} "
        f"(scope {scope} is missing).",
        SIGN_IN,
        lasting=True,
        account=account,
    )


def lacks_some(deeds: Collection[str], account: str) -> Trouble:
    """A sign-in without some of the rights that only a part of giftcast needs."""
    return Trouble(
        f"The Twitch sign-in of {whose(account)} does not let giftcast {', '.join(deeds)}.",
        "Sign in again on giftcast's page /twitch to allow it; everything else works.",
    )


def no_channel(name: str) -> Trouble:
    """A channel that does not exist."""
    return Trouble(
        f"There is no Twitch channel named “{name}”.",
        "Correct [twitch] channel: the name at the end of the address twitch.tv/<name>.",
        lasting=True,
    )


def no_entry(reader: str, channel: str) -> Trouble:
    """Chat that the account may not read."""
    return Trouble(
        f"Twitch does not let {reader} read the chat of {channel}.",
        f"See that {reader} is not banned or timed out there, or sign in again.",
    )


def mute(error: HTTPException, speaker: str) -> Trouble:
    """Replies that Twitch refuses."""
    return Trouble(
        f"Twitch does not let {speaker} write in the chat ({describe(error)}).",
        f"See that {speaker} is not banned or timed out there, or sign in again.",
    )


def unwritable(file: str) -> Trouble:
    """Tokens that could not be kept."""
    return Trouble(
        f"The Twitch sign-in cannot be kept: {file} is not writable.",
        "Free some space, or make the data folder writable; else sign in again after a restart.",
    )


def unexpected(error: BaseException) -> Trouble:
    """A fault of our own."""
    return Trouble(
        f"Something unexpected happened with Twitch ({type(error).__name__}).",
        "giftcast keeps trying; if it stays like this, please report it.",
    )


def without(deed: str, error: HTTPException) -> Trouble:
    """A kind of event that Twitch does not let us have."""
    return Trouble(f"Twitch does not let giftcast {deed} ({describe(error)}).", SIGN_IN)


def no_rewards(error: HTTPException) -> Trouble:
    """Channel points that we may not use at all."""
    return Trouble(
        f"Twitch does not let giftcast sell coins for channel points ({describe(error)}).",
        "Channel points need an affiliate's or partner's channel, and a sign-in that allows it; "
        "or empty points_rewards in policy.json.",
    )


def title_taken(title: str) -> Trouble:
    """A reward that somebody else made."""
    return Trouble(
        f"The channel has a reward “{title}” that giftcast did not make, so it cannot use it.",
        "Delete or rename that one on Twitch, or give ours another title in policy.json.",
    )


def too_many_rewards(title: str, most: int) -> Trouble:
    """No room for another reward."""
    return Trouble(
        f"The channel has {most} rewards, as many as Twitch allows: “{title}” has no room.",
        "Delete one on Twitch; those that are switched off count too.",
    )


def reward_refused(title: str, error: HTTPException) -> Trouble:
    """A reward that Twitch does not want."""
    return Trouble(
        f"Twitch does not take the reward “{title}” ({describe(error)}).",
        "Change its title or cost in policy.json.",
    )


def not_let_in(channel: str, error: HTTPException) -> Trouble:
    """A channel whose chat the application may not have."""
    return Trouble(
        f"Twitch does not let giftcast read the chat of {channel} ({describe(error)}).",
        f"{channel} has to sign in on giftcast's page /twitch, or make the bot a moderator.",
    )


def channels_missing(names: Collection[str]) -> Trouble:
    """Channels of the settings that do not exist."""
    return Trouble(
        f"There are no Twitch channels named {', '.join(names)}.",
        "Correct [twitch] channels: the names at the end of the addresses twitch.tv/<name>.",
    )


def no_conduit(conduit_id: str) -> Trouble:
    """A conduit that Twitch does not have, or not for this application."""
    return Trouble(
        f"There is no Twitch conduit {conduit_id}.",
        "Remove [twitch] conduit_id: giftcast makes one.",
        lasting=True,
    )


def too_many_conduits() -> Trouble:
    """An application that has as many conduits as it may."""
    return Trouble(
        "This Twitch application has five conduits already, and may not have more.",
        "Delete one that is not used, or name it in [twitch] conduit_id.",
    )
