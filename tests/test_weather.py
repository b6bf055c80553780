"""Notifications that come once to five times, in any order, over restarts and broken connections:
nothing is charged twice, what can come again is carried out, and what cannot is in a gap.

The whole program, with the unmodified libraries, against both stand-ins. With GIFTCAST_SOAK
100,000 of them over 10 restarts and 50 breaks; GIFTCAST_SEED chooses another course of things.
"""

import os
from collections import Counter
from pathlib import Path
from random import Random

from tests.fakes.discord import DiscordStandIn
from tests.fakes.twitch import TwitchStandIn
from tests.house import faults_of, open_house, scale
from tests.page import MAIN
from tests.weather import VIEWERS, WEALTH, Plan, Sky, number_of

SEED = int(os.environ.get("GIFTCAST_SEED", "7"))
NOTIFICATIONS, RESTARTS, BREAKS = scale(2_000, 100_000), scale(3, 10), scale(12, 50)
SLACK_MS = 1_000


async def test_nothing_is_charged_twice_and_nothing_is_lost_unnoticed(tmp_path: Path) -> None:
    plan = Plan.of(SEED, NOTIFICATIONS, RESTARTS, BREAKS)
    async with TwitchStandIn() as twitch, DiscordStandIn() as discord:
        sky = Sky(tmp_path, Random(SEED), plan, twitch, discord)
        try:
            await sky.enrich(await sky.start())
            await sky.live()
        finally:
            await sky.stop()
        async with open_house(tmp_path) as house:
            records = await house.journal.read(MAIN, after=0, limit=10_000_000)
            people = range(1, 2 * VIEWERS + 1)
            balances = [(await house.journal.books.balance(MAIN, one)).coins for one in people]
    gifts = Counter(number_of(r) for r in records if r.kind == "gift")
    assert gifts == sky.carried
    assert set(gifts.values()) == {1}, f"charged twice with seed {SEED}"
    assert sum(balances) == 2 * VIEWERS * WEALTH - len(gifts)
    assert faults_of(tmp_path / "journal.sqlite3") == []
    lost = set(range(NOTIFICATIONS)) - gifts.keys()
    assert {plan.platforms[number] for number in lost} <= {"twitch"}
    print(sky.happened, len(plan.deliveries), len(lost))
    gaps = [record.facts for record in records if record.kind == "gap"]
    for number in lost:
        assert all(any(covers(gap, at) for gap in gaps) for at in sky.typed[number])


def covers(gap: dict[str, object], at: int) -> bool:
    return False
