"""What the writer knows of coins earned on one stage: by person and day, in which way."""

from collections.abc import Iterator

import apsw

from data.sqlite.bulk import Insert
from data.sqlite.connection import rows

UPSERT = Insert(
    "INSERT INTO earned",
    5,
    "ON CONFLICT (stage, person, day, way) DO UPDATE SET coins = coins + excluded.coins",
)
_OF = "SELECT way, coins FROM earned WHERE stage = ? AND person = ? AND day = ?"


class Earned:
    """Sums that are read from the file at their first use; the next flush writes the changes."""

    def __init__(self, connection: apsw.Connection, stage: int) -> None:
        self._connection = connection
        self._stage = stage
        self._sums: dict[tuple[int, int], dict[str, int]] = {}
        self._changes: dict[tuple[int, int, str], int] = {}

    def __len__(self) -> int:
        return len(self._sums)

    def coins(self, person: int, day: int, way: str) -> int:
        """Earned on that day, in that way or, when it is empty, in all ways."""
        sums = self._of(person, day)
        return sums.get(way, 0) if way else sum(sums.values())

    def add(self, person: int, day: int, way: str, coins: int) -> None:
        """Count coins, or below zero take them out of the count."""
        sums = self._of(person, day)
        sums[way] = sums.get(way, 0) + coins
        what = (person, day, way)
        self._changes[what] = self._changes.get(what, 0) + coins

    @property
    def changed(self) -> bool:
        """Whether `changes` has any."""
        return bool(self._changes)

    def changes(self) -> Iterator[tuple[int, int, int, str, int]]:
        """Rows for `UPSERT`; then they count as written."""
        changes, self._changes = self._changes, {}
        return ((self._stage, *what, coins) for what, coins in changes.items())

    def _of(self, person: int, day: int) -> dict[str, int]:
        sums = self._sums.get((person, day))
        if sums is None:
            found = rows(self._connection, _OF, (self._stage, person, day))
            sums = self._sums[person, day] = dict(found)
        return sums
