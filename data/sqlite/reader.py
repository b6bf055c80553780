"""Readers: answer questions from read-only connections, beside the writer."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import apsw

from data import chain
from data.journal import Balance, GiftSum, Given, Line, Linked, MarkKind, Rank, ShowTotals
from data.ledger import Record
from data.sqlite import sums
from data.sqlite.connection import open_reader, row, rows, value
from data.sqlite.persons import (
    BALANCE,
    BANNED,
    BARS,
    EARN_PAUSED,
    EARNED_DAYS,
    HEADS,
    LAST_GIFT,
    LINKED,
    OVERRULED,
    RECENT_GIFTS,
    SHOW_TOTALS,
    STATEMENT,
    STATEMENT_LENGTH,
    TOP,
    TOP_OF_SHOW,
)
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
        return await self.ask(lambda db: dict(rows(db, BARS, (stage, person))))

    async def banned(self, stage: str, person: int) -> bool:
        """See `data.journal.Books`."""
        return bool(await self.ask(lambda db: value(db, BANNED, (stage, person))))

    async def overruled(self, stage: str) -> set[int]:
        """See `data.journal.Books`."""
        return {seq for (seq,) in await self.ask(lambda db: rows(db, OVERRULED, (stage,)))}

    async def gaps(self, stage: str, *, limit: int) -> list[Record]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: load_records(db, rows(db, GAPS, (stage, limit))))

    async def stages(self) -> list[str]:
        """See `data.journal.Books`."""
        return sorted(await self.heads())

    async def balance(self, stage: str, person: int) -> Balance:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: dict(rows(db, BALANCE, (stage, person))))
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
        found = await self.ask(lambda db: row(db, LAST_GIFT, (stage, viewer)))
        return await self.find(stage, found[0]) if found else None

    async def recent_gifts(
        self, stage: str, viewer: int, *, since: int, limit: int
    ) -> list[Record]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[Record]:
            found = rows(db, RECENT_GIFTS, (stage, viewer, limit, since))
            lines = [row(db, RECORD_BY_SEQ, (stage, seq)) for (seq,) in found]
            return [load_record(db, line) for line in lines if line is not None]

        return await self.ask(question)

    async def open_gifts(self, stage: str, *, after: int, limit: int) -> list[tuple[str, Record]]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[tuple[str, Record]]:
            found = rows(db, OPEN_GIFTS, (stage, after, limit))
            return [(line[14], load_record(db, line)) for line in found]

        return await self.ask(question)

    async def statement(self, stage: str, person: int, *, limit: int, skip: int = 0) -> list[Line]:
        """See `data.journal.Books`."""

        def question(db: apsw.Connection) -> list[Line]:
            lines: list[Line] = []
            for seq, amount, left in rows(db, STATEMENT, (stage, person, limit, skip)):
                found = row(db, RECORD_BY_SEQ, (stage, seq))
                assert found is not None
                lines.append(Line(load_record(db, found), amount, left))
            return lines

        return await self.ask(question)

    async def statement_length(self, stage: str, person: int, *, most: int) -> int:
        """See `data.journal.Books`."""
        asked = (stage, person, most)
        return int(await self.ask(lambda db: value(db, STATEMENT_LENGTH, asked)))

    async def top(self, stage: str, *, since_day: int, limit: int) -> list[Rank]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, TOP, (stage, since_day, limit)))
        return [Rank(*line) for line in found]

    async def top_of_show(self, stage: str, show: int, *, limit: int) -> list[Rank]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, TOP_OF_SHOW, (stage, show, limit)))
        return [Rank(*line) for line in found]

    async def show_totals(self, stage: str, show: int) -> ShowTotals:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: row(db, SHOW_TOTALS, (stage, show)))
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

    async def given(self, stage: str, *, after: int, limit: int) -> list[Given]:
        """See `data.journal.Books`."""
        return await self.ask(lambda db: sums.given(db, stage, after, limit))

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
        return [day for (day,) in await self.ask(lambda db: rows(db, EARNED_DAYS, asked))]

    async def earning_paused(self, stage: str) -> set[int]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, EARN_PAUSED, (stage,)))
        return {person for (person,) in found}

    async def linked(self, stage: str, person: int) -> list[Linked]:
        """See `data.journal.Books`."""
        found = await self.ask(lambda db: rows(db, LINKED, (stage, person)))
        return [Linked(*line) for line in found]

    async def heads_of(self, stage: str, persons: Sequence[int]) -> dict[int, int]:
        """See `data.journal.Books`."""
        asked = (stage, chain.dump(list(persons)))
        found = await self.ask(lambda db: rows(db, HEADS, asked))
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
