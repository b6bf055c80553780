"""Notifications that come once to five times, in any order, over restarts and broken connections:
nothing is charged twice, what can come again is carried out, and what cannot is in a gap.

The whole program, with the unmodified libraries, against both stand-ins. With GIFTCAST_SOAK
100,000 of them over 10 restarts and 50 breaks; GIFTCAST_SEED brings another course of things.
"""

import os
from collections import Counter
from pathlib import Path
from random import Random

from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import TwitchStandIn
from tests.house import faults_of, open_house, scale
from tests.page import MAIN
from tests.weather import Outage, Plan, Sky

SEED = int(os.environ.get("GIFTCAST_SEED", "7"))
NOTIFICATIONS, RESTARTS, BREAKS = scale(2_000, 100_000), scale(3, 10), scale(12, 50)
SLACK_MS = 1_000
SILENCE_MS = 10_000  # nothing may have been said for so long before, and then a gap begins there


async def test_nothing_is_charged_twice_and_nothing_is_lost_unnoticed(tmp_path: Path) -> None:
    plan = Plan.of(SEED, NOTIFICATIONS, RESTARTS, BREAKS)
    async with TwitchStandIn() as twitch, DiscordStandIn() as discord:
        sky = Sky(tmp_path, Random(SEED), plan, twitch, discord)
        try:
            await sky.enrich(await sky.start())
            await sky.live()
        finally:
            await sky.stop()
    assert faults_of(tmp_path / "journal.sqlite3") == []
    async with open_house(tmp_path) as house:
        records = await house.journal.read(MAIN, after=0, limit=10_000_000)
        people = {owner for r in records for (kind, owner), _ in r.postings if kind == "wallet"}
        coins = [(await house.journal.books.balance(MAIN, one)).coins for one in people]

    carried = Counter(sky.numbers(records))
    assert carried == sky.carried
    assert set(carried.values()) == {1}, f"carried out twice; the seed is {SEED}"
    assert all(one.changes == ["FULFILLED"] for one in sky.redeemed.values())
    granted = sum(wallet(record.postings) for record in records if record.kind == "grant")
    assert sum(coins) == granted - (len(carried) - len(sky.redeemed))

    lost = set(range(NOTIFICATIONS)) - carried.keys()
    gaps = [
        Outage(r.facts["platform"], r.facts["began"], r.facts["ended"])
        for r in records
        if r.kind == "gap"
    ]
    assert {plan.ways[number] for number in lost} <= {"twitch", "slash"}, "others bring all again"
    assert sky.happened == Counter(what for _, what in plan.weather)
    untold = [o for o in sky.outages if not any(told(gap, o) for gap in gaps)]
    assert {repr(o): around(o, sky.outages, gaps) for o in untold} == {}
    unexplained = {
        number: at
        for number in lost
        for at in sky.typed.get(number, [])
        if not any(g.platform == "twitch" and within(g, at) for g in gaps)
    }
    assert unexplained == {}


def wallet(postings: tuple[tuple[tuple[str, int], int], ...]) -> int:
    """What they put into wallets."""
    return sum(amount for (kind, _), amount in postings if kind == "wallet")


def told(gap: Outage, outage: Outage) -> bool:
    """Whether a gap tells of this outage, with its length."""
    return (
        gap.platform == outage.platform
        and gap.began <= outage.began + SLACK_MS
        and gap.ended >= outage.ended - SLACK_MS
        and gap.ended - gap.began <= outage.ended - outage.began + SILENCE_MS
    )


def around(outage: Outage, outages: list[Outage], gaps: list[Outage]) -> list[Outage]:
    """What happened within five minutes of it, for whoever reads the failure."""
    near = [
        one
        for one in (*outages, *gaps)
        if one.began <= outage.ended + 300_000 and one.ended >= outage.began - 300_000
    ]
    return sorted(near, key=lambda one: one.began)


def within(gap: Outage, at: int) -> bool:
    return gap.began - SLACK_MS <= at <= gap.ended + SLACK_MS
