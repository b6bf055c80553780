"""The hash chain: how a record is written down so that a later change of it shows.

Version 1. commitment = SHA-256(salt ‖ text), where text is the record's erasable side text;
hash = SHA-256(hash of the record before it in its stage ‖ line), where line is compact JSON
(RFC 8259, UTF-8, no spaces) of
`[1, stage, seq, kind, key, at, actor, subject, closes, reverses, facts, [[account kind,
owner, amount], …], commitment in hex]`, facts being the stored text itself. Erasing a side
text leaves its commitment, so the chain still holds.
"""

import hashlib
from typing import Any

import orjson

from data.money import Posting

VERSION = 1


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
