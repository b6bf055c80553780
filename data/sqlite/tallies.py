"""Tallies: settled gifts in sums, by the day and the show in which they were accepted.

The writer counts in memory; the next flush adds it to what the file holds.
"""

from typing import Any, NamedTuple

import apsw

from data.sqlite.bulk import Insert

_BY_VIEWER = (
    "ON CONFLICT (stage, {unit}, viewer) "
    "DO UPDATE SET coins = coins + excluded.coins, gifts = gifts + excluded.gifts"
)
_TALLY = Insert("INSERT INTO tally", 5, _BY_VIEWER.format(unit="day"))
_SHOW_TALLY = Insert("INSERT INTO show_tally", 5, _BY_VIEWER.format(unit="show"))
_GIFT_TALLY = Insert(
    "INSERT INTO gift_tally",
    8,
    "ON CONFLICT (stage, day, show, gift, creator) "
    "DO UPDATE SET units = units + excluded.units, gifts = gifts + excluded.gifts, "
    "coins = coins + excluded.coins",
)


class Counted(NamedTuple):
    """What of a gift counts. show: 0 outside of any; units: five roses are five."""

    viewer: int
    total_coins: int
    day: int
    show: int
    gift: str
    creator: int
    units: int

    @classmethod
    def of(cls, viewer: int, facts: dict[str, Any]) -> "Counted":
        """From the facts of the gift's record."""
        return cls(
            viewer, facts["total_coins"], facts["day"], facts.get("show", 0), facts["gift"]["id"],
            facts["creator"], facts["count"],
        )  # fmt: skip


class Tallies:
    """The sums of one stage that are not in the file yet."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[int, int], list[int]] = {}
        self._by_show: dict[tuple[int, int], list[int]] = {}
        self._by_gift: dict[tuple[int, int, str, int], list[int]] = {}

    def add(self, gift: Counted, sign: int) -> None:
        """Count a gift, or with -1 take it out of the count."""
        coins = sign * gift.total_coins
        _add(self._by_day.setdefault((gift.day, gift.viewer), [0, 0]), coins, sign)
        if gift.show:
            _add(self._by_show.setdefault((gift.show, gift.viewer), [0, 0]), coins, sign)
        what = (gift.day, gift.show, gift.gift, gift.creator)
        _add(self._by_gift.setdefault(what, [0, 0, 0]), sign * gift.units, sign, coins)

    def flush(self, cursor: apsw.Cursor, stage: int) -> None:
        """Add them to the file's."""
        if not self._by_gift:
            return
        for insert, sums in (
            (_TALLY, self._by_day.items()),
            (_SHOW_TALLY, self._by_show.items()),
            (_GIFT_TALLY, self._by_gift.items()),
        ):
            insert.run(cursor, [(stage, *what, *counts) for what, counts in sums])
        self._by_day, self._by_show, self._by_gift = {}, {}, {}


def _add(sums: list[int], *more: int) -> None:
    for at, amount in enumerate(more):
        sums[at] += amount
