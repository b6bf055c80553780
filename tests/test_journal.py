"""The journal on SQLite: verdicts, order, announcements, and what happens in a crowd."""

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest
from structlog.testing import capture_logs

from data.errors import Code, GiftError, JournalError
from data.events import Event
from data.feed import Feed
from data.ledger import NotBanned, Receipt, Record, Transaction
from data.money import Account
from data.postings import hold, move
from data.sqlite import journal as journal_module
from data.sqlite.connection import open_reader, open_writer, value
from data.sqlite.journal import FILE_NAME, SqliteJournal
from data.sqlite.reader import Readers
from tests.house import MAIN, NOON, House, faults_of, grant, open_house, scale


@pytest.fixture
async def journal(tmp_path):
    """An empty journal."""
    opened = await SqliteJournal.open(tmp_path / FILE_NAME)
    yield opened
    await opened.close()


def note(key: str, stage: str = MAIN, **facts: Any) -> Transaction:
    return Transaction(stage, "note", key, NOON, facts=facts)


class Gate:
    """Holds the writing thread, so that callers gather behind it."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self._open = threading.Event()
        self._reached = threading.Event()

    def queue(self) -> None:
        self._held = asyncio.ensure_future(self._journal.write(self._wait))

    async def __aenter__(self) -> None:
        self.queue()
        await self.reached()

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 10)

    async def __aexit__(self, *_: object) -> None:
        self._open.set()
        await self._held

    def _wait(self, _db: apsw.Connection) -> None:
        self._reached.set()
        assert self._open.wait(10)


# --- records ---


async def test_records_are_numbered_densely_within_their_stage(journal):
    """From 1, each stage by itself, each hash over the one before."""
    receipts = [await journal.record(note(f"{n}", stage)) for n, stage in enumerate("aabab")]
    assert [(r.record.stage, r.record.seq) for r in receipts] == [
        ("a", 1), ("a", 2), ("b", 1), ("a", 3), ("b", 2)
    ]  # fmt: skip
    assert len({receipt.record.hash for receipt in receipts}) == 5
    assert (journal.head("a"), journal.head("b"), journal.head("c")) == (3, 2, 0)


async def test_what_is_read_is_what_was_recorded(journal):
    """Every field, in pages."""
    written = []
    for number in range(7):
        facts = {"n": number, "text": "ü “quoted” \n 🌹", "deep": {"list": [1, None, True]}}
        transaction = Transaction(
            MAIN, "note", f"k{number}", NOON + number, 3, 4, facts=facts, aside={"viewer": "mïa"}
        )
        written.append((await journal.record(transaction)).record)
    assert await journal.read(MAIN, after=0, limit=100) == written
    assert await journal.read(MAIN, after=2, limit=3) == written[2:5]
    assert await journal.read(MAIN, after=7, limit=3) == []
    assert await journal.read("nowhere", after=0, limit=3) == []
    assert await journal.books.find(MAIN, 4) == written[3]
    assert await journal.books.find(MAIN, 99) is None


async def test_a_statement_shows_every_line_of_a_wallet_and_no_other(journal):
    """Newest first, with what was left after each, however many stages and people mix."""
    random = Random(2)
    expected: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
    for number in range(120):
        stage, person = random.choice("ab"), random.randint(1, 3)
        lines = expected.setdefault((stage, person), [])
        left = lines[-1][2] if lines else 0
        amount = random.choice((5, 7, -2)) if left else 9
        wallet, mint = Account("wallet", person), Account("mint")
        legs = move(mint, wallet, amount) if amount > 0 else move(wallet, mint, -amount)
        key = f"k{number}"
        receipt = await journal.record(Transaction(stage, "note", key, NOON, postings=legs))
        lines.append((receipt.record.seq, amount, left + amount))
    for (stage, person), lines in expected.items():
        for limit in (1, 7, 1_000):
            found = await journal.books.statement(stage, person, limit=limit)
            shown = [(line.record.seq, line.amount, line.balance) for line in found]
            assert shown == lines[::-1][:limit]
            later = await journal.books.statement(stage, person, limit=limit, skip=3)
            assert [line.record.seq for line in later] == [seq for seq, *_ in lines[::-1][3:]][
                :limit
            ]
            found = await journal.books.statement_length(stage, person, most=limit)
            assert found == min(limit, len(lines))
    assert await journal.books.statement("a", 99, limit=5) == []


async def test_a_gifts_public_id_cannot_be_another_journals(tmp_path):
    """The same first gift in two journals has two ids."""
    ids = []
    for name in ("one", "other"):
        async with open_house(tmp_path / name) as house:
            await house.grant("mia", 5)
            ids.append((await house.accepted("!gift rose")).gift_id)
    assert ids[0].partition("-")[0] == ids[1].partition("-")[0]
    assert ids[0] != ids[1]


async def test_a_repeat_gets_the_first_verdict(journal):
    """A record or a refusal, whole, and marked as not fresh; a key holds over all stages."""
    paid = grant(1, 5, "k1")
    first, again = await journal.record(paid), await journal.record(paid)
    assert (again.record, first.fresh, again.fresh) == (first.record, True, False)
    dear = Transaction(MAIN, "gift", "k2", NOON, 1, 1, hold(1, 9))
    first, again = await journal.record(dear), await journal.record(dear)
    assert (again.record, first.fresh, again.fresh) == (None, True, False)
    assert (again.refusal.code, again.refusal.facts) == (Code.NOT_ENOUGH, {"have": 5, "need": 9})
    elsewhere = await journal.record(grant(1, 5, "k1", "second"))
    assert elsewhere.record.stage == MAIN


async def test_messages_delivered_again_and_again_over_restarts_debit_once(tmp_path):
    """Each one to five times, in any order, with ten restarts in between."""
    random = Random(4)
    messages = range(scale(1_000, 100_000))
    deliveries = [number for number in messages for _ in range(random.randint(1, 5))]
    random.shuffle(deliveries)
    verdicts: dict[int, Record] = {}
    part = len(deliveries) // 10 + 1
    for begin in range(0, len(deliveries), part):
        journal = await SqliteJournal.open(tmp_path / FILE_NAME)
        now = deliveries[begin : begin + part]
        asked = (journal.record(grant(1, 1 + number % 7, f"k{number}")) for number in now)
        for number, receipt in zip(now, await gather_in_rooms(asked), strict=True):
            assert receipt.record is not None
            assert receipt.fresh is (number not in verdicts)
            assert verdicts.setdefault(number, receipt.record).hash == receipt.record.hash
        coins = (await journal.books.balance(MAIN, 1)).coins
        assert coins == sum(1 + number % 7 for number in verdicts)
        await journal.close()
    assert len(verdicts) == len(messages)
    assert faults_of(tmp_path / FILE_NAME) == []


async def gather_in_rooms(asked: Iterable[Coroutine[Any, Any, Receipt]]) -> list[Receipt]:
    """All of them, no more at once than the queue has room for."""
    waiting, answers = list(asked), []
    for begin in range(0, len(waiting), 4_000):
        answers += await asyncio.gather(*waiting[begin : begin + 4_000])
    return answers


async def test_a_refusal_decided_by_the_asker_is_remembered_too(journal):
    """And loses against a record under the same key."""
    no = GiftError(Code.COOLDOWN, wait_s=3)
    first, again = await journal.refuse(note("k1"), no), await journal.record(note("k1"))
    assert first.fresh
    assert (again.record, again.refusal.code, again.refusal.facts) == (None, no.code, {"wait_s": 3})
    await journal.record(note("k2"))
    assert (await journal.refuse(note("k2"), no)).record is not None
    assert journal.head(MAIN) == 1


async def test_other_content_under_a_known_key_is_told(journal):
    """By its fingerprint; without one on either side the key alone counts."""
    one = Transaction(MAIN, "note", "k1", NOON, aside={"fp": "a"})
    other = Transaction(MAIN, "note", "k1", NOON, aside={"fp": "b"})
    await journal.record(one)
    with pytest.raises(GiftError) as caught:
        await journal.record(other)
    assert caught.value.code is Code.KEY_REUSED
    assert (await journal.record(note("k1"))).record is not None


async def test_a_guard_is_judged_by_the_writer(journal):
    """A ban that is committed in the same batch already counts."""
    await journal.record(grant(1, 5, "k0"))
    ban = Transaction(MAIN, "ban", "k1", NOON, subject=1)
    gift = Transaction(
        MAIN, "transfer", "k2", NOON, 1, 1, move(Account("wallet", 1), Account("wallet", 2), 1),
        (NotBanned(1),),
    )  # fmt: skip
    async with Gate(journal):
        asked = [asyncio.ensure_future(journal.record(one)) for one in (ban, gift)]
        await asyncio.sleep(0)
    _, receipt = await asyncio.gather(*asked)
    assert receipt.refusal.code is Code.BANNED


# --- announcements ---


async def test_what_is_fresh_is_announced_once_in_order_before_the_answer(journal):
    """Also to a second listener when the first one fails."""
    heard: list[tuple[str, int]] = []

    def faulty(_: object) -> None:
        raise RuntimeError("a listener of somebody else")

    journal.watch(faulty)
    journal.watch(lambda records: heard.extend((one.stage, one.seq) for one in records))

    async def ask(key: str, stage: str) -> None:
        receipt = await journal.record(note(key, stage))
        assert (stage, receipt.record.seq) in heard
        assert journal.head(stage) >= receipt.record.seq

    with capture_logs() as entries:
        await asyncio.gather(*(ask(f"{n % 40}", "ab"[n % 2]) for n in range(80)))
    assert any(entry["event"] == "journal.listener_failed" for entry in entries)
    assert sorted(heard) == [(stage, seq) for stage in "ab" for seq in range(1, 21)]
    assert [seq for stage, seq in heard if stage == "a"] == list(range(1, 21))


async def test_refusals_and_repeats_are_not_announced(journal):
    """Only what is new in the book."""
    heard: list[Record] = []
    await journal.record(note("k1"))
    journal.watch(heard.extend)
    await journal.record(note("k1"))
    await journal.record(Transaction(MAIN, "gift", "k2", NOON, 1, 1, hold(1, 9)))
    assert heard == []


async def test_a_crowd_shares_commits(journal):
    """A thousand callers behind one commit are carried by the next."""
    batches: list[int] = []
    journal.watch(lambda records: batches.append(len(records)))
    async with Gate(journal):
        asked = [asyncio.ensure_future(journal.record(note(f"{n}"))) for n in range(500)]
        await asyncio.sleep(0)
    await asyncio.gather(*asked)
    assert batches == [500]


async def test_who_is_answered_comes_along_with_those_who_wait(journal):
    """Or else two groups would take turns, each with a commit of its own."""
    batches: list[int] = []
    journal.watch(lambda records: batches.append(len(records)))

    async def twice(number: int) -> None:
        await journal.record(note(f"{number}"))
        await journal.record(note(f"{number} again"))

    between = Gate(journal)
    async with Gate(journal):
        early = [asyncio.ensure_future(twice(n)) for n in range(5)]
        between.queue()  # in one batch with the five
        await asyncio.sleep(0)
    await between.reached()
    late = [asyncio.ensure_future(journal.record(note(f"late {n}"))) for n in range(5)]
    await asyncio.sleep(0)
    await between.__aexit__()
    await asyncio.gather(*early, *late)
    assert batches == [5, 10]


async def test_the_feed_tells_events_of_one_stage_at_a_time(house: House):
    """A follower gets the newest seq and the events, also when another follower fails."""
    heard: list[tuple[str, int, list[str]]] = []

    def faulty(*_: object) -> None:
        raise RuntimeError("a follower of somebody else")

    def follow(stage: str, seq: int, events: list[Event]) -> None:
        heard.append((stage, seq, [event.type for event in events]))

    feed = Feed(house.journal)
    feed.follow(faulty)
    feed.follow(follow)  # type: ignore[arg-type]
    with capture_logs():
        await house.grant("mia", 10)
        gift = await house.accepted("!gift rose")
        await house.say(f"!refund {gift.gift_id}", by="mod", role=2)
        await house.control("pause")
    assert heard == [
        (MAIN, 1, []),
        (MAIN, 2, ["gift.sent"]),
        (MAIN, 3, ["gift.returned"]),
        (MAIN, 4, ["control"]),
    ]


# --- in a crowd, and in trouble ---


async def test_a_cancelled_callers_verdict_stands(journal):
    """Whoever asks again learns it."""
    async with Gate(journal):
        asked = asyncio.ensure_future(journal.record(grant(1, 5, "k1")))
        await asyncio.sleep(0)
        asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    receipt = await journal.record(grant(1, 5, "k1"))
    assert (receipt.fresh, receipt.record.seq) == (False, 1)
    assert (await journal.books.balance(MAIN, 1)).coins == 5


async def test_overload_is_refused_early_and_clearly(journal, monkeypatch):
    """The queue is bounded; those in it get their verdicts, and then there is room again."""
    monkeypatch.setattr(journal_module, "QUEUE_MAX", 50)
    async with Gate(journal):
        asked = [asyncio.ensure_future(journal.record(note(f"{n}"))) for n in range(80)]
        await asyncio.sleep(0)
        busy = [one for one in asked if one.done()]
        assert len(busy) == 31  # the gate is in the queue, too
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, GiftError)]
    assert {one.code for one in refused} == {Code.BUSY}
    assert sum(isinstance(one, Receipt) for one in outcomes) == journal.head(MAIN) == 49
    assert (await journal.record(note("79"))).fresh


async def test_a_change_of_a_side_table_that_fails_fails_alone(journal):
    """The gifts in the same commit are recorded."""

    def twin(db: apsw.Connection) -> None:
        db.execute("INSERT INTO person VALUES (1, 0)")
        db.execute("INSERT INTO person VALUES (1, 0)")

    async with Gate(journal):
        asked = [
            asyncio.ensure_future(work)
            for work in (journal.record(note("a")), journal.write(twin), journal.record(note("b")))
        ]
        await asyncio.sleep(0)
    outcomes: list[Any] = await asyncio.gather(*asked, return_exceptions=True)
    before, failed, after = outcomes
    assert isinstance(failed, apsw.ConstraintError)
    assert (before.record.seq, after.record.seq) == (1, 2)
    assert await journal.ask(lambda db: value(db, "SELECT count(*) FROM person")) == 0


async def test_a_fault_of_the_file_is_nobodys_acceptance(journal):
    """All callers of the commit hear that it is not confirmed; the next one finds it whole."""

    def fault(_db: apsw.Connection) -> None:
        raise apsw.IOError("the disk is gone")

    with capture_logs() as entries:
        async with Gate(journal):
            asked = [
                asyncio.ensure_future(work)
                for work in (journal.record(note("a")), journal.write(fault))
            ]
            await asyncio.sleep(0)
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [entry["event"] for entry in entries] == ["journal.commit_failed"]
    assert [one.code for one in outcomes if isinstance(one, GiftError)] == [Code.JOURNAL_DOWN] * 2
    receipt = await journal.record(note("a"))
    assert (receipt.fresh, receipt.record.seq) == (True, 1)


async def test_what_landed_although_reported_as_failed_is_announced_later(journal):
    """As soon as the journal is open again, before anything newer, and once."""
    heard: list[str] = []
    journal.watch(lambda records: heard.extend(one.key for one in records))

    def fault(db: apsw.Connection) -> None:
        db.execute("COMMIT")
        raise apsw.IOError("the disk is gone")

    with capture_logs():
        async with Gate(journal):
            asked = [
                asyncio.ensure_future(work)
                for work in (journal.record(note("a")), journal.write(fault))
            ]
            await asyncio.sleep(0)
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(one, GiftError) for one in outcomes)
    assert (heard, journal.head(MAIN)) == ([], 0)
    await journal.record(note("b"))
    again = await journal.record(note("a"))
    assert (again.fresh, again.record.seq) == (False, 1)
    assert heard == ["a", "b"]


async def test_nothing_is_announced_twice_after_a_fault(journal):
    """Also when the loop was busy, and had not yet heard of the commit before the fault."""
    heard: list[str] = []
    journal.watch(lambda records: heard.extend(one.key for one in records))
    await journal.record(note("a"))

    def fault(_db: apsw.Connection) -> None:
        raise apsw.IOError("the disk is gone")

    waiting = []

    def ask(work: Any) -> None:
        work.send(None)  # queued, without letting the loop run
        waiting.append(work)

    def wait_for(key: str) -> None:
        while not value(reader, "SELECT count(*) FROM txn WHERE key = ?", (key,)):
            assert journal._thread.is_alive()

    reader = open_reader(journal.path)
    with capture_logs():
        ask(journal.record(note("b")))
        wait_for("b")
        ask(journal.write(fault))
        while journal._writer is not None:
            assert journal._thread.is_alive()
        ask(journal.record(note("c")))
        wait_for("c")
    reader.close()
    for work in waiting:
        work.close()
    await journal.record(note("d"))
    assert heard == ["a", "b", "c", "d"]


async def test_a_book_that_does_not_add_up_takes_no_more_entries(journal):
    """Better no gift than a wrong coin; what is there can still be read."""
    for key in ("a", "b"):
        await journal.record(note(key))
        await journal.check_new()
    assert journal.usable
    await journal.record(note("c"))
    tamper(journal.path, "UPDATE txn SET at = at + 1 WHERE key = 'c'")
    with capture_logs() as entries:
        await journal.check_new()
    assert [entry["event"] for entry in entries] == ["journal.does_not_hold"]
    assert not journal.usable
    with pytest.raises(GiftError) as caught:
        await journal.record(note("d"))
    assert caught.value.code is Code.JOURNAL_DOWN
    assert len(await journal.read(MAIN, after=0, limit=9)) == 3


async def test_coins_from_nowhere_are_found_though_every_record_is_as_it_was(journal):
    """At each check and each start, not only when the whole is verified."""
    await journal.record(grant(1, 5, "a"))
    await journal.check_new()
    assert journal.usable
    tamper(journal.path, "UPDATE account SET balance = balance + 100 WHERE kind = 'wallet'")
    with capture_logs() as entries:
        await journal.check_new()
    assert "leaves +100 coins" in entries[0]["problem"]
    assert not journal.usable
    await journal.close()
    with pytest.raises(JournalError, match="100 coins that came from nowhere"):
        await SqliteJournal.open(journal.path)


async def test_a_damaged_file_takes_no_more_entries_either(journal, monkeypatch):
    """When it cannot even be read."""

    def damaged(_db: apsw.Connection) -> None:
        raise apsw.CorruptError("database disk image is malformed")

    monkeypatch.setattr(journal_module, "check_new", damaged)
    with capture_logs():
        await journal.check_new()
    assert not journal.usable


def tamper(path: Path, change: str) -> None:
    db = apsw.Connection(str(path))
    db.execute(f"DROP TRIGGER txn_update; {change}")
    db.close()


async def test_who_asks_after_the_end_is_told(tmp_path):
    """Rather than left waiting."""
    journal = await SqliteJournal.open(tmp_path / FILE_NAME)
    await journal.close()
    with pytest.raises(GiftError) as caught:
        await asyncio.wait_for(journal.record(note("a")), 10)
    assert caught.value.code is Code.JOURNAL_DOWN


async def test_closing_commits_what_is_queued(tmp_path):
    """And answers it."""
    journal = await SqliteJournal.open(tmp_path / FILE_NAME)
    asked = [asyncio.ensure_future(journal.record(note(f"{n}"))) for n in range(100)]
    await asyncio.sleep(0)
    await journal.close()
    assert {(await one).fresh for one in asked} == {True}
    assert faults_of(tmp_path / FILE_NAME) == []


async def test_a_journal_at_rest_is_one_file(tmp_path):
    """Whoever copies it after the end has everything."""
    async with open_house(tmp_path) as house:
        await house.grant("mia", 10)
        await house.coins("mia")
        await house.accepted("!gift rose")
    assert not [file.name for file in tmp_path.glob(f"{FILE_NAME}-*")]
    assert faults_of(tmp_path / FILE_NAME) == []


async def test_a_second_writer_is_refused(tmp_path):
    """Until the first one has gone."""
    first = await SqliteJournal.open(tmp_path / FILE_NAME)
    with pytest.raises(JournalError, match="another giftcast"):
        await SqliteJournal.open(tmp_path / FILE_NAME)
    await first.record(note("a"))
    await first.close()
    second = await SqliteJournal.open(tmp_path / FILE_NAME)
    assert second.head(MAIN) == 1
    await second.close()


async def test_a_start_that_failed_lets_the_next_one_in(tmp_path, monkeypatch):
    """Wherever it failed."""

    async def broken(_: Readers) -> dict[str, int]:
        raise apsw.IOError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(Readers, "heads", broken)
        with pytest.raises((apsw.Error, JournalError)):
            await SqliteJournal.open(tmp_path / FILE_NAME)
    journal = await SqliteJournal.open(tmp_path / FILE_NAME)
    await journal.record(note("a"))
    await journal.close()


async def test_a_disk_that_is_full_at_the_start_is_named(tmp_path, monkeypatch):
    """A reason, not a crash."""

    def full(*_: object, **__: object) -> None:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(journal_module, "migrate", full)
    with pytest.raises(JournalError, match="full"):
        await SqliteJournal.open(tmp_path / FILE_NAME)


def test_every_commit_waits_for_the_disk(tmp_path):
    """WAL with FULL: what the promises rest on."""
    db = open_writer(tmp_path / FILE_NAME)
    assert (db.pragma("journal_mode"), db.pragma("synchronous")) == ("wal", 2)
    db.close()


def test_a_file_that_cannot_be_in_wal_mode_is_refused():
    """As on some network drives: another journal mode would make other promises."""
    with pytest.raises(JournalError, match="WAL"):
        open_writer(Path(":memory:"))


def test_readers_cannot_write(tmp_path):
    """Only the writer does, and only it checkpoints."""
    open_writer(tmp_path / FILE_NAME).close()
    reader = open_reader(tmp_path / FILE_NAME)
    with pytest.raises(apsw.ReadOnlyError):
        reader.execute("CREATE TABLE a (b)")
    reader.close()
