"""What platforms' own moderation leaves in the file: bars from giving, and texts erased."""

from collections.abc import Mapping, Sequence
from math import inf

import apsw

from data.ledger import Record
from data.sqlite.connection import rows

_SET = (
    "INSERT INTO barred VALUES (?,?,?,?,?) ON CONFLICT (stage, person, platform) "
    "DO UPDATE SET ruled_at = excluded.ruled_at, until = excluded.until"
)
# Secure: what was written there is overwritten, not only let go.
_SECURE = "PRAGMA secure_delete = {}"
_WITH_IT = (
    "stage = ?1 AND seq IN (SELECT ?2 UNION ALL SELECT seq FROM txn INDEXED BY txn_approve "
    "WHERE stage = ?1 AND kind = 'approve' AND seq > ?2 AND facts ->> '$.approves' = ?2)"
)
_ERASE = f"UPDATE aside SET said = NULL, said_salt = NULL WHERE said IS NOT NULL AND {_WITH_IT}"
# Before there was `said`, the message stood among the names, under one commitment with them.
_ERASE_ALL = f"DELETE FROM aside WHERE text ->> '$.message' IS NOT NULL AND {_WITH_IT}"


class Bars:
    """Whom platforms bar on one stage, until when; in memory, and in the file as it changes."""

    def __init__(self, connection: apsw.Connection, stage: int) -> None:
        self._connection = connection
        self._stage = stage
        self._until: dict[int, dict[str, int | None]] = {}
        self._ruled_at: dict[tuple[int, str], int] = {}
        sql = "SELECT person, platform, ruled_at, until FROM barred WHERE stage = ?"
        for person, platform, ruled_at, until in rows(connection, sql, (stage,)):
            self._put(person, platform, ruled_at, until)

    def of(self, persons: Sequence[int]) -> Mapping[str, int | None]:
        """By platform, of all these; None: for good. Of two on a platform, the longer one."""
        if not self._until:  # asked about each gift
            return {}
        found = [bar for person in persons for bar in self._until.get(person, {}).items()]
        return dict(sorted(found, key=lambda bar: inf if bar[1] is None else bar[1]))

    def follow(self, record: Record) -> None:
        """A platform has decided; an older decision heard late changes nothing."""
        facts, person = record.facts, record.subject
        platform, ruled_at, until = facts["platform"], facts["ruled_at"], facts["until"]
        if ruled_at < self._ruled_at.get((person, platform), 0):
            return
        self._put(person, platform, ruled_at, until)
        self._connection.execute(_SET, (self._stage, person, platform, ruled_at, until))

    def _put(self, person: int, platform: str, ruled_at: int, until: int | None) -> None:
        self._until.setdefault(person, {})[platform] = until
        self._ruled_at[person, platform] = ruled_at


def erase(connection: apsw.Connection, stage: int, gift: int) -> None:
    """Erase what was written with a gift, also where its approval repeats it."""
    connection.execute(_SECURE.format("ON"))
    try:
        connection.execute(_ERASE, (stage, gift))
        connection.execute(_ERASE_ALL, (stage, gift))
    finally:
        connection.execute(_SECURE.format("OFF"))
