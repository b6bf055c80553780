"""A giftcast in a process of its own that watches itself: its queues, its containers, its memory.

A program for `tests/test_storm.py`. It reads what to run, says when it is up, is told when the
storm begins and when it is over, and says what it has seen; a line of JSON each.
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import apsw
import psutil
import structlog

from bot.app import App
from bot.collector import calm
from data.sqlite.connection import rows
from data.sqlite.journal import SqliteJournal
from data.sqlite.keys import RECENT_MAX
from tests.house import grant, open_house
from tests.page import add_source, open_app, until
from tests.slow_disk import SlowDisk

ROOT = Path(__file__).parent.parent
LOOK_S, MEMORY_S = 0.02, 0.5
LARGE = 1_000  # containers of so many things are looked after
FILLED = 2 * RECENT_MAX  # records of which every cache of the books has its fill
LONG = {"reason": "x" * 400}  # longer ones would stand on pages that are not kept


SIZES: dict[str, dict[str, Callable[[Any], int]]] = {
    "bot.replies.Outbox": {"replies": lambda each: len(each._refusals) + len(each._successes)},
    "bot.lanes.Lanes": {"lanes": lambda each: len(each._tasks)},
    "bot.errands.Errands": {"deeds": lambda each: int(each._queue.qsize())},
    "bot.platforms.discord.errands.Errands": {"errands": lambda each: len(each._tasks)},
    "bot.notices.Notices": {"notices": lambda each: int(each._queue.qsize())},
    "overlay.receipts.Receipts": {"receipts": lambda each: len(each._gathered)},
    "overlay.link.Link": {
        "page, bytes": lambda each: int(each.transport.get_write_buffer_size()),
        "page, gifts": lambda each: len(each.given),
    },
}


@dataclass
class Storm:
    """What is run. viewers: user ids on the platform, each with so many coins."""

    folder: str
    platform: str
    section: dict[str, Any]
    viewers: list[str]
    coins: int = 1_000_000
    sync_s: float = 0.0


@dataclass
class Seen:
    """peaks: the most that stood in each queue. memory_mb: every half second.
    grown: containers that kept more at the end than they held before. gifts: the ids of
    all that were accepted."""

    peaks: dict[str, int] = field(default_factory=dict)
    memory_mb: list[float] = field(default_factory=list)
    grown: list[tuple[str, int]] = field(default_factory=list)
    gifts: list[str] = field(default_factory=list)
    cpu_s: float = 0.0


class Watch:
    """Looks at everything again and again, found by its class, however it is wired."""

    def __init__(self, app: App, seen: Seen) -> None:
        self._app, self._seen = app, seen
        self._peaks: Counter[str] = Counter()
        self._sizes: dict[int, int] = {}

    async def run(self) -> None:
        """Until cancelled."""
        process, due = psutil.Process(), 0.0
        known = list(self._queues())
        self._sizes = {id(thing): len(thing) for thing in large()}
        calm()  # as `giftcast run` does; what is frozen is not listed any more
        while True:
            for name, size in known:
                self._peaks[name] = max(self._peaks[name], size())
            self._seen.peaks = dict(self._peaks)
            if time.monotonic() >= due:
                self._seen.memory_mb.append(round(process.memory_info().rss / 1e6, 2))
                due = time.monotonic() + MEMORY_S
            await asyncio.sleep(LOOK_S)

    def _queues(self) -> Iterator[tuple[str, Callable[[], int]]]:
        yield "tasks", lambda: len(asyncio.all_tasks())
        yield "journal", lambda: self._app.journal._waiting
        for thing in gc.get_objects():
            kind = f"{type(thing).__module__}.{type(thing).__qualname__}"
            for name, size in SIZES.get(kind, {}).items():
                yield name, partial(size, thing)

    def grown(self) -> list[tuple[str, int]]:
        """What is large now and was not so large then, and how large."""
        gc.unfreeze()
        return [
            (owner(thing), len(thing))
            for thing in large()
            if len(thing) > 1.1 * self._sizes.get(id(thing), 0)
        ]


def large() -> list[Any]:
    """Every container that a queue could be hidden in."""
    kinds = (deque, dict, list, set)
    return [o for o in gc.get_objects() if isinstance(o, kinds) and len(o) >= LARGE]


def owner(thing: Any) -> str:
    """The attribute that a container is, such as `Keys._recent`; else where it is held."""
    holders = gc.get_referrers(thing)
    holders += [
        o for holder in holders if isinstance(holder, dict) for o in gc.get_referrers(holder)
    ]
    for holder in holders:
        slots = getattr(type(holder), "__slots__", ())
        for name in [
            *getattr(holder, "__dict__", ()),
            *([slots] if isinstance(slots, str) else slots),
        ]:
            if holds(getattr(holder, name, None), thing):
                return f"{type(holder).__name__}.{name}"
    return f"{type(thing).__name__} in {Counter(type(o).__name__ for o in holders)}"


def holds(value: Any, thing: Any) -> bool:
    return value is thing or (
        isinstance(value, dict) and any(each is thing for each in value.values())
    )


async def main() -> None:
    orders = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(orders)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    storm = Storm(**json.loads(await orders.readline()))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    if storm.sync_s:
        SlowDisk(storm.sync_s)
    seen = Seen()
    async with open_app(Path(storm.folder), {storm.platform: storm.section}) as app:
        await warm_up(app, storm)
        _, token = await add_source(app)
        await until(lambda: app.platforms[storm.platform].status().state == "connected")
        watch = Watch(app, seen)
        say({"port": app.port, "token": token})
        await orders.readline()
        watching = asyncio.create_task(watch.run())
        await orders.readline()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        seen.grown = watch.grown()
        seen.gifts = await accepted(app)
        times = psutil.Process().cpu_times()
        seen.cpu_s = times.user + times.system
        say(asdict(seen))
        await orders.readline()  # pages go first


async def fill(folder: Path) -> None:
    """Books in a folder that fill every cache of whoever opens them; once for all storms."""
    async with open_house(folder) as house:
        await many_grants(house.journal, await house.person("filler"), FILLED)
        await house.journal.check_new()


async def warm_up(app: App, storm: Storm) -> None:
    """Coins for everybody; every page of the books read once by the connection that writes and
    by each that reads (the check once a minute takes any); and as many records as have their
    keys moved into the index."""
    who = [
        (await app.people.person(storm.platform, viewer, viewer)).person for viewer in storm.viewers
    ]
    grants = [grant(person, storm.coins, f"warm:{person}") for person in who]
    await asyncio.gather(*(app.journal.record(each) for each in grants))
    await app.journal.write(lambda db: rows(db, "SELECT sum(length(text)) FROM aside"))
    await many_grants(app.journal, (await app.people.person("plain", "1", "1")).person, RECENT_MAX)
    both = Barrier(2)

    def read(db: apsw.Connection) -> None:
        both.wait(10)  # so that each of the two threads takes one
        rows(db, "SELECT sum(length(text)) FROM aside")

    await asyncio.gather(app.journal.books.ask(read), app.journal.books.ask(read))


async def many_grants(journal: SqliteJournal, person: int, count: int) -> None:
    """Small records with a long text each."""
    for start in range(0, count, 1_000):
        grants = [grant(person, 1, f"{person}:{n}") for n in range(start, start + 1_000)]
        await asyncio.gather(*(journal.record(replace(each, aside=LONG)) for each in grants))


async def accepted(app: App) -> list[str]:
    """The ids of all gifts."""
    found = await app.journal.ask(
        lambda db: rows(db, "SELECT seq, hash FROM txn WHERE kind = 'gift' ORDER BY seq")
    )
    return [f"{seq}-{digest[:2].hex()}" for seq, digest in found]


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
