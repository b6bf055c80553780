"""From the start on a large journal to the first gift on a page's socket."""

import asyncio
import shutil
import statistics
import time
from pathlib import Path

from benchmarks.client import first_gift
from benchmarks.growth import million
from benchmarks.place import Place
from benchmarks.report import Section, Table, at_most, figure
from benchmarks.running import giftcast_run
from benchmarks.whole import settings_of
from bot.start import started
from data.access import new_token

TITLE = "restart with 1,000,000 postings"


def run(place: Place) -> Section:
    """Measure it."""
    place.real_disk()
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    folder = place.folder / "data"
    shutil.copytree(million(place), folder)
    unverified_s = await _within(folder, "")
    token = await _source(folder)
    within, process, empty = [], [], []
    bare = place.made("bare")
    bare_token = await _source(bare)
    for _ in range(place.pick(5, 1)):
        within.append(await _within(folder, token))
        process.append(await _process(folder, token))
        empty.append(await _within(bare, bare_token, gift=False))
    rows = [
        ("`bot.app.started` → first gift on the socket", *_spread(within)),
        ("`giftcast run` as a process → first gift on the socket", *_spread(process)),
        ("yardstick: an empty journal, `started` → welcome on the socket", *_spread(empty)),
        ("`started` alone, when none of them was verified before",
         *_spread([unverified_s])),
    ]  # fmt: skip
    return Section(
        "restart",
        TITLE,
        "A data folder with a million postings and twenty gifts that nobody has seen yet; a page "
        "knocks again and again and says hello as soon as it is let in. Every start verifies what "
        "has been recorded since the last verification; the last row is the worst case of that.",
        (Table(("what, in s", "median", "least", "most"), rows),),
        [
            at_most("`started` → first frame", statistics.median(within), 2.0, " s"),
            at_most("the whole process → first frame", statistics.median(process), 2.0, " s"),
        ],
    )


async def _source(folder: Path) -> str:
    """Register a source that is given everything from the first gift on; its token."""
    token = new_token()
    async with started(settings_of(folder), folder) as app:
        await app.access.add("main", "alerts", "stage", settles=True, after=0, token=token)
    return token


async def _within(folder: Path, token: str, *, gift: bool = True) -> float:
    """Seconds; with no token only until it is up."""
    began = time.perf_counter()
    async with started(settings_of(folder), folder) as app:
        if token:
            await first_gift(app.port, token, gift=gift)
        return time.perf_counter() - began


async def _process(folder: Path, token: str) -> float:
    async with giftcast_run(folder) as running:
        await first_gift(running.port, token)
        return time.perf_counter() - running.at


def _spread(values: list[float]) -> tuple[str, str, str]:
    return figure(statistics.median(values)), figure(min(values)), figure(max(values))
