"""Rows of the journal file and the records they stand for."""

from collections.abc import Iterable
from typing import Any

import apsw

from data import chain
from data.ledger import Record
from data.money import Account, Posting
from data.sqlite.connection import rows

_COLUMNS = (
    "SELECT s.name, t.seq, t.kind, t.key, t.at, t.actor, t.subject, "
    "coalesce(t.closes, 0), coalesce(t.reverses, 0), t.facts, coalesce(a.text, '{}'), a.said, "
    "t.hash, t.stage FROM txn t JOIN stage s ON s.id = t.stage "
    "LEFT JOIN aside a ON a.stage = t.stage AND a.seq = t.seq "
)
RECORD_AT = _COLUMNS + "WHERE t.stage = ? AND t.seq = ?"
RECORD_BY_SEQ = _COLUMNS + "WHERE s.name = ? AND t.seq = ?"
RECORDS_AFTER = _COLUMNS + "WHERE s.name = ? AND t.seq > ? ORDER BY t.seq LIMIT ?"
CONTROLS = (
    _COLUMNS.replace("FROM txn t", "FROM txn t INDEXED BY txn_control")
    + "WHERE s.name = ? AND t.kind = 'control' ORDER BY t.seq"
)
NEWEST_MARKS = _COLUMNS.replace("FROM txn t", "FROM txn t INDEXED BY txn_mark") + (
    "WHERE s.name = ? AND t.kind = ? AND t.kind IN ('show', 'bonus', 'battle') "
    "ORDER BY t.seq DESC LIMIT ?"
)
OPEN_GIFTS = (
    _COLUMNS.replace("t.stage FROM", "t.stage, o.state FROM")
    + "JOIN open_gift o ON o.stage = t.stage AND o.seq = t.seq "
    "WHERE s.name = ? AND o.seq > ? ORDER BY o.seq LIMIT ?"
)
PLAYABLE = _COLUMNS + (
    "LEFT JOIN open_gift o ON o.stage = t.stage AND o.seq = t.seq "
    "WHERE s.name = ? AND t.seq > ? AND t.kind = 'gift' AND (o.state = 'ready' OR (o.seq IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM txn c WHERE c.stage = t.stage AND c.closes = t.seq "
    "AND c.kind = 'return') "
    "AND NOT EXISTS (SELECT 1 FROM txn r WHERE r.stage = t.stage AND r.reverses = t.seq))) "
    "ORDER BY t.seq LIMIT ?"
)
GAPS = (
    _COLUMNS.replace("FROM txn t", "FROM txn t INDEXED BY txn_gap")
    + "WHERE s.name = ? AND t.kind = 'gap' ORDER BY t.seq DESC LIMIT ?"
)
_POSTINGS = (
    "SELECT a.kind, a.owner, p.amount FROM posting p JOIN account a ON a.id = p.account "
    "WHERE p.stage = ? AND p.seq = ? ORDER BY p.leg"
)


def load_record(cursor: apsw.Cursor | apsw.Connection, row: tuple[Any, ...]) -> Record:
    """The record of a row made by one of the queries above."""
    (
        stage, seq, kind, key, at, actor, subject, closes, reverses, facts, aside, said, digest,
        number,
    ) = row[:14]  # fmt: skip
    legs = rows(cursor, _POSTINGS, (number, seq))
    postings = tuple(Posting(Account(k, owner), amount) for k, owner, amount in legs)
    return Record(
        stage, seq, kind, key, at, actor, subject, postings, closes, reverses,
        chain.load(facts), chain.rejoin(aside, said), digest,
    )  # fmt: skip


def load_records(connection: apsw.Connection, found: Iterable[tuple[Any, ...]]) -> list[Record]:
    """The records of many rows."""
    return [load_record(connection, row) for row in list(found)]
