"""Whom giftcast asks to allow it what on Twitch, and what each right is for.

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


BOT = "bot"
STREAMER = "streamer"
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


def streamer_of(stage: str, usual: str) -> str:
    """The name of the account that streams on a stage. usual: the house's own stage."""
    return STREAMER if stage == usual else f"{STREAMER}:{stage}"


def wanted(account: str) -> tuple[Right, ...]:
    """What an account is asked to allow. A streamer's may have to do the bot's work, too."""
    return SPEAKER_RIGHTS if account == BOT else (*SPEAKER_RIGHTS, *STREAMER_RIGHTS)


def missing(wanted: tuple[Right, ...], granted: Collection[str], *, hosted: bool) -> list[Right]:
    """Those of the wanted rights that were not given and are of use here."""
    return [
        right for right in wanted if right.scope not in granted and (hosted or not right.hosted)
    ]
