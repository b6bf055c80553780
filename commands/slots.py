"""Time slots: who was paid for the one that is running, and who can earn nothing today.

A memory that only saves questions: that nobody is paid twice is the journal's affair, in
which each payout has the slot in its key.
"""

from typing import NamedTuple

MINUTE_MS = 60_000


class Place(NamedTuple):
    """Where and how slots are paid."""

    stage: str
    platform: str
    way: str


class Slots:
    """In bounded memory: what is too much is forgotten, and asked again."""

    def __init__(self, *, most: int = 50_000) -> None:
        self._most = most
        self._entered: dict[Place, tuple[int, set[str]]] = {}
        self._full: dict[tuple[Place, str], tuple[int, ...]] = {}

    def enter(self, place: Place, begin: int, user_id: str) -> bool:
        """Whether they were not yet paid for the slot that began then; from now on they are."""
        slot, who = self._entered.get(place, (-1, set()))
        if slot != begin or len(who) >= self._most:
            who = set()
            self._entered[place] = (begin, who)
        if user_id in who:
            return False
        who.add(user_id)
        return True

    def leave(self, place: Place, begin: int, user_id: str) -> None:
        """Nothing was decided: they may enter again."""
        slot, who = self._entered.get(place, (-1, set()))
        if slot == begin:
            who.discard(user_id)

    def fill(self, place: Place, user_id: str, limits: tuple[int, ...]) -> None:
        """They can earn nothing more under these limits (the day is one of them)."""
        if len(self._full) >= self._most:
            self._full.clear()
        self._full[place, user_id] = limits

    def is_full(self, place: Place, user_id: str, limits: tuple[int, ...]) -> bool:
        """Whether that is known of them, under the very same limits."""
        return self._full.get((place, user_id)) == limits

    def empty(self) -> None:
        """Something was taken back, or somebody let earn again: ask anew."""
        self._full.clear()


def begin_of(at: int, minutes: int) -> int:
    """When the slot began in which a time in milliseconds lies, in minutes since the epoch."""
    return at // MINUTE_MS // minutes * minutes
