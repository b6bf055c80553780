"""Standings: what somebody is in a channel besides a viewer, as badges and Twitch tell."""

from collections import OrderedDict
from collections.abc import Iterable

from twitchio import ChatMessageBadge

REMEMBERED = 20_000
WORDS = {
    "subscriber": "subscriber",
    "founder": "founder",
    "vip": "vip",
    "moderator": "moderator",
    "lead_moderator": "moderator",
    "broadcaster": "broadcaster",
}
TIERS = {"2000": "subscriber2", "3000": "subscriber3"}


def standing(badges: Iterable[ChatMessageBadge]) -> frozenset[str]:
    """The words for somebody's badges. A subscriber badge's id has its tier in front of the
    months: `12`, `2012`, `3012`."""
    found: set[str] = set()
    for badge in badges:
        if word := WORDS.get(badge.set_id):
            found.add(word)
        if badge.set_id == "subscriber" and len(badge.id) == 4:
            found.update(word for tier, word in TIERS.items() if badge.id[0] == tier[0])
    return frozenset(found)


def of_tier(tier: str) -> frozenset[str]:
    """The words for a subscription of a tier, as Helix names it: `1000`, `2000`, `3000`."""
    return frozenset({"subscriber", TIERS.get(tier, "subscriber")})


class Standings:
    """What is known of the people of one channel, newest first, in bounded memory."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[str, tuple[frozenset[str], int]] = OrderedDict()

    def note(self, user_id: str, words: frozenset[str], at: int) -> None:
        """Somebody was seen with this standing, at a time in epoch milliseconds."""
        self._known[user_id] = (words, at)
        self._known.move_to_end(user_id)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def of(self, user_id: str) -> frozenset[str]:
        """As last seen; nothing when not seen."""
        return self._known.get(user_id, (frozenset(), 0))[0]

    def older(self, user_ids: Iterable[str], since: int) -> list[str]:
        """Those of whom nothing was heard since then."""
        return [who for who in user_ids if self._known.get(who, ("", -1))[1] < since]
