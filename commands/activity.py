"""An activity: what a viewer did that may earn coins; and the credit that came of it."""

from dataclasses import dataclass, field

from commands.chat import Chatter
from commands.earning_policy import Way
from data.errors import GiftError

Present = tuple[Chatter, frozenset[str]]  # somebody who is there, and their standing


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a viewer did, as a platform tells of it.

    id: idempotency key such as `twitch:redemption:<id>`, unique for ever.
    units: the coins of a reward, subscriptions given away, raiders, the length of a streak,
        minutes of chatting or watching; otherwise of no account.
    tier: of a subscription, 1 to 3. at: when, in milliseconds since the epoch, UTC.
    standing: words for multipliers, such as `subscriber`, `subscriber2`, `vip`, `moderator`.
    """

    id: str
    stage: str
    platform: str
    viewer: Chatter
    kind: Way
    units: int = 1
    tier: int = 1
    at: int = field(kw_only=True)
    standing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Credit:
    """coins: in the wallet; 0 with the reason in `refused`. fresh: False when the activity was
    known and this is its first verdict again. units: as they were counted, such as the days
    of a streak."""

    coins: int
    fresh: bool = True
    refused: GiftError | None = None
    units: int = 0
