"""The writer's side of the journal: judges transactions and writes their rows.

Used by one thread alone. Between `begin` and `commit` any number of transactions are judged
against what is known in memory, their rows gathered, and written in bulk. Whatever goes
wrong, the memory is thrown away with the database transaction.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import apsw

from data import chain
from data.errors import Code, GiftError
from data.ledger import Receipt, Record, Transaction, judge, strike_key
from data.linking import resolve
from data.money import Account
from data.sqlite.bulk import Insert
from data.sqlite.connection import rows, value
from data.sqlite.earned import UPSERT as EARNED
from data.sqlite.keys import Keys, Place
from data.sqlite.links import UPSERT as LINK
from data.sqlite.links import link_rows
from data.sqlite.rows import RECORD_AT, load_record
from data.sqlite.standing import StageBook
from data.sqlite.wal import Wal

T = TypeVar("T")

_TXN = Insert("INSERT INTO txn", 13)
_POSTING = Insert("INSERT INTO posting", 6)
_ASIDE = Insert("INSERT INTO aside", 6)
_REFUSAL = Insert("INSERT INTO refusal", 6)
_ACCOUNT = Insert(
    "INSERT INTO account",
    6,
    "ON CONFLICT (id) DO UPDATE SET balance = excluded.balance, last = excluded.last",
)
_REFUSAL_BY_KEY = "SELECT code, facts, fingerprint FROM refusal WHERE key = ?"
_OPEN = Insert("INSERT INTO open_gift", 5, "ON CONFLICT DO UPDATE SET state = excluded.state")
_CLOSE = "DELETE FROM open_gift WHERE stage = ? AND seq IN (SELECT value FROM json_each(?))"
_KNOWN_MAX = 200_000  # accounts and sums kept in memory; then the memory starts afresh


class Writer:
    """All that the writing thread knows and does. Not safe for two threads."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.wal = Wal(connection)
        self._cursor = connection.cursor()
        self._stages: dict[str, StageBook] = {}
        self._keys = Keys(connection)
        self._salts = chain.Salts()
        self._account_last: int = value(connection, "SELECT coalesce(max(id), 0) FROM account")
        self._forget_rows()

    def _forget_rows(self) -> None:
        self._txns: list[tuple[Any, ...]] = []
        self._postings: list[tuple[int, int, int, int, int, int]] = []
        self._asides: list[tuple[int, int, bytes, str, bytes | None, str | None]] = []
        self._refusals: list[tuple[Any, ...]] = []
        self._fresh: dict[str, tuple[Receipt, str]] = {}

    def begin(self, keys: Sequence[str] = ()) -> None:
        """Open the database transaction that carries a batch. keys: those of its transactions,
        as far as they are known; they are looked up together."""
        self._cursor.execute("BEGIN IMMEDIATE")
        self._keys.ask(keys)

    def commit(self) -> None:
        """Write what was gathered and put it on disk."""
        self.flush()
        self._cursor.execute("COMMIT")
        self._fresh.clear()
        books = self._stages.values()
        if sum(len(book.accounts) + len(book.earnings) for book in books) > _KNOWN_MAX:
            self._stages.clear()

    @property
    def untidy(self) -> bool:
        """Whether `tidy` has something to do."""
        return self._keys.due

    def tidy(self) -> None:
        """A little of what may be done between commits: move keys into their index."""
        self._keys.move()

    def flush(self) -> None:
        """Write what was gathered, inside the open transaction."""
        cursor = self._cursor
        if self._txns:
            _TXN.run(cursor, self._txns)
            _POSTING.run(cursor, self._postings)
            _ASIDE.run(cursor, self._asides)
        if self._refusals:
            _REFUSAL.run(cursor, self._refusals)
        for book in self._stages.values():
            self._flush_book(book)
        self._txns, self._postings, self._asides, self._refusals = [], [], [], []

    def _flush_book(self, book: StageBook) -> None:
        cursor = self._cursor
        if book.dirty:
            _ACCOUNT.run(
                cursor,
                [
                    (entry.id, book.id, account.kind, account.owner, entry.balance, entry.last)
                    for account, entry in book.dirty.items()
                ],
            )
            book.dirty.clear()
        if book.opened:
            _OPEN.run(
                cursor,
                [
                    (book.id, seq, gift.state, gift.counted.viewer, gift.counted.total_coins)
                    for seq, gift in book.opened.items()
                ],
            )
            book.opened.clear()
        if book.closed:
            cursor.execute(_CLOSE, (book.id, chain.dump(list(book.closed))))
            book.closed.clear()
        book.tallies.flush(cursor, book.id)
        if book.earnings.changed:
            EARNED.run(cursor, book.earnings.changes())
        if book.links.changed:
            LINK.run(cursor, link_rows(book.links, book.id))

    def record(self, transaction: Transaction) -> Receipt:
        """Judge one transaction and gather its rows."""
        if known := self._known(transaction):
            return known
        book = self.stage(transaction.stage)
        target = _target(transaction)
        strikes = transaction.kind == "strike"
        if transaction.reverses or strikes or (target and target not in book.gifts):
            self.flush()  # the file is asked about what is no open gift
        try:
            transaction = resolve(transaction, book.links, book.balance)
            postings = judge(transaction, book)
        except GiftError as refusal:
            return self._remember(transaction, book, refusal)
        return self._append(transaction, book, postings)

    def recorded(self, key: str) -> Record | None:
        """The record of a key, of this batch or an earlier one."""
        if fresh := self._fresh.get(key):
            return fresh[0].record
        place = self._keys.find(key)
        return self._at(place) if place else None

    def refuse(self, transaction: Transaction, refusal: GiftError) -> Receipt:
        """Remember a refusal that was decided before it came here."""
        return self._known(transaction) or self._remember(
            transaction, self.stage(transaction.stage), refusal
        )

    def change(self, change: Callable[[apsw.Connection], T]) -> T:
        """Change a side table within the batch; when that fails, the batch stays whole."""
        self.flush()
        changed: list[T] = []
        with self.connection:
            changed.append(change(self.connection))
        return changed[0]

    def stage(self, name: str) -> StageBook:
        """The book of a stage, opened at its first use."""
        book = self._stages.get(name)
        if book is None:
            row = self._cursor.execute("SELECT id FROM stage WHERE name = ?", (name,)).fetchone()
            if row is None:
                first = chain.genesis(name, secrets.token_bytes(16))
                self._cursor.execute(
                    "INSERT INTO stage (name, genesis) VALUES (?, ?)", (name, first)
                )
            book = self._stages[name] = StageBook.load(self.connection, name)
        return book

    def _known(self, transaction: Transaction) -> Receipt | None:
        """The first verdict of a key that was used before."""
        key, fingerprint = transaction.key, transaction.aside.get("fp", "")
        if fresh := self._fresh.get(key):
            first, before = fresh
            _same_content(before, fingerprint)
            return Receipt(first.record, first.refusal, fresh=False)
        if self._keys.new(key):
            return None
        if place := self._keys.find(key):
            record = self._at(place)
            _same_content(record.aside.get("fp", ""), fingerprint)
            return Receipt(record, fresh=False)
        row = self._cursor.execute(_REFUSAL_BY_KEY, (key,)).fetchone()
        if row is None:
            return None
        _same_content(row[2], fingerprint)
        return Receipt(None, GiftError(Code(row[0]), **chain.load(row[1])), fresh=False)

    def _at(self, place: Place) -> Record:
        return load_record(self._cursor, rows(self._cursor, RECORD_AT, place)[0])

    def _remember(self, transaction: Transaction, book: StageBook, refusal: GiftError) -> Receipt:
        fingerprint = transaction.aside.get("fp", "")
        self._refusals.append(
            (
                transaction.key,
                book.id,
                transaction.at,
                refusal.code.value,
                chain.dump(refusal.facts),
                fingerprint,
            )
        )
        receipt = Receipt(None, refusal)
        self._fresh[transaction.key] = (receipt, fingerprint)
        return receipt

    def _append(self, asked: Transaction, book: StageBook, postings: tuple[Any, ...]) -> Receipt:
        seq = book.seq + 1
        facts = asked.facts
        if asked.combo_ms:
            facts = facts | {"combo": book.combo(asked, seq)}
        facts_text = chain.dump(facts)
        aside = self._sayable(asked)
        side = chain.Side.of(aside, self._salts)
        digest = chain.link(
            book.hash, stage=asked.stage, seq=seq, kind=asked.kind, key=asked.key, at=asked.at,
            actor=asked.actor, subject=asked.subject, closes=asked.closes,
            reverses=asked.reverses, facts=facts_text, postings=postings, committed=side.committed,
        )  # fmt: skip
        self._keys.add(asked.key, book.id, seq)
        if side.text:
            self._asides.append((book.id, seq, side.salt, side.text, side.said_salt, side.said))
        self._txns.append(
            (
                book.id, seq, asked.kind, asked.key, asked.at, asked.actor, asked.subject,
                asked.closes or None, asked.reverses or None, facts_text, chain.VERSION,
                side.committed, digest,
            )
        )  # fmt: skip
        for leg, (account, amount) in enumerate(postings):
            entry = book.entry(account)
            if not entry.id:
                self._account_last += 1
                entry.id = self._account_last
            entry.balance += amount
            book.dirty[account] = entry
            self._postings.append((book.id, seq, leg, entry.id, amount, entry.last))
            entry.last = seq
        record = Record(
            asked.stage, seq, asked.kind, asked.key, asked.at, asked.actor, asked.subject,
            postings, asked.closes, asked.reverses, facts, aside, digest,
        )  # fmt: skip
        book.follow(record)
        wallet = Account("wallet", book.links.head(asked.subject))
        receipt = Receipt(record, left=book.balance(wallet))
        self._fresh[asked.key] = (receipt, asked.aside.get("fp", ""))
        return receipt

    def _sayable(self, asked: Transaction) -> dict[str, str]:
        """The side text. An approval repeats the gift's, but not what was erased of it since."""
        if asked.kind == "approve" and self._keys.find(strike_key(asked.stage, asked.facts)):
            return {name: text for name, text in asked.aside.items() if name != "message"}
        return asked.aside

    def balance(self, stage: str, account: Account) -> int:
        """What the writer holds to be the balance; for checks."""
        return self.stage(stage).balance(account)


def _target(transaction: Transaction) -> int | None:
    """The gift that is to be closed or approved, if any."""
    if transaction.kind == "approve":
        return int(transaction.facts["approves"])
    return transaction.closes or None


def _same_content(before: str, now: str) -> None:
    """The same key for other content is a mistake of the caller, who is told so."""
    if before and now and before != now:
        raise GiftError(Code.KEY_REUSED)
