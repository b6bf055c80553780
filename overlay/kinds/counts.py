"""`counts.changed {counts_id, period, gifts, total}`: every gift of the catalogue, and how often
it was given."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.spans import PERIODS, Spans
from data.catalogue import Catalogue
from data.events import SHOWN_NAME_WHEN_ERASED
from data.journal import Books
from data.ledger import Record
from overlay.kinds import Data, changes_sums

LOOKED_AT = 40  # of the newest gifts, to say who gave one last


class CountKind:
    """A count for each period; a page asks for one by its setting `period`.

    gifts: [{gift (as in `gift.sent`), count, coins, last}] from the cheapest to the dearest;
    `last` is the name of whoever gave it last, null when that was long ago.
    """

    type = "counts.changed"

    def __init__(self, books: Books, spans: Spans, catalogue: Catalogue) -> None:
        self._books, self._spans, self._catalogue = books, spans, catalogue

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        period = settings.get("period")
        return (period,) if period in PERIODS else ("show",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        span = self._spans.of(stage, topic)
        sums = await self._books.gift_sums(stage, since_day=span.since_day, show=span.show)
        units: dict[str, int] = {}
        coins: dict[str, int] = {}
        for each in sums:
            units[each.gift] = units.get(each.gift, 0) + each.units
            coins[each.gift] = coins.get(each.gift, 0) + each.coins
        latest = await self._books.latest_gifts(stage, limit=LOOKED_AT)
        last = {
            record.facts["gift"]["id"]: record.aside.get("viewer") or SHOWN_NAME_WHEN_ERASED
            for record in reversed(latest)
        }
        gifts = [
            {
                "gift": gift.face(),
                "count": units.get(gift.id, 0),
                "coins": coins.get(gift.id, 0),
                "last": last.get(gift.id) if gift.id in units else None,
            }
            for gift in self._catalogue.gifts()
        ]
        total = {"count": sum(units.values()), "coins": sum(coins.values())}
        return {topic: {"counts_id": topic, "period": span.period, "gifts": gifts, "total": total}}

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now
