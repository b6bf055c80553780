"""Readers: answer questions from read-only connections, beside the writer."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import apsw

from data.journal import Balance, GiftSum, Line, MarkKind, Rank, ShowTotals
from data.ledger import Record
from data.sqlite import sums
from data.sqlite.connection import open_reader, row, rows, value
from data.sqlite.rows import (
    CONTROLS,
    GAPS,
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
    "SELECT a.kind, a.balance FROM account a JOIN stage s ON s.id = a.stage "
    "WHERE s.name = ?1 AND a.owner = ?2 AND a.kind IN ('wallet', 'earnings') "
    "UNION ALL SELECT 'hold', sum(o.coins) FROM open_gift o JOIN stage s ON s.id = o.stage "
    "WHERE s.name = ?1 AND o.viewer = ?2"
)
# The postings of a wallet from the newest back; each names the one before it.
_WALK = (
    "WITH RECURSIVE walk (stage, account, seq, amount, before, left) AS ("
    "SELECT p.stage, p.account, p.seq, p.amount, p.before, a.balance FROM account a "
    "JOIN stage s ON s.id = a.stage "
    "JOIN posting p ON p.stage = a.stage AND p.seq = a.last AND p.account = a.id "
    "WHERE s.name = ? AND a.kind = 'wallet' AND a.owner = ? "
    "UNION ALL SELECT p.stage, p.account, p.seq, p.amount, p.before, w.left - w.amount "
    "FROM walk w JOIN posting p ON p.stage = w.stage AND p.seq = w.before "
    "AND p.account = w.account) "
)
_LAST_GIFT = _WALK + (
    "SELECT w.seq FROM walk w CROSS JOIN txn t ON t.stage = w.stage AND t.seq = w.seq "
    "WHERE t.kind = 'gift' LIMIT 1"
)
_RECENT_GIFTS = _WALK + (
    "SELECT w.seq FROM (SELECT stage, seq FROM walk LIMIT ?) w "
    "CROSS JOIN txn t ON t.stage = w.stage AND t.seq = w.seq WHERE t.kind = 'gift' AND t.at >= ?"
)
_STATEMENT = _WALK + "SELECT seq, amount, left FROM walk LIMIT ?"
_TOP = (
    "SELECT viewer, sum(coins) AS total, sum(gifts) FROM tally t JOIN stage s ON s.id = t.stage "
    "WHERE s.name = ? AND day >= ? GROUP BY viewer HAVING total > 0 "
    "ORDER BY total DESC, viewer LIMIT ?"
)
_BARS = (
    "SELECT platform, until FROM barred b JOIN stage s ON s.id = b.stage "
    "WHERE s.name = ? AND person = ?"
)
_OVERRULED = (
    "SELECT o.seq FROM open_gift o JOIN stage s ON s.id = o.stage "
    "JOIN txn g ON g.stage = o.stage AND g.seq = o.seq "
    "WHERE s.name = ? AND EXISTS (SELECT 1 FROM txn b INDEXED BY txn_bar "
    "WHERE b.stage = o.stage AND b.subject = o.viewer AND b.seq > o.seq AND b.kind = 'bar' "
    "AND (b.facts ->> '$.until' IS NULL OR b.facts ->> '$.until' > g.at))"
)
_TOP_OF_SHOW = (
    "SELECT viewer, coins, gifts FROM show_tally t JOIN stage s ON s.id = t.stage "
    "WHERE s.name = ? AND show = ? AND coins > 0 ORDER BY coins DESC, viewer LIMIT ?"
)
_SHOW_TOTALS = (
    "SELECT coalesce(sum(gifts), 0), coalesce(sum(coins), 0), count(*) "
    "FROM show_tally t JOIN stage s ON s.id = t.stage WHERE s.name = ? AND show = ? AND coins > 0"
)
_EARNED_DAYS = (
    "SELECT day FROM earned e JOIN stage s ON s.id = e.stage WHERE s.name = ? AND person = ? "
    "AND way = ? AND day < ? AND coins > 0 ORDER BY day DESC LIMIT ?"
)
_EARN_PAUSED = "SELECT person FROM earn_paused p JOIN stage s ON s.id = p.stage WHERE s.name = ?"


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

    async def bars(self, stage: str, person: int) -> dict[str, int | None]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: dict(rows(db, _BARS, (stage, person))))

    async def overruled(self, stage: str) -> set[int]:
        """See `data.journal.Books`."""
        return {seq for (seq,) in await self.ask(lambda db: rows(db, _OVERRULED, (stage,)))}

    async def gaps(self, stage: str, *, limit: int) -> list[Record]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: load_records(db, rows(db, GAPS, (stage, limit))))

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

    async def recent_gifts(
        self, stage: str, viewer: int, *, since: int, limit: int
    ) -> list[Record]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[Record]:
            found = rows(db, _RECENT_GIFTS, (stage, viewer, limit, since))
            lines = [row(db, RECORD_BY_SEQ, (stage, seq)) for (seq,) in found]
            return [load_record(db, line) for line in lines if line is not None]

        return await self.ask(question)

    async def open_gifts(self, stage: str, *, after: int, limit: int) -> list[tuple[str, Record]]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[tuple[str, Record]]:
            found = rows(db, OPEN_GIFTS, (stage, after, limit))
            return [(line[14], load_record(db, line)) for line in found]

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

    async def gift_sums(self, stage: str, *, since_day: int = 0, show: int = 0) -> list[GiftSum]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: sums.gift_sums(db, stage, since_day, show))

    async def givers(self, stage: str, *, since_day: int = 0, show: int = 0) -> int:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: sums.givers(db, stage, since_day, show))

    async def latest_gifts(self, stage: str, *, limit: int) -> list[Record]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: sums.latest_gifts(db, stage, limit))

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
