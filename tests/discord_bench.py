"""A Discord platform at work, with unmodified discord.py, against a stand-in of Discord."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.platform import House
from bot.platforms.discord.platform import DiscordPlatform
from bot.platforms.discord.settings import read
from bot.platforms.discord.timing import Timing
from commands.chat import ChatMessage, Reply, Role
from commands.command import Argument, Command
from commands.turns import Turn
from data.gifts import Gift
from tests.fakes.discord import DiscordStandIn
from tests.fakes.earning import RecordingEarner, RecordingShows
from tests.fakes.rulings import RecordingGaps, RecordingRulings

TIMING = Timing(identify_again_s=0.05, retry_first_s=0.01, look_s=0.05)
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

    def suggest_gifts(self, _stage: str, typed: str) -> Sequence[Gift]:
        return [gift for gift in (ROSE, GALAXY) if gift.id.startswith(typed)]

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


def house(desk: RecordingDesk, data_dir: Path) -> House:
    return House(
        cast("Any", desk),
        "main",
        data_dir,
        lambda: NOW_MS,
        earner=cast("Any", RecordingEarner()),
        shows=cast("Any", RecordingShows()),
        rulings=cast("Any", RecordingRulings()),
        gaps=cast("Any", RecordingGaps()),
    )


def section(server: DiscordStandIn, **settings: object) -> dict[str, object]:
    addresses = {"api_url": server.api_url, "gateway_url": server.gateway_url}
    return {"token": server.token, **addresses, **settings}


@asynccontextmanager
async def running(
    server: DiscordStandIn,
    desk: RecordingDesk,
    data_dir: Path,
    timing: Timing = TIMING,
    **settings: Any,
) -> AsyncIterator[DiscordPlatform]:
    platform = DiscordPlatform(read(section(server, **settings)), house(desk, data_dir), timing)
    task = asyncio.create_task(platform.run())
    try:
        yield platform
        assert not task.done(), "run() ended by itself"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def listening(
    server: DiscordStandIn, desk: RecordingDesk, data_dir: Path, **settings: Any
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
