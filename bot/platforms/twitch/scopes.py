"""What giftcast asks people to allow it on Twitch, and what each right is for.

Each scope stands at dev.twitch.tv/docs/authentication/scopes/; which events need it, under
dev.twitch.tv/docs/eventsub/eventsub-subscription-types/.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Right:
    """A scope, and in words what giftcast cannot do without it.

    hosted: needed only where events come through a conduit, with the application's own token.
    """

    scope: str
    deed: str
    hosted: bool = False


READ = "user:read:chat"
WRITE = "user:write:chat"
REDEMPTIONS = "channel:manage:redemptions"
BITS = "bits:read"
SUBSCRIPTIONS = "channel:read:subscriptions"
FOLLOWERS = "moderator:read:followers"
CHATTERS = "moderator:read:chatters"
MODERATE = "channel:moderate"

SPEAKER_RIGHTS = (
    Right(READ, "read the chat"),
    Right(WRITE, "write in the chat"),
    Right("user:bot", "be in the chat as a bot", hosted=True),
)
STREAMER_RIGHTS = (
    Right("channel:bot", "let the bot into the chat", hosted=True),
    Right(REDEMPTIONS, "sell coins for channel points"),
    Right(BITS, "see cheers"),
    Right(SUBSCRIPTIONS, "see subscriptions"),
    Right(FOLLOWERS, "see follows"),
    Right(CHATTERS, "see who watches"),
    Right(MODERATE, "see bans and timeouts"),
)
DEEDS = {right.scope: right.deed for right in (*SPEAKER_RIGHTS, *STREAMER_RIGHTS)}


def rights(*, streams: bool, speaks: bool) -> tuple[Right, ...]:
    """What an account should allow that streams, speaks, or does both."""
    return (*(SPEAKER_RIGHTS if speaks else ()), *(STREAMER_RIGHTS if streams else ()))


def missing(wanted: tuple[Right, ...], granted: Collection[str], *, hosted: bool) -> list[Right]:
    """Those of the wanted rights that were not given and are of use here."""
    return [
        right for right in wanted if right.scope not in granted and (hosted or not right.hosted)
    ]
