"""Codes by which two accounts prove that one person has both.

One account makes a code, another types it, each is told who the other is, and each says yes.
What is under way lies beside the journal, as it is erased again; a code itself is kept nowhere.
Ids of messages (keys) are noted, so that a repeat of one does nothing new.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from data.errors import Code, GiftError
from data.journal import Store

T = TypeVar("T")
ALPHABET = "34679CDFGHJKMNPQRTVWXY"  # nothing that looks like something else, and no words
LENGTH = 8
VALID_MS = 600_000  # for the code to be typed; and again for both to say yes
KEPT_MS = 3_600_000  # then a repeat of a message is not known any more
MADE_MAX = 5  # codes of one account within VALID_MS
GUESSED_MAX = 5  # wrong codes of one account within VALID_MS
OPEN_MAX = 1_000  # codes of a stage at a time

_COLUMNS = (
    "SELECT digest, maker, taker, made_key, told_key, maker_key, taken_key, taker_key, "
    "void OR until <= ?1 FROM link_code "
)
_BY_DIGEST = _COLUMNS + "WHERE stage = ?2 AND digest = ?3"
_BY_KEY = _COLUMNS + (
    "WHERE stage = ?2 AND (maker = ?3 OR taker = ?3) "
    "AND ?4 IN (made_key, told_key, maker_key, taken_key, taker_key)"
)
_OPEN = _COLUMNS + ("WHERE stage = ?2 AND (maker = ?3 OR taker = ?3) AND NOT void AND until > ?1")
_VOID = (
    "UPDATE link_code SET void = 1 WHERE stage = ? AND (maker = ?2 OR taker = ?2) AND digest <> ?"
)


@dataclass(frozen=True, slots=True)
class Handshake:
    """A code and how far its two accounts are. taker: 0 until it was typed. *_key: the
    messages that made the code, by which the maker was told who typed it, that typed it, and
    in which each side said yes. over: void, or its time is up."""

    digest: bytes
    maker: int
    taker: int
    made_key: str
    told_key: str
    maker_key: str
    taken_key: str
    taker_key: str
    over: bool

    def other(self, person: int) -> int:
        """The account on the other side."""
        return self.maker if person == self.taker else self.taker

    def yes(self, person: int) -> str:
        """The message by which that side said yes; empty before."""
        return self.taker_key if person == self.taker else self.maker_key

    def told(self, person: int, key: str) -> bool:
        """Whether that side was told, before this message, who the other one is."""
        by = self.taken_key if person == self.taker else self.told_key
        return bool(by) and by != key

    @property
    def agreed(self) -> bool:
        """Whether both have said yes."""
        return bool(self.maker_key and self.taker_key)


class LinkCodes:
    """Codes under way on every stage. now: epoch milliseconds."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._secret = secrets.token_bytes(32)

    async def make(self, stage: str, maker: int, key: str) -> tuple[str, bool]:
        """A new code, in place of what the account had under way, and whether it is new: a
        repeat gets the same one, or an empty one when that is not known any more.

        Raises `GiftError` COOLDOWN after too many, BUSY when there are too many on the stage.
        """
        code, now = self._code(stage, key), self._now()
        digest = _digest(stage, code)

        def change(db: Any) -> tuple[str, bool] | GiftError:
            _prune(db, now)
            if before := _value(db, "SELECT digest FROM link_code WHERE made_key = ?", key):
                return code if before == digest else "", False
            sql = "SELECT made_at FROM link_code WHERE stage = ? AND maker = ? AND made_at > ?"
            if wait := _wait(db, sql, (stage, maker), now, MADE_MAX):
                return wait
            count = "SELECT count(*) FROM link_code WHERE stage = ? AND NOT void AND until > ?"
            if _value(db, count, stage, now) >= OPEN_MAX:
                return GiftError(Code.BUSY)
            db.execute(_VOID, (stage, maker, digest))
            db.execute(
                "INSERT INTO link_code (stage, digest, maker, made_at, made_key, until) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (stage, digest, maker, now, key, now + VALID_MS),
            )
            return code, True

        return _given(await self._store.write(change))

    async def find(self, stage: str, person: int, typed: str, key: str) -> Handshake:
        """The handshake of a code that somebody typed. Raises `GiftError` LINK_CODE when there
        is none that they could still join, LINK_HERE to its maker, COOLDOWN after too many
        wrong ones."""
        code, now = typed.upper().replace("-", "").replace(" ", ""), self._now()
        if len(code) != LENGTH or not set(code) <= set(ALPHABET):
            raise GiftError(Code.LINK_CODE)
        digest = _digest(stage, code)

        def change(db: Any) -> Handshake | GiftError:
            _prune(db, now)
            sql = "SELECT at FROM link_guess WHERE stage = ? AND person = ? AND at > ?"
            if wait := _wait(db, sql, (stage, person), now, GUESSED_MAX):
                return wait
            found = _handshake(db, _BY_DIGEST, now, stage, digest)
            if found is None or (found.taker != person and (found.taker or found.over)):
                guess = (key, stage, person, now)
                db.execute("INSERT OR IGNORE INTO link_guess VALUES (?, ?, ?, ?)", guess)
                return GiftError(Code.LINK_CODE)
            if found.over and found.taken_key != key:
                return GiftError(Code.LINK_CODE)
            return GiftError(Code.LINK_HERE) if found.maker == person else found

        return _given(await self._store.write(change))

    async def take(self, stage: str, found: Handshake, person: int, key: str) -> Handshake:
        """The account joins the handshake, in place of what it had under way. Raises `GiftError`
        LINK_CODE when somebody else was faster."""
        now = self._now()

        def change(db: Any) -> Handshake | GiftError:
            db.execute(_VOID, (stage, person, found.digest))
            db.execute(
                "UPDATE link_code SET taker = ?, taken_key = ?, until = ? WHERE stage = ? "
                "AND digest = ? AND taker = 0 AND NOT void AND until > ?",
                (person, key, now + VALID_MS, stage, found.digest, now),
            )
            taken = _handshake(db, _BY_DIGEST, now, stage, found.digest)
            return taken if taken and taken.taker == person else GiftError(Code.LINK_CODE)

        return _given(await self._store.write(change))

    async def of(self, stage: str, person: int, key: str) -> Handshake | None:
        """What an account has under way; for a repeat of a message that did something, what it
        did that to, also when that is over."""
        now = self._now()
        return await self._store.ask(
            lambda db: (
                _handshake(db, _BY_KEY, now, stage, person, key)
                or _handshake(db, _OPEN, now, stage, person)
            )
        )

    async def tell(self, stage: str, found: Handshake, key: str) -> None:
        """The maker is being told who typed the code."""
        sql = "UPDATE link_code SET told_key = ? WHERE stage = ? AND digest = ? AND told_key = ''"
        await self._store.write(lambda db: db.execute(sql, (key, stage, found.digest)) and None)

    async def agree(self, stage: str, found: Handshake, person: int, key: str) -> Handshake:
        """One side says yes. Raises `GiftError` NOT_ASKED when it is over by now."""
        side, now = "taker_key" if person == found.taker else "maker_key", self._now()
        sql = (
            f"UPDATE link_code SET {side} = iif({side} = '', ?, {side}) "  # noqa: S608 - one of two names
            "WHERE stage = ? AND digest = ? AND NOT void AND until > ?"
        )

        def change(db: Any) -> Handshake | GiftError:
            db.execute(sql, (key, stage, found.digest, now))
            agreed = _handshake(db, _BY_DIGEST, now, stage, found.digest)
            return agreed if agreed and agreed.yes(person) else GiftError(Code.NOT_ASKED)

        return _given(await self._store.write(change))

    async def drop(self, stage: str, person: int) -> None:
        """What the account has under way is void."""
        await self._store.write(lambda db: db.execute(_VOID, (stage, person, b"")) and None)

    def _code(self, stage: str, key: str) -> str:
        """Follows from the message, so that its repeat gets the same; nobody else can tell it."""
        secret = hmac.digest(self._secret, f"{stage}\n{key}".encode(), "sha256")
        number = int.from_bytes(secret)
        letters = []
        for _ in range(LENGTH):
            number, place = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[place])
        return "".join(letters)


def _digest(stage: str, code: str) -> bytes:
    return hashlib.sha256(f"{stage}\n{code}".encode()).digest()


def _handshake(db: Any, sql: str, *values: Any) -> Handshake | None:
    row = db.execute(sql, values).fetchone()
    if row is None:
        return None
    names = [field.name for field in fields(Handshake)]
    return Handshake(**dict(zip(names, row, strict=True)) | {"over": bool(row[-1])})


def _value(db: Any, sql: str, *values: Any) -> Any:
    row = db.execute(sql, values).fetchone()
    return row[0] if row else None


def _wait(db: Any, sql: str, who: tuple[str, int], now: int, most: int) -> GiftError | None:
    """The refusal of somebody who did it too often of late."""
    times = sorted(at for (at,) in db.execute(sql, (*who, now - VALID_MS)))
    if len(times) < most:
        return None
    return GiftError(Code.COOLDOWN, wait_s=max(1, (times[-most] + VALID_MS - now) // 1000))


def _prune(db: Any, now: int) -> None:
    db.execute("DELETE FROM link_code WHERE until <= ?", (now - KEPT_MS,))
    db.execute("DELETE FROM link_guess WHERE at <= ?", (now - VALID_MS,))


def _given(outcome: T | GiftError) -> T:
    """A change that is refused must not be undone: what it noted stays."""
    if isinstance(outcome, GiftError):
        raise outcome
    return outcome
