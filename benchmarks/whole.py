"""A whole giftcast in the process of the benchmark: its people, its sources, its gifts."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.gifts import STAGE, now_ms
from bot.app import App
from bot.settings import Settings, load_settings
from bot.start import started
from commands.chat import ChatMessage, Chatter, Reply
from data.access import new_token
from data.ledger import Transaction
from data.money import Account
from data.postings import move

PLATFORM = "simulator"


@asynccontextmanager
async def whole(folder: Path, viewers: int = 0) -> AsyncIterator[App]:
    """Started on a data folder that is there; viewers `viewer0` … have coins."""
    async with started(settings_of(folder), folder) as app:
        await asyncio.gather(*(purse(app, f"viewer{number}") for number in range(viewers)))
        yield app


def settings_of(folder: Path) -> Settings:
    """The folder's own, on any free port."""
    found = load_settings(folder, {})
    server = found.server.model_validate({"port": 0})
    return Settings(server, found.journal, found.sections)


async def add_source(app: App, name: str = "stage", *, settles: bool = True) -> str:
    """Register a source of alerts; its token."""
    token = new_token()
    after = app.journal.head(STAGE)
    await app.access.add(STAGE, "alerts", name, settles=settles, after=after, token=token)
    return token


async def say(app: App, viewer: str, text: str, key: str) -> Reply:
    """A line of chat, heard by the desk; must be carried out."""
    chatter = Chatter(viewer, viewer)
    message = ChatMessage(f"{PLATFORM}:{key}", STAGE, PLATFORM, "chat", chatter, text, now_ms())
    reply = await app.desk.hear(message)
    assert reply is not None
    assert reply.ok, reply
    return reply


def arrivals(per_s: float, seconds: float, seed: int) -> list[float]:
    """Times at which lines of chat come, independent of each other (Poisson)."""
    chance, times, at = random.Random(seed), list[float](), 0.0
    while (at := at + chance.expovariate(per_s)) < seconds:
        times.append(at)
    return times


async def purse(app: App, name: str, platform: str = PLATFORM) -> None:
    """Coins for somebody, enough for everything."""
    known = await app.people.person(platform, name, name)
    postings = move(Account("mint"), Account("wallet", known.person), 1_000_000)
    receipt = await app.journal.record(
        Transaction(
            STAGE, "grant", f"purse:{name}", now_ms(), subject=known.person, postings=postings
        )
    )
    assert receipt.record is not None
