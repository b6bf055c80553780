"""`combo.changed {combos, best, window_s}`: who is on a combo now, and the longest there was."""

from asyncio import to_thread
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands.combos import Combo, combos, longest
from commands.givings import Givings
from commands.policy import StagePolicy
from data.catalogue import Catalogue
from data.events import SHOWN_NAME_WHEN_ERASED, stamp
from data.identities import Identities
from data.ledger import Record
from overlay.kinds import CHANGES_AT, Data, changes_sums, faces, span_of

COMBOS = 5  # told at once
_ALSO = frozenset({"gift", "approve", "return"})


class ComboKind:
    """Combos as the journal decided them, without what was taken back. A page asks by its setting
    `period` for the longest one of the `show` or of `today`.

    combos: [{combo_id, gift, viewer, count, coins, at, ends_at}] that still run, the newest first;
    best: the longest, as these, null before any. Gifts count from when they are accepted: a combo
    does not wait for its cards.
    """

    type = "combo.changed"

    def __init__(
        self,
        givings: Givings,
        people: Identities,
        catalogue: Catalogue,
        policies: Callable[[str], StagePolicy],
        now: Callable[[], int],
    ) -> None:
        self._givings, self._people, self._catalogue = givings, people, catalogue
        self._policies, self._now = policies, now

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return (span_of(settings),)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record) or record.kind in _ALSO

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        window_ms = int(self._policies(stage).combo_window_s * 1000)
        found = await to_thread(combos, await self._givings.of(stage, topic))
        now = self._now()
        running = [combo for combo in found if combo.units > 1 and combo.at + window_ms > now]
        running.sort(key=lambda combo: -combo.at)
        best = longest(found)
        told = running[:COMBOS] + ([best] if best else [])
        names = await self._people.names(combo.viewer for combo in told)
        gifts = faces(self._catalogue, (combo.gift for combo in told))

        def tell(combo: Combo) -> Data:
            return {
                "combo_id": combo.id,
                "gift": gifts[combo.gift],
                "viewer": {"name": names.get(combo.viewer, SHOWN_NAME_WHEN_ERASED)},
                "count": combo.units,
                "coins": combo.coins,
                "at": stamp(combo.at),
                "ends_at": stamp(combo.at + window_ms),
            }

        data = {
            "combos_id": topic,
            "window_s": window_ms / 1000,
            "combos": [tell(combo) for combo in running[:COMBOS]],
            "best": tell(best) if best else None,
            CHANGES_AT: min((combo.at + window_ms for combo in running), default=None),
        }
        return {topic: data}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now
