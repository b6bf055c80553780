"""The journal on SQLite: one writing thread with group commit.

Callers queue; one COMMIT carries all who came while the last one was on its way to disk;
each caller gets a verdict of its own; the event loop is woken once a batch. After a failed
commit nothing is believed: the file is closed, opened again and checked, and what did land
is announced then.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import apsw
import structlog
from filelock import FileLock, Timeout

from data.errors import Code, GiftError, JournalError, JournalTakenError
from data.journal import Listener
from data.ledger import Receipt, Record, Transaction
from data.sqlite.batches import Batches
from data.sqlite.connection import open_writer, rows
from data.sqlite.migration import copy_to, migrate
from data.sqlite.reader import Readers
from data.sqlite.rows import RECORDS_AFTER, load_records
from data.sqlite.verification import check_new, remember, verify_new
from data.sqlite.writer import Writer

T = TypeVar("T")
Work = Callable[[Writer], Any]
Job = tuple[str, Work, "asyncio.Future[Any]"]  # the key that it is about, if any

QUEUE_MAX = 8_192
LOG_PAGES, LOG_PAGES_MAX = 8_000, 16_000
FILE_NAME = "journal.sqlite3"


class SqliteJournal:
    """A journal in one file. Make it with `open`, end it with `close`."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        self.path = path
        self.books = Readers(path, vfs=vfs)
        self._vfs = vfs
        self._lock = FileLock(path.with_suffix(".lock"))
        self._batches: Batches[Job] = Batches()
        self._waiting = 0
        self._writer: Writer | None = None
        self._distrust = ""
        self._listeners: list[Listener] = []
        self._heads: dict[str, int] = {}  # as the loop has heard
        self._announced: dict[str, int] = {}  # as the thread has told it
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @classmethod
    async def open(cls, path: Path, *, vfs: str | None = None) -> "SqliteJournal":
        """Lock, migrate and check the file. Raises `JournalError` with the reason."""
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = cls(path, vfs=vfs)
        try:
            journal._lock.acquire(timeout=0)
        except Timeout:
            raise JournalTakenError(f"{path} is being written by another giftcast") from None
        try:
            journal._writer = await asyncio.to_thread(journal._open_file)
            journal._heads = await journal.books.heads()
        except BaseException as error:
            journal.books.close()
            journal._close_file()
            journal._lock.release()
            if isinstance(error, apsw.Error):
                raise JournalError(f"{path} cannot be used: {error}") from error
            raise
        journal._announced = dict(journal._heads)
        journal._thread.start()
        return journal

    async def close(self) -> None:
        """Commit what is queued, end the threads, and let the next one in. The writer's
        connection closes last, so that what stays is one complete file."""
        self._closed = True
        self._batches.end()
        await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self.books.close)
        await asyncio.to_thread(self._close_file)
        self._lock.release()

    @property
    def usable(self) -> bool:
        """Whether the last commit reached the disk, and the book adds up."""
        return self._writer is not None and not self._distrust

    # --- data.journal.Journal ---

    async def record(self, transaction: Transaction) -> Receipt:
        """See `data.journal.Journal`."""
        return await self._submit(lambda writer: writer.record(transaction), transaction.key)

    async def refuse(self, transaction: Transaction, refusal: GiftError) -> Receipt:
        """See `data.journal.Journal`."""
        return await self._submit(
            lambda writer: writer.refuse(transaction, refusal), transaction.key
        )

    async def recorded(self, key: str) -> Record | None:
        """See `data.journal.Journal`."""
        return await self._submit(lambda writer: writer.recorded(key))

    async def read(self, stage: str, *, after: int, limit: int) -> list[Record]:
        """See `data.journal.Journal`."""
        return await self.books.ask(
            lambda db: load_records(db, db.execute(RECORDS_AFTER, (stage, after, limit)))
        )

    def head(self, stage: str) -> int:
        """See `data.journal.Journal`."""
        return self._heads.get(stage, 0)

    def watch(self, listener: Listener) -> None:
        """See `data.journal.Journal`."""
        self._listeners.append(listener)

    # --- data.journal.Store ---

    async def write(self, change: Callable[[apsw.Connection], T]) -> T:
        """See `data.journal.Store`."""

        return await self._submit(lambda writer: writer.change(change))

    async def ask(self, question: Callable[[apsw.Connection], T]) -> T:
        """See `data.journal.Store`."""
        return await self.books.ask(question)

    async def backup(self, target: Path) -> None:
        """An online copy of the file, complete or absent; the writer goes on meanwhile."""
        await self.books.ask(lambda db: copy_to(db, target))

    async def check_new(self) -> None:
        """Verify what came since the last time, beside the writer. A book that does not add
        up takes no more entries: better no gift than a wrong coin."""
        try:
            marks = await self.books.ask(check_new)
        except (JournalError, apsw.CorruptError) as error:
            self._distrust = str(error)
            structlog.get_logger().critical("journal.does_not_hold", problem=str(error))
            return
        if marks:
            await self.write(lambda db: remember(db, marks))

    # --- the writing thread ---

    def _submit(self, work: Callable[[Writer], T], key: str = "") -> "asyncio.Future[T]":
        if self._distrust or self._closed:
            raise GiftError(Code.JOURNAL_DOWN)
        if self._waiting >= QUEUE_MAX:
            raise GiftError(Code.BUSY)
        future: asyncio.Future[T] = self._loop.create_future()
        self._waiting += 1
        self._batches.put((key, work, future))
        return future

    def _run(self) -> None:
        while True:
            jobs, ended = self._batches.take()
            if jobs:
                self._commit(jobs)
                self._tidy()
            if ended:
                return

    def _commit(self, jobs: list[Job]) -> None:
        outcomes: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        fresh: list[Record] = []
        try:
            if self._writer is None:
                self._writer = self._open_file()
                fresh = self._unannounced(self._writer)
            writer = self._writer
            writer.begin([key for key, _, _ in jobs if key])
            for _, work, future in jobs:
                outcomes.append((future, *_outcome(work, writer)))
            writer.commit()
        except Exception:  # noqa: BLE001 - whatever failed, nobody may be told "accepted"
            structlog.get_logger().exception("journal.commit_failed", callers=len(jobs))
            self._close_file()
            down = GiftError(Code.JOURNAL_DOWN)
            outcomes = [(future, None, down) for _, _, future in jobs]
        else:
            fresh += [
                result.record
                for _, result, _ in outcomes
                if isinstance(result, Receipt) and result.fresh and result.record
            ]
        self._announced.update({record.stage: record.seq for record in fresh})
        self._batches.answered()
        self._loop.call_soon_threadsafe(self._deliver, outcomes, fresh)

    def _tidy(self) -> None:
        """What need not be in a commit, after the callers were answered: keys into their index,
        and what is in the log into the file, soon when nobody waits, at last when the log
        grows long. What was promised is in the log."""
        writer = self._writer
        most = LOG_PAGES if self._batches.empty else LOG_PAGES_MAX
        if writer is None:
            return
        try:
            if writer.untidy:
                writer.tidy()
            if writer.wal.pages >= most:
                writer.wal.checkpoint()
            if writer.wal.short:
                writer.wal.lengthen()
        except apsw.Error:
            structlog.get_logger().exception("journal.tidying_failed")
            self._close_file()

    def _open_file(self) -> Writer:
        connection = open_writer(self.path, vfs=self._vfs)
        try:
            migrate(connection, self.path.parent / "backups")
            verify_new(connection)
            return Writer(connection)
        except BaseException:
            connection.close(True)
            raise

    def _close_file(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            try:
                writer.connection.close(True)
            except apsw.Error:
                structlog.get_logger().exception("journal.close_failed")

    def _unannounced(self, writer: Writer) -> list[Record]:
        """What reached the disk although its commit was reported as failed."""
        found: list[Record] = []
        for (stage,) in rows(writer.connection, "SELECT name FROM stage"):
            after = self._announced.get(stage, 0)
            found += load_records(
                writer.connection, rows(writer.connection, RECORDS_AFTER, (stage, after, -1))
            )
        return found

    def _deliver(
        self,
        outcomes: Sequence[tuple[asyncio.Future[Any], Any, BaseException | None]],
        fresh: Sequence[Record],
    ) -> None:
        """On the event loop: announce, then answer."""
        self._waiting -= len(outcomes)
        if fresh:
            self._heads.update({record.stage: record.seq for record in fresh})
            for listener in self._listeners:
                try:
                    listener(fresh)
                except Exception:  # noqa: BLE001 - a listener may not break the books
                    structlog.get_logger().exception("journal.listener_failed")
        for future, result, error in outcomes:
            if future.done():
                continue  # the caller was cancelled; the verdict stands
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        self._loop.call_soon(self._batches.went_round)  # behind those who are woken now


def _outcome(work: Work, writer: Writer) -> tuple[Any, BaseException | None]:
    """A caller's own result or refusal. A fault of the file itself ends the whole batch."""
    try:
        return work(writer), None
    except (apsw.ConstraintError, GiftError, TypeError, ValueError, KeyError) as error:
        return None, error
