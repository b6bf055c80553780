"""Questions about people. What is asked about an account is answered for the one person."""

# All accounts of somebody: (name of the stage ?1, person ?2).
_ONE = """
one (stage, head) AS (
    SELECT s.id, coalesce((SELECT l.head FROM link l WHERE l.stage = s.id AND l.person = ?2
    AND l.parted IS NULL), ?2) FROM stage s WHERE s.name = ?1
),
account_of (stage, person) AS (
    SELECT stage, head FROM one
    UNION ALL
    SELECT l.stage, l.person FROM one JOIN link l ON l.stage = one.stage AND l.head = one.head
    AND l.parted IS NULL
)"""
# Their wallets, and those that they shared in the past, as far as and while they did.
_PURSES = (
    _ONE
    + """,
purse (stage, owner, sharer, since, until) AS (
    SELECT stage, person, 0, 0, 0 FROM account_of
    UNION ALL
    SELECT l.stage, l.head, l.person, l.seq, l.parted FROM account_of o
    JOIN link l ON l.stage = o.stage AND l.person = o.person AND l.parted IS NOT NULL
    WHERE l.head NOT IN (SELECT person FROM account_of)
)"""
)
LINKED = (
    f"WITH {_ONE} SELECT l.seq, l.person, l.head, l.share, t.at, t.hash FROM one "
    "JOIN link l ON l.stage = one.stage AND l.head = one.head AND l.parted IS NULL "
    "JOIN txn t ON t.stage = l.stage AND t.seq = l.seq ORDER BY l.seq"
)
BALANCE = (
    f"WITH {_ONE} SELECT a.kind, a.balance FROM one JOIN account a ON a.stage = one.stage "
    "AND a.kind = 'wallet' AND a.owner = one.head "
    "UNION ALL SELECT a.kind, a.balance FROM one JOIN account a ON a.stage = one.stage "
    "AND a.kind = 'earnings' AND a.owner = ?2 "
    "UNION ALL SELECT 'hold', sum(o.coins) FROM one JOIN open_gift o ON o.stage = one.stage "
    "WHERE o.viewer IN (SELECT person FROM account_of)"
)
# The postings of somebody's wallets from the newest back; each names the one before it. Of a
# wallet that was shared (sharer), only what was moved on their behalf is theirs.
_WALK = f"""
WITH RECURSIVE {_PURSES},
walk (stage, account, seq, amount, before, left, sharer, since, until) AS (
    SELECT p.stage, p.account, p.seq, p.amount, p.before, a.balance, o.sharer, o.since, o.until
    FROM purse o JOIN account a ON a.stage = o.stage AND a.kind = 'wallet' AND a.owner = o.owner
    JOIN posting p ON p.stage = a.stage AND p.seq = a.last AND p.account = a.id
    UNION ALL
    SELECT p.stage, p.account, p.seq, p.amount, p.before, w.left - w.amount, w.sharer, w.since,
           w.until
    FROM walk w JOIN posting p ON p.stage = w.stage AND p.seq = w.before
    AND p.account = w.account AND p.seq > w.since
    ORDER BY 3 DESC
)
"""
_PART = (
    "(SELECT sum(n.value ->> '$[2]') FROM txn t, json_each(t.facts, '$.linked') n "
    "WHERE t.stage = w.stage AND t.seq = w.seq AND n.value ->> '$[0]' = w.sharer)"
)
_OWN = f"WHERE NOT sharer OR (seq < until AND {_PART} IS NOT NULL)"
LAST_GIFT = _WALK + (
    "SELECT w.seq FROM walk w CROSS JOIN txn t ON t.stage = w.stage AND t.seq = w.seq "
    "WHERE t.kind = 'gift' AND t.subject IN (SELECT person FROM account_of) LIMIT 1"
)
STATEMENT = _WALK + (
    f"SELECT seq, iif(sharer, {_PART}, amount), left FROM walk w {_OWN} LIMIT ?3 OFFSET ?4"
)
STATEMENT_LENGTH = f"SELECT count(*) FROM ({_WALK} SELECT seq FROM walk w {_OWN} LIMIT ?3)"
LINKED_VIEWER = (
    "JOIN stage s ON s.id = t.stage "
    "LEFT JOIN link l ON l.stage = t.stage AND l.person = t.viewer AND l.parted IS NULL"
)
RECENT_GIFTS = _WALK + (  # of that account alone
    "SELECT w.seq FROM (SELECT stage, seq FROM walk LIMIT ?3) w "
    "CROSS JOIN txn t ON t.stage = w.stage AND t.seq = w.seq "
    "WHERE t.kind = 'gift' AND t.subject = ?2 AND t.at >= ?4"
)
TOP = (
    "SELECT coalesce(l.head, t.viewer) AS who, sum(coins) AS total, sum(gifts) "
    f"FROM tally t {LINKED_VIEWER} WHERE s.name = ? AND day >= ? GROUP BY who HAVING total > 0 "
    "ORDER BY total DESC, who LIMIT ?"
)
BARS = (  # the longest of a platform last
    f"WITH {_ONE} SELECT platform, until FROM account_of o JOIN barred b ON b.stage = o.stage "
    "AND b.person = o.person ORDER BY until IS NULL, until"
)
BANNED = (
    f"WITH {_ONE} SELECT EXISTS (SELECT 1 FROM account_of o JOIN banned b ON b.stage = o.stage "
    "AND b.person = o.person)"
)
OVERRULED = """
SELECT o.seq FROM open_gift o JOIN stage s ON s.id = o.stage
JOIN txn g ON g.stage = o.stage AND g.seq = o.seq WHERE s.name = ? AND EXISTS (
    SELECT 1 FROM txn b INDEXED BY txn_bar
    WHERE b.stage = o.stage AND b.seq > o.seq AND b.kind = 'bar'
    AND (b.subject = o.viewer
         OR o.viewer IN (SELECT value FROM json_each(b.facts, '$.accounts')))
    AND (b.facts ->> '$.until' IS NULL OR b.facts ->> '$.until' > g.at)
)
"""
TOP_OF_SHOW = (
    "SELECT coalesce(l.head, t.viewer) AS who, sum(coins) AS total, sum(gifts) "
    f"FROM show_tally t {LINKED_VIEWER} WHERE s.name = ? AND show = ? "
    "GROUP BY who HAVING total > 0 ORDER BY total DESC, who LIMIT ?"
)
SHOW_TOTALS = (
    "SELECT coalesce(sum(gifts), 0), coalesce(sum(coins), 0), "
    "count(DISTINCT coalesce(l.head, t.viewer)) "
    f"FROM show_tally t {LINKED_VIEWER} WHERE s.name = ? AND show = ? AND coins > 0"
)
EARNED_DAYS = (
    f"WITH {_ONE} SELECT DISTINCT day FROM account_of o JOIN earned e ON e.stage = o.stage "
    "AND e.person = o.person WHERE way = ?3 AND day < ?4 AND coins > 0 ORDER BY day DESC LIMIT ?5"
)
EARN_PAUSED = f"""
WITH paused AS (
    SELECT DISTINCT t.stage, coalesce(l.head, t.viewer) AS head
    FROM (SELECT stage, person AS viewer FROM earn_paused) t {LINKED_VIEWER} WHERE s.name = ?
)
SELECT head FROM paused UNION SELECT l.person FROM paused p
JOIN link l ON l.stage = p.stage AND l.head = p.head AND l.parted IS NULL
"""
HEADS = (
    "SELECT l.person, l.head FROM json_each(?2) j JOIN stage s ON s.name = ?1 "
    "JOIN link l ON l.stage = s.id AND l.person = j.value AND l.parted IS NULL"
)
