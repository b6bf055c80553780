"""A browser source's page as a program: it says hello, paints and acknowledges like the real one.

Also a giftcast in this process, on a free port, for such pages to talk to.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bot.app import App
from bot.settings import JournalSettings, ServerSettings, Settings
from bot.start import started
from commands.chat import ChatMessage, Chatter, Reply, Role
from data.access import Source, new_token

MAIN = "main"
GIFT_ID = re.compile(r"\b[0-9]+-[0-9a-f]{4}\b")
Frame = dict[str, Any]
_numbers = count(1)


@dataclass
class Memory:
    """What a browser keeps for a source over reloads. painted: in order, doubles included."""

    seen: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)
    painted: list[str] = field(default_factory=list)

    def begin(self, gift_id: str) -> None:
        """Written before it is painted."""
        self.seen.add(gift_id)
        self.open.append(gift_id)
        self.painted.append(gift_id)

    def settle(self, gift_ids: Iterable[str]) -> None:
        """The server has confirmed these."""
        done = set(gift_ids)
        self.open = [gift_id for gift_id in self.open if gift_id not in done]


class Page:
    """A connected page. paints: at once what it is given; else only when told to."""

    def __init__(
        self, socket: ClientWebSocketResponse, memory: Memory | None = None, *, paints: bool = True
    ) -> None:
        self.socket = socket
        self.memory = memory or Memory()
        self.paints = paints
        self.frames: list[Frame] = []
        self.line: list[str] = []
        self.standby = False
        self.hung = False
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    # --- what the page does ---

    async def say(self, type_: str, **values: Any) -> None:
        """Send one message."""
        await self.socket.send_json({"type": type_, **values})

    async def paint(self, *gift_ids: str) -> None:
        """Show these, or all that wait, and say so."""
        for gift_id in gift_ids or tuple(self.line):
            if gift_id in self.line:
                self.line.remove(gift_id)
            self.memory.begin(gift_id)
            await self.say("shown", gift_ids=[gift_id])

    async def close(self) -> None:
        """Go away in good manners."""
        await self.socket.close()
        await self._reader

    # --- what a test looks at ---

    def of(self, type_: str) -> list[Frame]:
        """The frames of a type, as they came."""
        return [frame for frame in self.frames if frame["type"] == type_]

    def given(self) -> list[str]:
        """The gifts that were handed to it, as they came."""
        return [frame["data"]["gift_id"] for frame in self.of("gift.sent")]

    async def until(self, holds: Callable[[], object], within_s: float = 5.0) -> None:
        """Wait until something is so; it is looked at whenever a frame comes."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(holds)

    async def has_shown(self, *gift_ids: str) -> None:
        """Wait until these have been painted and confirmed, and nothing else."""
        memory = self.memory
        await self.until(lambda: memory.painted == list(gift_ids) and not memory.open)

    async def next(self, type_: str, number: int = 1) -> Frame:
        """The first frame of a type, or a later one; waits for it."""
        await self.until(lambda: len(self.of(type_)) >= number or self._reader.done())
        return self.of(type_)[number - 1]

    async def ended(self, within_s: float = 5.0) -> int | None:
        """Wait until the server has ended it; with which code."""
        async with asyncio.timeout(within_s):
            await asyncio.shield(self._reader)
        return self.socket.close_code

    # --- what it does by itself ---

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is not WSMsgType.TEXT:
                break
            frame = orjson.loads(message.data)
            self.frames.append(frame)
            with suppress(ConnectionError):  # the server has gone; the next hello will say it
                await self._act(frame)
            async with self._changed:
                self._changed.notify_all()
        async with self._changed:
            self._changed.notify_all()

    async def _act(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                self.standby = frame["standby"]
                if self.standby:
                    self.line.clear()
            case "ping" if not self.hung:
                await self.say("pong")
            case "gift.sent":
                await self._take(frame["data"]["gift_id"])
            case "settled":
                self.memory.settle(frame["data"]["gift_ids"])
            case "gift.recall":
                await self._give_back(frame["data"]["gift_ids"])
            case _:
                pass

    async def _take(self, gift_id: str) -> None:
        if gift_id in self.memory.seen:
            await self.say("shown", gift_ids=[gift_id])
            return
        self.line.append(gift_id)
        if self.paints:
            await self.paint(gift_id)

    async def _give_back(self, gift_ids: list[str]) -> None:
        for gift_id in gift_ids:
            if gift_id in self.line:
                self.line.remove(gift_id)
            seen = gift_id in self.memory.seen
            await self.say("shown" if seen else "dropped", gift_ids=[gift_id])


class Browser:
    """Opens pages of one server; closes what is left at the end."""

    def __init__(self, session: ClientSession, address: str) -> None:
        self.session = session
        self.address = address
        self.pages: list[Page] = []

    async def connect(self, **how: Any) -> ClientWebSocketResponse:
        """A bare socket that has said nothing yet."""
        socket: ClientWebSocketResponse = await self.session.ws_connect(
            f"{self.address}/o/socket", **how
        )
        return socket

    async def open(
        self, token: str, memory: Memory | None = None, *, paints: bool = True, greets: bool = True
    ) -> Page:
        """A page that has said hello. greets: and was welcomed."""
        socket = await self.connect()
        page = Page(socket, memory, paints=paints)
        self.pages.append(page)
        await socket.send_json(hello(token, page.memory.open))
        if greets:
            await page.next("welcome")
        return page

    async def close(self) -> None:
        for page in self.pages:
            await page.close()


def hello(token: str, shown: Iterable[str] = ()) -> Frame:
    """The first message of a page."""
    return {"v": 1, "type": "hello", "token": token, "shown": list(shown)}


@asynccontextmanager
async def browsing(address: str) -> AsyncIterator[Browser]:
    """A browser whose pages are closed in the end."""
    async with ClientSession() as session:
        browser = Browser(session, address)
        try:
            yield browser
        finally:
            await browser.close()


# --- a giftcast in this process ---


@asynccontextmanager
async def open_app(
    folder: Path, sections: Mapping[str, Mapping[str, Any]] | None = None, **how: Any
) -> AsyncIterator[App]:
    """The whole program on a free port, composed as `giftcast run` does it."""
    settings = Settings(ServerSettings(port=0), JournalSettings(), sections or {})
    async with started(settings, folder, **how) as app:
        yield app


async def add_source(
    app: App, name: str = "alerts", *, settles: bool = True, widget: str = "alerts"
) -> tuple[Source, str]:
    """A registered source and its token."""
    token = new_token()
    head = app.journal.head(MAIN)
    source = await app.access.add(MAIN, widget, name, settles=settles, after=head, token=token)
    return source, token


def message(app: App, text: str, by: str = "Mia", *, role: Role = Role.VIEWER) -> ChatMessage:
    """Somebody types this."""
    return ChatMessage(
        id=f"simulator:test-{next(_numbers)}",
        stage=MAIN,
        platform="simulator",
        channel="chat",
        viewer=Chatter(by.casefold(), by, role),
        text=text,
        at=app.now(),
    )


async def say(app: App, text: str, by: str = "Mia", *, role: Role = Role.VIEWER) -> Reply:
    """Somebody types this; what they are told."""
    reply = await app.desk.hear(message(app, text, by, role=role))
    assert reply is not None, text
    return reply


async def send(app: App, text: str = "!gift rose", by: str = "Mia") -> str:
    """A gift that must be accepted; its id. Whoever is new gets coins first."""
    heard = message(app, text, by)
    await app.desk.welcome(message(app, text, by), 1_000_000)
    reply = await app.desk.hear(heard)
    assert reply is not None
    assert reply.ok, reply.text
    found = GIFT_ID.search(reply.text)
    assert found, reply.text
    return found.group()


async def state_of(app: App, gift_id: str) -> str | None:
    """waiting, ready, settled, returned or refunded."""
    return await app.journal.books.state(MAIN, int(gift_id.partition("-")[0]))


async def shown_by(app: App, source: Source) -> list[int]:
    """What the `shown` table holds for a source."""
    return sorted(await app.access.shown(source))


async def until(holds: Callable[[], object], within_s: float = 10) -> None:
    """Let everybody else go on until something is so, which may be asked for asynchronously."""
    async with asyncio.timeout(within_s):
        while not await _answer(holds()):  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.002)


async def _answer(found: object) -> object:
    return await found if isinstance(found, Awaitable) else found
