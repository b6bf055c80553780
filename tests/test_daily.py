"""`daily`: once a day of the stage, more with each day in a row."""

import asyncio

from commands.chat import Role
from data.errors import Code
from tests.earning import DAY_S, earning
from tests.house import MOD, House

HOUR_S = 3_600


async def test_a_row_of_days_earns_more_up_to_the_limit(house: House):
    """A day left out begins it anew."""
    got = []
    for _ in range(13):
        before = await house.coins("mia")
        await house.accepted("!daily")
        got.append(await house.coins("mia") - before)
        await house.restart(after_s=DAY_S)
    assert got == [100, 120, 140, 160, 180, 200, 220, 240, 260, 280, 300, 300, 300]
    house.clock.pass_s(DAY_S)
    reply = await house.say("!daily")
    assert reply.text == f"100 coins for today. You have {sum(got) + 100:,} coins. More tomorrow!"
    house.clock.pass_s(DAY_S)
    assert "120 coins for today, day 2 in a row." in (await house.say("!daily")).text


async def test_the_second_time_says_when_the_next_is_possible(house: House):
    """By the clock of the stage: the house stands at noon, UTC."""
    await house.accepted("!daily")
    assert await house.refused("!daily") == Code.DAILY_TAKEN
    house.clock.pass_s(1_800)
    text = (await house.say("!daily")).text
    assert text == "You had today’s coins already. The next are in 11 h 30 min."
    house.policy = house.policy.model_copy(update={"time_zone": "Asia/Tokyo"})
    assert (await house.say("!daily")).text.endswith("in 2 h 30 min.")
    house.clock.pass_s(2.5 * HOUR_S)
    assert (await house.say("!daily")).ok


async def test_the_same_message_is_answered_quietly_for_ever(house: House):
    """Also when it is heard again on another day, on which it would be worth coins."""
    first = await house.say("!daily", id="discord:int:1")
    again = await house.say("!daily", id="discord:int:1")
    assert (first.ok, first.quiet, again.ok, again.quiet) == (True, False, True, True)
    refused = await house.say("!daily", id="discord:int:2")
    assert (refused.ok, refused.quiet) == (False, False)
    await house.restart(after_s=3 * DAY_S)
    again = await house.say("!daily", id="discord:int:1")
    assert (again.ok, again.quiet) == (True, True)
    again = await house.say("!daily", id="discord:int:2")
    assert (again.ok, again.quiet, again.code) == (False, True, Code.DAILY_TAKEN)
    assert await house.coins("mia") == 100
    assert len(await house.records("grant")) == 1


async def test_asked_many_times_at_once_it_is_given_once(house: House):
    """Each message is its own, the day is one."""
    replies = await asyncio.gather(*(house.say("!daily") for _ in range(20)))
    assert [reply.ok for reply in replies].count(True) == 1
    assert await house.coins("mia") == 100


async def test_linked_accounts_take_it_once(house: House):
    """The day belongs to the person."""
    mia = await house.person("mia")
    await house.journal.write(
        lambda db: db.execute(
            "INSERT INTO identity VALUES ('simulator', 'mia2', ?, 'mia2', 'mia2', 0)", (mia,)
        )
    )
    await house.accepted("!daily")
    assert await house.refused("!daily", by="mia2") == Code.DAILY_TAKEN


async def test_one_that_was_undone_can_be_asked_for_again(house: House):
    """And is no day of the row."""
    given = await house.accepted("!daily")
    await house.accepted(f"!undo {given.gift_id}", by="mod", role=MOD)
    assert await house.coins("mia") == 0
    house.clock.pass_s(DAY_S)
    await house.accepted("!daily")
    assert await house.coins("mia") == 100


async def test_it_can_be_switched_off(house: House):
    """Like every way of earning."""
    earning(house, daily={"coins": 0, "step_coins": 0})
    assert await house.refused("!daily", role=Role.CREATOR) == Code.EARNING_OFF


async def test_it_counts_into_the_limit_of_the_day(house: House):
    """The refusal then speaks of the limit."""
    earning(house, day_most_coins=50)
    reply = await house.say("!daily")
    assert reply.code == Code.EARNED_ENOUGH
    assert "50 coins" in reply.text
