"""A quote: what a gift would cost, asked before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands.command import Mention
from commands.policy import StagePolicy
from data.catalogue import Catalogue
from data.gifts import Gift
from data.money import TOTAL_COINS_MAX


@dataclass(frozen=True, slots=True)
class Quote:
    """What a gift costs now.

    creator: id of the one it is for, empty when nobody was named. big: whether the stage wants
    it confirmed. waits: whether a moderator has to let it through.
    """

    gift: Gift
    count: int
    creator: str = ""
    big: bool = False
    waits: bool = False

    @property
    def total_coins(self) -> int:
        """The price of all."""
        return self.gift.price_coins * self.count

    @property
    def what(self) -> str:
        """`Rose`, `Rose ×5`."""
        return self.gift.name if self.count == 1 else f"{self.gift.name} ×{self.count:,}"


def quote(catalogue: Catalogue, policy: StagePolicy, values: Mapping[str, Any]) -> Quote | None:
    """The quote for the arguments of `gift`. None where the command itself has to refuse."""
    gift, count = catalogue.find(str(values.get("gift", ""))), values.get("count", 1)
    if gift is None or not gift.enabled or not isinstance(count, int) or count < 1:
        return None
    total = gift.price_coins * count
    named = values.get("creator")
    name = named.name if isinstance(named, Mention) else str(named or "").removeprefix("@")
    creator = policy.creator(name) if name else None
    if total > TOTAL_COINS_MAX or (name and creator is None):
        return None
    return Quote(
        gift,
        count,
        creator.id if creator else "",
        big=total > policy.confirm_above_coins,
        waits=policy.waits(gift.tier),
    )
