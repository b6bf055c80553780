"""Earning: each activity is paid once, by the rules of its stage and within their limits."""

import asyncio

import pytest

from commands.earning import Credit
from data.errors import Code, GiftError
from data.sqlite import journal as sqlite_journal
from tests.earning import DAY_S, coins_of, did, earning
from tests.house import MOD, NOON, House


def refused(credit: Credit) -> Code:
    assert credit.refused is not None
    assert credit.coins == 0
    return credit.refused.code


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
    earning(house, reward={"enabled": False})
    reward = did("reward", "twitch:redemption:1", units=500)
    assert refused(await house.earner.credit(reward)) is Code.EARNING_OFF
    earning(house, reward={"enabled": True})
    again = await house.earner.credit(reward)
    assert (again.coins, again.fresh) == (0, False)
    assert await coins_of(house, "mia") == 0


@pytest.mark.parametrize("by", ["Nightbot", "StreamElements", "our_bot"])
async def test_a_bot_earns_nothing(house: House, by):
    """Neither one of the list that is shipped nor one that the stage names."""
    earning(house, also_bots=["Our_Bot"])
    assert refused(await house.earner.credit(did("follow", by=by))) is Code.EARNING_OFF
    assert await coins_of(house, by) == 0


async def test_what_a_bot_types_is_no_command(house: House):
    """Bots repeat what viewers type; whatever role they have, nothing is charged or answered."""
    await house.grant("Nightbot", 10)
    assert await house.desk.hear(house.message("!gift rose", by="Nightbot", role=MOD)) is None
    assert await house.coins("Nightbot") == 10
    earning(house, not_bots=["Nightbot"])
    await house.accepted("!gift rose", by="Nightbot")


async def test_a_follow_is_paid_once_for_ever(house: House):
    """Going and coming again earns nothing, on no day; an undo gives the chance back."""
    await house.earner.credit(did("follow", "twitch:es:1"))
    later = did("follow", "twitch:es:2", at=NOON + 40 * DAY_S * 1000)
    assert refused(await house.earner.credit(later)) is Code.EARNED_ENOUGH
    assert await coins_of(house, "mia") == 300
    (record,) = await house.records("grant")
    await house.accepted(f"!undo {record.gift_id}", by="mod", role=MOD)
    assert (await house.earner.credit(did("follow", "twitch:es:3"))).coins == 300
    assert await coins_of(house, "mia") == 300
    assert await house.findings() == []


async def test_what_a_person_is_paid_says_how(house: House):
    """The books can tell, long after the rules have changed."""
    await house.earner.credit(did("raid", units=7))
    (record,) = await house.records("grant")
    assert record.facts == {
        "cause": "raid", "coins": 70, "units": 7, "day": 20270115, "platform": "twitch",
    }  # fmt: skip


async def test_a_limit_holds_whoever_asks_at_once(house: House):
    """Forty payouts at the same moment: as many as fit into the day, and not one more."""
    earning(house, watch_streak={"coins": 30, "step_coins": 0}, day_most_coins=100)
    paid = await asyncio.gather(
        *(house.earner.credit(did("watch_streak", f"twitch:es:{n}")) for n in range(40))
    )
    assert sorted(credit.coins for credit in paid)[-4:] == [0, 30, 30, 30]
    assert {refused(credit) for credit in paid if not credit.coins} == {Code.EARNED_ENOUGH}
    assert await coins_of(house, "mia") == 90
    assert await house.findings() == []


async def test_a_limit_holds_over_restarts_and_ends_with_the_day(house: House):
    """In one way and in all; another day and another viewer have their own."""
    earning(house, raid={"day_most_coins": 120}, day_most_coins=200)
    assert (await house.earner.credit(did("raid", "1", units=10))).coins == 100
    await house.restart()
    no = await house.earner.credit(did("raid", "2", units=10))
    assert no.refused is not None
    assert no.refused.facts == {"earned": 100, "most": 120}
    assert (await house.earner.credit(did("raid", "3", units=2))).coins == 20
    no = await house.earner.credit(did("subscription", "4"))
    assert no.refused is not None
    assert no.refused.facts == {"earned": 120, "most": 200}
    assert (await house.earner.credit(did("raid", "5", by="ben", units=10))).coins == 100
    tomorrow = did("raid", "6", units=10, at=NOON + DAY_S * 1000)
    assert (await house.earner.credit(tomorrow)).coins == 100
    again = await house.earner.credit(did("raid", "2", units=10))
    assert (again.coins, again.fresh) == (0, False)


async def test_an_undo_gives_room_under_the_limit(house: House):
    """What was taken back was not earned."""
    earning(house, raid={"day_most_coins": 100})
    await house.earner.credit(did("raid", "1", units=10))
    (record,) = await house.records("grant")
    reply = await house.say(f"!undo {record.gift_id}", by="mod", role=MOD)
    assert reply.text == f"Undone: grant {record.gift_id}. mia has 0 coins now."
    assert (await house.earner.credit(did("raid", "2", units=10))).coins == 100


async def test_whose_earning_is_paused_earns_nothing(house: House):
    """Over a restart, until it is resumed; what they have they may spend."""
    await house.people.person("simulator", "mia", "mia")
    await house.grant("mia", 5)
    await house.accepted("!earnpause @mia farming", by="mod", role=MOD)
    await house.restart()
    assert await house.refused("!daily") == Code.EARNING_PAUSED
    assert (await house.say("!gift rose")).ok
    await house.accepted("!earnresume @mia", by="mod", role=MOD)
    assert (await house.say("!daily")).ok
    assert await house.findings() == []


async def test_viewers_pause_nobody(house: House):
    """It is for moderators."""
    await house.person("mia")
    for line in ("!earnpause @mia", "!earnresume @mia", "!bonus x2 60", "!rain 10"):
        assert await house.refused(line, by="ben") == Code.NOT_ALLOWED


@pytest.mark.parametrize("full", [True, False])
async def test_nothing_is_decided_while_the_journal_takes_nothing(house: House, monkeypatch, full):
    """The platform then neither fulfils nor cancels, and tries again."""
    await house.people.person("twitch", "mia", "mia")
    reward = did("reward", "twitch:redemption:1", units=500)
    if full:
        monkeypatch.setattr(sqlite_journal, "QUEUE_MAX", 0)
    else:
        await house.stop()
    with pytest.raises(GiftError) as caught:
        await house.earner.credit(reward)
    assert caught.value.code is (Code.BUSY if full else Code.JOURNAL_DOWN)
    monkeypatch.undo()
    if not full:
        await house.start()
    credit = await house.earner.credit(reward)
    assert (credit.coins, credit.fresh) == (500, True)


async def test_an_id_of_something_else_is_not_taken_for_a_credit(house: House):
    """A message's id, another viewer's redemption, another kind of activity."""
    await house.earner.credit(did("reward", "x1", units=500))
    for other in (did("reward", "x1", by="ben"), did("raid", "x1"), did("daily", "x1")):
        with pytest.raises(GiftError) as caught:
            await house.earner.credit(other)
        assert caught.value.code is Code.KEY_REUSED


async def test_the_history_tells_what_was_earned_for(house: House):
    """In words."""
    await house.say("!daily")
    assert (await house.say("!history")).text == "of the day: +100, left 100"
