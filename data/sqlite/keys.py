"""The keys of all records: which were used, and by which record.

Every key must be found, for ever, before anything is decided. Ids of chat messages are random,
so an index that each commit kept up to date would write a page for every gift. The newest keys
are therefore held in memory, and moved into the index in sorted slices between commits. What is
lost with the memory is read again from the records: `keyed` says from where.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import apsw

from data.chain import dump
from data.errors import JournalError
from data.sqlite.bulk import Insert
from data.sqlite.connection import row, rows

RECENT_MAX = 16_384  # then they are moved into the index
SLICE = 2_048  # keys moved at a time, so that nobody waits long
_USED = (  # almost every key is new, so one question has to do for both tables
    "SELECT 1 FROM key_index WHERE digest = ?1 "
    "UNION ALL SELECT 1 FROM refusal WHERE key = ?2 LIMIT 1"
)
_USED_OF = (  # and for a whole batch
    "SELECT d.key FROM json_each(?1) d WHERE d.value IN (SELECT digest FROM key_index) "
    "UNION ALL SELECT k.key FROM json_each(?2) k WHERE k.value IN (SELECT key FROM refusal)"
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
_PUT = Insert("INSERT OR IGNORE INTO key_index", 3)
_MARK = "INSERT OR REPLACE INTO keyed VALUES (?, ?)"


_Row = tuple[int, int, int]  # digest, number of the stage, seq: as in the index


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
        self._recent: dict[str, _Row] = {}
        self._moving: dict[str, _Row] = {}
        self._slices: list[list[_Row]] = []
        self._asked: dict[str, int] = {}  # of this batch, with their digests
        self._used: set[str] = set()  # of these, those that are in the file
        self._load()

    def ask(self, keys: Sequence[str]) -> None:
        """Ask the file about the keys of a batch together, before any of them is decided."""
        self._asked = {key: digest(key) for key in keys}
        asked, digests = list(self._asked), list(self._asked.values())
        if len(asked) > 1:
            found = rows(self._cursor, _USED_OF, (dump(digests), dump(asked)))
            self._used = {asked[at] for (at,) in found}
        else:
            self._used = {key for key in asked if self._in_file(key, digests[0])}

    def new(self, key: str) -> bool:
        """Whether this key has neither a record nor a refusal that is in the file, for all
        that can be told at a glance."""
        if key in self._recent or key in self._moving:
            return False
        if key in self._asked:
            return key not in self._used
        return not self._in_file(key, digest(key))

    def _in_file(self, key: str, mark: int) -> bool:
        # to the last row: a statement left open would keep a checkpoint out
        return bool(self._cursor.execute(_USED, (mark, key)).fetchall())

    def find(self, key: str) -> Place | None:
        """The record of this key; None when it was never used."""
        if known := self._recent.get(key) or self._moving.get(key):
            return Place(*known[1:])
        found = row(self._connection, _FIND, (digest(key), key))
        return Place(*found) if found else None

    def add(self, key: str, stage: int, seq: int) -> None:
        """The key belongs to that record now."""
        mark = self._asked.get(key)
        self._recent[key] = (digest(key) if mark is None else mark, stage, seq)

    @property
    def due(self) -> bool:
        """Whether keys should be moved into the index."""
        return bool(self._slices) or len(self._recent) >= RECENT_MAX

    def move(self) -> None:
        """Move a slice of keys, in a database transaction of its own."""
        if not self._slices:
            self._begin()
        with self._connection:
            _PUT.run(self._cursor, self._slices[-1])
            if len(self._slices) == 1:
                self._connection.executemany(_MARK, _newest(self._moving.values()).items())
        self._slices.pop()
        if not self._slices:
            self._moving = {}

    def _begin(self) -> None:
        """Freeze the recent keys and sort them as the index is, from its end on."""
        self._moving, self._recent = self._recent, {}
        order = sorted(self._moving.values())
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


def _newest(keyed: Iterable[_Row]) -> dict[int, int]:
    """By stage, up to which record these go."""
    newest: dict[int, int] = {}
    for _, stage, seq in keyed:
        newest[stage] = max(seq, newest.get(stage, 0))
    return newest
