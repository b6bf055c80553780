"""How long giftcast takes to start, and what it holds of memory when nothing happens."""

import asyncio
import statistics
import sys
import time

from benchmarks.place import Place
from benchmarks.report import Section, Table, at_most, figure
from benchmarks.running import giftcast_run, write_settings
from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import TwitchStandIn

TITLE = "start to the first page, and idle memory"


def run(place: Place) -> Section:
    """Measure it."""
    return asyncio.run(_run(place))


async def _run(place: Place) -> Section:
    first, again, bare = [], [], []
    memory: list[float] = []
    idle_s = place.pick(5.0, 0.2)
    for number in range(place.pick(5, 1)):
        bare.append(await _python_alone())
        folder = place.made(f"plain-{number}")
        async with giftcast_run(folder) as started:
            first.append(await started.until_answers("/login"))
            if not number:
                await asyncio.sleep(idle_s)
                memory.append(started.memory_mb())
        async with giftcast_run(folder) as started:
            again.append(await started.until_answers("/login"))
    platforms, connected_s = await _with_platforms(place, idle_s)
    rows = [
        ("a new data folder, no settings: first page, s", *_spread(first)),
        ("the same folder again: first page, s", *_spread(again)),
        ("yardstick: Python starting and importing aiohttp, s", *_spread(bare)),
        ("both platforms connected to stand-ins, s", *_spread([connected_s])),
        ("idle memory with simulated chat, MB", *_spread(memory)),
        ("idle memory with Discord and Twitch connected, MB", *_spread([platforms])),
    ]
    start_s = statistics.median(first)
    return Section(
        "startup",
        TITLE,
        "`giftcast run` as its own process, asked for its login page again and again from the "
        "moment it was started; memory is what the process holds (RSS) after "
        f"{idle_s:g} s in which nothing happened. The platforms run against the stand-ins of the "
        "tests, with the unmodified libraries.",
        (Table(("what", "median", "least", "most"), rows),),
        [
            at_most("start to the first page, no settings", start_s, 2.0, " s"),
            at_most("idle memory with both platforms", platforms, 120, " MB"),
        ],
        [f"The start is {figure(start_s / statistics.median(bare))}× the yardstick."],
    )


async def _python_alone() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import aiohttp.web")
    await process.wait()
    return time.perf_counter() - began


async def _with_platforms(place: Place, idle_s: float) -> tuple[float, float]:
    """(memory in MB, seconds until both are connected)."""
    folder = place.made("platforms")
    async with TwitchStandIn() as twitch, DiscordStandIn() as discord:
        streamer, voice = twitch.sign_in(twitch.streamer), twitch.sign_in(twitch.bot)
        tokens: dict[str, object] = {
            "access_token": streamer.access,
            "refresh_token": streamer.refresh,
            "bot_access_token": voice.access,
            "bot_refresh_token": voice.refresh,
        }
        write_settings(
            folder,
            {
                "twitch": twitch.settings | tokens,
                "discord": {
                    "token": discord.token,
                    "api_url": discord.api_url,
                    "gateway_url": discord.gateway_url,
                },
            },
        )
        async with giftcast_run(folder) as started:
            await started.until_answers("/login")
            await _connected(twitch, discord)
            connected_s = time.perf_counter() - started.at
            await asyncio.sleep(idle_s)
            return started.memory_mb(), connected_s


async def _connected(twitch: TwitchStandIn, discord: DiscordStandIn) -> None:
    for _ in range(3_000):
        if twitch.subscriptions and discord.links:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("the platforms did not connect")


def _spread(values: list[float]) -> tuple[str, str, str]:
    return figure(statistics.median(values)), figure(min(values)), figure(max(values))
