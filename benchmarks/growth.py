"""What a gift costs when a million postings are there already."""

import asyncio
import shutil
import statistics
from pathlib import Path

from benchmarks.gifts import FIRST_VIEWER, fill, gift, now_ms, open_ledger
from benchmarks.measure import fixed_loop
from benchmarks.place import Place
from benchmarks.report import Section, Table, at_most, figure
from data.sqlite.journal import FILE_NAME, SqliteJournal

TITLE = "a gift beside 1,000,000 postings"
VIEWERS = 20_000
CALLERS = (64, 512)


def run(place: Place) -> Section:
    """Measure it."""
    place.real_disk()
    return asyncio.run(_run(place))


def million(place: Place) -> Path:
    """A data folder with a million postings, made once a run, verified and at rest."""
    folder = place.shared / "million"
    if not folder.exists():
        fill(folder, place.pick(1_000_000, 3_000), viewers=place.pick(VIEWERS, 200), still_open=20)
    return folder


async def _run(place: Place) -> Section:
    full = place.folder / "full"
    shutil.copytree(million(place), full)
    viewers = place.pick(VIEWERS, 200)
    gifts = place.pick(6_000, 200)
    grown = await SqliteJournal.open(full / FILE_NAME)
    size_mb = (full / FILE_NAME).stat().st_size / 1e6
    found: dict[tuple[int, str], list[tuple[float, float]]] = {}
    try:
        await _give(grown, 64, gifts, viewers)  # both start with what they need in memory
        for number in range(place.pick(5, 1)):
            folder = place.made(f"empty-{number}")
            empty = await open_ledger(folder, viewers)
            await _give(empty, 64, gifts // 4, viewers)
            for callers in CALLERS:
                for name, journal in (("empty", empty), ("grown", grown))[:: 1 - 2 * (number % 2)]:
                    cost = await _give(journal, callers, gifts, viewers)
                    found.setdefault((callers, name), []).append(cost)
            await empty.close()
            shutil.rmtree(folder)
    finally:
        await grown.close()
    return _section(found, size_mb)


async def _give(
    journal: SqliteJournal, callers: int, gifts: int, viewers: int
) -> tuple[float, float]:
    async def act(number: int) -> None:
        receipt = await journal.record(gift(FIRST_VIEWER + number * 7_919 % viewers, now_ms()))
        assert receipt.record is not None

    return await fixed_loop(callers, gifts, act)


def _section(found: dict[tuple[int, str], list[tuple[float, float]]], size_mb: float) -> Section:
    rows: list[tuple[str, ...]] = []
    ratios: list[float] = []
    for callers in CALLERS:
        empty, grown = found[callers, "empty"], found[callers, "grown"]
        for what, part in (("time", 0), ("CPU", 1)):
            pairs = [(a[part], b[part]) for a, b in zip(empty, grown, strict=True)]
            before, after = (statistics.median(side) * 1e6 for side in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            ratios.append(ratio)
            rows.append(
                (f"{callers} callers, {what} a gift", figure(before), figure(after), figure(ratio))
            )
    head = ("cost", "empty ledger, µs", "1,000,000 postings, µs", "ratio")
    return Section(
        "growth",
        TITLE,
        "Two journals open side by side, gifts accepted in turns: one new in each round, the "
        "other with a million postings (accepted and settled gifts of 20,000 viewers over the "
        f"last month; a file of {size_mb:,.0f} MB). The ratio is the median of the rounds.",
        (Table(head, rows),),
        [
            at_most(f"{row[0]} against an empty ledger", ratio, 1.3, "×")
            for row, ratio in zip(rows, ratios, strict=True)
        ],
    )
