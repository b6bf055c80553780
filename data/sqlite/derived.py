"""What follows from the journal, computed again from its records and compared with what is kept."""

from collections.abc import Iterator

import apsw

from data.sqlite.connection import rows
from data.sqlite.links import FOLLOWS, KEPT, entangled

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
# Who is let go is the whole person: all accounts that were linked then.
_HELD_BACK = """
WITH held AS (
    SELECT subject, max(seq) AS seq FROM txn WHERE stage = ?1 AND kind = '{held}' GROUP BY subject
)
SELECT h.subject FROM held h WHERE NOT EXISTS (
    SELECT 1 FROM txn g WHERE g.stage = ?1 AND g.kind = '{let_go}' AND g.seq > h.seq
    AND (g.subject = h.subject
         OR h.subject IN (SELECT value FROM json_each(g.facts, '$.accounts')))
)
"""
_BARRED = """
SELECT subject, platform, ruled_at, until FROM (
    SELECT subject, facts ->> '$.platform' AS platform, facts ->> '$.ruled_at' AS ruled_at,
           facts ->> '$.until' AS until, row_number() OVER (
               PARTITION BY subject, facts ->> '$.platform'
               ORDER BY facts ->> '$.ruled_at' DESC, seq DESC) AS age
    FROM txn WHERE stage = ?1 AND kind IN ('bar', 'unbar')
) WHERE age = 1
"""
_EARNED = """
WITH earning AS (
    SELECT seq, subject AS person, facts ->> '$.day' AS day, facts ->> '$.cause' AS way,
           facts ->> '$.coins' AS coins
    FROM txn WHERE stage = ?1 AND kind = 'grant' AND facts ->> '$.day' IS NOT NULL
), counted AS (
    SELECT person, day, way, coins FROM earning
    UNION ALL
    SELECT e.person, e.day, e.way, -e.coins FROM txn u JOIN earning e ON e.seq = u.reverses
    WHERE u.stage = ?1 AND u.kind = 'undo'
)
SELECT person, day, way, sum(coins) FROM counted GROUP BY person, day, way
"""
_TALLY = """
WITH counted AS (
    SELECT g.facts ->> '$.{unit}' AS unit, g.subject AS viewer,
           g.facts ->> '$.total_coins' AS coins, 1 AS gifts
    FROM txn g WHERE g.stage = ?1 AND g.kind = 'gift' AND (g.facts ->> '$.settled' OR EXISTS (
        SELECT 1 FROM txn c WHERE c.stage = g.stage AND c.closes = g.seq AND c.kind = 'settle'))
    UNION ALL
    SELECT g.facts ->> '$.{unit}', g.subject, -(g.facts ->> '$.total_coins'), -1
    FROM txn r JOIN txn g ON g.stage = r.stage AND g.seq = r.reverses
    WHERE r.stage = ?1 AND r.kind = 'refund'
)
SELECT unit, viewer, sum(coins), sum(gifts) FROM counted
WHERE unit IS NOT NULL GROUP BY unit, viewer
"""
_GIFT_TALLY = """
WITH counted AS (
    SELECT g.facts AS facts, 1 AS sign
    FROM txn g WHERE g.stage = ?1 AND g.kind = 'gift' AND (g.facts ->> '$.settled' OR EXISTS (
        SELECT 1 FROM txn c WHERE c.stage = g.stage AND c.closes = g.seq AND c.kind = 'settle'))
    UNION ALL
    SELECT g.facts, -1
    FROM txn r JOIN txn g ON g.stage = r.stage AND g.seq = r.reverses
    WHERE r.stage = ?1 AND r.kind = 'refund'
)
SELECT facts ->> '$.day', coalesce(facts ->> '$.show', 0), facts ->> '$.gift.id',
       facts ->> '$.creator', sum(sign * (facts ->> '$.count')), sum(sign),
       sum(sign * (facts ->> '$.total_coins'))
FROM counted GROUP BY 1, 2, 3, 4
"""
# By its name: how it follows from the records, and how it is kept.
DERIVED = {
    "open gift": (_OPEN_GIFTS, "SELECT seq, state, viewer, coins FROM open_gift WHERE stage = ?1"),
    "ban": (
        _HELD_BACK.format(held="ban", let_go="unban"),
        "SELECT person FROM banned WHERE stage = ?1",
    ),
    "bar": (_BARRED, "SELECT person, platform, ruled_at, until FROM barred WHERE stage = ?1"),
    "link": (FOLLOWS, KEPT),
    "earning pause": (
        _HELD_BACK.format(held="earnpause", let_go="earnresume"),
        "SELECT person FROM earn_paused WHERE stage = ?1",
    ),
    "earned": (_EARNED, "SELECT person, day, way, coins FROM earned WHERE stage = ?1"),
    "tally": (
        _TALLY.format(unit="day"),
        "SELECT day, viewer, coins, gifts FROM tally WHERE stage = ?1",
    ),
    "show tally": (
        _TALLY.format(unit="show"),
        "SELECT show, viewer, coins, gifts FROM show_tally WHERE stage = ?1",
    ),
    "gift tally": (
        _GIFT_TALLY,
        "SELECT day, show, gift, creator, units, gifts, coins FROM gift_tally WHERE stage = ?1",
    ),
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
