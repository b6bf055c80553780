"""`vase.changed {full, fill, pieces, gifts}`: a jar that fills with the gifts themselves."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from typing import Any

from commands.givings import Givings
from commands.vases import ROOM, SMALL, vase_of
from data.catalogue import Catalogue
from data.ledger import Record
from overlay.kinds import Data, changes_sums, faces, span_of, whole


class VaseKind:
    """The jar of the `show` or of `today`, with as much room as a page's settings say.

    full: jars filled before; fill: of this one, in thousandths; pieces: [[place in `gifts`, units]]
    from the bottom up; gifts: [{gift, room}] with the room that one takes, in tenths of a small
    one's; count: of all pieces in it.
    """

    type = "vase.changed"

    def __init__(self, givings: Givings, catalogue: Catalogue) -> None:
        self._givings, self._catalogue = givings, catalogue

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return (f"{span_of(settings)}:{whole(settings, 'capacity', 80, 40, 300)}",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        period, capacity = topic.split(":")
        given = await self._givings.of(stage, period)
        known = faces(self._catalogue, dict.fromkeys(gift.gift for gift in given))
        tiers = {id_: int(face["tier"]) for id_, face in known.items()}
        vase = await to_thread(vase_of, given, int(capacity), tiers)
        inside = list(dict.fromkeys(gift for gift, _ in vase.pieces))
        data = {
            "vase_id": topic,
            "capacity": vase.capacity // SMALL,
            "full": vase.full,
            "fill": vase.room * 1000 // vase.capacity,
            "count": sum(units for _, units in vase.pieces),
            "pieces": [[inside.index(gift), units] for gift, units in vase.pieces],
            "gifts": [{"gift": known[gift], "room": ROOM[tiers[gift]]} for gift in inside],
        }
        return {topic: data}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now
