"""Earning: each activity is paid once, by the rules of its stage."""

import asyncio
from typing import Any

from commands.chat import Chatter
from commands.earning import Activity
from data.errors import Code
from tests.house import MAIN, NOON, House


def did(kind: Any, id: str = "twitch:es:1", *, by: str = "mia", **more: Any) -> Activity:  # noqa: A002
    more = {"at": NOON, **more}
    return Activity(id, MAIN, "twitch", Chatter(by, by), kind, **more)


async def coins_of(house: House, name: str) -> int:
    known = await house.people.person("twitch", name, name)
    return (await house.journal.books.balance(MAIN, known.person)).coins


async def test_a_reward_is_worth_its_coins_once(house: House):
    """Heard five times at once and again after a restart: one grant, one verdict."""
    reward = did("reward", "twitch:redemption:1", units=500)
    paid = await asyncio.gather(*(house.earner.credit(reward) for _ in range(5)))
    assert [credit.fresh for credit in paid].count(True) == 1
    await house.restart()
    again = await house.earner.credit(reward)
    assert (again.coins, again.fresh, again.refused) == (500, False, None)
    assert await coins_of(house, "mia") == 500
    assert await house.findings() == []


async def test_what_is_switched_off_is_refused_for_good(house: House):
    """The platform can give back what the viewer paid; a later redelivery changes nothing."""
    earning = house.policy.earning
    off = earning.reward.model_copy(update={"enabled": False})
    house.policy = house.policy.model_copy(
        update={"earning": earning.model_copy(update={"reward": off})}
    )
    reward = did("reward", "twitch:redemption:1", units=500)
    refused = (await house.earner.credit(reward)).refused
    assert refused
    assert refused.code is Code.EARNING_OFF
    house.policy = house.policy.model_copy(update={"earning": earning})
    again = await house.earner.credit(reward)
    assert (again.coins, again.fresh) == (0, False)
    assert await coins_of(house, "mia") == 0
