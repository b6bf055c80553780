"""Notices: who gets coins back without asking is told so, and why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.notices import QUEUE_MAX, Notices
from bot.platform import PlatformStatus
from commands.chat import Chatter, Role
from tests.house import MAIN, MOD, House
from tests.page import add_source, open_app, say, send, until


@dataclass
class Ear:
    """A platform that notes what people are told; fails for some."""

    name: str = "simulator"
    told: list[tuple[str, str]] = field(default_factory=list)
    deaf_to: str = ""
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)

    def status(self) -> PlatformStatus:
        return PlatformStatus("connected")

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def find(self, name: str) -> Chatter | None:
        return None

    async def tell(self, viewer: Chatter, text: str) -> None:
        if viewer.name == self.deaf_to:
            raise RuntimeError("cannot be told")
        self.told.append((viewer.name, text))
        async with self.heard:
            self.heard.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.heard:
            await self.heard.wait_for(lambda: len(self.told) >= count)


@asynccontextmanager
async def listening(house: House, ear: Ear) -> AsyncIterator[Notices]:
    notices = Notices(house.journal, house.people, {ear.name: ear})
    task = asyncio.create_task(notices.run())
    yield notices
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_viewer_is_told_why_and_how_much(screened: House) -> None:
    """In their own chat, once per gift."""
    ear = Ear()
    async with listening(screened, ear):
        await screened.grant("mia", 100)
        gift = await screened.accepted("!gift rose 7")
        await screened.say("!alerts clear", by="mod", role=MOD)
        await screened.pass_s(6)
        await ear.until(1)
    assert [name for name, _ in ear.told] == ["mia"]
    text = ear.told[0][1]
    assert gift.gift_id in text
    assert "7 coins" in text
    assert "cleared" in text


@pytest.mark.parametrize(
    ("cause", "word"),
    [
        ("expired", "in time"),
        ("denied", "moderator"),
        ("skipped", "skipped"),
        ("no_source", "overlay"),
        ("something new", "something new"),
    ],
)
async def test_every_cause_has_words(screened: House, cause: str, word: str) -> None:
    """Also one that this version does not know."""
    ear = Ear()
    async with listening(screened, ear):
        await screened.grant("mia", 100)
        await screened.accepted("!gift rose")
        await screened.settler.return_all(MAIN, cause)
        await ear.until(1)
    assert word in ear.told[0][1]


async def test_one_who_cannot_be_told_does_not_stop_the_others(screened: House) -> None:
    """A closed inbox is their own affair."""
    ear = Ear(deaf_to="mia")
    async with listening(screened, ear):
        for name in ("mia", "jonas"):
            await screened.grant(name, 100)
            await screened.accepted("!gift rose", by=name)
        await screened.settler.return_all(MAIN, "no_source")
        await ear.until(1)
    assert [name for name, _ in ear.told] == ["jonas"]


async def test_settled_gifts_are_no_reason_to_write(house: House) -> None:
    """Only what the viewer would miss."""
    ear = Ear()
    async with listening(house, ear) as notices:
        await house.grant("mia", 100)
        await house.accepted("!gift rose")
        assert notices._queue.empty()
    assert ear.told == []


async def test_a_flood_of_returns_is_bounded(screened: House) -> None:
    """The queue does not grow without end; the books hold everything anyway."""
    notices = Notices(screened.journal, screened.people, {})
    await screened.grant("mia", 100_000)
    gift = await screened.accepted("!gift rose")
    await screened.settler.return_all(MAIN, "cleared")
    (returned,) = await screened.records("return")
    notices._follow([returned] * (2 * QUEUE_MAX))
    assert notices._queue.qsize() == QUEUE_MAX
    assert returned.closes == gift.seq


async def test_the_chat_page_fetches_what_its_viewers_are_told(tmp_path: Path) -> None:
    """Through the whole program: each notice once, by number."""
    async with open_app(tmp_path) as app, ClientSession() as session:
        await add_source(app)
        gift_id = await send(app, "!gift rose 3")
        await say(app, f"!deny {gift_id}", "Nova", role=Role.MODERATOR)
        await app.settler.return_all(MAIN, "no_source")
        url = app.address("/api/v1/chat/notices")
        headers = {"Authorization": f"Bearer {app.api_token}"}

        async def fetched(after: str) -> list[dict[str, object]]:
            async with session.get(f"{url}?after={after}", headers=headers) as answer:
                assert answer.status == 200
                found: list[dict[str, object]] = await answer.json()
                return found

        await until(lambda: fetched("0"))
        (notice,) = await fetched("0")
        assert notice["viewer"] == "Mia"
        assert gift_id in str(notice["text"])
        assert await fetched(str(notice["n"])) == []
        for odd in ("-1", "x", "", "9" * 50, "²"):
            assert len(await fetched(odd)) == 1
        async with session.get(url) as answer:
            assert answer.status == 401
