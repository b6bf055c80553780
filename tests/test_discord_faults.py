"""Discord: whatever goes wrong there, nothing is charged twice, and what can be redelivered is
carried out."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from tests import discord_bench
from tests.discord_bench import coins_of, enrich, listening, recorded
from tests.fakes.discord import Call, DiscordStandIn
from tests.house import House, scale

server = discord_bench.server

CALLBACK = "POST /api/v10/interactions/{id}/{token}/callback"
WEALTH = 100_000_000


async def test_an_answer_whose_confirmation_was_lost_is_one_gift(server, house, tmp_path):
    vera = server.person("vera")
    await enrich(house, vera, 10)
    server.faults.lost_callbacks = 1  # discord.py sends it again after a second
    async with listening(server, house.desk, tmp_path):
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: server.requests[CALLBACK] == 2)
        assert len(call.words) == 1
    assert await coins_of(house, vera) == 9


async def test_slow_answers_keep_nobody_else_waiting(server, house, tmp_path):
    vera = server.person("vera")
    await enrich(house, vera, 100)
    server.faults.hold_answers = asyncio.Event()
    async with listening(server, house.desk, tmp_path):
        calls = [await server.slash(vera, "gift", {"gift": "rose"}) for _ in range(10)]
        await server.message(vera, "!gift panda")
        assert len(await recorded(house, "gift", 11)) == 11
        assert not any(call.words for call in calls)
        server.faults.hold_answers.set()
        await server.until(lambda: all(call.words for call in calls))
    assert await coins_of(house, vera) == 100 - 10 - 5


async def test_a_throttled_and_stumbling_discord_charges_once(server, house, tmp_path):
    """429 and 5xx, in logging in and in answering."""
    vera = server.person("vera")
    await enrich(house, vera, 10)
    server.faults.login_errors = 2
    server.faults.throttled = 2
    async with listening(server, house.desk, tmp_path, timing={"rewrite_s": 0.01}):
        await server.message(vera, "!gift rose")
        call = await server.slash(vera, "gift", {"gift": "rose"})
        await server.until(lambda: call.words and server.faults.throttled == 0)
        await server.until(lambda: len(server.sent) == 2)
    assert await coins_of(house, vera) == 8


class Mishaps:
    """Things go wrong between what people do, in an order that is the same every time."""

    def __init__(self, server: DiscordStandIn, house: House, folder: Path, seed: int) -> None:
        self._server, self._house, self._folder = server, house, folder
        self._chance = random.Random(seed)
        self._process = AsyncExitStack()
        self.happened: Counter[str] = Counter()

    async def start(self) -> None:
        """A process begins."""
        await self._process.enter_async_context(
            listening(self._server, self._house.desk, self._folder)
        )

    async def stop(self) -> None:
        """And ends."""
        await self._process.aclose()

    async def strike(self) -> None:
        """One more thing goes wrong, or nothing does."""
        what = self._chance.choice(
            ["nothing"] * 6 + ["abort", "reconnect", "invalidate", "duplicates", "down", "502"]
        )
        self.happened[what] += 1
        match what:
            case "abort":
                self._server.abort()
            case "reconnect":
                await self._server.reconnect()
            case "invalidate":
                await self._server.invalidate(resumable=self._chance.random() < 0.3)
            case "duplicates":
                self._server.faults.duplicates = not self._server.faults.duplicates
            case "down":
                await self.stop()
            case "502":
                self._server.faults.login_errors = 1

    async def recover(self) -> None:
        """All is well again, at the latest now."""
        if not self._server.links:
            await self.stop()
            await self.start()
        await self._server.ready()


async def test_over_all_faults_nothing_is_charged_twice_and_nothing_typed_is_lost(
    server, house, tmp_path
):
    people = [server.person(name) for name in ("vera", "mo", "kim")]
    for person in people:
        await enrich(house, person, WEALTH)
    server.messages_per_period = 1_000_000  # rate limits have tests of their own
    chance, mishaps = random.Random(7), Mishaps(server, house, tmp_path, seed=11)
    typed: set[str] = set()
    calls: list[Call] = []
    await mishaps.start()
    await server.message(people[0], "hello")
    for number in range(scale(60, 2_000)):
        person = chance.choice(people)
        if chance.random() < 0.6:
            typed.add("discord:msg:" + await server.message(person, f"!gift rose {number + 1}"))
        else:
            calls.append(await server.slash(person, "gift", {"gift": "rose"}))
        await mishaps.strike()
        if chance.random() < 0.5:
            await mishaps.recover()
    server.faults.duplicates = False
    await mishaps.recover()
    await everything_is_there(house, typed)
    calls.append(await server.slash(people[0], "gift", {"gift": "rose"}))
    await server.until(lambda: calls[-1].words)
    await mishaps.stop()
    keys = Counter(record.key for record in await house.records("gift"))
    assert set(keys.values()) == {1}
    assert typed <= keys.keys()
    assert all(f"discord:int:{call.id}" in keys for call in calls if call.words)
    spent = sum(record.facts["total_coins"] for record in await house.records("gift"))
    left = [await coins_of(house, person) for person in people]
    assert sum(left) == len(people) * WEALTH - spent
    assert len(mishaps.happened) == 7, "each of them"


async def everything_is_there(house: House, typed: set[str]) -> None:
    async with asyncio.timeout(20):
        while not typed <= {record.key for record in house.announced}:  # noqa: ASYNC110
            await asyncio.sleep(0)
