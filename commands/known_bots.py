"""Known bots: accounts that sit in many chats and shall earn nothing."""

import json
from collections.abc import Iterable
from importlib import resources

from commands.earning_policy import Earning
from data.gifts import fold


class KnownBots:
    """Names of bots, to which a stage's policy adds and from which it takes away."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(map(fold, names))

    def have(self, earning: Earning, name: str) -> bool:
        """Whether somebody of that name counts as a bot on that stage."""
        folded = fold(name)
        if folded in earning.also_bots:
            return True
        return folded in self._names and folded not in earning.not_bots


def shipped() -> KnownBots:
    """Those that come with giftcast."""
    text = (resources.files("data") / "seed" / "known_bots.json").read_text(encoding="utf-8")
    return KnownBots(json.loads(text))
