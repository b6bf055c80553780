"""The hash chain: how a record is written down so that a later change of it shows.

Version 1. commitment = SHA-256(salt ‖ text), where text is the record's erasable side text;
hash = SHA-256(hash of the record before it in its stage ‖ line), where line is compact JSON
(RFC 8259, UTF-8, no spaces) of
`[1, stage, seq, kind, key, at, actor, subject, closes, reverses, facts, [[account kind,
owner, amount], …], commitment in hex]`, facts being the stored text itself. Erasing a side
text leaves its commitment, so the chain still holds. What a viewer wrote stands apart, under a
salt of its own: the side text holds its commitment in hex as `said`, so that it can be erased
alone, while the names beside it stay and are still proven.
"""

import hashlib
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from data.money import Posting

VERSION = 1
SAID = "said"
APART = ("message", "fp")  # by `fp` a guess of the message could be tried


def dump(value: Any) -> str:
    """Compact JSON text, as it is stored and hashed."""
    return orjson.dumps(value).decode()


def load(text: str) -> Any:
    """The value of a stored JSON text."""
    return orjson.loads(text)


def genesis(stage: str, salt: bytes) -> bytes:
    """The hash before a stage's first record."""
    return hashlib.sha256(b"giftcast\n" + salt + stage.encode()).digest()


def commitment(salt: bytes, text: str) -> bytes:
    """Binds a record to its erasable side text without holding any of it."""
    return hashlib.sha256(salt + text.encode()).digest()


class Salts:
    """Random bytes, asked of the system for many records at once: each time that a thread asks,
    it lets go of Python's lock."""

    _EACH, _MANY = 16, 256

    def __init__(self) -> None:
        self._rest: list[bytes] = []

    def take(self) -> bytes:
        """A salt that nobody had before."""
        if not self._rest:
            drawn = os.urandom(self._EACH * self._MANY)
            self._rest = [drawn[at : at + self._EACH] for at in range(0, len(drawn), self._EACH)]
        return self._rest.pop()


class Side(NamedTuple):
    """A record's side text as it is kept. said: what a viewer wrote, which may be erased alone;
    text holds its commitment."""

    committed: bytes = b""
    salt: bytes = b""
    text: str = ""
    said_salt: bytes | None = None
    said: str | None = None

    @classmethod
    def of(cls, aside: Mapping[str, str], salts: Salts) -> "Side":
        """Salted and committed to. Nothing for no text."""
        if not aside:
            return _NOTHING
        salt, said_salt, said, together = salts.take(), None, None, dict(aside)
        if aside.get("message"):
            apart = {name: together.pop(name) for name in APART if name in aside}
            said_salt, said = salts.take(), dump(apart)
            together[SAID] = commitment(said_salt, said).hex()
        text = dump(together)
        return cls(commitment(salt, text), salt, text, said_salt, said)

    def fault(self) -> str:
        """What was changed in it since; empty when it is as it was, or was erased."""
        if commitment(self.salt, self.text) != self.committed:
            return "has a side text that was changed"
        if self.said is None and self.said_salt is None:
            return ""
        written = commitment(self.said_salt or b"", self.said or "").hex()
        return "" if written == load(self.text).get(SAID) else "has a message that was changed"


_NOTHING = Side()


def rejoin(text: str, said: str | None) -> dict[str, str]:
    """The side text of a record as it was given, less what was erased."""
    aside: dict[str, str] = load(text)
    aside.pop(SAID, None)
    return aside | load(said) if said else aside


def link(
    before: bytes,
    *,
    stage: str,
    seq: int,
    kind: str,
    key: str,
    at: int,
    actor: int,
    subject: int,
    closes: int,
    reverses: int,
    facts: str,
    postings: tuple[Posting, ...],
    committed: bytes,
) -> bytes:
    """The hash of a record over the one before it."""
    legs = [(account.kind, account.owner, amount) for account, amount in postings]
    line = orjson.dumps(
        (
            VERSION, stage, seq, kind, key, at, actor, subject, closes, reverses, facts, legs,
            committed.hex(),
        )
    )  # fmt: skip
    return hashlib.sha256(before + line).digest()
