"""A gift to a thousand sources, against a bare broadcast; and one source that does not read."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.client import paced
from benchmarks.clients import Clients, Report, clients
from benchmarks.gifts import STAGE, gift, now_ms
from benchmarks.place import Place
from benchmarks.raw import raw_server, stamped
from benchmarks.report import Section, Table, Target, at_most, figure
from benchmarks.whole import add_source, whole
from bot.app import App
from data.access import SOURCES_MAX
from data.ledger import Transaction
from data.money import Account
from data.postings import move
from overlay.entry import preview_token

TITLE = "fan-out to 1,000 sources"
PER_S = 20.0
VIEWER = 777_777
READERS = 20


@dataclass(frozen=True, slots=True)
class Phase:
    """What sending some events cost. cpu_ms: of the server's process, for one event."""

    cpu_ms: float
    report: Report


def run(place: Place) -> Section:
    """Measure it."""
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    crowd = place.pick(SOURCES_MAX, 30)
    events = place.pick(60, 5)
    raw: list[Phase] = []
    ours: list[Phase] = []
    async with whole(place.made("crowd")) as app, raw_server() as server, clients() as bare, \
            clients() as pages:  # fmt: skip
        await _purse(app)
        tokens = [preview_token(app.api_token, STAGE)]
        tokens += [await add_source(app, f"source {n}", settles=n < 1) for n in range(crowd - 1)]
        await pages.connect(app.port, tokens)
        await bare.connect(server.port, ["-"] * crowd, raw=True)

        async def broadcast(number: int) -> None:
            server.broadcast(stamped())

        async def give(number: int) -> None:
            await _give(app, f"t{time.perf_counter_ns()}")

        for _ in range(place.pick(4, 1)):
            raw.append(await _phase(bare, events, broadcast))
            ours.append(await _phase(pages, events, give))
        await pages.order(do="acks", on=True)
        acking = await _phase(pages, place.pick(10, 1), give, per_s=2.0)
    rows, targets = _spread(raw, ours, acking, crowd * events)
    still, target = await _stalled(place)
    return Section(
        "fanout",
        TITLE,
        f"{crowd:,} pages in a process of their own; {events} events a round at "
        f"{PER_S:g} a second, bare and giftcast's in turns. CPU is that of the whole server "
        "process, so giftcast's also holds deciding, recording and syncing the gift; latency runs "
        "from before the gift is recorded to its arrival in the other process, and the last of a "
        "thousand pages waits for the ones before it. Below: long events, "
        "and a page whose process never reads.",
        (Table(("variant", "CPU ms/event", "p50 ms", "p99 ms", "÷ bare CPU"), rows), still),
        [*targets, target],
    )


async def _phase(
    at: Clients, events: int, act: Callable[[int], Awaitable[None]], per_s: float = PER_S
) -> Phase:
    await at.clear()
    cpu = time.process_time()
    await paced([number / per_s for number in range(events)], act)
    await asyncio.sleep(0.3)
    spent = time.process_time() - cpu
    return Phase(spent / events * 1e3, await at.report())


async def _give(app: App, message: str) -> None:
    receipt = await app.journal.record(gift(VIEWER, now_ms(), message=message))
    assert receipt.record is not None


async def _purse(app: App) -> None:
    postings = move(Account("mint"), Account("wallet", VIEWER), 10_000_000)
    await app.journal.record(
        Transaction(STAGE, "grant", "purse", now_ms(), subject=VIEWER, postings=postings)
    )


def _spread(
    raw: list[Phase], ours: list[Phase], acking: Phase, frames: int
) -> tuple[list[tuple[str, ...]], list[Target]]:
    """Rows and targets of the crowd. frames: how many must have come in each round."""
    bare = statistics.median(phase.cpu_ms for phase in raw)
    ratio = statistics.median(b.cpu_ms / a.cpu_ms for a, b in zip(raw, ours, strict=True))
    p99 = statistics.median(phase.report.p99_ms for phase in ours)
    rows: list[tuple[str, ...]] = [
        ("bare asyncio broadcast of the same bytes", *_figures(raw), "1.00"),
        ("giftcast, from the journal's record to all pages", *_figures(ours), figure(ratio)),
        ("giftcast, every page also answers `shown`", *_figures([acking]),
         figure(acking.cpu_ms / bare)),
    ]  # fmt: skip
    return rows, [
        at_most("CPU ÷ bare broadcast", ratio, 1.5, "×"),
        at_most("p99 to a thousand sources", p99, 50, " ms"),
        at_most("frames missing, worst round", frames - min(p.report.received for p in ours), 0),
    ]


async def _stalled(place: Place) -> tuple[Table, Target]:
    """Twenty pages that read: alone, and beside one that does not; is that one cut?"""
    events, per_s = place.pick(2_000, 150), place.pick(400.0, 500.0)
    text = "x" * 4_000
    times = [number / per_s for number in range(events)]
    found: list[Report] = []
    async with whole(place.made("stalled")) as app, clients() as pages, clients() as asleep:
        await _purse(app)
        await pages.connect(app.port, [await add_source(app, f"page {n}") for n in range(READERS)])

        async def give(number: int) -> None:
            await _give(app, f"t{time.perf_counter_ns()} {text}")

        for stalled in (False, True):
            if stalled:
                await asleep.connect(app.port, [await add_source(app, "asleep")])
                await asleep.order(do="stall")
            await pages.clear()
            await paced(times, give)
            await asyncio.sleep(0.3)
            found.append(await pages.report())
        cut = bool(await asleep.order(do="stalled"))
    names = ("all read", "one more that does not read")
    rows = [
        (name, str(report.least_received), str(report.closed), figure(report.p50_ms),
         figure(report.p99_ms))
        for name, report in zip(names, found, strict=True)
    ]  # fmt: skip
    head = (f"{READERS} reading pages", "least received", "cut", "p50 ms", "p99 ms")
    closed, short = found[1].closed, events - found[1].least_received
    fate = "cut" if cut else "still there"
    return Table(head, rows), Target(
        "a stalled source harms no other",
        "it is cut, no other is, none is short",
        f"it is {fate}, {closed} others are, {short} frames short",
        cut and not closed and not short,
    )


def _figures(phases: list[Phase]) -> tuple[str, str, str]:
    return (
        figure(statistics.median(phase.cpu_ms for phase in phases)),
        figure(statistics.median(phase.report.p50_ms for phase in phases)),
        figure(statistics.median(phase.report.p99_ms for phase in phases)),
    )
