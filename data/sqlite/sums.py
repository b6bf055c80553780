"""Questions about what was given, in sums: by gift, by giver, and the newest."""

import apsw

from data.journal import GiftSum, Highlights
from data.ledger import Record
from data.sqlite.connection import row, rows, value
from data.sqlite.persons import LINKED_VIEWER
from data.sqlite.rows import RECORD_BY_SEQ, load_record

LOOKED_BACK = 20_000  # records, for the newest gifts
SEARCHED = 200_000  # records, for what stood out
_GIFT_SUMS = (
    "SELECT gift, creator, sum(units), sum(gifts), sum(coins) FROM gift_tally t "
    "JOIN stage s ON s.id = t.stage WHERE s.name = ? AND {span} "
    "GROUP BY gift, creator HAVING sum(units) > 0 ORDER BY gift, creator"
)
_GIFT_SUMS_SINCE = _GIFT_SUMS.format(span="day >= ?")
_GIFT_SUMS_OF_SHOW = _GIFT_SUMS.format(span="show = ?")
_GIVERS = (
    "SELECT count(*) FROM (SELECT coalesce(l.head, t.viewer) AS who "
    f"FROM {{table}} t {LINKED_VIEWER} WHERE s.name = ? AND {{span}} "
    "GROUP BY who HAVING sum(coins) > 0)"
)
_GIVERS_SINCE = _GIVERS.format(table="tally", span="day >= ?")
_GIVERS_OF_SHOW = _GIVERS.format(table="show_tally", span="show = ?")
_LATEST = (
    "SELECT iif(t.kind = 'settle', t.closes, t.seq) AS gift FROM txn t WHERE t.stage = ?1 "
    "AND t.seq > ?2 AND (t.kind = 'settle' OR (t.kind = 'gift' AND t.facts ->> '$.settled')) "
    "AND NOT EXISTS (SELECT 1 FROM txn r WHERE r.stage = t.stage "
    "AND r.reverses = iif(t.kind = 'settle', t.closes, t.seq)) ORDER BY t.seq DESC LIMIT ?3"
)

# Settled gifts past ?2 of a span, not taken back.
_SETTLED = (
    "FROM txn t WHERE t.stage = ?1 AND t.seq > ?2 AND t.kind = 'gift' AND {span} "
    "AND (t.facts ->> '$.settled' OR EXISTS (SELECT 1 FROM txn c WHERE c.stage = t.stage "
    "AND c.closes = t.seq AND c.kind = 'settle')) AND NOT EXISTS (SELECT 1 FROM txn r "
    "WHERE r.stage = t.stage AND r.reverses = t.seq)"
)
_SPANS = ("t.facts ->> '$.day' >= ?3", "t.facts ->> '$.show' = ?3")
_BIGGEST = f"SELECT t.seq {_SETTLED} ORDER BY t.facts ->> '$.total_coins' DESC, t.seq LIMIT 1"
_LONGEST = (
    f"SELECT max(t.seq), sum(t.facts ->> '$.count') AS units {_SETTLED} "
    "AND t.facts ->> '$.combo.id' IS NOT NULL GROUP BY t.facts ->> '$.combo.id' "
    "HAVING count(*) > 1 ORDER BY units DESC, 1 LIMIT 1"
)


def gift_sums(db: apsw.Connection, stage: str, since_day: int, show: int) -> list[GiftSum]:
    """See `data.journal.Books`."""
    sql, span = (_GIFT_SUMS_OF_SHOW, show) if show else (_GIFT_SUMS_SINCE, since_day)
    return [GiftSum(*line) for line in rows(db, sql, (stage, span))]


def givers(db: apsw.Connection, stage: str, since_day: int, show: int) -> int:
    """See `data.journal.Books`."""
    sql, span = (_GIVERS_OF_SHOW, show) if show else (_GIVERS_SINCE, since_day)
    return int(value(db, sql, (stage, span)))


def highlights(db: apsw.Connection, stage: str, since_day: int, show: int) -> Highlights:
    """See `data.journal.Books`."""
    found = row(db, "SELECT id FROM stage WHERE name = ?", (stage,))
    if found is None:
        return Highlights()
    number = found[0]
    asked = (number, max(show, _head(db, number) - SEARCHED), show or since_day)
    span = _SPANS[bool(show)]
    biggest = row(db, _BIGGEST.format(span=span), asked)
    longest = row(db, _LONGEST.format(span=span), asked)
    return Highlights(
        _record(db, stage, biggest[0]) if biggest else None,
        _record(db, stage, longest[0]) if longest else None,
        longest[1] if longest else 0,
    )


def latest_gifts(db: apsw.Connection, stage: str, limit: int) -> list[Record]:
    """See `data.journal.Books`."""
    found = row(db, "SELECT id FROM stage WHERE name = ?", (stage,))
    if found is None:
        return []
    number = found[0]
    seqs = rows(db, _LATEST, (number, _head(db, number) - LOOKED_BACK, limit))
    records = (_record(db, stage, seq) for (seq,) in seqs)
    return [record for record in records if record is not None]


def _head(db: apsw.Connection, stage: int) -> int:
    return int(value(db, "SELECT coalesce(max(seq), 0) FROM txn WHERE stage = ?", (stage,)))


def _record(db: apsw.Connection, stage: str, seq: int) -> Record | None:
    line = row(db, RECORD_BY_SEQ, (stage, seq))
    return load_record(db, line) if line is not None else None
