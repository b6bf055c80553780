"""Vases: jars that fill with the gifts themselves, in the order in which they were sent.

A jar has room for so many small gifts; great ones are larger. When it is full, the next one
begins. Nothing is kept: it follows from the gifts alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data.journal import Given

SMALL = 10  # the room that a small gift takes
ROOM = {1: 10, 2: 10, 3: 14, 4: 20, 5: 30, 6: 42, 7: 56}  # by tier


@dataclass(slots=True)
class Vase:
    """full: jars that were filled before this one. pieces: what is in it, as (gift, units), from
    the bottom up. room: what that takes of its capacity."""

    capacity: int
    full: int = 0
    room: int = 0
    pieces: list[tuple[str, int]] = field(default_factory=list)

    def put(self, gift: str, units: int, room: int) -> None:
        """Put so many of a gift in; each takes so much room. The last one may stand out."""
        missing = -(-(self.capacity - self.room) // room)
        if units >= missing:
            units -= missing
            each = -(-self.capacity // room)
            self.full += 1 + units // each
            units %= each
            self.pieces, self.room = [], 0
        if not units:
            return
        self.room += units * room
        if self.pieces and self.pieces[-1][0] == gift:
            units += self.pieces.pop()[1]
        self.pieces.append((gift, units))


def vase_of(gifts: Iterable[Given], capacity: int, tiers: Mapping[str, int]) -> Vase:
    """The jar that these gifts filled. capacity: in small gifts. Only settled ones are in it."""
    vase = Vase(capacity * SMALL)
    for gift in gifts:
        if gift.settled:
            vase.put(gift.gift, gift.units, ROOM[tiers.get(gift.gift, 1)])
    return vase
