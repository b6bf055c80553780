"""Activities: what Twitch tells of viewers that may earn them coins."""

from dataclasses import dataclass
from typing import Any

import twitchio

from bot.platforms.twitch.standings import standing
from commands.activity import Activity
from commands.chat import Chatter
from commands.earning_policy import Way

PLATFORM = "twitch"


@dataclass(frozen=True, slots=True)
class _Deed:
    """Who did what. words: their standing, where the event tells it."""

    who: twitchio.PartialUser | None
    way: Way
    units: int = 1
    tier: int = 1
    words: frozenset[str] = frozenset()


def chatter(user: twitchio.PartialUser) -> Chatter:
    """A Twitch user as the house knows them."""
    return Chatter(user.id, user.display_name or user.name or user.id)


def key(event: Any) -> str:
    """The idempotency key of an event that has no id of its own."""
    assert event.metadata is not None, "it came over a websocket"
    return f"twitch:es:{event.metadata.message_id}"


def activity(event: Any, stage: str, at: int) -> Activity | None:
    """What somebody did; None for what earns nobody anything.

    An anonymous giver has no account to be paid to. Those who are given a subscription did
    nothing: only the giver is paid.
    """
    deed = _deed(event)
    if deed is None or deed.who is None:
        return None
    return Activity(
        id=key(event),
        stage=stage,
        platform=PLATFORM,
        viewer=chatter(deed.who),
        kind=deed.way,
        units=deed.units,
        tier=deed.tier,
        at=at,
        standing=deed.words,
    )


def _deed(event: Any) -> _Deed | None:
    match event:
        case twitchio.ChannelFollow():
            return _Deed(event.user, "follow")
        case twitchio.ChannelSubscribe() if not event.gift:
            return _Deed(event.user, "subscription", tier=_tier(event.tier))
        case twitchio.ChannelSubscriptionMessage():
            months = event.cumulative_months
            return _Deed(event.user, "resubscription", months, _tier(event.tier))
        case twitchio.ChannelSubscriptionGift():
            giver = None if event.anonymous else event.user
            return _Deed(giver, "subscription_gift", event.total, _tier(event.tier))
        case twitchio.ChannelRaid():
            return _Deed(event.from_broadcaster, "raid", event.viewer_count)
        case twitchio.ChatNotification() if event.watch_streak and not event.anonymous:
            words = standing(event.badges)
            return _Deed(event.chatter, "watch_streak", event.watch_streak.streak, words=words)
        case _:
            return None


def _tier(tier: str) -> int:
    """1 to 3 of `1000` to `3000`."""
    return int(tier[0]) if tier[:1] in ("1", "2", "3") else 1
