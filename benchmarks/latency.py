"""From a line of chat to the frame on a socket, and from there to the paint."""

import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.browser import browser, shown, tab
from benchmarks.client import paced
from benchmarks.clients import Clients, Report, clients
from benchmarks.measure import Disk, percentile
from benchmarks.place import Place, RefusedError
from benchmarks.raw import RawServer, raw_server, stamped
from benchmarks.report import Section, Table, Target, at_most, figure
from benchmarks.whole import add_source, arrivals, say, whole
from bot.app import App
from data.ledger import Record

TITLE = "chat line → frame → paint"
PER_S = 200.0
VIEWERS = 200
FRAME_MS = 1_000 / 60
SIZE = (1280, 720)


@dataclass(slots=True)
class Found:
    """What each round gave. answers: p50 and p99 of the replies to POST, in ms."""

    raw: list[Report] = field(default_factory=list)
    heard: list[Report] = field(default_factory=list)
    posted: list[Report] = field(default_factory=list)
    answers: list[tuple[float, float]] = field(default_factory=list)
    sync_ms: list[float] = field(default_factory=list)


def run(place: Place) -> Section:
    """Measure it."""
    place.real_disk()
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    found = Found()
    disk = Disk(place.folder)
    async with whole(place.made("data"), VIEWERS) as app, raw_server() as raw, \
            clients() as pages, clients() as bare, clients() as chat:  # fmt: skip
        await pages.connect(app.port, [await add_source(app)], acks=True)
        await bare.connect(raw.port, ["-"], raw=True)
        for number in range(place.pick(4, 1)):
            times = arrivals(PER_S, place.pick(4.0, 0.2), number)
            found.sync_ms.append(1e3 / disk.syncs_per_s(place.pick(0.3, 0.01)))
            found.raw.append(await _bare(raw, bare, times[: len(times) // 2]))
            found.heard.append(await _heard(app, pages, times, number))
            await pages.clear()
            answer = await chat.order(
                do="say", port=app.port, token=app.api_token, run=f"post-{number}", times=times,
                viewers=VIEWERS,
            )  # fmt: skip
            found.answers.append((answer["p50_ms"], answer["p99_ms"]))
            await asyncio.sleep(0.2)
            found.posted.append(await pages.report())
    rows, targets = _sockets(found)
    notes: list[str] = []
    tables = [Table(("way", "p50 ms", "p99 ms", "most ms"), rows)]
    if not place.tiny:
        try:
            table, more = await _painted(place)
            tables.append(table)
            targets += more
        except RefusedError as error:
            notes.append(f"Paint not measured: {error}.")
    return Section(
        "latency",
        TITLE,
        f"Lines of chat come independently of each other, {PER_S:g} a second, each a gift from "
        f"one of {VIEWERS} viewers; the page is a bare socket in another process, which answers "
        "`shown`, so that every gift is also settled. One clock for all processes. Below, the "
        "same gifts in Chromium without a GPU at 1280×720: `painted_at` of the page's own record.",
        tables,
        targets,
        notes,
    )


async def _bare(raw: RawServer, bare: Clients, times: list[float]) -> Report:
    async def send(number: int) -> None:
        raw.broadcast(stamped())

    await bare.clear()
    await paced(times, send)
    await asyncio.sleep(0.1)
    return await bare.report()


async def _heard(app: App, pages: Clients, times: list[float], run_number: int) -> Report:
    async def hear(number: int) -> None:
        text = f"!gift rose 1 t{time.perf_counter_ns()}"
        await say(app, f"viewer{number % VIEWERS}", text, f"{run_number}-{number}")

    await pages.clear()
    await paced(times, hear)
    await asyncio.sleep(0.2)
    report = await pages.report()
    assert report.received == len(times), report
    return report


def _sockets(found: Found) -> tuple[list[tuple[str, ...]], list[Target]]:
    def row(name: str, reports: list[Report]) -> tuple[str, ...]:
        fields = ("p50_ms", "p99_ms", "most_ms")
        return name, *(figure(statistics.median(getattr(r, f) for r in reports)) for f in fields)

    sync = statistics.median(found.sync_ms)
    answer50, answer99 = (statistics.median(a[i] for a in found.answers) for i in (0, 1))
    rows = [
        row("yardstick: a bare write → received", found.raw),
        ("yardstick: one fdatasync", figure(sync), "–", "–"),
        row("line heard by the desk → frame received", found.heard),
        row("`POST /api/v1/chat` → frame received", found.posted),
        ("`POST /api/v1/chat` → answered", figure(answer50), figure(answer99), "–"),
    ]
    targets: list[Target] = []
    floor = statistics.median(r.p50_ms for r in found.raw) + sync
    for name, reports in (("desk", found.heard), ("POST", found.posted)):
        p50 = statistics.median(r.p50_ms for r in reports)
        targets += [
            at_most(f"{name} → frame, p50", p50, 3, " ms"),
            at_most(
                f"{name} → frame, p99", statistics.median(r.p99_ms for r in reports), 25, " ms"
            ),
        ]
        rows.append((f"{name} → frame, p50 ÷ both yardsticks", figure(p50 / floor), "–", "–"))
    return rows, targets


async def _painted(place: Place) -> tuple[Table, list[Target]]:
    """Gifts that count up a card, and gifts that open one each, from chat to paint."""
    async with whole(place.made("paint"), 20) as app, browser() as opened:
        url = app.overlay_url("alerts", await add_source(app))
        sent: dict[str, float] = {}
        ids: dict[str, str] = {}

        def note(records: object) -> None:
            assert isinstance(records, list)
            for record in records:
                if isinstance(record, Record) and record.kind == "gift":
                    ids[record.gift_id] = record.key

        app.journal.watch(note)
        async with tab(opened, url, SIZE) as page:

            async def give(viewer: str, key: str) -> None:
                sent[f"simulator:{key}"] = time.time() * 1e3
                await say(app, viewer, "!gift rose", key)

            async def card(number: int) -> None:
                await give(f"viewer{number}", f"card-{number}")

            async def combo(number: int) -> None:
                await give("viewer19", f"combo-{number}")

            await give("viewer18", "first")  # fetches the pictures
            await asyncio.sleep(7)
            chance = random.Random(7)  # at any point of a frame
            await paced([n * 2.4 + chance.random() / 20 for n in range(8)], card)
            await asyncio.sleep(7)
            await paced([n * 0.12 + chance.random() / 20 for n in range(60)], combo)
            await asyncio.sleep(1)
            record = await shown(page)
    frame_ms: dict[str, list[float]] = {"card": [], "combo": []}
    chat_ms: dict[str, list[float]] = {"card": [], "combo": []}
    first: dict[str, dict[str, Any]] = {}
    for entry in reversed(record):  # the first paint of each counts
        first[entry["id"]] = entry
    for entry in first.values():
        key = ids[entry["id"]]
        kind = key.removeprefix("simulator:").partition("-")[0]
        if kind in frame_ms:
            frame_ms[kind].append(entry["painted_at"] - entry["at"])
            chat_ms[kind].append(entry["painted_at"] - sent[key])
    rows = [
        (name, str(len(values)), figure(percentile(values, 0.5)), figure(percentile(values, 0.95)),
         figure(max(values)))
        for name, values in (
            ("frame received → painted, a new card", frame_ms["card"]),
            ("frame received → painted, a card counting up", frame_ms["combo"]),
            ("line heard → painted, a new card", chat_ms["card"]),
            ("line heard → painted, a card counting up", chat_ms["combo"]),
        )
    ]  # fmt: skip
    every = frame_ms["card"] + frame_ms["combo"]
    head = ("way", "gifts", "p50 ms", "p95 ms", "most ms")
    wanted = FRAME_MS + 3
    p50 = percentile(every, 0.5)
    target = Target(
        "frame → painted, p50", f"≤ {figure(wanted)} ms (a frame + 3 ms)", f"{figure(p50)} ms",
        p50 <= wanted,
    )  # fmt: skip
    return Table(head, rows), [target]
