"""A Discord platform at work, with unmodified discord.py, against a stand-in of Discord."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.platform import House
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.settings import read
from commands.chat import ChatMessage, Reply, Role
from commands.command import Argument, Command
from commands.policy import StagePolicy
from commands.quote import Quote
from commands.suggest import Ask, Suggestion
from commands.turns import Turn
from data.gifts import Gift
from data.ledger import Record
from tests.fakes.discord import DiscordStandIn, Person
from tests.fakes.earning import RecordingCheers, RecordingEarner, RecordingShows
from tests.fakes.rulings import RecordingGaps, RecordingRulings
from tests.house import MAIN, grant
from tests.house import House as WholeHouse

QUICK = {"identify_again_s": 0.05, "retry_first_s": 0.01, "look_s": 0.05}
NOW_MS = 1_700_000_000_000
ROSE = Gift("rose", "Rose", 1, 1, "rose", "a rose")
GALAXY = Gift("galaxy", "Galaxy", 1_000, 5, "galaxy", "a galaxy")


async def carry_out(_: object) -> Reply:
    raise AssertionError("the desk is a recording one")


COMMANDS = (
    Command(
        "gift",
        "Send a gift to the stream.",
        carry_out,
        (
            Argument("message", "text", "A few words", required=False),
            Argument("gift", "gift", "Which gift"),
            Argument("count", "count", "How many", required=False),
            Argument("to", "person", "For whom", required=False),
        ),
    ),
    Command(
        "grant",
        "Give somebody coins. " * 10,
        carry_out,
        (Argument("viewer", "person", "Who"), Argument("coins", "amount", "How many")),
        role=Role.MODERATOR,
    ),
    Command(
        "alerts",
        "Pause or resume alerts.",
        carry_out,
        (Argument("what", "choice", "What to do", choices=("pause", "resume")),),
        role=Role.CREATOR,
    ),
)


class RecordingDesk:
    """Keeps what it is asked and answers as told."""

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        self.commands = commands
        self.reply: Reply | None = None
        self.open = asyncio.Event()
        self.open.set()
        self._heard: asyncio.Queue[ChatMessage] = asyncio.Queue()
        self._invoked: asyncio.Queue[tuple[ChatMessage, str, Mapping[str, object]]] = (
            asyncio.Queue()
        )

    def addressed(self, _: ChatMessage) -> bool:
        return True

    async def hear(self, message: ChatMessage, _: Turn | None = None) -> Reply | None:
        self._heard.put_nowait(message)
        await self.open.wait()
        return self.reply

    async def invoke(
        self,
        message: ChatMessage,
        name: str,
        values: Mapping[str, object],
        _: Turn | None = None,
    ) -> Reply:
        self._invoked.put_nowait((message, name, values))
        await self.open.wait()
        return self.reply or Reply(f"{name} *done*")

    async def gone(self, *_: object) -> Reply:
        raise RuntimeError("the desk is gone")

    async def suggest(self, ask: Ask) -> Sequence[Suggestion]:
        self.asked = ask
        found = [gift for gift in (ROSE, GALAXY) if gift.id.startswith(ask.typed)]
        return [Suggestion(f"{gift.name} · {gift.price_coins:,} coins", gift.id) for gift in found]

    def quote(self, _stage: str, _name: str, _values: Mapping[str, object]) -> Quote | None:
        return None

    def catalogue_gifts(self) -> Sequence[Gift]:
        return [ROSE, GALAXY]

    async def heard(self) -> ChatMessage:
        return await asyncio.wait_for(self._heard.get(), 5)

    async def invoked(self) -> tuple[ChatMessage, str, Mapping[str, object]]:
        return await asyncio.wait_for(self._invoked.get(), 5)

    def is_unasked(self) -> bool:
        return self._heard.empty() and self._invoked.empty()


@pytest.fixture
async def server() -> AsyncIterator[DiscordStandIn]:
    async with DiscordStandIn() as stand_in:
        yield stand_in


@pytest.fixture
async def desk() -> RecordingDesk:
    return RecordingDesk()


def house(desk: Any, data_dir: Path, **parts: Any) -> House:
    """What the composition root lends. parts: in place of those that only note what they hear."""
    given: dict[str, Any] = {
        "earner": RecordingEarner(),
        "shows": RecordingShows(),
        "cheers": RecordingCheers(),
        "policies": lambda _: StagePolicy(),
        "rulings": RecordingRulings(),
        "gaps": RecordingGaps(),
    }
    now = parts.pop("now", lambda: NOW_MS)
    return House(desk, "main", data_dir, now, **(given | parts))


def section(server: DiscordStandIn, **settings: object) -> dict[str, object]:
    addresses = {"api_url": server.api_url, "gateway_url": server.gateway_url}
    return {"token": server.token, **addresses, **settings}


@asynccontextmanager
async def running(
    server: DiscordStandIn,
    desk: Any,
    data_dir: Path,
    *,
    parts: Mapping[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[DiscordPlatform]:
    timing = {**QUICK, **settings.pop("timing", {})}
    given = section(server, timing=timing, **settings)
    platform = DiscordPlatform(read(given), house(desk, data_dir, **(parts or {})))
    task = asyncio.create_task(platform.run())
    try:
        yield platform
        assert not task.done(), "run() ended by itself"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def listening(
    server: DiscordStandIn, desk: Any, data_dir: Path, **settings: Any
) -> AsyncIterator[DiscordPlatform]:
    async with running(server, desk, data_dir, **settings) as platform:
        await server.ready()
        yield platform


async def status_of(platform: DiscordPlatform, words: str) -> str:
    """Waits until the platform's status holds these words; gives its state."""
    async with asyncio.timeout(5):
        while words not in platform.status().cause + platform.status().fix:  # noqa: ASYNC110
            await asyncio.sleep(0)
    return platform.status().state


async def person_of(house: WholeHouse, person: Person) -> int:
    """Somebody on Discord, as the books know them."""
    return (await house.people.person("discord", person.id, person.name)).person


async def enrich(house: WholeHouse, person: Person, coins: int) -> None:
    """Gives somebody on Discord coins."""
    key = f"grant:{person.id}:{coins}"
    await house.journal.record(grant(await person_of(house, person), coins, key))


async def coins_of(house: WholeHouse, person: Person) -> int:
    return (await house.journal.books.balance(MAIN, await person_of(house, person))).coins


async def recorded(house: WholeHouse, kind: str, count: int = 1) -> list[Record]:
    """Waits until that many records of a kind are in the books."""
    async with asyncio.timeout(10):
        while len(found := [r for r in house.announced if r.kind == kind]) < count:  # noqa: ASYNC110
            await asyncio.sleep(0)
    return found
