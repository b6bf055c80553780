"""What a command costs: with the library alone, and with giftcast, up to the verdict on disk."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from benchmarks.bare import BareDiscord, BareTwitch, bare_discord, bare_twitch
from benchmarks.helper import Helper, helper
from benchmarks.place import Place
from benchmarks.report import Section, Table, Target, at_most, figure
from benchmarks.running import write_settings
from benchmarks.whole import purse, whole
from bot.app import App
from data.ledger import Record

TITLE = "CPU of a command through each library"
GIFT, CHATTER = "!gift rose 1 number {}", "what a night it is, number {}"
LIBRARY = {"twitch": "twitchio", "discord": "discord.py"}
BURST = 500  # lines at once; giftcast refuses what is far more than it can queue
TYPED_MOST, GIFT_MOST, SLASH_MOST = 3.0, 8.0, 4.0

Costs = dict[str, float]


def run(place: Place) -> Section:
    """Measure it."""
    place.real_disk()
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    rounds: dict[str, list[Costs]] = {platform: [] for platform in LIBRARY}
    for number in range(place.pick(5, 1)):
        for platform, found in rounds.items():
            found.append(await _round(platform, place, number))
    costs = {platform: _medians(found) for platform, found in rounds.items()}
    paths = [
        _path("twitchio, typed", costs["twitch"], "typed", "chatter", "gift"),
        _path("discord.py, typed", costs["discord"], "typed", "chatter", "gift"),
        _path("discord.py, slash, answered", costs["discord"], "slash", "", "slash gift"),
    ]
    head = ("path", "library alone, µs", "mere chat, µs", "÷ alone", "gift, µs", "÷ alone")
    replies = [
        (LIBRARY[platform], figure(cost["typed"]), figure(cost["reply"]),
         figure(cost["reply"] / cost["typed"]))
        for platform, cost in costs.items()
    ]  # fmt: skip
    count = place.pick(3_000, 60)
    return Section(
        "chat",
        TITLE,
        f"{count:,} lines from 200 viewers at once, from a stand-in in another process, over the "
        "unmodified library; processor time of the bot's process alone. The yardstick is the "
        "smallest bot one would write: the library, a prefix, split words, a counter. Beside it "
        "giftcast whole: mere chat is heard, put in order and read; a gift is accepted by the "
        "books, settled, on disk, and its reply is merged with others. Medians of rounds, in "
        "turns.",
        (
            Table(head, paths),
            Table(("library", "hearing, µs", "a reply, µs", "÷ hearing"), replies),
        ),
        _targets(costs),
        ["A reply of its own for each command is the library's; giftcast says one line for many."],
    )


async def _round(platform: str, place: Place, number: int) -> Costs:
    costs: Costs = {}
    count = place.pick(3_000, 60)
    async with helper("benchmarks.crowd", platform) as crowd:
        opened = await crowd.order(do="open")
        if platform == "twitch":
            async with bare_twitch(opened) as bot:
                await _alone(bot, crowd, count, costs)
        else:
            async with bare_discord(opened) as other:
                await _alone(other, crowd, count, costs)
                with _measured(costs, "slash", count // 3):
                    await crowd.order(do="call", count=count // 3)
        folder = place.made(f"{platform}-{number}")
        write_settings(folder, {platform: opened["section"]})
        async with whole(folder) as app:
            for viewer in opened["viewers"]:
                await purse(app, viewer, platform)
            await _until(lambda: app.platforms[platform].status().state == "connected")
            await _giftcast(app, crowd, count, costs)
            if platform == "discord":
                with _measured(costs, "slash gift", count // 3):
                    await crowd.order(do="call", count=count // 3)
    return costs


async def _alone(bot: BareTwitch | BareDiscord, crowd: Helper, count: int, costs: Costs) -> None:
    """The yardstick: what the library takes by itself, and for a reply."""

    async def hears(lines: int) -> None:
        wanted = bot.heard + lines
        await crowd.order(do="say", count=lines, text=GIFT)
        await _until(lambda: bot.heard, wanted)

    await hears(count // 10)
    with _measured(costs, "typed", count):
        await hears(count)
    bot.replies = True
    with _measured(costs, "reply", count // 10):
        await hears(count // 10)
    costs["reply"] -= costs["typed"]
    bot.replies = False


async def _giftcast(app: App, crowd: Helper, count: int, costs: Costs) -> None:
    """The same lines through the whole program."""
    gifts = 0

    def note(records: Sequence[Record]) -> None:
        nonlocal gifts
        gifts += sum(record.kind == "gift" for record in records)

    async def gives(lines: int) -> None:
        wanted = gifts
        for start in range(0, lines, BURST):
            wanted += (burst := min(BURST, lines - start))
            await crowd.order(do="say", count=burst, text=GIFT)
            await _until(lambda: gifts, wanted)

    app.journal.watch(note)
    await gives(count // 10)
    with _measured(costs, "chatter", count + 1):
        await crowd.order(do="say", count=count, text=CHATTER)
        await gives(1)  # when this is decided, all before it was heard
    with _measured(costs, "gift", count):
        await gives(count)


async def _until(reached: Callable[[], int], wanted: int = 1) -> None:
    async with asyncio.timeout(60):
        while reached() < wanted:  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.005)


@contextmanager
def _measured(costs: Costs, way: str, acts: int) -> Iterator[None]:
    """Microseconds of this process, all its threads, for one of so many acts."""
    began = time.process_time()
    yield
    costs[way] = (time.process_time() - began) / acts * 1e6


def _medians(found: Sequence[Costs]) -> Costs:
    return {way: statistics.median(costs[way] for costs in found) for way in found[0]}


def _path(name: str, cost: Costs, alone: str, chatter: str, gift: str) -> tuple[str, ...]:
    yardstick = cost[alone]
    heard = (figure(cost[chatter]), figure(cost[chatter] / yardstick)) if chatter else ("–", "–")
    return name, figure(yardstick), *heard, figure(cost[gift]), figure(cost[gift] / yardstick)


def _targets(costs: Mapping[str, Costs]) -> list[Target]:
    targets: list[Target] = []
    for platform, cost in costs.items():
        library, alone = LIBRARY[platform], cost["typed"]
        targets += [
            at_most(f"{library}: mere chat ÷ alone", cost["chatter"] / alone, TYPED_MOST, "×"),
            at_most(f"{library}: gift on disk ÷ alone", cost["gift"] / alone, GIFT_MOST, "×"),
        ]
    slash = costs["discord"]["slash gift"] / costs["discord"]["slash"]
    return [*targets, at_most("discord.py: slash gift ÷ slash alone", slash, SLASH_MOST, "×")]
