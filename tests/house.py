"""A whole house without a screen or a platform: desk, journal and settler in a folder, on a
clock that only moves when a test moves it."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import apsw

from commands import known_bots
from commands.call import Services
from commands.chat import ChatMessage, Chatter, Reply, Role
from commands.desk import Desk
from commands.earning import Earner
from commands.gaps import Gaps
from commands.policy import StagePolicy
from commands.rulings import Rulings
from commands.settle import Settler
from commands.shows import Shows
from data.catalogue import Catalogue
from data.documents import FileDocuments
from data.identities import Identities
from data.journal import Balance
from data.ledger import Receipt, Record, Transaction
from data.money import CURRENCY, MAY_OWE, Account
from data.postings import move
from data.sqlite.connection import open_reader, rows
from data.sqlite.journal import FILE_NAME, SqliteJournal
from data.sqlite.verification import verify

MAIN = "main"
NOON = 1_800_000_000_000 + 4 * 3_600_000  # 2027-01-15 12:00 UTC
MOD = Role.MODERATOR
PLATFORMS = ("simulator", "twitch", "discord")


def scale(usual: int, soak: int) -> int:
    """How often to try: `usual` at every change, `soak` with GIFTCAST_SOAK set."""
    return soak if os.environ.get("GIFTCAST_SOAK") else usual


@dataclass
class Clock:
    """Stands still. ms: since the epoch."""

    ms: int = NOON

    def now(self) -> int:
        return self.ms

    def monotonic(self) -> float:
        return self.ms / 1000

    def pass_s(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)


@dataclass
class FakeScreen:
    """The overlay as the floors below see it: a stagehand and the pages of settling sources."""

    settles: bool = False
    is_online: bool = True
    held: set[int] = field(default_factory=set)
    recalled: list[str] = field(default_factory=list)

    def settling(self, _stage: str) -> bool:
        return self.settles

    def online(self, _stage: str) -> bool:
        return self.is_online

    def holds(self, _stage: str, seq: int) -> bool:
        return seq in self.held

    def recall(self, _stage: str, gift_ids: Sequence[str]) -> None:
        self.recalled += gift_ids


class FakeDirectory:
    """A platform that knows the people it was told of."""

    def __init__(self) -> None:
        self.known: dict[str, Chatter] = {}

    async def find(self, _platform: str, name: str) -> Chatter | None:
        return self.known.get(name)


class House:
    """Everything below the overlay. Made by `open_house`."""

    def __init__(self, folder: Path, policy: StagePolicy, screen: FakeScreen) -> None:
        self.folder = folder
        self.policy = policy
        self.clock = Clock()
        self.screen = screen
        self.directory = FakeDirectory()
        self.announced: list[Record] = []
        self._ids = count(1)

    @property
    def path(self) -> Path:
        return self.folder / FILE_NAME

    async def start(self) -> None:
        self.journal = await SqliteJournal.open(self.path)
        self.journal.watch(self.announced.extend)
        self.people = Identities(self.journal, self.clock.now)
        self.catalogue = Catalogue(FileDocuments(self.folder))
        self.catalogue.load()
        self.settler = Settler(
            self.journal, self.journal.books, lambda _: self.policy, self.clock.now
        )
        self.shows = Shows(self.journal, self.journal.books, self.clock.now)
        self.earner = Earner(
            journal=self.journal,
            books=self.journal.books,
            people=self.people,
            policies=lambda _: self.policy,
            shows=self.shows,
            bots=known_bots.shipped(),
            now=self.clock.now,
        )
        self.rulings = Rulings(
            self.journal, self.journal.books, self.people, self.clock.now, self.pause
        )
        self.gaps = Gaps(self.journal, self.journal.books, self.clock.now)
        services = Services(
            journal=self.journal,
            books=self.journal.books,
            people=self.people,
            catalogue=self.catalogue,
            policies=lambda _: self.policy,
            stagehand=self.screen,
            backstage=self.settler,
            earner=self.earner,
            shows=self.shows,
            directory=self.directory,
            now=self.clock.now,
            struck=self.rulings.struck,
        )
        self.desk = Desk(services, self.clock.monotonic)
        await self.settler.load(self.screen)
        await self.gaps.load()
        await self.earner.load()
        await self.shows.load(PLATFORMS)

    async def stop(self) -> None:
        await self.journal.close()

    async def restart(self, *, after_s: float = 0) -> None:
        await self.stop()
        self.clock.pass_s(after_s)
        await self.start()

    async def pause(self, seconds: float) -> None:
        """Let time pass instead of waiting."""
        self.clock.pass_s(seconds)
        await asyncio.sleep(0)

    # --- what people do ---

    def message(
        self,
        text: str,
        *,
        by: str = "mia",
        role: Role = Role.VIEWER,
        id: str = "",  # noqa: A002 - the message's own word
        stage: str = MAIN,
        on: str = "simulator",
    ) -> ChatMessage:
        return ChatMessage(
            id=id or f"{on}:{next(self._ids)}",
            stage=stage,
            platform=on,
            channel="chat",
            viewer=Chatter(by, by, role),
            text=text,
            at=self.clock.now(),
        )

    async def hears(self, text: str, **who: Any) -> Reply | None:
        return await self.desk.hear(self.message(text, **who))

    async def say(self, text: str, **who: Any) -> Reply:
        reply = await self.hears(text, **who)
        assert reply is not None, f"nobody felt addressed by {text!r}"
        return reply

    async def accepted(self, text: str, **who: Any) -> Record:
        """Say something that must work; its record."""
        reply = await self.say(text, **who)
        assert reply.ok, reply
        return self.announced[-1]

    async def refused(self, text: str, **who: Any) -> str:
        """Say something that must be refused without a trace in the books; why."""
        before = await self.standing()
        reply = await self.say(text, **who)
        assert not reply.ok, reply
        assert await self.standing() == before
        return reply.code

    async def person(self, name: str, on: str = "simulator") -> int:
        return (await self.people.person(on, name, name)).person

    async def grant(
        self, name: str, coins: int, *, stage: str = MAIN, on: str = "simulator"
    ) -> Receipt:
        person = await self.person(name, on)
        return await self.journal.record(grant(person, coins, f"grant:{next(self._ids)}", stage))

    async def control(self, action: str, *, stage: str = MAIN) -> Receipt:
        key = f"control:{next(self._ids)}"
        return await self.journal.record(
            Transaction(stage, "control", key, self.clock.now(), facts={"action": action})
        )

    async def pass_s(self, seconds: float) -> None:
        """Let time pass, with a tick at its end."""
        self.clock.pass_s(seconds)
        await self.settler.tick()

    # --- what is so ---

    async def balance(self, name: str, on: str = "simulator") -> Balance:
        return await self.journal.books.balance(MAIN, await self.person(name, on))

    async def coins(self, name: str, on: str = "simulator") -> int:
        return (await self.balance(name, on)).coins

    async def state(self, gift: Record) -> str | None:
        return await self.journal.books.state(gift.stage, gift.seq)

    async def records(self, kind: str, *, stage: str = MAIN) -> list[Record]:
        found = await self.journal.read(stage, after=0, limit=1_000_000)
        return [record for record in found if record.kind == kind]

    async def standing(self) -> list[tuple[Any, ...]]:
        """Every record's hash and every account's balance."""
        return await self.journal.ask(
            lambda db: [
                *rows(db, "SELECT stage, seq, hash FROM txn ORDER BY stage, seq"),
                *rows(db, "SELECT stage, kind, owner, balance FROM account ORDER BY 1, 2, 3"),
            ]
        )

    async def findings(self) -> list[str]:
        verdict = await self.journal.ask(verify)
        return [finding.what for finding in verdict.findings]


@asynccontextmanager
async def open_house(folder: Path, *, settles: bool = False, **policy: Any) -> AsyncIterator[House]:
    """A house that is shut again. settles: whether a browser source waits for the gifts."""
    house = House(folder, StagePolicy(**policy), FakeScreen(settles))
    await house.start()
    try:
        yield house
    finally:
        await house.stop()


def grant(person: int, coins: int, key: str, stage: str = MAIN) -> Transaction:
    """Coins out of nothing."""
    postings = move(Account("mint"), Account("wallet", person), coins)
    return Transaction(stage, "grant", key, NOON, subject=person, postings=postings)


def faults_of(path: Path) -> list[str]:
    """Everything that does not hold in a journal file at rest."""
    db = open_reader(path)
    try:
        return faults(db)
    finally:
        db.close(True)


def faults(db: apsw.Connection) -> list[str]:
    """What `verify` finds, and the sums again in plain words of our own."""
    found = [finding.what for finding in verify(db).findings]
    sums = {"coins": 0, "diamonds": 0}
    for kind, balance in rows(db, "SELECT kind, balance FROM account"):
        sums[CURRENCY[kind]] += balance
        if balance < 0 and kind not in MAY_OWE:
            found.append(f"{kind} is {balance}")
    return found + [f"{name} sum to {total}" for name, total in sums.items() if total]
