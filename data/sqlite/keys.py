"""The keys of all records: which were used, and by which record.

Every key must be found, for ever, before anything is decided. Ids of chat messages are random,
so an index that each commit kept up to date would write a page for every gift. The newest keys
are therefore held in memory, and moved into the index in sorted slices between commits. What is
lost with the memory is read again from the records: `keyed` says from where.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

import apsw

from data.errors import JournalError
from data.sqlite.connection import row, rows

RECENT_MAX = 16_384  # then they are moved into the index
SLICE = 2_048  # keys moved at a time, so that nobody waits long
_USED = (  # almost every key is new, so one question has to do for both tables
    "SELECT 1 FROM key_index WHERE digest = ?1 "
    "UNION ALL SELECT 1 FROM refusal WHERE key = ?2 LIMIT 1"
)
_FIND = (
    "SELECT k.stage, k.seq FROM key_index k JOIN txn t ON t.stage = k.stage AND t.seq = k.seq "
    "WHERE k.digest = ? AND t.key = ?"
)
_MISSING = (
    "SELECT t.stage, t.seq FROM keyed m JOIN txn t ON t.stage = m.stage AND t.seq <= m.seq "
    "WHERE NOT EXISTS (SELECT 1 FROM key_index k WHERE k.digest = key_digest(t.key) "
    "AND k.stage = t.stage AND k.seq = t.seq) LIMIT 5"
)
_TOO_FAR = (
    "SELECT m.stage, m.seq FROM keyed m LEFT JOIN txn t ON t.stage = m.stage AND t.seq = m.seq "
    "WHERE t.seq IS NULL LIMIT 5"
)
_TWICE = "SELECT stage, max(seq) FROM txn GROUP BY key HAVING count(*) > 1 LIMIT 5"
_TAIL = "SELECT key, seq FROM txn WHERE stage = ? AND seq > ? ORDER BY seq LIMIT ?"
_MARKS = "SELECT s.id, coalesce(k.seq, 0) FROM stage s LEFT JOIN keyed k ON k.stage = s.id"
_PUT = "INSERT OR IGNORE INTO key_index VALUES (?, ?, ?)"
_MARK = "INSERT OR REPLACE INTO keyed VALUES (?, ?)"


class Place(NamedTuple):
    """A record: the number of its stage, and its seq."""

    stage: int
    seq: int


def digest(key: str) -> int:
    """64 bits of a key, as SQLite keeps integers."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


class Keys:
    """The keys used so far. For the writing thread alone."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._recent: dict[str, Place] = {}
        self._moving: dict[str, Place] = {}
        self._slices: list[list[tuple[int, int, int]]] = []
        self._load()

    def new(self, key: str) -> bool:
        """Whether this key has neither a record nor a refusal that is in the file, for all
        that can be told at a glance."""
        if key in self._recent or key in self._moving:
            return False
        # to the last row: a statement left open would keep a checkpoint out
        return not self._cursor.execute(_USED, (digest(key), key)).fetchall()

    def find(self, key: str) -> Place | None:
        """The record of this key; None when it was never used."""
        if place := self._recent.get(key) or self._moving.get(key):
            return place
        found = row(self._connection, _FIND, (digest(key), key))
        return Place(*found) if found else None

    def add(self, key: str, stage: int, seq: int) -> None:
        """The key belongs to that record now."""
        self._recent[key] = Place(stage, seq)

    @property
    def due(self) -> bool:
        """Whether keys should be moved into the index."""
        return bool(self._slices) or len(self._recent) >= RECENT_MAX

    def move(self) -> None:
        """Move a slice of keys, in a database transaction of its own."""
        if not self._slices:
            self._begin()
        with self._connection:
            self._connection.executemany(_PUT, self._slices[-1])
            if len(self._slices) == 1:
                self._connection.executemany(_MARK, _newest(self._moving).items())
        self._slices.pop()
        if not self._slices:
            self._moving = {}

    def _begin(self) -> None:
        """Freeze the recent keys and sort them as the index is, from its end on."""
        self._moving, self._recent = self._recent, {}
        order = sorted((digest(key), *place) for key, place in self._moving.items())
        self._slices = [order[at : at + SLICE] for at in range(0, len(order), SLICE)][::-1]

    def _load(self) -> None:
        """Take up the keys that are not in the index yet; of a file from before there was
        one, these are all."""
        for stage, moved in rows(self._connection, _MARKS):
            after = moved
            while page := rows(self._connection, _TAIL, (stage, after, RECENT_MAX)):
                for key, seq in page:
                    if key in self._recent:
                        raise JournalError(
                            f"two records have the key {key!r}: run `giftcast ledger verify`"
                        )
                    self.add(key, stage, seq)
                after = page[-1][1]
                while self.due:
                    self.move()


def _digest_of_any(*values: Any) -> int:
    return digest(values[0])


def disorder(connection: apsw.Connection) -> Iterator[tuple[int, int, str]]:
    """What is wrong with the keys of a whole file: (number of the stage, seq, in words)."""
    connection.create_scalar_function("key_digest", _digest_of_any, 1, deterministic=True)
    for sql, what in (
        (_MISSING, "is missing in the index over keys"),
        (_TOO_FAR, "is named by the index over keys, and is not there"),
        (_TWICE, "has the key of an earlier record"),
    ):
        for stage, seq in connection.execute(sql):
            yield stage, seq, what


def _newest(places: dict[str, Place]) -> dict[int, int]:
    """By stage, up to which record these go."""
    newest: dict[int, int] = {}
    for stage, seq in places.values():
        newest[stage] = max(seq, newest.get(stage, 0))
    return newest
