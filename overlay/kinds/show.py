"""`show.changed {show, live, began_at, gifts, coins, viewers}`: the show and what it brought in."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.shows import Shows
from data.events import stamp
from data.journal import Books
from data.ledger import Record
from overlay.kinds import Data, changes_sums


class ShowKind:
    """The show that is on, or was the last one (`live` false). `show` is its number, 0 before the
    first; `began_at` when it began, null then."""

    type = "show.changed"

    def __init__(self, shows: Shows, books: Books) -> None:
        self._shows, self._books = shows, books

    def topics(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `overlay.kinds.Kind`."""
        return ("show",)

    def follows(self, record: Record) -> bool:
        """See `overlay.kinds.Kind`."""
        return changes_sums(record)

    async def read(self, stage: str, topic: str) -> Mapping[str, Data]:
        """See `overlay.kinds.Kind`."""
        show = self._shows.latest(stage)
        totals = await self._books.show_totals(stage, show)
        opened = await self._books.find(stage, show) if show else None
        return {
            topic: {
                "show": show,
                "live": self._shows.current(stage) != 0,
                "began_at": stamp(opened.facts["began_at"]) if opened else None,
                "gifts": totals.gifts,
                "coins": totals.coins,
                "viewers": totals.viewers,
            }
        }

    def change(self, before: Data | None, now: Data) -> Data:
        """See `overlay.kinds.Kind`."""
        return now
