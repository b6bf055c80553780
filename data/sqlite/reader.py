"""Readers: answer questions from read-only connections, beside the writer."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import apsw

from data import chain
from data.journal import Balance, Line, Linked, MarkKind, Rank, ShowTotals
from data.ledger import Record
from data.sqlite.connection import open_reader, row, rows, value
from data.sqlite.links import LINKED, ONE, PURSES
from data.sqlite.rows import (
    CONTROLS,
    NEWEST_MARKS,
    OPEN_GIFTS,
    PLAYABLE,
    RECORD_BY_SEQ,
    load_record,
    load_records,
)
from data.sqlite.standing import gift_state

T = TypeVar("T")
_THREADS = 2

_BALANCE = (
    f"WITH {ONE} SELECT a.kind, a.balance FROM one JOIN account a ON a.stage = one.stage "
    "AND a.kind = 'wallet' AND a.owner = one.head "
    "UNION ALL SELECT a.kind, a.balance FROM one JOIN account a ON a.stage = one.stage "
    "AND a.kind = 'earnings' AND a.owner = ?2 "
    "UNION ALL SELECT 'hold', sum(o.coins) FROM one JOIN open_gift o ON o.stage = one.stage "
    "WHERE o.viewer IN (SELECT person FROM account_of)"
)
# The postings of somebody's wallets from the newest back; each names the one before it. Of a
# wallet that was shared (sharer), only what was moved on their behalf is theirs.
_WALK = f"""
WITH RECURSIVE {PURSES},
walk (stage, account, seq, amount, before, left, sharer, since, until) AS (
    SELECT p.stage, p.account, p.seq, p.amount, p.before, a.balance, o.sharer, o.since, o.until
    FROM purse o JOIN account a ON a.stage = o.stage AND a.kind = 'wallet' AND a.owner = o.owner
    JOIN posting p ON p.stage = a.stage AND p.seq = a.last AND p.account = a.id
    UNION ALL
    SELECT p.stage, p.account, p.seq, p.amount, p.before, w.left - w.amount, w.sharer, w.since,
           w.until
    FROM walk w JOIN posting p ON p.stage = w.stage AND p.seq = w.before
    AND p.account = w.account AND p.seq > w.since
    ORDER BY 3 DESC
)
"""
_PART = (
    "(SELECT sum(n.value ->> '$[2]') FROM txn t, json_each(t.facts, '$.linked') n "
    "WHERE t.stage = w.stage AND t.seq = w.seq AND n.value ->> '$[0]' = w.sharer)"
)
_LAST_GIFT = _WALK + (
    "SELECT w.seq FROM walk w CROSS JOIN txn t ON t.stage = w.stage AND t.seq = w.seq "
    "WHERE t.kind = 'gift' AND t.subject IN (SELECT person FROM account_of) LIMIT 1"
)
_STATEMENT = _WALK + (
    f"SELECT seq, iif(sharer, {_PART}, amount), left FROM walk w "
    f"WHERE NOT sharer OR (seq < until AND {_PART} IS NOT NULL) LIMIT ?3"
)
_LINKED_VIEWER = (
    "JOIN stage s ON s.id = t.stage "
    "LEFT JOIN link l ON l.stage = t.stage AND l.person = t.viewer AND l.parted IS NULL"
)
_TOP = (
    "SELECT coalesce(l.head, t.viewer) AS who, sum(coins) AS total, sum(gifts) "
    f"FROM tally t {_LINKED_VIEWER} WHERE s.name = ? AND day >= ? GROUP BY who HAVING total > 0 "
    "ORDER BY total DESC, who LIMIT ?"
)
_TOP_OF_SHOW = (
    "SELECT coalesce(l.head, t.viewer) AS who, sum(coins) AS total, sum(gifts) "
    f"FROM show_tally t {_LINKED_VIEWER} WHERE s.name = ? AND show = ? "
    "GROUP BY who HAVING total > 0 ORDER BY total DESC, who LIMIT ?"
)
_SHOW_TOTALS = (
    "SELECT coalesce(sum(gifts), 0), coalesce(sum(coins), 0), "
    "count(DISTINCT coalesce(l.head, t.viewer)) "
    f"FROM show_tally t {_LINKED_VIEWER} WHERE s.name = ? AND show = ? AND coins > 0"
)
_EARNED_DAYS = (
    f"WITH {ONE} SELECT DISTINCT day FROM account_of o JOIN earned e ON e.stage = o.stage "
    "AND e.person = o.person WHERE way = ?3 AND day < ?4 AND coins > 0 ORDER BY day DESC LIMIT ?5"
)
_EARN_PAUSED = f"""
WITH paused AS (
    SELECT DISTINCT t.stage, coalesce(l.head, t.viewer) AS head
    FROM (SELECT stage, person AS viewer FROM earn_paused) t {_LINKED_VIEWER} WHERE s.name = ?
)
SELECT head FROM paused UNION SELECT l.person FROM paused p
JOIN link l ON l.stage = p.stage AND l.head = p.head AND l.parted IS NULL
"""
_HEADS = (
    "SELECT l.person, l.head FROM json_each(?2) j JOIN stage s ON s.name = ?1 "
    "JOIN link l ON l.stage = s.id AND l.person = j.value AND l.parted IS NULL"
)


class Readers:
    """`data.journal.Books` on SQLite: a few threads, each with its own connection."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        self._path = path
        self._vfs = vfs
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="journal-reader")
        self._local = threading.local()
        self._open: list[apsw.Connection] = []

    async def ask(self, question: Callable[[apsw.Connection], T]) -> T:
        """Run `question` on a reader's own connection."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._answer, question
        )

    def _answer(self, question: Callable[[apsw.Connection], T]) -> T:
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = open_reader(self._path, vfs=self._vfs)
            self._open.append(connection)
        return question(connection)

    def close(self) -> None:
        """End the threads and close their connections."""
        self._threads.shutdown(wait=True)
        for connection in self._open:
            connection.close(True)

    async def heads(self) -> dict[str, int]:
        """The newest seq of each stage."""
        sql = "SELECT s.name, (SELECT max(seq) FROM txn t WHERE t.stage = s.id) FROM stage s"
        found = await self.ask(lambda db: rows(db, sql))
        return {stage: seq for stage, seq in found if seq}

    async def stages(self) -> list[str]:
        """See `data.journal.Books`."""
        return sorted(await self.heads())

    async def balance(self, stage: str, person: int) -> Balance:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: dict(rows(db, _BALANCE, (stage, person))))
        return Balance(found.get("wallet", 0), found.get("hold") or 0, found.get("earnings", 0))

    async def find(self, stage: str, seq: int) -> Record | None:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> Record | None:
            found = row(db, RECORD_BY_SEQ, (stage, seq))
            return load_record(db, found) if found else None

        return await self.ask(question)

    async def state(self, stage: str, seq: int) -> str | None:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> str | None:
            found = row(db, "SELECT id FROM stage WHERE name = ?", (stage,))
            return gift_state(db, found[0], seq) if found else None

        return await self.ask(question)

    async def last_gift(self, stage: str, viewer: int) -> Record | None:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: row(db, _LAST_GIFT, (stage, viewer)))
        return await self.find(stage, found[0]) if found else None

    async def open_gifts(self, stage: str, *, after: int, limit: int) -> list[tuple[str, Record]]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[tuple[str, Record]]:
            found = rows(db, OPEN_GIFTS, (stage, after, limit))
            return [(line[13], load_record(db, line)) for line in found]

        return await self.ask(question)

    async def statement(self, stage: str, person: int, *, limit: int) -> list[Line]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[Line]:
            lines: list[Line] = []
            for seq, amount, left in rows(db, _STATEMENT, (stage, person, limit)):
                found = row(db, RECORD_BY_SEQ, (stage, seq))
                assert found is not None
                lines.append(Line(load_record(db, found), amount, left))
            return lines

        return await self.ask(question)

    async def top(self, stage: str, *, since_day: int, limit: int) -> list[Rank]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, _TOP, (stage, since_day, limit)))
        return [Rank(*line) for line in found]

    async def top_of_show(self, stage: str, show: int, *, limit: int) -> list[Rank]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, _TOP_OF_SHOW, (stage, show, limit)))
        return [Rank(*line) for line in found]

    async def show_totals(self, stage: str, show: int) -> ShowTotals:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: row(db, _SHOW_TOTALS, (stage, show)))
        return ShowTotals(*(found or (0, 0, 0)))

    async def marks(self, stage: str, kind: MarkKind, *, limit: int) -> list[Record]:
        """See `data.journal.Books`."""
        found = await self.ask(
            lambda db: load_records(db, rows(db, NEWEST_MARKS, (stage, kind, limit)))
        )
        return found[::-1]

    async def earned_days(
        self, stage: str, person: int, way: str, *, before: int, limit: int
    ) -> list[int]:
        """See `data.journal.Books`."""
        asked = (stage, person, way, before, limit)
        return [day for (day,) in await self.ask(lambda db: rows(db, _EARNED_DAYS, asked))]

    async def earning_paused(self, stage: str) -> set[int]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, _EARN_PAUSED, (stage,)))
        return {person for (person,) in found}

    async def linked(self, stage: str, person: int) -> list[Linked]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, LINKED, (stage, person)))
        return [Linked(*line) for line in found]

    async def heads_of(self, stage: str, persons: Sequence[int]) -> dict[int, int]:
        """See `data.journal.Books`."""
        asked = (stage, chain.dump(list(persons)))
        found = await self.ask(lambda db: rows(db, _HEADS, asked))
        return dict(zip(persons, persons, strict=True)) | dict(found)

    async def playable(self, stage: str, *, after: int, limit: int) -> list[Record]:
        """See `data.journal.Books`."""
        return await self.ask(
            lambda db: load_records(db, rows(db, PLAYABLE, (stage, after, limit)))
        )

    async def first_since(self, stage: str, at: int) -> int:
        """See `data.journal.Books`. Halves the range: `at` has no index, seq has."""

        def question(db: apsw.Connection) -> int:
            found = row(db, "SELECT id FROM stage WHERE name = ?", (stage,))
            if found is None:
                return 1
            number = found[0]
            high = 1 + int(
                value(db, "SELECT coalesce(max(seq), 0) FROM txn WHERE stage = ?", (number,))
            )
            low = 1
            while low < high:
                middle = (low + high) // 2
                time = value(db, "SELECT at FROM txn WHERE stage = ? AND seq = ?", (number, middle))
                low, high = (middle + 1, high) if time < at else (low, middle)
            return low

        return await self.ask(question)

    async def controls(self, stage: str) -> list[Record]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: load_records(db, db.execute(CONTROLS, (stage,))))
