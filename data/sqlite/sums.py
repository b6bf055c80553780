"""Questions about what was given: in sums by gift and giver, the newest, and one by one."""

from typing import Any

import apsw

from data.journal import GiftSum, Given
from data.ledger import Record
from data.sqlite.connection import row, rows, value
from data.sqlite.persons import LINKED_VIEWER
from data.sqlite.rows import RECORD_BY_SEQ, load_record

LOOKED_BACK = 20_000  # records, for the newest gifts
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
_GIVEN = """
SELECT g.seq, g.at, coalesce(l.head, g.subject), g.facts ->> '$.creator', g.facts ->> '$.gift.id',
    g.facts ->> '$.count', g.facts ->> '$.total_coins', coalesce(g.facts ->> '$.combo.id', ''),
    g.facts ->> '$.day', coalesce(g.facts ->> '$.show', 0), o.seq IS NULL
FROM stage s JOIN txn g ON g.stage = s.id
LEFT JOIN open_gift o ON o.stage = g.stage AND o.seq = g.seq
LEFT JOIN link l ON l.stage = g.stage AND l.person = g.subject AND l.parted IS NULL
WHERE s.name = ? AND g.seq > ? AND g.kind = 'gift' AND (o.state = 'ready' OR (o.seq IS NULL
    AND NOT EXISTS (SELECT 1 FROM txn c WHERE c.stage = g.stage AND c.closes = g.seq
        AND c.kind = 'return')
    AND NOT EXISTS (SELECT 1 FROM txn r WHERE r.stage = g.stage AND r.reverses = g.seq)))
ORDER BY g.seq DESC LIMIT ?
"""


def gift_sums(db: apsw.Connection, stage: str, since_day: int, show: int) -> list[GiftSum]:
    """See `data.journal.Books`."""
    sql, span = (_GIFT_SUMS_OF_SHOW, show) if show else (_GIFT_SUMS_SINCE, since_day)
    return [GiftSum(*line) for line in rows(db, sql, (stage, span))]


def givers(db: apsw.Connection, stage: str, since_day: int, show: int) -> int:
    """See `data.journal.Books`."""
    sql, span = (_GIVERS_OF_SHOW, show) if show else (_GIVERS_SINCE, since_day)
    return int(value(db, sql, (stage, span)))


def latest_gifts(db: apsw.Connection, stage: str, limit: int) -> list[Record]:
    """See `data.journal.Books`."""
    found = row(db, "SELECT id FROM stage WHERE name = ?", (stage,))
    if found is None:
        return []
    number = found[0]
    head = int(value(db, "SELECT coalesce(max(seq), 0) FROM txn WHERE stage = ?", (number,)))
    seqs = rows(db, _LATEST, (number, head - LOOKED_BACK, limit))
    lines = [row(db, RECORD_BY_SEQ, (stage, seq)) for (seq,) in seqs]
    return [load_record(db, line) for line in lines if line is not None]


def given(db: apsw.Connection, stage: str, after: int, limit: int) -> list[Given]:
    """See `data.journal.Books`."""
    found = rows(db, _GIVEN, (stage, after, limit))
    return [_given(*line) for line in reversed(found)]


def _given(*line: Any) -> Given:
    seq, at, viewer, creator, gift, units, coins, combo, day, show, settled = line
    return Given(
        seq, at, viewer, creator, gift, units, coins, combo, day, show, settled=bool(settled)
    )
