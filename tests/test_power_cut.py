"""Power cuts and broken disks: what was acknowledged is on disk, what failed is whole or absent,
and nobody is told "accepted" in vain."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest
from structlog.testing import capture_logs

from data.errors import Code, GiftError, JournalError
from data.ledger import Record, Transaction
from data.money import Account, Terms
from data.postings import earn, gift_facts, give_back, hold
from data.sqlite import keys
from data.sqlite.connection import open_reader, open_writer, rows
from data.sqlite.journal import FILE_NAME, SqliteJournal
from data.sqlite.migration import migrate
from data.sqlite.verification import verify_new
from tests.house import MAIN, NOON, faults, grant, scale
from tests.power_cut_vfs import Disk, Fault, Platter, disk, write_image

FACE = {"id": "rose", "name": "Rose", "price_coins": 1, "tier": 1, "art": "rose", "alt": "A rose"}
CREATOR = 99


def gift(viewer: int, coins: int, key: str) -> Transaction:
    facts = gift_facts(
        FACE, count=coins, creator=CREATOR, terms=Terms(30), day=20270115, deadline_s=900,
        decide_s=3600, settled=False, waiting=False,
    )  # fmt: skip
    return Transaction(
        MAIN, "gift", key, NOON, viewer, viewer, hold(viewer, coins), facts=facts,
        aside={"viewer": f"viewer {viewer}", "message": "x" * 100},
    )  # fmt: skip


def closing(sent: Record, key: str, *, seen: bool) -> Transaction:
    coins = sent.facts["total_coins"]
    return Transaction(
        MAIN, "settle" if seen else "return", key, NOON, subject=sent.subject, closes=sent.seq,
        postings=(
            earn(Account("hold"), CREATOR, coins, Terms(30))
            if seen
            else give_back(sent.subject, coins)
        ),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def log() -> Iterator[list[Any]]:
    """What is logged, kept instead of printed: each failing commit comes with its traceback."""
    with capture_logs() as entries:
        yield entries


# --- the power is cut ---


async def _busy_evening(path: Path, used: Disk, synchronous: str) -> dict[str, int]:
    """Many callers at work; how far the disk was when each was acknowledged, by key."""
    journal = await SqliteJournal.open(path, vfs=used.name)
    assert journal._writer is not None
    db = journal._writer.connection
    if synchronous != "FULL":
        db.pragma("synchronous", synchronous)
    db.pragma("wal_autocheckpoint", 200)
    promised: dict[str, int] = {}

    async def caller(viewer: int) -> None:
        await journal.record(grant(viewer, 1_000, f"grant:{viewer}"))
        promised[f"grant:{viewer}"] = len(used.events)
        for number in range(14):
            key = f"{viewer}:{number}"
            receipt = await journal.record(gift(viewer, 1 + number, key))
            promised[key] = len(used.events)
            assert receipt.record is not None
            if number % 3:
                await journal.record(closing(receipt.record, f"{key}:c", seen=number % 3 == 1))
                promised[f"{key}:c"] = len(used.events)

    await asyncio.gather(*(caller(viewer) for viewer in range(1, 17)))
    await journal.close()
    return promised


def _lost_after(cuts: int, folder: Path, synchronous: str) -> tuple[int, list[str]]:
    """Cut the power that often; how many acknowledged keys were lost, and what else is wrong."""
    random = Random(f"{cuts}{synchronous}")
    with disk() as used:
        promised = asyncio.run(_busy_evening(folder / FILE_NAME, used, synchronous))
    assert sum(event.call == "truncate" or event.at == 0 for event in used.events) > 3
    moments = sorted(random.choices(range(1, len(used.events)), k=cuts))
    platter, reached, lost = Platter(), 0, 0
    wrong: list[str] = []
    for number, moment in enumerate(moments):
        for event in used.events[reached:moment]:
            platter.apply(event)
        reached = moment
        image = platter.image(("none", "all", "torn", "torn")[number % 4], random)
        trial = folder / "trial"
        trial.mkdir()
        write_image(image, trial)
        if number % 3:  # the log was being lengthened
            with (trial / f"{FILE_NAME}-wal").open("ab") as log_file:
                log_file.write(bytes(random.randrange(1 << 16)))
        expected = {key for key, at in promised.items() if at <= moment}
        if (trial / FILE_NAME).exists():
            found, faulty = _restarted(trial / FILE_NAME)
            wrong += [f"cut at {moment}: {what}" for what in faulty]
            lost += len(expected - found)
        else:
            lost += len(expected)
        shutil.rmtree(trial)
    return lost, wrong


def _restarted(path: Path) -> tuple[set[str], list[str]]:
    """The keys that the next start finds, and what does not hold."""
    try:
        writer = open_writer(path)
        migrate(writer, path.parent / "backups")
        verify_new(writer)
        writer.close()
        reader = open_reader(path)
        found = {key for (key,) in rows(reader, "SELECT key FROM txn")}, faults(reader)
        reader.close()
    except (apsw.Error, JournalError) as error:
        return set(), [str(error)]
    return found


@pytest.fixture(autouse=True)
def keys_are_moved_often(monkeypatch):
    """So that cuts and faults also strike between two slices of the index over keys."""
    monkeypatch.setattr(keys, "RECENT_MAX", 4)
    monkeypatch.setattr(keys, "SLICE", 2)


def test_no_power_cut_loses_what_was_acknowledged(tmp_path):
    """Cut anywhere, with nothing, everything or a torn part of what was not synced."""
    lost, wrong = _lost_after(scale(300, 10_000), tmp_path, "FULL")
    assert wrong == []
    assert lost == 0


def test_the_power_cut_test_can_tell(tmp_path):
    """With `synchronous=NORMAL` the same test finds acknowledged gifts that are lost."""
    lost, wrong = _lost_after(40, tmp_path, "NORMAL")
    assert lost > 0
    assert wrong == []


# --- the disk is full, or broken ---

FAULTS = {
    "full": Fault(apsw.FullError, ("write",), 0, 1),
    "full for a while": Fault(apsw.FullError, ("write",), 0, 10**9),
    "broken write": Fault(apsw.IOError, ("write",), 0, 1),
    "half a write": Fault(apsw.IOError, ("write",), 0, 1, short=True),
    "broken sync": Fault(apsw.IOError, ("sync",), 0, 1),
    "broken sync for a while": Fault(apsw.IOError, ("sync",), 0, 10**9),
    "broken truncate": Fault(apsw.IOError, ("truncate", "sync"), 0, 2),
}


async def _small_evening(
    path: Path, used: Disk, fault: Fault | None, *, checkpoints: bool
) -> tuple[int, int]:
    """A few callers on a disk that begins to fail at some call. What each was told must be true,
    and once the disk is well again the journal goes on where it is. How many calls there were,
    and how many of the transactions that were not confirmed had landed all the same."""
    journal = await SqliteJournal.open(path, vfs=used.name)
    announced: list[Record] = []
    journal.watch(announced.extend)
    assert journal._writer is not None
    if checkpoints:
        journal._writer.connection.pragma("wal_autocheckpoint", 1)
    promised: list[str] = []
    refused: list[str] = []
    codes: set[Code] = set()

    async def ask(transaction: Transaction) -> Record | None:
        try:
            receipt = await journal.record(transaction)
        except GiftError as error:
            refused.append(transaction.key)
            codes.add(error.code)
            return None
        assert receipt.record is not None or receipt.refusal is not None
        if receipt.record is not None:
            promised.append(transaction.key)
        return receipt.record

    used.fault = fault
    calls = len(used.events)
    await ask(grant(1, 100, "grant:1"))
    sent = await asyncio.gather(*(ask(gift(1, coins, f"gift:{coins}")) for coins in (1, 2, 3)))
    for record in sent:
        if record is not None:
            await ask(closing(record, f"close:{record.key}", seen=record.seq % 2 == 0))
    calls = len(used.events) - calls
    used.fault = None
    # The disk is well again: no restart, and no lost number.
    assert await ask(grant(2, 5, "grant:2")) is not None
    assert codes <= {Code.JOURNAL_DOWN}
    found = await journal.read(MAIN, after=0, limit=1_000)
    keys = [record.key for record in found]
    assert set(promised) <= set(keys) <= set(promised) | set(refused)
    assert [record.seq for record in found] == list(range(1, len(found) + 1))
    assert [record.hash for record in announced] == [record.hash for record in found]
    assert journal.head(MAIN) == len(found)
    landed = len(set(keys) & set(refused))
    # The message that was not confirmed may be sent again: once is once.
    for key in refused:
        if key.startswith("gift:"):
            await ask(gift(1, int(key[5:]), key))
    await journal.close()
    reader = open_reader(path)
    assert faults(reader) == []
    reader.close()
    return calls, landed


@pytest.mark.parametrize("checkpoints", [False, True], ids=["commits", "checkpoints"])
@pytest.mark.parametrize("kind", FAULTS)
async def test_a_failing_disk_never_makes_a_false_promise(tmp_path, kind, checkpoints):
    """A fault at each call of a small evening in turn: what was acknowledged is there, what was
    not is whole or absent, and the journal recovers in place."""
    pattern = FAULTS[kind]
    with disk() as used:
        path = tmp_path / "sound" / FILE_NAME
        calls, landed = await _small_evening(path, used, None, checkpoints=checkpoints)
    assert (calls > 5, landed) == (True, 0)
    struck = 0
    for first in range(1, calls + 1):
        fault = Fault(pattern.error, pattern.calls, first, pattern.length, pattern.short)
        path = tmp_path / str(first) / FILE_NAME
        with disk() as used:
            _, also = await _small_evening(path, used, fault, checkpoints=checkpoints)
        if fault.seen < first:
            break
        struck += 1
        landed += also
    assert struck > 3
    if (kind, checkpoints) == ("broken sync", True):
        assert landed > 0  # or this test would not see what is announced too late
