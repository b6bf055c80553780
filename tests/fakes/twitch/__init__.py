"""A stand-in for Twitch on 127.0.0.1: id.twitch.tv, Helix and the EventSub websocket.

It speaks the protocol as documented; each message names the page it follows, by its path under
dev.twitch.tv/docs. Where the pages leave something open there is a switch. Each subject is a
layer of its own with its state and its routes; `server` puts them together.
"""

from tests.fakes.twitch.points import Redemption, Reward
from tests.fakes.twitch.server import TwitchStandIn
from tests.fakes.twitch.shapes import (
    ALL,
    CHAT,
    READ,
    WRITE,
    Grant,
    Link,
    Sent,
    Subscription,
    User,
    now,
)

__all__ = [
    "ALL",
    "CHAT",
    "READ",
    "WRITE",
    "Grant",
    "Link",
    "Redemption",
    "Reward",
    "Sent",
    "Subscription",
    "TwitchStandIn",
    "User",
    "now",
]
