"""Bonus time: for a while everything earned counts more, also over a restart."""

import pytest

from data.errors import Code
from tests.earning import coins_of, did
from tests.house import MAIN, MOD, NOON, House

MINUTE_S = 60


async def paid(house: House, id: str, kind: str = "follow") -> int:  # noqa: A002
    activity = did(kind, id, by=id, units=500, at=house.clock.now())  # type: ignore[arg-type]
    return (await house.earner.credit(activity)).coins


async def test_it_multiplies_until_its_time_is_up(house: House):
    """A restart in the middle changes nothing."""
    assert await paid(house, "1") == 300
    await house.accepted("!bonus x2 60", by="mod", role=MOD)
    assert await paid(house, "2") == 600
    await house.restart(after_s=59 * MINUTE_S)
    assert await paid(house, "3") == 600
    house.clock.pass_s(MINUTE_S)
    assert await paid(house, "4") == 300
    assert await house.findings() == []


async def test_a_reward_has_its_price(house: House):
    """It is worth what it says, bonus time or not."""
    await house.accepted("!bonus 10 60", by="mod", role=MOD)
    assert await paid(house, "1", "reward") == 500


async def test_what_was_earned_counts_by_when_it_was(house: House):
    """A notice that comes late finds the bonus of its own time."""
    began = house.clock.now()
    await house.accepted("!bonus 2 1", by="mod", role=MOD)
    await house.restart(after_s=10 * MINUTE_S)
    await house.earner.tick()
    assert (await house.earner.credit(did("follow", "1", by="a", at=began + 59_999))).coins == 600
    assert (await house.earner.credit(did("follow", "2", by="b", at=began - 1))).coins == 300
    assert (await house.earner.credit(did("follow", "3", by="c", at=began + 60_000))).coins == 300


async def test_a_moderator_ends_it_early(house: House):
    """And a new one takes the place of the one that runs."""
    await house.accepted("!bonus 2 60", by="mod", role=MOD)
    await house.accepted("!bonus 5 60", by="mod", role=MOD)
    assert await paid(house, "1") == 1_500
    await house.accepted("!bonus off", by="mod", role=MOD)
    assert await paid(house, "2") == 300
    assert await house.refused("!bonus off", by="mod", role=MOD) == Code.UNCHANGED
    await house.restart()
    assert await paid(house, "3") == 300


async def test_its_end_is_recorded_once(house: House):
    """However often time passes, also when the program was down at that moment."""
    await house.accepted("!bonus 2 1", by="mod", role=MOD)
    await house.earner.tick()
    assert len(await house.records("bonus")) == 1
    await house.restart(after_s=5 * MINUTE_S)
    for _ in range(3):
        await house.earner.tick()
    await house.restart()
    await house.earner.tick()
    start, over = await house.records("bonus")
    assert over.facts == {"action": "over", "of": start.seq}
    assert over.subject == await house.person("mod")
    await house.accepted("!bonus 2 1", by="mod", role=MOD)
    await house.accepted("!bonus off", by="mod", role=MOD)
    house.clock.pass_s(2 * MINUTE_S)
    await house.earner.tick()
    assert [one.facts["action"] for one in await house.records("bonus")] == [
        "start", "over", "start", "stop",
    ]  # fmt: skip


async def test_the_same_message_begins_it_once(house: House):
    """A repeat after its end does not begin it again."""
    await house.say("!bonus 2 1", by="mod", role=MOD, id="m1")
    house.clock.pass_s(2 * MINUTE_S)
    again = await house.say("!bonus 2 1", by="mod", role=MOD, id="m1")
    assert (again.ok, again.quiet) == (True, True)
    assert await paid(house, "1") == 300


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("!bonus", Code.MISSING),
        ("!bonus 2", Code.MISSING),
        ("!bonus 4 60", Code.UNKNOWN_CHOICE),
        ("!bonus x 60", Code.UNKNOWN_CHOICE),
        ("!bonus xoff", Code.UNKNOWN_CHOICE),
        ("!bonus 2 0", Code.NOT_AN_AMOUNT),
        ("!bonus 2 1441", Code.NOT_AN_AMOUNT),
        ("!bonus 2 1h", Code.NOT_AN_AMOUNT),
    ],
)
async def test_what_makes_no_sense_is_refused(house: House, line, code):
    """With what could be written instead."""
    assert await house.refused(line, by="mod", role=MOD) == code


@pytest.mark.parametrize("written", ["2", "x2", "X2", "×2"])
async def test_the_multiplier_may_be_written_with_its_sign(house: House, written):
    """As people say it."""
    await house.accepted(f"!bonus {written} 60", by="mod", role=MOD)
    assert house.earner.bonuses.pct(MAIN, NOON) == 200


async def test_slots_are_multiplied_too(house: House):
    """Whole coins, rounded down once over role and bonus."""
    await house.accepted("!bonus 1.5 60", by="mod", role=MOD)
    there = [(did("watch", by=name).viewer, frozenset({"subscriber"})) for name in ("ann", "bea")]
    await house.earner.watched(MAIN, "twitch", there, NOON)
    assert await coins_of(house, "ann") == await coins_of(house, "bea") == 10 * 120 * 150 // 10_000
