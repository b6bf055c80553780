"""Keys: each is found for ever, whether it lies in memory, in the index, or was read up again."""

import asyncio
from pathlib import Path

import apsw
import pytest

from data.errors import Code, GiftError, JournalError
from data.sqlite import keys, migration
from data.sqlite.connection import open_writer, row, rows, value
from data.sqlite.journal import FILE_NAME, SqliteJournal
from data.sqlite.verification import verify
from tests.house import MAIN, faults_of, grant, open_house


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Few keys in memory, small slices."""
    monkeypatch.setattr(keys, "RECENT_MAX", 10)
    monkeypatch.setattr(keys, "SLICE", 3)


async def write(path: Path, first: int, last: int) -> list[str]:
    """Grants under keys of these numbers; what is wrong with the file afterwards."""
    journal = await SqliteJournal.open(path)
    for number in range(first, last):
        receipt = await journal.record(grant(1, 1 + number, f"k{number}"))
        assert receipt.fresh
    for number in range(last):
        again = await journal.record(grant(1, 1 + number, f"k{number}"))
        assert not again.fresh
        assert again.record is not None
        assert again.record.key == f"k{number}"
    await journal.close()
    return faults_of(path)


async def test_every_key_is_found_while_keys_are_moved_and_after_each_start(tmp_path):
    """In memory, half moved, moved: a repeat is a repeat."""
    path = tmp_path / FILE_NAME
    for first, last in ((0, 7), (7, 11), (11, 45), (45, 46)):
        assert await write(path, first, last) == []
    db = open_writer(path)
    assert 10 <= value(db, "SELECT seq FROM keyed") < 46
    db.close()


async def test_keys_half_moved_when_the_program_ended_are_moved_again(tmp_path):
    """The mark is set with the last slice; until then the records tell."""
    path = tmp_path / FILE_NAME
    await write(path, 0, 9)
    db = open_writer(path)
    used = keys.Keys(db)
    used.add("x", 1, 10)
    used.move()
    assert value(db, "SELECT count(*) FROM key_index") == 3
    assert row(db, "SELECT seq FROM keyed") is None
    db.close()
    assert await write(path, 9, 30) == []


async def test_two_keys_with_one_digest_are_two_keys(tmp_path, monkeypatch):
    """The record tells them apart."""
    monkeypatch.setattr(keys, "digest", lambda _key: 7)
    assert await write(tmp_path / FILE_NAME, 0, 30) == []


async def test_a_journal_from_before_there_was_an_index_is_taken_up(tmp_path, monkeypatch):
    """Its keys are moved into the index at its first start, and known from then on."""
    path = tmp_path / FILE_NAME
    known = migration.scripts()
    with monkeypatch.context() as patch:
        patch.setattr(migration, "scripts", lambda: {1: known[1]})
        db = open_writer(path)
        migration.migrate(db, tmp_path / "backups")
        db.close()
    async with open_house(tmp_path / "now") as house:
        await house.grant("mia", 40)
        for _ in range(25):
            await house.accepted("!gift rose")
        told = [r.key for r in await house.journal.read(MAIN, after=0, limit=100)]
    _copy_rows(tmp_path / "now" / FILE_NAME, path)
    journal = await SqliteJournal.open(path)
    assert await journal.ask(lambda db: value(db, "SELECT seq FROM keyed")) >= 20
    assert [r.key for r in await journal.read(MAIN, after=0, limit=100)] == told
    await journal.close()
    assert faults_of(path) == []


def _copy_rows(source: Path, target: Path) -> None:
    """Everything that both files have tables and columns for, into the older one."""
    db = apsw.Connection(str(target))
    db.execute("ATTACH ? AS other", (str(source),))
    for (table,) in rows(
        db, "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_%' "
        "ESCAPE '\\' OR name = 'open_gift'"
    ):  # fmt: skip
        names = [name for (name,) in rows(db, "SELECT name FROM pragma_table_info(?)", (table,))]
        columns = ", ".join(names)
        db.execute(f"INSERT INTO main.{table} SELECT {columns} FROM other.{table}")  # noqa: S608
    db.close()


async def test_two_records_of_one_key_stop_the_start(tmp_path):
    """Only somebody who writes past the program can do that."""
    path = tmp_path / FILE_NAME
    await write(path, 0, 5)
    db = open_writer(path)
    db.execute(
        "INSERT INTO txn SELECT stage, 6, kind, key, at, actor, subject, NULL, NULL, facts, "
        "version, x'', hash FROM txn WHERE seq = 2"
    )
    with pytest.raises(JournalError, match="two records have the key 'k1'"):
        keys.Keys(db)
    assert "has the key of an earlier record" in {f.what for f in verify(db).findings}
    db.close()


async def test_a_repeat_leaves_nothing_open_that_keeps_a_checkpoint_out(tmp_path):
    """A look at a key that is in the index ends with it."""
    path = tmp_path / FILE_NAME
    await write(path, 0, 30)
    db = open_writer(path)
    used = keys.Keys(db)
    assert not used.new("k0")
    db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    db.close()


async def test_what_was_refused_and_recorded_in_crowds_is_found_alone_and_in_crowds(tmp_path):
    """A batch's keys are looked up together; the next batch may not believe what it heard."""
    journal = await SqliteJournal.open(tmp_path / FILE_NAME)
    asked = [grant(1, 1 + n, f"k{n}") for n in range(40)]
    no = GiftError(Code.COOLDOWN, wait_s=3)
    first = await asyncio.gather(
        *(journal.refuse(one, no) if n % 2 else journal.record(one) for n, one in enumerate(asked))
    )
    assert all(receipt.fresh for receipt in first)
    crowd = await asyncio.gather(*(journal.record(one) for one in asked))
    alone = [await journal.record(one) for one in asked]
    for receipts in (crowd, alone):
        assert [receipt.fresh for receipt in receipts] == [False] * 40
        assert [r.record and r.record.key for r in receipts[::2]] == [
            f"k{n}" for n in range(0, 40, 2)
        ]
        assert {r.refusal and r.refusal.code for r in receipts[1::2]} == {Code.COOLDOWN}
    await journal.close()
    assert faults_of(tmp_path / FILE_NAME) == []
