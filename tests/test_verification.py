"""Verification: what is written stays as it was written, and any change of it shows."""
# ruff: noqa: S608 - a test that tampers names tables and columns

import asyncio
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from data.errors import JournalError
from data.sqlite import keys, migration
from data.sqlite.connection import open_reader, open_writer, row, rows, value
from data.sqlite.journal import SqliteJournal
from data.sqlite.verification import verify, verify_new
from tests.house import MOD, NOON, open_house
from tests.linking import DISCORD, TWITCH, join

# Where each table's rows may be told apart. A refusal stands outside the chain: it moves nothing.
TABLES = {
    "stage": "id",
    "txn": "stage, seq",
    "posting": "stage, seq, leg",
    "account": "id",
    "open_gift": "stage, seq",
    "banned": "stage, person",
    "barred": "stage, person, platform",
    "tally": "stage, day, viewer",
    "show_tally": "stage, show, viewer",
    "gift_tally": "stage, day, show, gift, creator",
    "earn_paused": "stage, person",
    "earned": "stage, person, day, way",
    "link": "stage, seq",
    "aside": "stage, seq",
    "key_index": "digest, stage, seq",
}


async def _live(folder: Path) -> None:
    """A short history with every kind of record."""
    async with open_house(folder, settles=True, fee_pct=30, approve_from_tier=5) as house:
        await house.shows.began("main", "twitch", "1", NOON)
        await house.grant("mia", 9_000)
        await house.grant("ben", 50)
        shown = await house.accepted("!gift rose 5 hello there")
        await house.settler.shown("main", [shown.seq], "s1")
        await house.accepted("!gift panda 2", by="ben")
        waiting = [await house.accepted("!gift galaxy") for _ in range(4)]
        await house.accepted(f"!approve {waiting[0].gift_id}", by="mod", role=MOD)
        await house.accepted(f"!deny {waiting[1].gift_id}", by="mod", role=MOD)
        await house.accepted(f"!approve {waiting[2].gift_id}", by="mod", role=MOD)
        await house.settler.shown("main", [waiting[2].seq], "s1")
        await house.accepted(f"!refund {shown.gift_id} mistake", by="mod", role=MOD)
        await house.accepted("!give @ben 5")
        await house.accepted("!setcoins @ben 7 quiz", by="mod", role=MOD)
        await house.accepted("!takecoins @ben 7 quiz", by="mod", role=MOD)
        rude = await house.accepted("!gift rose and rude words")
        await house.rulings.deleted("main", rude.key)
        await house.rulings.banned("main", "simulator", "eve", NOON, until=NOON + 5)
        await house.rulings.unbanned("main", "simulator", "eve", NOON + 1)
        await house.rulings.banned("main", "simulator", "bob", NOON, until=None)
        await house.gaps.record("main", "simulator", NOON, NOON + 9_000, "messages")
        await house.accepted("!daily")
        taken_back = await house.accepted("!daily", by="ben")
        await house.accepted(f"!undo {taken_back.gift_id}", by="mod", role=MOD)
        for line in ("!earnpause @ben", "!earnpause @mia", "!earnresume @mia", "!bonus x2 60"):
            await house.accepted(line, by="mod", role=MOD)
        await house.refused("!daily", by="ben")
        await house.shows.ended("main", "twitch", NOON)
        await house.grant("Mia", 50, on="discord")
        await house.grant("mia_tw", 30, on="twitch")
        await join(house)
        await house.accepted("!gift rose 5", **TWITCH)
        await house.accepted("!unlink yes", **DISCORD)
        await join(house, TWITCH, DISCORD)
        await house.accepted("!gift rose 2", **DISCORD)
        for line in ("!giftban @ben", "!giftunban @ben", "!giftban @ben", "!alerts pause"):
            await house.accepted(line, by="mod", role=MOD)
        await house.refused("!gift rose 5", by="ben")
        await house.grant("mia", 3, stage="second")
        await house.accepted("!gift rose", stage="second")
        assert await house.findings() == []


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a journal with a history, at rest."""
    folder = tmp_path_factory.mktemp("history")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "RECENT_MAX", 8)
        patch.setattr(keys, "SLICE", 3)
        asyncio.run(_live(folder))
        db = open_writer(folder / "journal.sqlite3")
        keys.Keys(db)  # a move into the index that was half done is done now
    verify_new(db)
    content: bytes = db.serialize("main")
    db.close()
    return content


@pytest.fixture
def db(history: bytes) -> Iterator[apsw.Connection]:
    """That journal, in memory, to be tampered with."""
    connection = apsw.Connection(":memory:")
    # An image of a file in WAL mode cannot be opened in memory: bytes 18 and 19 say "no WAL".
    connection.deserialize("main", history[:18] + b"\1\1" + history[20:])
    yield connection
    connection.close()


GONE = re.compile(r"file: trigger \w+ is gone")


def unlock(db: apsw.Connection) -> None:
    for (name,) in rows(db, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        db.execute(f"DROP TRIGGER {name}")


def is_found(db: apsw.Connection, change: str) -> bool | None:
    """Whether verification finds a change; None when the file's own rules forbid it. That
    triggers are out of the way, which it finds too, is not what is asked."""
    db.execute("SAVEPOINT tampering")
    try:
        db.execute(change)
        return any(not GONE.match(finding.what) for finding in verify(db).findings)
    except apsw.ConstraintError:
        return None
    finally:
        db.execute("ROLLBACK TO tampering")
        db.execute("RELEASE tampering")


def others(db: apsw.Connection, table: str, column: str, where: str) -> list[str]:
    """Other values for a field, as SQL."""
    kind = value(db, f"SELECT typeof({column}) FROM {table} WHERE {where}")
    match kind:
        case "integer":
            return [f"{column} + 1", f"{column} - 1", f"{column} + 1000003"]
        case "text":
            return [f"{column} || ' '", f"upper({column})", "'x'"]
        case "blob":
            return [f"CAST({column} || x'00' AS BLOB)", "zeroblob(32)"]
        case _:
            return ["1", "4"]


def test_an_untouched_journal_is_clean(db):
    """Every record is looked at, and nothing is found."""
    verdict = verify(db)
    assert verdict.findings == ()
    assert verdict.checked == value(db, "SELECT count(*) FROM txn") > 20


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TRIGGER {}", "file: trigger {} is gone"),
        ("DROP INDEX txn_control", "file: index txn_control is gone"),
        (
            "DROP TRIGGER {0}; CREATE TRIGGER {0} BEFORE DELETE ON txn BEGIN SELECT 1; END",
            "file: trigger {} is not the one that giftcast made",
        ),
    ],
)
def test_what_guards_the_file_is_missed(db, change, told):
    trigger = value(db, "SELECT min(name) FROM sqlite_schema WHERE type = 'trigger'")
    db.execute(change.format(trigger))
    assert [finding.what for finding in verify(db).findings] == [told.format(trigger)]


@pytest.mark.parametrize("table", TABLES)
def test_a_change_of_any_field_of_any_row_is_found(db, table):
    """With the triggers out of the way, and the field still of its type."""
    unlock(db)
    columns = [name for _, name, *_ in rows(db, f"PRAGMA table_info({table})")]
    tried = 0
    for line in rows(db, f"SELECT {TABLES[table]} FROM {table}"):
        names = TABLES[table].split(", ")
        where = " AND ".join(f"{name} = {at!r}" for name, at in zip(names, line, strict=True))
        for column in columns:
            for other in others(db, table, column, where):
                if value(db, f"SELECT {column} IS {other} FROM {table} WHERE {where}"):
                    continue
                change = f"UPDATE {table} SET {column} = {other} WHERE {where}"
                found = is_found(db, change)
                assert found is not False, change
                tried += found is True
    assert tried >= len(columns)


@pytest.mark.parametrize("table", [table for table in TABLES if table != "aside"])
def test_the_loss_of_any_row_is_found(db, table):
    """At the beginning, in the middle and at the end."""
    unlock(db)
    for line in rows(db, f"SELECT {TABLES[table]} FROM {table}"):
        names = TABLES[table].split(", ")
        where = " AND ".join(f"{name} = {at!r}" for name, at in zip(names, line, strict=True))
        assert is_found(db, f"DELETE FROM {table} WHERE {where}"), where


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO open_gift SELECT stage, 1, state, viewer, coins FROM open_gift LIMIT 1",
        "INSERT INTO banned VALUES (1, 77)",
        "INSERT INTO barred VALUES (1, 77, 'simulator', 5, NULL)",
        "INSERT INTO tally VALUES (1, 20270101, 1, 5, 1)",
        "INSERT INTO account VALUES (999, 1, 'wallet', 77, 5, 0)",
        "INSERT INTO aside VALUES (1, 9999, x'00', '{}', NULL, NULL)",
        "INSERT INTO posting SELECT stage, seq, 9, account, 5, before FROM posting LIMIT 1",
        (
            "INSERT INTO txn SELECT stage, max(seq) + 1, 'note', 'forged', at, actor, subject, "
            "NULL, NULL, facts, version, x'', hash FROM txn WHERE stage = 1"
        ),
        "UPDATE keyed SET seq = seq + 9999",
        "UPDATE account SET balance = balance + 5 WHERE kind IN ('wallet', 'mint')",
    ],
)
def test_what_was_slipped_in_is_found(db, change):
    """Rows that no transaction made."""
    unlock(db)
    assert is_found(db, change)


def test_the_loss_of_the_newest_record_with_all_its_traces_is_found(db):
    """Because the file remembers how far it was verified before."""
    unlock(db)
    last = value(db, "SELECT max(seq) FROM txn WHERE stage = 1")
    assert value(db, f"SELECT kind FROM txn WHERE stage = 1 AND seq = {last}") == "control"
    db.execute(f"DELETE FROM aside WHERE stage = 1 AND seq = {last}")
    assert is_found(db, f"DELETE FROM txn WHERE stage = 1 AND seq = {last}")
    db.execute(f"DELETE FROM txn WHERE stage = 1 AND seq = {last}")
    with pytest.raises(JournalError, match="verified before"):
        verify_new(db)


def test_texts_about_people_can_be_erased(db):
    """One by one or all: the chain and the sums still hold."""
    for stage, seq in rows(db, "SELECT stage, seq FROM aside"):
        db.execute("DELETE FROM aside WHERE stage = ? AND seq = ?", (stage, seq))
        assert verify(db).findings == ()
    assert value(db, "SELECT count(*) FROM aside") == 0


def test_what_a_viewer_wrote_can_be_erased_alone(db):
    """The names beside it are still proven; half an erasure is none."""
    told = "said IS NOT NULL"
    assert value(db, f"SELECT count(*) FROM aside WHERE {told}") == 1
    assert is_found(db, f"UPDATE aside SET said = NULL WHERE {told}")
    assert is_found(db, f"UPDATE aside SET said_salt = NULL WHERE {told}")
    assert not is_found(db, f"UPDATE aside SET said = NULL, said_salt = NULL WHERE {told}")
    both = f"said = NULL, said_salt = NULL, text = replace(text, 'mia', 'eve') WHERE {told}"
    assert is_found(db, f"UPDATE aside SET {both}")


def test_words_that_were_to_be_erased_and_stand_there_are_found(db):
    """As after a restore of half a file."""
    struck = value(db, "SELECT facts ->> '$.gift' FROM txn WHERE kind = 'strike'")
    was = db.execute("SELECT text FROM aside WHERE stage = 1 AND seq = ?", (struck,)).fetchone()
    assert was is not None
    assert is_found(db, f"UPDATE aside SET said = 'x', said_salt = x'00' WHERE seq = {struck}")


def test_no_text_about_people_stands_outside_what_can_be_erased(db):
    """After erasing, no name and no message is left in the file."""
    db.execute("DELETE FROM aside; DELETE FROM identity; VACUUM")
    content = db.serialize("main")
    for text in (b"hello there", b"mistake", b"rude", b"mia", b"ben"):
        assert text not in content, text


@pytest.mark.parametrize("table", ["txn", "posting", "refusal"])
@pytest.mark.parametrize("change", ["UPDATE {} SET stage = stage", "DELETE FROM {}"])
def test_the_file_itself_refuses_changes(db, table, change):
    """Append-only: a trigger stops whoever opens the file and tries."""
    assert value(db, f"SELECT count(*) FROM {table}") > 0
    with pytest.raises(apsw.ConstraintError, match="append-only"):
        db.execute(change.format(table))


@pytest.mark.parametrize("field", ["facts = facts || ' '", "at = at + 1", "hash = zeroblob(32)"])
def test_what_is_new_is_checked_when_the_journal_opens(db, field):
    """A changed record stops the start, with the way out."""
    unlock(db)
    db.execute("DELETE FROM verified")
    db.execute(f"UPDATE txn SET {field} WHERE seq = 3 AND stage = 1")
    with pytest.raises(JournalError, match=r"record 3 .*ledger verify.*restore"):
        verify_new(db)


def test_only_what_is_new_is_checked_when_the_journal_opens(db):
    """So that a start stays quick."""
    assert verify_new(db).checked == 0
    db.execute("UPDATE verified SET seq = 5, hash = (SELECT hash FROM txn t WHERE t.stage = "
               "verified.stage AND t.seq = 5) WHERE stage = 1")  # fmt: skip
    newest = value(db, "SELECT max(seq) FROM txn WHERE stage = 1")
    assert verify_new(db).checked == newest - 5
    assert verify_new(db).checked == 0


async def test_a_file_that_is_no_journal_is_refused(tmp_path):
    """With its name, before anything is written into it."""
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    before = path.read_bytes()
    with pytest.raises(JournalError, match="cannot be used: file is not a database"):
        await SqliteJournal.open(path)
    assert path.read_bytes() == before


async def test_a_damaged_page_is_found_by_verify(tmp_path, history):
    """The file's own structure is checked too."""
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(history)
    page = 4096
    damaged = bytearray(history)
    damaged[5 * page : 5 * page + 200] = b"\xff" * 200
    path.write_bytes(bytes(damaged))
    reader = open_reader(path)
    try:
        assert verify(reader).findings
    finally:
        reader.close()


# --- migrations ---


def first_journal(path: Path) -> None:
    db = open_writer(path)
    migration.migrate(db, path.parent / "backups")
    db.execute("INSERT INTO person VALUES (7, 0)")
    db.close()


async def test_a_journal_of_a_newer_version_is_refused(tmp_path):
    """Rather than misread."""
    path = tmp_path / "journal.sqlite3"
    first_journal(path)
    db = open_writer(path)
    db.execute("INSERT INTO schema_migrations VALUES (9999, 'x', '')")
    db.close()
    with pytest.raises(JournalError, match=r"newer giftcast.*9999"):
        await SqliteJournal.open(path)


async def test_a_journal_made_by_another_migration_is_refused(tmp_path):
    """A script that was edited after its release would leave two kinds of files."""
    path = tmp_path / "journal.sqlite3"
    first_journal(path)
    db = open_writer(path)
    db.execute("UPDATE schema_migrations SET sha256 = ?", (hashlib.sha256(b"").hexdigest(),))
    db.close()
    with pytest.raises(JournalError, match="migration 1"):
        await SqliteJournal.open(path)


def test_an_upgrade_is_preceded_by_a_backup(tmp_path, monkeypatch):
    """And applies only what is missing, in one go."""
    path = tmp_path / "journal.sqlite3"
    first_journal(path)
    known = migration.scripts()
    newer = max(known) + 1
    script = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (1);"
    monkeypatch.setattr(migration, "scripts", lambda: {**known, newer: script})
    db = open_writer(path)
    assert migration.migrate(db, tmp_path / "backups") == [newer]
    assert migration.migrate(db, tmp_path / "backups") == []
    assert value(db, "SELECT count(*) FROM later") == 1
    db.close()
    (backup,) = (tmp_path / "backups").iterdir()
    copy = open_reader(backup)
    assert value(copy, "SELECT id FROM person") == 7
    assert row(copy, "SELECT 1 FROM sqlite_master WHERE name = 'later'") is None
    copy.close()


def test_a_failing_upgrade_changes_nothing(tmp_path, monkeypatch):
    """The file is as before, and the next start tries again."""
    path = tmp_path / "journal.sqlite3"
    first_journal(path)
    known = migration.scripts()
    newer = max(known) + 1
    script = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);"
    monkeypatch.setattr(migration, "scripts", lambda: {**known, newer: script})
    db = open_writer(path)
    with pytest.raises(apsw.SQLError):
        migration.migrate(db, tmp_path / "backups")
    assert row(db, "SELECT 1 FROM sqlite_master WHERE name = 'later'") is None
    assert value(db, "SELECT max(version) FROM schema_migrations") == max(known)
    db.close()


async def test_a_backup_taken_under_load_opens_and_adds_up(tmp_path):
    """It is a prefix of the journal, whole."""
    async with open_house(tmp_path / "house") as house:
        await house.grant("mia", 1_000)
        gifts = [asyncio.ensure_future(house.say("!gift rose")) for _ in range(100)]
        for number in range(5):
            await house.journal.backup(tmp_path / f"copy{number}.sqlite3")
        await asyncio.gather(*gifts)
        whole = await house.journal.read("main", after=0, limit=1_000)
    for number in range(5):
        copy = open_reader(tmp_path / f"copy{number}.sqlite3")
        assert verify(copy).findings == ()
        hashes = [digest for (digest,) in rows(copy, "SELECT hash FROM txn ORDER BY seq")]
        assert hashes == [record.hash for record in whole[: len(hashes)]]
        copy.close()


async def test_a_backup_can_be_opened_as_a_journal(tmp_path):
    """And goes on from there."""
    async with open_house(tmp_path / "house") as house:
        await house.grant("mia", 10)
        await house.journal.backup(tmp_path / "copy" / "journal.sqlite3")
        await house.say("!gift rose 10")
    async with open_house(tmp_path / "copy") as house:
        assert house.clock.now() == NOON
        assert (await house.say("!gift rose 4")).ok
        assert await house.coins("mia") == 6
        assert await house.findings() == []
