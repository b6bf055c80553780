"""Links in the file: kept beside the records, and how they follow from them."""

from collections.abc import Iterator

import apsw

from data.linking import Link, Links
from data.sqlite.bulk import Insert
from data.sqlite.connection import rows

UPSERT = Insert(
    "INSERT INTO link",
    6,
    "ON CONFLICT (stage, seq) DO UPDATE SET share = excluded.share, parted = excluded.parted",
)
_LASTING = "SELECT seq, person, head, share FROM link WHERE stage = ? AND parted IS NULL"

# What was moved on a member's behalf while the link lasted, over what they brought in.
FOLLOWS = """
WITH noted AS MATERIALIZED (
    SELECT t.seq, n.value ->> '$[0]' AS person, n.value ->> '$[2]' AS amount
    FROM txn t, json_each(t.facts, '$.linked') n
    WHERE t.stage = ?1 AND instr(t.facts, '"linked"')
)
SELECT l.seq, l.subject, l.facts ->> '$.head', u.seq,
       (l.facts ->> '$.coins') + coalesce((SELECT sum(amount) FROM noted n
       WHERE n.person = l.subject AND n.seq > l.seq AND n.seq < coalesce(u.seq, n.seq + 1)), 0)
FROM txn l LEFT JOIN txn u ON u.stage = l.stage AND u.reverses = l.seq
WHERE l.stage = ?1 AND l.kind = 'link'
"""
KEPT = "SELECT seq, person, head, parted, share FROM link WHERE stage = ?1"

_ILL = {
    "somebody is the head of others and the member of another": (
        "SELECT max(h.seq, m.seq) FROM link h JOIN link m ON m.stage = h.stage "
        "AND m.person = h.head AND (m.parted IS NULL OR m.parted > h.seq) "
        "AND (h.parted IS NULL OR h.parted > m.seq) WHERE h.stage = ?1"
    ),
    "somebody is the member of two": (
        "SELECT max(a.seq, b.seq) FROM link a JOIN link b ON b.stage = a.stage "
        "AND b.person = a.person AND b.seq > a.seq AND (a.parted IS NULL OR a.parted > b.seq) "
        "WHERE a.stage = ?1"
    ),
    "a wallet was moved while its owner's coins were in another": (
        "WITH member AS MATERIALIZED (SELECT a.id, l.seq, l.parted FROM link l JOIN account a "
        "ON a.stage = l.stage AND a.kind = 'wallet' AND a.owner = l.person WHERE l.stage = ?1) "
        "SELECT p.seq FROM posting p CROSS JOIN member m ON m.id = p.account AND p.seq > m.seq "
        "AND (m.parted IS NULL OR p.seq < m.parted) WHERE p.stage = ?1"
    ),
    "a wallet is not empty although its owner's coins are in another": (
        "SELECT l.seq FROM link l JOIN account a ON a.stage = l.stage AND a.kind = 'wallet' "
        "AND a.owner = l.person WHERE l.stage = ?1 AND l.parted IS NULL AND a.balance <> 0"
    ),
}


def load_links(connection: apsw.Connection, stage: int) -> Links:
    """Those of a stage that last."""
    return Links(Link(*found) for found in rows(connection, _LASTING, (stage,)))


def link_rows(links: Links, stage: int) -> Iterator[tuple[int, int, int, int, int, int | None]]:
    """What has changed, for `UPSERT`."""
    for link in links.changes():
        yield stage, link.seq, link.person, link.head, link.share, link.parted or None


def entangled(connection: apsw.Connection, stage: int) -> Iterator[tuple[int, str]]:
    """What is wrong with the links of a stage: (seq, in words)."""
    for what, sql in _ILL.items():
        for (seq,) in rows(connection, f"{sql} LIMIT 5", (stage,)):
            yield seq, what
