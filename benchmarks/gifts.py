"""Gifts for benchmarks, composed as `commands/gift.py` does, and ledgers full of them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from commands.policy import StagePolicy
from data.catalogue import shipped
from data.ledger import NotBanned, Record, Transaction
from data.money import Account, Terms
from data.postings import earn, gift_facts, hold, move
from data.sqlite.connection import open_writer
from data.sqlite.journal import FILE_NAME, SqliteJournal
from data.sqlite.migration import migrate
from data.sqlite.writer import Writer

STAGE = "main"
CREATOR = 1
FIRST_VIEWER = 2
PRICE_COINS = 10
PURSE_COINS = 1_000_000
_POLICY = StagePolicy()
_FACE = {
    name: value
    for name, value in next(g for g in shipped() if g["id"] == "popcorn").items()
    if name in ("id", "name", "price_coins", "tier", "art", "alt")
}
_BATCH = 1_000
_DAY_MS = 86_400_000


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def _keys() -> Iterator[str]:
    """Ids of chat messages: random, as long as those of Twitch, and cheap to come by."""
    while True:
        text = os.urandom(18 * _BATCH).hex()
        for at in range(0, len(text), 36):
            yield f"twitch:chat:{text[at : at + 36]}"


_KEYS = _keys()


def grant(viewer: int, coins: int = PURSE_COINS) -> Transaction:
    """Coins for somebody to give."""
    postings = move(Account("mint"), Account("wallet", viewer), coins)
    return Transaction(
        STAGE, "grant", f"grant:{viewer}", now_ms(), subject=viewer, postings=postings
    )


def gift(viewer: int, at: int, *, key: str = "", message: str = "well played!") -> Transaction:
    """A gift of ten coins with all that goes with it, held until it is seen."""
    key = key or next(_KEYS)
    facts = gift_facts(
        _FACE,
        count=1,
        creator=CREATOR,
        terms=Terms(_POLICY.fee_pct, _POLICY.rate),
        day=_POLICY.day(at),
        deadline_s=_POLICY.return_after_s,
        decide_s=_POLICY.decide_after_s,
        settled=False,
        waiting=False,
    )
    facts["platform"] = "twitch"
    aside = {"viewer": "NightOwl_42", "creator": "the streamer", "message": message}
    aside["fp"] = key[-16:]
    return Transaction(
        STAGE, "gift", key, at, viewer, viewer, hold(viewer, PRICE_COINS), (NotBanned(viewer),),
        facts=facts, aside=aside, combo_ms=int(_POLICY.combo_window_s * 1_000),
    )  # fmt: skip


def settlement(record: Record, at: int) -> Transaction:
    """The end of a gift that was seen, as `commands/settle.py` composes it."""
    facts = record.facts
    return Transaction(
        STAGE, "settle", f"settle:{STAGE}:{record.gift_id}", at,
        subject=record.subject, closes=record.seq,
        postings=earn(Account("hold"), facts["creator"], facts["total_coins"], Terms()),
        facts={"gift_id": record.gift_id},
    )  # fmt: skip


async def open_ledger(folder: Path, viewers: int) -> SqliteJournal:
    """A new journal, in a folder that is there, in which so many viewers have coins."""
    path = folder / FILE_NAME
    connection = open_writer(path)
    migrate(connection, folder / "backups")
    writer = Writer(connection)
    _grants(writer, viewers)
    connection.close()
    return await SqliteJournal.open(path)


def fill(folder: Path, postings: int, *, viewers: int, still_open: int = 0) -> Path:
    """A data folder whose journal holds so many postings: gifts accepted and settled over the
    last month, and some at its end that nobody has seen yet. At rest, and not yet verified."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = open_writer(folder / FILE_NAME)
    migrate(connection, folder / "backups")
    writer = Writer(connection)
    _grants(writer, viewers)
    done, number = 2 * viewers, 0
    start = now_ms() - 30 * _DAY_MS
    step = 29 * _DAY_MS / max(1, postings)
    while done < postings:
        at = start + int(done * step)
        writer.begin()
        for _ in range(min(_BATCH, (postings - done + 5) // 6)):
            number += 1
            receipt = writer.record(gift(FIRST_VIEWER + number * 7_919 % viewers, at))
            assert receipt.record is not None
            ended = writer.record(settlement(receipt.record, at + 3_000)).record
            assert ended is not None
            done += len(receipt.record.postings) + len(ended.postings)
        writer.commit()
    writer.begin()
    for viewer in range(FIRST_VIEWER, FIRST_VIEWER + still_open):
        assert writer.record(gift(viewer, now_ms())).record is not None
    writer.commit()
    connection.close()
    return folder


def _grants(writer: Writer, viewers: int) -> None:
    for first in range(0, viewers, _BATCH):
        writer.begin()
        for viewer in range(first, min(viewers, first + _BATCH)):
            receipt = writer.record(grant(FIRST_VIEWER + viewer))
            assert receipt.record is not None
        writer.commit()
