"""What follows from the journal, computed again from its records and compared with what is kept."""

from collections.abc import Iterator

import apsw

from data.sqlite.connection import rows
from data.sqlite.links import FOLLOWS, HEAD_THEN, KEPT, entangled

_OPEN_GIFTS = """
WITH approved AS (
    SELECT facts ->> '$.approves' AS seq FROM txn WHERE stage = ?1 AND kind = 'approve'
)
SELECT g.seq, iif(g.facts ->> '$.waiting' AND a.seq IS NULL, 'waiting', 'ready'),
       g.subject, g.facts ->> '$.total_coins'
FROM txn g
LEFT JOIN txn c ON c.stage = g.stage AND c.closes = g.seq
LEFT JOIN approved a ON a.seq = g.seq
WHERE g.stage = ?1 AND g.kind = 'gift' AND NOT g.facts ->> '$.settled' AND c.seq IS NULL
"""
# An unban is of the whole person: of all accounts that were linked then.
_BANNED = f"""
WITH ban AS (
    SELECT subject, max(seq) AS seq FROM txn WHERE stage = ?1 AND kind = 'ban' GROUP BY subject
)
SELECT b.subject FROM ban b WHERE NOT EXISTS (
    SELECT 1 FROM txn u WHERE u.stage = ?1 AND u.kind = 'unban' AND u.seq > b.seq
    AND {HEAD_THEN.format(person="u.subject", seq="u.seq")}
    = {HEAD_THEN.format(person="b.subject", seq="u.seq")}
)
"""
_TALLY = """
WITH counted AS (
    SELECT g.facts ->> '$.day' AS day, g.subject AS viewer,
           g.facts ->> '$.total_coins' AS coins, 1 AS gifts
    FROM txn g WHERE g.stage = ?1 AND g.kind = 'gift' AND (g.facts ->> '$.settled' OR EXISTS (
        SELECT 1 FROM txn c WHERE c.stage = g.stage AND c.closes = g.seq AND c.kind = 'settle'))
    UNION ALL
    SELECT g.facts ->> '$.day', g.subject, -(g.facts ->> '$.total_coins'), -1
    FROM txn r JOIN txn g ON g.stage = r.stage AND g.seq = r.reverses
    WHERE r.stage = ?1 AND r.kind = 'refund'
)
SELECT day, viewer, sum(coins), sum(gifts) FROM counted GROUP BY day, viewer
"""
# By its name: how it follows from the records, and how it is kept.
DERIVED = {
    "open gift": (_OPEN_GIFTS, "SELECT seq, state, viewer, coins FROM open_gift WHERE stage = ?1"),
    "ban": (_BANNED, "SELECT person FROM banned WHERE stage = ?1"),
    "link": (FOLLOWS, KEPT),
    "tally": (_TALLY, "SELECT day, viewer, coins, gifts FROM tally WHERE stage = ?1"),
}


def differences(connection: apsw.Connection, stage: int) -> Iterator[str]:
    """In words, where what is kept of a stage is not what follows from its records."""
    for name, (expected, kept) in DERIVED.items():
        for which, sql in (
            ("is missing", f"SELECT * FROM ({expected}) EXCEPT SELECT * FROM ({kept})"),
            ("was not recorded", f"SELECT * FROM ({kept}) EXCEPT SELECT * FROM ({expected})"),
        ):
            for found in rows(connection, f"{sql} LIMIT 5", (stage,)):
                yield f"{name} {', '.join(map(str, found))} {which}"
    for seq, what in entangled(connection, stage):
        yield f"links, record {seq}: {what}"
