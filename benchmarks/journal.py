"""Durable gifts a second, against what the disk can do and against what else is about."""

import asyncio
import shutil
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from benchmarks.gifts import CREATOR, FIRST_VIEWER, STAGE, gift, grant, now_ms, open_ledger
from benchmarks.measure import Disk, Pace, closed_loop
from benchmarks.peers import RED, PlainSqlite, TinyBank, try_red
from benchmarks.place import Place, RefusedError
from benchmarks.report import Section, Table, Target, at_least, at_most, figure
from benchmarks.trial import GIFTS_AT_ONCE, GIFTS_LOST_TEST, Verdict, judge
from commands.call import Services
from commands.chat import ChatMessage, Chatter
from commands.desk import Desk
from commands.earning import Earner
from commands.known_bots import KnownBots
from commands.policy import StagePolicy
from commands.settle import Settler
from commands.shows import Shows
from data.catalogue import Catalogue
from data.documents import FileDocuments
from data.identities import Identities
from data.journal import Balance
from data.ledger import Transaction
from data.money import Account
from data.postings import move
from data.sqlite.connection import value
from data.sqlite.journal import FILE_NAME, SqliteJournal

TITLE = "durable gifts a second"
VIEWERS = 1_000
Act = Callable[[int], Awaitable[object]]
Round = dict[str, tuple[Pace, float]]  # by case: its pace, and the disk's beside it

CALLERS = (1, 64, 512)
SETTLED = "64 callers, accepted and settled"
DESK = "64 callers, from chat line to answer"
PLAIN = "stdlib sqlite3, FULL, one gift a commit, 1 caller"


class Screen:
    """An overlay with a source that settles, always there."""

    def settling(self, stage: str) -> bool:
        """See `commands.call.Stagehand`."""
        return True

    def online(self, stage: str) -> bool:
        """See `commands.call.Stagehand`."""
        return True


class Nobody:
    """A platform that knows no names."""

    async def find(self, platform: str, name: str) -> Chatter | None:
        """See `commands.call.Directory`."""
        return None


def run(place: Place) -> Section:
    """Measure it."""
    place.real_disk()
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    disk = Disk(place.folder)
    rounds = [await _round(place, disk) for _ in range(place.pick(3, 1))]
    peers, notes = await _peers(place, disk)
    middle = {case: _median(rounds, case) for case in rounds[0]}
    sync_ms = statistics.median(1e3 / disk_s for r in rounds for _, disk_s in r.values())
    one = _case(1)
    targets = [
        at_least(
            "durable gifts/s of 64 callers ÷ raw fdatasync/s",
            _ratio(rounds, _case(64)),
            2.0,
        ),
        at_most(
            "one caller, p50 ÷ one fdatasync",
            statistics.median(r[one][0].p50_ms * r[one][1] / 1e3 for r in rounds),
            3.0,
        ),
        *_honest(peers["giftcast"][0]),
    ]
    head = ("case", "gifts/s", "÷ raw fdatasync/s", "CPU µs/gift", "p50 ms", "p99 ms")
    rows = [
        (case, figure(p.per_s), figure(_ratio(rounds, case)), figure(p.cpu_us), figure(p.p50_ms),
         figure(p.p99_ms))
        for case, p in middle.items()
    ]  # fmt: skip
    return Section(
        "journal",
        TITLE,
        "A gift is a transaction as `commands/gift.py` composes it: wallet → hold with guards, "
        "facts, a side text with its salted commitment, combo, hash chain, unique key, "
        "append-only tables; it counts when its commit is on disk. Each case of a round stands "
        "between two measurements of raw 4 KiB writes with fdatasync "
        f"({figure(sync_ms)} ms each), their mean is its yardstick.",
        (Table(head, rows), _peer_table(peers)),
        targets,
        notes,
    )


def _honest(ours: Verdict) -> list[Target]:
    return [
        at_most("giftcast: coins that vanished under 64 callers", ours.vanished, 0),
        at_most("giftcast: gifts accepted from a purse for one", ours.afforded, 1),
        at_most("giftcast: charges for one message delivered twice", ours.charged, 1),
    ]


def _case(callers: int) -> str:
    return f"{callers} caller{'s' * (callers > 1)}, accepted"


async def _round(place: Place, disk: Disk) -> Round:
    """Every case once, each in a journal of its own."""
    seconds = place.pick(1.5, 0.02)
    found: Round = {}
    cases = [(_case(callers), callers, _accept) for callers in CALLERS]
    for case, callers, begin in [*cases, (SETTLED, 64, _settle), (DESK, 64, _chat)]:
        folder = place.made("case")
        journal = await open_ledger(folder, VIEWERS)
        try:
            act = await begin(journal)
            found[case] = await _beside(disk, place, callers, seconds, act)
        finally:
            await journal.close()
        shutil.rmtree(folder)
    folder = place.made("case")
    plain = PlainSqlite(folder)
    await plain.open(dict.fromkeys(range(1, VIEWERS + 1), 1_000_000))
    found[PLAIN] = await _beside(
        disk, place, 1, seconds, lambda n: plain.give(1 + n % VIEWERS, f"twitch:chat:{n}")
    )
    plain.close()
    shutil.rmtree(folder)
    return found


async def _beside(
    disk: Disk, place: Place, callers: int, seconds: float, act: Act
) -> tuple[Pace, float]:
    """A closed loop between two measurements of the disk."""
    look_s = place.pick(0.4, 0.01)
    before = disk.syncs_per_s(look_s)
    pace = await closed_loop(callers, seconds, act)
    return pace, (before + disk.syncs_per_s(look_s)) / 2


async def _accept(journal: SqliteJournal) -> Act:
    async def act(number: int) -> None:
        receipt = await journal.record(gift(_viewer(number), now_ms()))
        assert receipt.record is not None

    return act


async def _settle(journal: SqliteJournal) -> Act:
    """Accepted, and then settled as when its page has painted it."""
    settler = Settler(journal, journal.books, lambda _: StagePolicy(), now_ms)

    async def act(number: int) -> None:
        receipt = await journal.record(gift(_viewer(number), now_ms()))
        assert receipt.record is not None
        await settler.shown(STAGE, [receipt.record.seq], "1")
        assert settler.open_record(STAGE, receipt.record.seq) is None

    return act


async def _chat(journal: SqliteJournal) -> Act:
    """The whole way of a line of chat, below the platform."""
    gifts, policy = Catalogue(FileDocuments(journal.path.parent)), StagePolicy()
    gifts.load()
    people = Identities(journal, now_ms)
    settler = Settler(journal, journal.books, lambda _: policy, now_ms)
    shows = Shows(journal, journal.books, now_ms)
    earner = Earner(
        journal=journal,
        books=journal.books,
        people=people,
        policies=lambda _: policy,
        shows=shows,
        bots=KnownBots(()),
        now=now_ms,
    )
    desk = Desk(
        Services(
            journal=journal,
            books=journal.books,
            people=people,
            catalogue=gifts,
            policies=lambda _: policy,
            stagehand=Screen(),
            backstage=settler,
            earner=earner,
            shows=shows,
            directory=Nobody(),
            now=now_ms,
        ),
        time.monotonic,
    )
    chatters = [Chatter(str(n), f"viewer{n}") for n in range(VIEWERS)]
    known = await asyncio.gather(*(people.person("twitch", c.user_id, c.name) for c in chatters))
    await asyncio.gather(
        *(
            journal.record(
                Transaction(
                    STAGE, "grant", f"purse:{who.person}", now_ms(), subject=who.person,
                    postings=move(Account("mint"), Account("wallet", who.person), 1_000_000),
                )
            )
            for who in known
        )
    )  # fmt: skip

    async def act(number: int) -> None:
        chatter = chatters[number * 37 % VIEWERS]
        key, text = f"twitch:chat:{number}", "!gift popcorn well played!"
        message = ChatMessage(key, STAGE, "twitch", "chat", chatter, text, now_ms())
        reply = await desk.hear(message)
        assert reply is not None
        assert reply.ok, reply

    return act


def _viewer(number: int) -> int:
    return FIRST_VIEWER + number * 37 % VIEWERS


class OurBank:
    """giftcast's journal under the same trial as the others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self, purses: Mapping[int, int]) -> None:
        """See `Bank`."""
        self._journal = await SqliteJournal.open(self._folder / FILE_NAME)
        await asyncio.gather(
            *(self._journal.record(grant(CREATOR + who, coins)) for who, coins in purses.items())
        )

    async def give(self, viewer: int, key: str) -> bool:
        """See `Bank`."""
        receipt = await self._journal.record(gift(CREATOR + viewer, now_ms(), key=key))
        return receipt.record is not None and receipt.fresh

    async def coins(self, viewer: int) -> int:
        """See `Bank`."""
        found: Balance = await self._journal.books.balance(STAGE, CREATOR + viewer)
        return found.coins

    async def received(self) -> int:
        """See `Bank`. What is held is the creator's, once it is seen."""
        sql = "SELECT coalesce(sum(balance), 0) FROM account WHERE kind = 'hold'"
        return int(await self._journal.ask(lambda db: value(db, sql)))

    async def close(self) -> None:
        """End it."""
        await self._journal.close()


async def _peers(place: Place, disk: Disk) -> tuple[dict[str, tuple[Verdict, float]], list[str]]:
    """The verdict on each keeper of coins, with the disk's pace beside it; and who is absent."""
    seconds, gifts = place.pick(3.0, 0.02), place.pick(GIFTS_LOST_TEST, 16)
    found: dict[str, tuple[Verdict, float]] = {}
    notes: list[str] = []

    async def add(name: str, trial: Awaitable[Verdict]) -> None:
        before = disk.syncs_per_s(place.pick(0.4, 0.01))
        verdict = await trial
        found[name] = verdict, (before + disk.syncs_per_s(place.pick(0.4, 0.01))) / 2

    ours = OurBank(place.made("ours"))
    await add("giftcast", judge(ours, seconds, gifts))
    await ours.close()
    plain = PlainSqlite(place.made("plain"))
    await add("stdlib sqlite3, FULL, one gift a commit", judge(plain, seconds, gifts))
    plain.close()
    tiny = TinyBank(place.made("tiny"))
    await add("TinyDB, its JSONStorage as a bank", judge(tiny, seconds, place.pick(128, 2)))
    tiny.close()
    if place.tiny:
        return found, notes
    try:
        name, _, version = RED.partition("==")
        red = try_red(place.made("red"), 5.0, gifts)
        await add(f"{name} {version}, its bank", red)
    except RefusedError as error:
        notes.append(f"Not measured: {error}.")
    return found, notes


def _peer_table(peers: Mapping[str, tuple[Verdict, float]]) -> Table:
    ours = peers["giftcast"][0].pace.per_s
    head = (
        "keeper, 64 callers",
        "gifts/s",
        "÷ raw fdatasync/s",
        "giftcast is",
        "p50 ms",
        "coins vanished",
        f"accepted of {GIFTS_AT_ONCE} at once from a purse for 1",
        "one message twice: charged",
    )
    rows = [
        (name, figure(v.pace.per_s), figure(v.pace.per_s / disk_s), f"{ours / v.pace.per_s:,.1f}×",
         figure(v.pace.p50_ms), f"{v.vanished:,}", str(v.afforded), f"{v.charged}×")
        for name, (v, disk_s) in peers.items()
    ]  # fmt: skip
    return Table(head, rows)


def _median(rounds: list[Round], case: str) -> Pace:
    paces = [r[case][0] for r in rounds]
    return Pace(
        *(
            statistics.median(getattr(pace, field) for pace in paces)
            for field in ("per_s", "cpu_us", "p50_ms", "p99_ms")
        )
    )


def _ratio(rounds: list[Round], case: str) -> float:
    return statistics.median(pace.per_s / disk_s for pace, disk_s in (r[case] for r in rounds))
