"""Access records: browser sources with hashed tokens, what each has shown, and logins."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from data.errors import DocumentError
from data.journal import Store

SOURCES_MAX = 1_000
_NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class Source:
    """A browser source: one page in OBS. after: it is given gifts past this seq, and older
    ones that are still ready. settles: whether its `shown` moves money."""

    id: int
    stage: str
    widget: str
    name: str
    settles: bool
    after: int
    token_hash: bytes


def new_token() -> str:
    """A secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


class Access:
    """Who may enter. The few sources are kept in memory; every change is on disk first."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._sources: dict[int, Source] = {}

    async def load(self) -> None:
        """Read the sources; once, at the start."""
        rows = await self._store.ask(
            lambda db: db.execute(
                "SELECT id, stage, widget, name, settles, after, token_hash FROM source"
            ).fetchall()
        )
        self._sources = {
            row[0]: Source(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6])
            for row in rows
        }

    def sources(self, stage: str | None = None) -> list[Source]:
        """Every source, or those of a stage."""
        return [s for s in self._sources.values() if stage in (None, s.stage)]

    def settling(self, stage: str) -> bool:
        """Whether a source that settles is registered for the stage."""
        return any(s.settles for s in self.sources(stage))

    def named(self, stage: str, name: str) -> Source | None:
        """The source of that name."""
        return next((s for s in self.sources(stage) if s.name == name), None)

    def by_token(self, token: str) -> Source | None:
        """The source that holds the token."""
        wanted = digest(token)
        return next((s for s in self._sources.values() if s.token_hash == wanted), None)

    async def add(
        self, stage: str, widget: str, name: str, *, settles: bool, after: int, token: str
    ) -> Source:
        """Register a source. Raises `DocumentError` when the name is taken or unusable."""
        if not name or len(name) > _NAME_MAX or not name.isprintable():
            raise DocumentError(f"a source's name has 1 to {_NAME_MAX} printable characters")
        if self.named(stage, name):
            raise DocumentError(
                f"there is a source {name!r} already: choose another --name, or "
                f"`giftcast source rotate {name}` for a new address"
            )
        if len(self._sources) >= SOURCES_MAX:
            raise DocumentError(f"there are {SOURCES_MAX} sources already: remove one")
        row = (stage, widget, name, settles, digest(token), after, self._now())
        source_id = await self._store.write(
            lambda db: db.execute(
                "INSERT INTO source (stage, widget, name, settles, token_hash, after, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                row,
            ).fetchone()[0]
        )
        source = Source(source_id, stage, widget, name, settles, after, digest(token))
        self._sources[source_id] = source
        return source

    async def rotate(self, source: Source, token: str) -> Source:
        """Give the source a new token; the old one is dead at once."""
        changed = replace(source, token_hash=digest(token))
        await self._store.write(
            lambda db: (
                db.execute(
                    "UPDATE source SET token_hash = ? WHERE id = ?", (changed.token_hash, source.id)
                )
                and None
            )
        )
        self._sources[source.id] = changed
        return changed

    async def remove(self, source: Source) -> None:
        """Forget the source and what it has shown."""

        def change(db: Any) -> None:
            db.execute("DELETE FROM shown WHERE source = ?", (source.id,))
            db.execute("DELETE FROM source WHERE id = ?", (source.id,))

        await self._store.write(change)
        self._sources.pop(source.id, None)

    # --- what a source has shown, apart from the money ---

    async def mark_shown(self, source: Source, seqs: Iterable[int]) -> None:
        """Remember that the source has shown these gifts."""
        rows = [(source.id, seq) for seq in seqs]
        await self._store.write(
            lambda db: db.executemany("INSERT OR IGNORE INTO shown VALUES (?, ?)", rows) and None
        )

    async def shown(self, source: Source) -> set[int]:
        """The gifts that the source has shown and that could still come up again."""
        rows = await self._store.ask(
            lambda db: db.execute("SELECT seq FROM shown WHERE source = ?", (source.id,)).fetchall()
        )
        return {seq for (seq,) in rows}

    async def forget_shown(self, stage: str, before: int) -> None:
        """Drop the marks of gifts that can no longer be replayed."""
        ids = [source.id for source in self.sources(stage)]
        await self._store.write(
            lambda db: (
                db.executemany(
                    "DELETE FROM shown WHERE source = ? AND seq < ? AND seq NOT IN "
                    "(SELECT o.seq FROM open_gift o JOIN stage s ON s.id = o.stage "
                    "WHERE s.name = ?)",
                    [(source, before, stage) for source in ids],
                )
                and None
            )
        )

    # --- logins of people ---

    async def open_session(self, token: str) -> None:
        """Remember a login."""
        at = self._now()
        await self._store.write(
            lambda db: (
                db.execute("INSERT INTO session VALUES (?, ?, ?)", (digest(token), at, at)) and None
            )
        )

    async def session_age(self, token: str) -> tuple[int, int] | None:
        """Milliseconds since a login was (made, last used), or None."""
        row = await self._store.ask(
            lambda db: db.execute(
                "SELECT created_at, seen_at FROM session WHERE token_hash = ?", (digest(token),)
            ).fetchone()
        )
        at = self._now()
        return (at - row[0], at - row[1]) if row else None

    async def touch_session(self, token: str) -> None:
        """Note that a login is in use."""
        row = (self._now(), digest(token))
        await self._store.write(
            lambda db: (
                db.execute("UPDATE session SET seen_at = ? WHERE token_hash = ?", row) and None
            )
        )

    async def close_session(self, token: str) -> None:
        """End a login."""
        await self._store.write(
            lambda db: (
                db.execute("DELETE FROM session WHERE token_hash = ?", (digest(token),)) and None
            )
        )
