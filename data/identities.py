"""People: which platform accounts exist, under which opaque number the journal knows them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from data.gifts import fold
from data.journal import Store
from data.link_codes import LinkCodes

NAME_MAX = 64
_CACHE_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the house has seen. person: the number used in the journal."""

    person: int
    platform: str
    user_id: str
    name: str


class Identities:
    """The side table of people. Balances follow the platform's user id; a name is only text.

    codes: those by which somebody proves that two accounts are theirs.
    """

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self.codes = LinkCodes(store, now)
        self._known: dict[tuple[str, str], Known] = {}

    async def person(self, platform: str, user_id: str, name: str) -> Known:
        """The person behind a platform's user id; made at first sight, renamed when renamed."""
        known = self._known.get((platform, user_id))
        name = name[:NAME_MAX]
        if known is not None and known.name == name:
            return known
        at = self._now()
        known = await self._store.write(lambda db: _upsert(db, platform, user_id, name, at))
        self._keep(known)
        return known

    def _keep(self, known: Known) -> None:
        if len(self._known) >= _CACHE_MAX:
            self._known.pop(next(iter(self._known)))
        self._known[known.platform, known.user_id] = known

    async def by_id(self, platform: str, user_id: str) -> Known:
        """The person behind a platform's user id, under whatever name they were seen last; made
        when unseen, and then known by their id until they speak."""
        known = self._known.get((platform, user_id))
        if known is None:
            at = self._now()
            known = await self._store.write(lambda db: _upsert(db, platform, user_id, "", at))
            self._keep(known)
        return known

    async def rename(self, platform: str, user_id: str, name: str) -> None:
        """Somebody goes by another name now; nothing when they were never seen."""
        if await self.seen(platform, user_id):
            await self.person(platform, user_id, name)

    async def seen(self, platform: str, user_id: str) -> Known | None:
        """Whoever has this user id, as of everything that was submitted before."""
        return await self._store.write(lambda db: _lookup(db, platform, user_id))

    async def find(self, platform: str, name: str) -> Known | None:
        """Whoever last went by that name on the platform, case and accents apart."""
        row = await self._store.ask(
            lambda db: db.execute(
                "SELECT person, platform, user_id, name FROM identity "
                "WHERE platform = ? AND folded = ? ORDER BY seen_at DESC LIMIT 1",
                (platform, fold(name)),
            ).fetchone()
        )
        return Known(*row) if row else None

    async def of(self, person: int) -> Known | None:
        """One identity of a person, the newest."""
        row = await self._store.ask(
            lambda db: db.execute(
                "SELECT person, platform, user_id, name FROM identity WHERE person = ? "
                "ORDER BY seen_at DESC LIMIT 1",
                (person,),
            ).fetchone()
        )
        return Known(*row) if row else None

    async def accounts(self, persons: Iterable[int]) -> set[tuple[str, str]]:
        """The accounts (platform, user id) of these persons."""
        wanted = list(persons)
        sql = "SELECT platform, user_id FROM identity WHERE person = ?"
        return await self._store.ask(
            lambda db: {row for person in wanted for row in db.execute(sql, (person,))}
        )

    async def names(self, persons: Iterable[int]) -> dict[int, str]:
        """Names to show, by person; a person whose identity was erased has none."""
        wanted = list(persons)

        def question(db: Any) -> dict[int, str]:
            found: dict[int, str] = {}
            for person in wanted:
                row = db.execute(
                    "SELECT name FROM identity WHERE person = ? ORDER BY seen_at DESC LIMIT 1",
                    (person,),
                ).fetchone()
                if row:
                    found[person] = row[0]
            return found

        return await self._store.ask(question)


def _upsert(db: Any, platform: str, user_id: str, name: str, at: int) -> Known:
    """A name of nothing: keep the one that is known, or make one of the id."""
    known = _lookup(db, platform, user_id)
    if known is not None and name in ("", known.name):
        return known
    name = name or user_id[:NAME_MAX]
    if known is None:
        person = db.execute(
            "INSERT INTO person (created_at) VALUES (?) RETURNING id", (at,)
        ).fetchone()[0]
        db.execute(
            "INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?)",
            (platform, user_id, person, name, fold(name), at),
        )
        return Known(person, platform, user_id, name)
    db.execute(
        "UPDATE identity SET name = ?, folded = ?, seen_at = ? WHERE platform = ? AND user_id = ?",
        (name, fold(name), at, platform, user_id),
    )
    return Known(known.person, platform, user_id, name)


def _lookup(db: Any, platform: str, user_id: str) -> Known | None:
    row = db.execute(
        "SELECT person, platform, user_id, name FROM identity WHERE platform = ? AND user_id = ?",
        (platform, user_id),
    ).fetchone()
    return Known(*row) if row else None
